from . import certification, exam_proof, xapi
from . import learning
from . import training_team
from . import (
    certificate_page,
    certificate_public,
    open_badge,
)
