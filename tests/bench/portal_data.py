"""Partners with few and with many registrations, or Odoo's opportunities."""


def get_login(size):
    """Return the login of the seller who has so many."""
    return f"bench{size}@example.com"


def create_user(env, size):
    """Make a company and its seller, a portal user; return the user."""
    company = env["res.partner"].create({"name": f"Bench {size}", "is_company": True})
    user = env["res.users"].create(
        {
            "name": f"Seller of {size}",
            "login": get_login(size),
            "email": get_login(size),
            "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
        }
    )
    user.partner_id.parent_id = company
    return user


def register(env, user, size):
    """Register deals: some wait, as many are approved, the rest is drafts."""
    grade = [(0, 0, {"name": "Bench"})]
    program = env["partner.program"].create({"name": "Bench", "grade_ids": grade})
    company = user.partner_id.parent_id
    membership = env["partner.membership"].create(
        {"partner_id": company.id, "program_id": program.id}
    )
    membership.action_activate()
    user.partner_id.portal_role_id = env.ref("partner_channel_portal.portal_role_owner")
    # messages are no part of what is measured
    Lead = env["crm.lead"].with_context(tracking_disable=True, mail_notrack=True)
    leads = Lead._create_registrations(
        membership,
        [
            {
                "partner_name": f"Customer {size}-{number}",
                "registrant_id": user.partner_id.id,
                "expected_revenue": 1000 + number,
            }
            for number in range(size)
        ],
    )
    sent = leads[-min(size // 5, 400) :]
    sent._submit_registration()
    sent[len(sent) // 2 :]._approve_registration()


def publish_assets(env, size):
    """Publish pages of sales material for everybody, every tenth for one family."""
    family = env["product.category"].create(
        {"name": "Bench material", "is_channel_family": True}
    )
    kind = env.ref("partner_channel.asset_type_case")
    env["partner.asset"].create(
        [
            {
                "name": f"Case {number}",
                "type_id": kind.id,
                "kind": "page",
                "body": "<p>Once upon a time</p>",
                "family_ids": [] if number % 10 else [(4, family.id)],
            }
            for number in range(size)
        ]
    ).action_publish()


def assign(env, user, size):
    """Make opportunities as Odoo itself assigns them to a partner."""
    company = user.partner_id.parent_id
    env["crm.lead"].with_context(tracking_disable=True).create(
        [
            {
                "name": f"Customer {size}-{number}",
                "type": "opportunity",
                "partner_name": f"Customer {size}-{number}",
                "partner_assigned_id": company.id,
                "expected_revenue": 1000 + number,
            }
            for number in range(size)
        ]
    )
