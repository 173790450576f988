from . import (
    attribution,
    chain,
    claim_keys,
    company_name,
    documents,
    goals,
    health,
    lookalikes,
    name_similarity,
    portal_values,
    qualification,
    tiers,
)
