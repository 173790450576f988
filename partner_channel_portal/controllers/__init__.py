from . import (
    application,
    attachment,
    deal_import,
    deal_life,
    deal_list,
    home,
    lead,
    program,
    proof,
    registration,
    security,
    team,
)
