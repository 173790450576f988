from . import attribution, chain, claim_keys, lookalikes, portal_values, tiers
