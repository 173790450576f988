from . import (
    application,
    attachment,
    deal_import,
    deal_life,
    deal_list,
    deal_quick,
    home,
    lead,
    program,
    proof,
    registration,
)
