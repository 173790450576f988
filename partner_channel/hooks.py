"""Install hooks: what data files cannot do on a database already in use."""

from odoo.fields import Command

# (xmlid of Odoo's own grade or of ours, name, sequence, metric, threshold a year).
# Odoo's grades are taken over where they still exist, so that a database which
# uses its Resellers gets tiers on the levels it has.
_TIERS = [
    ("partner_channel.grade_platinum", "Platinum", 0, "channel_revenue", 150_000),
    ("partnership.res_partner_grade_data_gold", "Gold", 1, "channel_revenue", 50_000),
    (
        "partnership.res_partner_grade_data_silver",
        "Silver",
        2,
        "channel_revenue",
        10_000,
    ),
    ("partner_channel.grade_certified", "Certified", 4, "won_deals", 1),
    ("partner_channel.grade_registered", "Registered", 5, "", 0),
]


def pre_init_hook(env):
    """Provide the operator classes of the exclusion constraints and name indexes."""
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")


def post_init_hook(env):
    """Create the program "Reseller" with its five tiers, once."""
    if env.ref("partner_channel.program_reseller", raise_if_not_found=False):
        return
    company = env.ref("base.main_company", raise_if_not_found=False)
    program = env["partner.program"].create(
        {
            "name": "Reseller",
            "code": "RESELLER",
            "company_id": (company or env.company).id,
        }
    )
    xmlids = [{"xml_id": "partner_channel.program_reseller", "record": program}]
    asked = []
    for xmlid, name, sequence, metric, threshold in _TIERS:
        grade = env.ref(xmlid, raise_if_not_found=False)
        if grade and not grade.program_id:
            grade.program_id = program
        else:
            grade = env["res.partner.grade"].create(
                {"name": name, "sequence": sequence, "program_id": program.id}
            )
            if xmlid.startswith("partner_channel."):
                xmlids.append({"xml_id": xmlid, "record": grade})
        asked.append((grade, metric, threshold))
    _ask_in_order(asked)
    for values in xmlids:
        values["noupdate"] = True
    env["ir.model.data"]._update_xmlids(xmlids)
    # who uses Odoo's Resellers finds the partners proposed, each on its level
    program._propose_memberships(program._find_unclaimed_partners())


def _ask_in_order(asked):
    """Give tiers their requirements, the highest limit to the highest tier.

    In a database in use Silver may stand above Gold: its owner's order counts.

    :param asked: list of ``(grade, metric, threshold)``, highest threshold first
    """
    by_metric = {}
    for grade, metric, threshold in asked:
        if metric:
            by_metric.setdefault(metric, []).append((grade, threshold))
    for metric, pairs in by_metric.items():
        grades = sorted((grade for grade, _limit in pairs), key=lambda g: g.sequence)
        for grade, (_grade, threshold) in zip(grades, pairs, strict=True):
            grade.requirement_ids = [
                Command.create({"metric": metric, "threshold": threshold})
            ]


# Our own tables go as a whole. Row by row before that, the records our data files
# made would be refused: memberships hold on to them.
_OWN_RECORDS = (
    "partner.asset",
    "partner.asset.type",
    "partner.program",
    "partner.membership.stage",
    "partner.leave.reason",
    "qualification.criterion",
    "qualification.option",
    "qualification.section",
    "qualification.template",
)


def uninstall_hook(env):
    """Prepare an uninstallation: Odoo deletes the records of data files first.

    The activities of our types go with them, and nothing of ours holds on to tiers.
    """
    env["ir.model.data"].search(
        [("module", "=", "partner_channel"), ("model", "in", _OWN_RECORDS)]
    ).unlink()
    # Raw SQL: history and decisions are nobody's to delete, and their tables are
    # dropped a moment later.
    for statement in (
        "DELETE FROM partner_asset_use",
        "DELETE FROM partner_asset",
        "DELETE FROM partner_agreement",
        "DELETE FROM partner_tier_change",
        "DELETE FROM partner_tier_review",
        "UPDATE partner_membership SET grade_id = NULL",
    ):
        env.cr.execute(statement)
    env.invalidate_all(flush=False)
    for name in (
        "mail_activity_decide_registration",
        "mail_activity_decide_extension",
        "mail_activity_partner_at_risk",
        "mail_activity_support",
        "mail_activity_renew_agreement",
        "mail_activity_verify_qualification",
    ):
        kind = env.ref(f"partner_channel.{name}", raise_if_not_found=False)
        if kind:
            # done activities are kept archived and would hold on to the type
            env["mail.activity"].with_context(active_test=False).search(
                [("activity_type_id", "=", kind.id)]
            ).unlink()
