from . import commission
from . import commission_entry
