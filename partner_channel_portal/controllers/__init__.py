from . import (
    attachment,
    deal_import,
    deal_life,
    deal_list,
    deal_quick,
    home,
    lead,
    registration,
)
