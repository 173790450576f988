"""What an uninstallation cannot do by itself."""


def uninstall_hook(env):
    """Delete certificates and what they hold on to, in an order that works.

    Certificates restrict the deletion of their exam attempts, types and exams,
    which may be data of this addon or of others.
    """
    requirements = env["partner.tier.requirement"]
    requirements.search([("metric", "=", "certified_people")]).unlink()
    env["partner.certification"].search([("id", "!=", False)]).unlink()
    types = env["partner.certification.type"].with_context(active_test=False)
    types.search([("id", "!=", False)]).unlink()
