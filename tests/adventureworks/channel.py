"""AdventureWorks' program, memberships and commission plan, as far as installed.

How to use: ``ensure_program(env, partners, bands)`` before the invoices,
``review_tiers(env, date)`` after them.
"""

import datetime

from odoo.fields import Command

CODE = "ADVENTUREWORKS"
START = datetime.date(2010, 1, 1)
RATE = 5
# From, below (0 is no end) and percent of what a reseller buys in a calendar year.
BANDS = ((0, 50_000, 3), (50_000, 150_000, 5), (150_000, 0, 8))
# Highest tier first, as Odoo sorts them; sales of a calendar year.
TIERS = (
    ("Platinum", 150_000),
    ("Gold", 50_000),
    ("Silver", 10_000),
    ("Certified", 0.01),
    ("Registered", 0),
)


def find_program(env):
    """Return the loaded program of the company, empty if there is none.

    :return: ``partner.program``, or None without the addon
    """
    if "partner.program" not in env:
        return None
    return env["partner.program"].search(
        [("code", "=", CODE), ("company_id", "=", env.company.id)]
    )


def ensure_program(env, partners, bands=False):
    """Make the partners members of the program, which is made if it is missing.

    :param partners: the resellers
    :param bool bands: a new program pays by bands instead of one rate
    :return: number of new memberships
    """
    if "partner.program" not in env:
        return 0
    program = find_program(env) or _create_program(env)
    if "partner.commission.plan" in env:
        _ensure_plan(env, program, bands)
    new = partners - program.membership_ids.partner_id
    memberships = env["partner.membership"].create(
        [
            {"partner_id": partner.id, "program_id": program.id, "date_start": START}
            for partner in new
        ]
    )
    memberships.action_activate()
    return len(new)


def _create_program(env):
    """Tiers follow each review at once: the past has no one to give notice to."""
    return env["partner.program"].create(
        {
            "name": "AdventureWorks Resellers",
            "code": CODE,
            "grace_days": 0,
            "promotion_policy": "auto",
            "grade_ids": [
                Command.create(
                    {
                        "name": name,
                        "sequence": sequence,
                        "requirement_ids": [
                            Command.create(
                                {
                                    "metric": "resale_revenue",
                                    "threshold": threshold,
                                    "period": "calendar_year",
                                }
                            )
                        ]
                        if threshold
                        else [],
                    }
                )
                for sequence, (name, threshold) in enumerate(TIERS)
            ],
        }
    )


def _ensure_plan(env, program, bands):
    """Pay on every line a reseller buys, earned when the invoice is posted."""
    Plan = env["partner.commission.plan"]
    if Plan.search_count([("program_id", "=", program.id)], limit=1):
        return
    rule = _prepare_bands() if bands else {"rate": RATE}
    plan = Plan.create(
        {
            "name": "AdventureWorks: purchases of the year by bands"
            if bands
            else "AdventureWorks: 5 % on purchases",
            "program_id": program.id,
            "date_from": START,
            "rule_ids": [
                Command.create({"role": "resale", "trigger": "posting", **rule})
            ],
        }
    )
    plan.action_activate()


def _prepare_bands():
    """Return values of a rule that pays each part of a year at its own rate."""
    names = ("amount_from", "amount_to", "rate")
    return {
        "rate": 0,
        "band_mode": "marginal",
        "band_scope": "year",
        "band_ids": [
            Command.create(dict(zip(names, band, strict=True))) for band in BANDS
        ],
    }


def pays_by_bands(env):
    """Return whether the loaded program pays by bands."""
    rules = env["partner.commission.rule"]
    domain = [("program_id", "=", find_program(env).id), ("band_mode", "!=", False)]
    return bool(rules.search_count(domain, limit=1))


def review_tiers(env, date):
    """Review all tiers as on a day; return {tier: number of partners}.

    :param date date: day of the review
    """
    memberships = find_program(env).membership_ids
    memberships._review_tiers(date)
    groups = memberships._read_group(
        [("id", "in", memberships.ids)], ["grade_id"], ["__count"]
    )
    return {grade.name: count for grade, count in groups}


def measure_year(env, year):
    """Return {number of the reseller: resale revenue of a calendar year}."""
    memberships = find_program(env).membership_ids
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    values = env["partner.tier.requirement"]._measure_resale_revenue(
        memberships, first, last
    )
    return {
        int(membership.partner_id.ref.removeprefix("AW")): values[membership.id]
        for membership in memberships
    }


def read_commissions(env):
    """Return {order: commission accrued} in whole cents as the ledger holds it.

    :return: dict, or None without the addon or the program
    """
    if "partner.commission.entry" not in env or not find_program(env):
        return None
    groups = env["partner.commission.entry"]._read_group(
        [
            ("membership_id.program_id", "=", find_program(env).id),
            ("book", "=", "accrued"),
        ],
        ["move_id"],
        ["amount:sum"],
    )
    return {move.invoice_origin: amount for move, amount in groups}
