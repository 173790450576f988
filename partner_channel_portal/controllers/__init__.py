from . import home, lead, registration
