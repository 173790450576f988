"""The check of certificates is the certification addon's now."""


def migrate(cr, version):
    """Without that addon, take away a check that never looked at anything.

    :param cr: cursor of the upgrade
    :param str version: version before it
    """
    if not version:
        return
    cr.execute(
        "SELECT 1 FROM ir_module_module WHERE name = 'partner_channel_lms'"
        " AND state IN ('installed', 'to upgrade', 'to install')"
    )
    if cr.fetchone():
        return
    # Raw SQL: to the ORM the value exists no more, so it finds none to delete.
    cr.execute(
        "DELETE FROM partner_program_eligibility WHERE code = 'missing_certificate'"
    )
    cr.execute(
        "DELETE FROM partner_registration_evidence WHERE code = 'missing_certificate'"
    )
