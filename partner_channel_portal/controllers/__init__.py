from . import attachment, deal_life, deal_list, home, lead, registration
