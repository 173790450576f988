from . import certification, exam_proof, xapi
from . import certification, learning, xapi
from . import certification, training_team, xapi
from . import (
    certificate_page,
    certificate_public,
    certification,
    open_badge,
    xapi,
)
