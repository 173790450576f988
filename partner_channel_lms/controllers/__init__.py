from . import (
    certificate_page,
    certificate_public,
    certification,
    exam_proof,
    learning,
    open_badge,
    training_team,
    xapi,
)
