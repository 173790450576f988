from . import (
    holdings,
    learning,
    lms_api,
    lms_api_xapi,
    sums,
    team_matrix,
    validity,
    xapi_evidence,
    xapi_format,
    xapi_parts,
    xapi_statement,
)
