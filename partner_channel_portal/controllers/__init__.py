from . import (
    application,
    attachment,
    deal_life,
    home,
    lead,
    program,
    proof,
    registration,
)
