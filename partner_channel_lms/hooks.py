"""What an uninstallation cannot do by itself."""

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


def uninstall_hook(env):
    """Delete certificates and what they hold on to, in an order that works.

    Certificates restrict the deletion of their exam attempts, types and exams,
    which may be data of this addon or of others.
    """
    # closed goals cannot be deleted otherwise
    goals = env["partner.goal"].with_context(**{MODULE_UNINSTALL_FLAG: True})
    goals.search([("metric", "=", "certified_people")]).unlink()
    requirements = env["partner.tier.requirement"]
    requirements.search([("metric", "=", "certified_people")]).unlink()
    paths = env["learning.path"].with_context(active_test=False)
    paths.search([("id", "!=", False)]).unlink()
    env["partner.certification.demand"].search([("id", "!=", False)]).unlink()
    env["partner.certification"].search([("id", "!=", False)]).unlink()
    # proofs that were handed in cannot be deleted otherwise
    proofs = env["partner.exam.proof"].with_context(**{MODULE_UNINSTALL_FLAG: True})
    proofs.search([("id", "!=", False)]).unlink()
    env["lms.course"].search([("id", "!=", False)]).unlink()
    types = env["partner.certification.type"].with_context(active_test=False)
    types.search([("id", "!=", False)]).unlink()
