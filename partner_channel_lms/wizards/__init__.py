from . import (
    base_partner_merge,
    partner_certification_revoke,
    partner_exam_proof_refuse,
)
