from . import certification
