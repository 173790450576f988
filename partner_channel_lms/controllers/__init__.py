from . import certification, xapi
