"""A check belongs to the addon that makes it: without the addon it is not offered."""

from odoo import SUPERUSER_ID, api

_MODELS = ("partner.program.eligibility", "partner.registration.evidence")


def migrate(cr, version):
    """Take away checks nobody makes, such as that of certificates: it found nothing.

    At the end of the upgrade, when the addons that add checks are loaded.

    :param cr: cursor of the upgrade
    :param str version: version before it
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in _MODELS:
        model = env[name]
        known = model._fields["code"].get_values(env)
        model.search([("code", "not in", known)]).unlink()
