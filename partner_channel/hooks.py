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
    """Provide the operator classes the exclusion constraints need."""
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")


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
        if metric:
            grade.requirement_ids = [
                Command.create({"metric": metric, "threshold": threshold})
            ]
    for values in xmlids:
        values["noupdate"] = True
    env["ir.model.data"]._update_xmlids(xmlids)


def uninstall_hook(env):
    """Remove the activities of our types: the types go first."""
    for name in ("mail_activity_decide_registration", "mail_activity_partner_at_risk"):
        kind = env.ref(f"partner_channel.{name}", raise_if_not_found=False)
        if kind:
            # done activities are kept archived and would hold on to the type
            env["mail.activity"].with_context(active_test=False).search(
                [("activity_type_id", "=", kind.id)]
            ).unlink()
