"""Who takes part in an invoice line, as a plain value."""

from typing import NamedTuple

#: the partner bought the line itself, to sell it on
ROLE_RESALE = "resale"

DEAL_ROLES = [
    ("sourced", "Sourced"),
    ("sold", "Sold"),
    ("influenced", "Influenced"),
    ("delivered", "Delivered"),
]
LINE_ROLES = [*DEAL_ROLES, (ROLE_RESALE, "Resale")]


class Attribution(NamedTuple):
    """One partner's part in one invoice line.

    :param membership_id: id of the ``partner.membership``
    :param role: one of :data:`LINE_ROLES`
    :param share: percent of the line that counts for this role, 0 to 100
    :param lead_id: id of the registered deal, ``False`` for role ``resale`` and for a
        partner of record
    """

    membership_id: int
    role: str
    share: float
    lead_id: int | bool
