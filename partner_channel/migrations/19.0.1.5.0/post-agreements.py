from odoo import SUPERUSER_ID, api
from odoo.tools.convert import convert_file


def migrate(cr, version):
    """Let agreements count to the day they were ended, and partners read theirs.

    The day of the end was written for those that ran out as well, the day the job ran;
    it is kept for those somebody ended, whose last day it is now. Those a newer version
    has replaced keep the last day they had, also if that version gets more time. Rules
    are data that is not updated by itself.

    :param cr: cursor of the upgrade
    :param str version: version before it
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    # a version prolonged since has moved the last day: it was over before the job ran
    cr.execute(
        """UPDATE partner_agreement
              SET date_replaced = LEAST(date_last, date_ended - 1)
            WHERE state = 'superseded' AND date_replaced IS NULL"""
    )
    cr.execute(
        "UPDATE partner_agreement SET date_ended = NULL WHERE state <> 'terminated'"
    )
    env.invalidate_all()
    Agreement = env["partner.agreement"]
    env.add_to_compute(Agreement._fields["date_last"], Agreement.search([]))
    Agreement.flush_model(["date_last"])
    convert_file(
        env,
        "partner_channel",
        "security/partner_agreement_security.xml",
        {},
        mode="init",
        noupdate=True,
    )
