from . import attribution, chain, claim_keys, tiers
