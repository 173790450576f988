from . import commission
from . import commission_entry
from . import commission_payout
