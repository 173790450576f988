from . import certification, exam_proof, xapi
from . import certification, learning, xapi
