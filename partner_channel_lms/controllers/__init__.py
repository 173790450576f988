from . import certification, exam_proof, xapi
