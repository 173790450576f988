from . import attribution, chain, claim_keys, goals, tiers
