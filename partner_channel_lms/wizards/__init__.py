from . import (
    base_partner_merge,
    partner_exam_proof_refuse,
    lms_result_import,
    lms_result_import_line,
    partner_certification_revoke,
)
