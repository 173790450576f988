"""What stands in the tables at one moment, read without the models."""

from typing import NamedTuple

from .world import get_keys

_DEALS = """
    SELECT id, registration_state, membership_id, date_protection_end, partner_name,
           customer_vat, website, email_from, product_family_id,
           date_attribution_frozen, active
      FROM crm_lead WHERE id > %s ORDER BY id"""
_CLAIMS = """
    SELECT lead_id, kind, value, state, date_from, date_to, family_id
      FROM partner_deal_claim WHERE lead_id > %s"""
_LOG = """
    SELECT id, lead_id, event, user_id
      FROM partner_registration_log WHERE id > %s ORDER BY id"""
_PENDING = """
    SELECT lead_id, COUNT(*) FROM partner_registration_extension
     WHERE state = 'pending' AND lead_id > %s GROUP BY lead_id"""
_ROLES = """
    SELECT lead_id, membership_id, role, share FROM partner_deal_role
     WHERE lead_id > %s ORDER BY 1, 2, 3"""
_UPDATES = """
    SELECT lead_id, COUNT(*) FROM partner_deal_update
     WHERE lead_id > %s GROUP BY lead_id"""


class Deal(NamedTuple):
    """One row of the leads, registrations and others."""

    id: int
    state: str | None
    membership: int | None
    end: object
    name: str
    vat: str | None
    site: str | None
    email: str | None
    family: int | None
    frozen: object
    active: bool

    def get_keys(self):
        """Return the strong keys, without those of a customer record."""
        return get_keys(self.name, self.vat, self.site, self.email)


class Picture(NamedTuple):
    """All that counts, at one moment."""

    deals: dict
    claims: dict
    log: list
    pending: dict
    roles: dict
    updates: dict


def take_picture(read, lead_id, row_id):
    """Return the picture of now.

    :param read: returns the rows of a query
    :param int lead_id: the last lead that is no part of it
    :param int row_id: the last row of the log that is no part of it
    """
    return Picture(
        {row[0]: Deal(*row) for row in read(_DEALS, lead_id)},
        _group(read(_CLAIMS, lead_id)),
        read(_LOG, row_id),
        dict(read(_PENDING, lead_id)),
        _group(read(_ROLES, lead_id)),
        dict(read(_UPDATES, lead_id)),
    )


def _group(rows):
    """Return rows by their first column."""
    groups = {}
    for key, *rest in rows:
        groups.setdefault(key, []).append(tuple(rest))
    return groups
