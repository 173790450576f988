from . import (
    attribution,
    chain,
    claim_keys,
    goals,
    health,
    lookalikes,
    portal_values,
    tiers,
)
