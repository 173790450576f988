from . import attachment, home, lead, registration
