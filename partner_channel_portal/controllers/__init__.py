from . import attachment, deal_life, home, lead, registration, security, team
