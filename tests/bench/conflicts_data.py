"""A million leads, a hundred thousand registrations and as many customers.

Straight into the tables: what is measured is the search, and registering through the
models would take hours.
"""

from contextlib import contextmanager

from odoo.fields import Command
from odoo.tools import SQL

from ..databases import copy_rows

LEADS = 1_000_000
REGISTRATIONS = 100_000
CUSTOMERS = 100_000
TABLES = ("crm_lead", "res_partner", "partner_deal_claim")
#: every so many registrations two partners want one customer
SHARED = 50

_SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "da",
    "de",
    "di",
    "do",
    "fa",
    "fe",
    "fi",
    "ga",
    "go",
    "ha",
    "he",
    "ka",
    "ki",
    "ko",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "ni",
    "no",
    "pa",
    "pe",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "so",
    "ta",
    "te",
]
#: words in many names, some of them known to be common and some not
_COMMON = [
    "Systems",
    "Trading",
    "Medical",
    "Metall",
    "Foods",
    "Garden",
    "Services",
    "Auto",
    "Pharma",
    "Group",
    "Optik",
    "Print",
    "Consulting",
    "Textil",
    "Solar",
    "Travel",
    "Solutions",
    "Timber",
    "Marine",
    "Sport",
    "Media",
    "Ceramics",
    "Paper",
]
_FORMS = ("GmbH", "AG", "Ltd", "S.A.", "Sp. z o.o.", "LLC", "B.V.", "s.r.o.")


def fill(env):
    """Make the leads, registrations with claims and customers.

    :return: a draft of the partner, the template of registrations to be made
    """
    program = env["partner.program"].create(
        {"name": "Bench conflicts", "grade_ids": [Command.create({"name": "Bench"})]}
    )
    partner = env["res.partner"].create({"name": "Bench partner", "is_company": True})
    membership = env["partner.membership"].create(
        {
            "partner_id": partner.id,
            "program_id": program.id,
            "manager_id": env.ref("base.user_admin").id,
        }
    )
    membership.action_activate()
    registration = env["crm.lead"]._create_registrations(
        membership, [{"partner_name": "Bench"}]
    )
    lead = env["crm.lead"].create({"name": "Bench", "company_id": env.company.id})
    customer = env["res.partner"].create({"name": "Bench", "is_company": True})
    env.flush_all()
    with _without_indexes(env, TABLES):
        _copy_registrations(env, registration)
        _copy_leads(env, lead, LEADS - REGISTRATIONS)
        _copy_customers(env, customer)
        _write_claims(env)
    env.invalidate_all()
    return membership


def fill_leads(env):
    """Make as many leads of the vendor where there are no registrations."""
    lead = env["crm.lead"].create({"name": "Bench", "company_id": env.company.id})
    env.flush_all()
    with _without_indexes(env, ("crm_lead",)):
        _copy_leads(env, lead, LEADS)
    env.invalidate_all()


def get_values(number):
    """Return the values of a registration of the customer of this number."""
    return {
        "partner_name": make_name(number),
        "customer_vat": f"DE{number:09}",
        "website": f"https://www.kunde{number}.example",
        "email_from": f"info@kunde{number}.example",
        "phone": f"+49 30 {number:07}",
    }


def make_name(number):
    """Return the company name of a customer, as :func:`_name` does in SQL."""
    rest, word = number * 7919 % 2_560_000, ""
    for _turn in range(4):
        word += _SYLLABLES[rest % 40]
        rest //= 40
    common, form = _COMMON[number % len(_COMMON)], _FORMS[number % len(_FORMS)]
    return f"{word.capitalize()} {common} {form}"


# === SQL === #


def _name(customer):
    """Return SQL of the company name of a customer; each has a word of its own."""
    parts = [
        SQL(
            "(%s::text[])[((%s)::bigint * 7919 %% 2560000) / %s %% 40 + 1]",
            _SYLLABLES,
            customer,
            40**place,
        )
        for place in range(4)
    ]
    return SQL(
        "initcap(%s) || ' ' || (%s::text[])[(%s) %% %s + 1] || ' ' ||"
        " (%s::text[])[(%s) %% %s + 1]",
        SQL(" || ").join(parts),
        _COMMON,
        customer,
        len(_COMMON),
        list(_FORMS),
        customer,
        len(_FORMS),
    )


def _address(customer):
    return {
        "website": SQL("'https://www.kunde' || %s || '.example'", customer),
        "email_normalized": SQL("'info@kunde' || %s || '.example'", customer),
    }


def _contact(customer):
    return {
        **_address(customer),
        "name": SQL("'Bench ' || n"),
        "partner_name": _name(customer),
        "email_from": SQL("'info@kunde' || %s || '.example'", customer),
        "email_domain_criterion": SQL("'@kunde' || %s || '.example'", customer),
        "phone": SQL("'+49 30 ' || lpad((%s)::text, 7, '0')", customer),
        "phone_sanitized": SQL("'+4930' || lpad((%s)::text, 7, '0')", customer),
    }


def _copy_registrations(env, registration):
    customer = SQL("(CASE WHEN n %% %s = 0 THEN n - 5 ELSE n END)", SHARED)
    own = {
        **_contact(customer),
        "customer_vat": SQL("'DE' || lpad((%s)::text, 9, '0')", customer),
        "registration_state": SQL(
            """CASE WHEN n %% 10 < 3 THEN 'submitted' WHEN n %% 10 < 6 THEN 'approved'
               ELSE 'rejected' END"""
        ),
    }
    copy_rows(env, registration, REGISTRATIONS, own)


def _copy_leads(env, lead, count):
    """Leads of the vendor, of which every fourth is lost."""
    own = {
        **_contact(SQL("n")),
        "active": SQL("n %% 4 <> 0"),
        "won_status": SQL("CASE WHEN n %% 4 = 0 THEN 'lost' ELSE 'pending' END"),
    }
    copy_rows(env, lead, count, own)


def _copy_customers(env, customer):
    number = SQL("(n * 5)")
    own = {
        **_address(number),
        "name": _name(number),
        "complete_name": _name(number),
        "vat": SQL("'DE' || lpad((%s)::text, 9, '0')", number),
        "email": SQL("'info@kunde' || %s || '.example'", number),
    }
    copy_rows(env, customer, CUSTOMERS, own)
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE id > %s", [customer.id]
    )


def _write_claims(env):
    """Give the registrations the claims they would have."""
    env.cr.execute(
        """
        INSERT INTO partner_deal_claim
               (lead_id, company_id, kind, value, state, date_from, date_to)
        SELECT l.id, l.company_id, key.kind, key.value,
               CASE l.registration_state WHEN 'submitted' THEN 'pending'
                    WHEN 'approved' THEN 'protected' ELSE 'released' END,
               CASE WHEN l.registration_state = 'approved' THEN current_date END,
               CASE WHEN l.registration_state = 'approved' THEN current_date + 90 END
          FROM crm_lead l
         CROSS JOIN LATERAL (VALUES
               ('vat', l.customer_vat),
               ('domain', substr(l.email_domain_criterion, 2)),
               ('name', lower(substring(l.partner_name from '^\\w+ \\w+')))
               ) key (kind, value)
         WHERE l.name LIKE 'Bench %' AND l.registration_state IS NOT NULL
        """
    )


@contextmanager
def _without_indexes(env, tables):
    """Drop what is no key for the time of the block: each is built at once after it."""
    env.cr.execute(
        """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid),
               obj_description(indexrelid, 'pg_class')
          FROM pg_index
         WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique
           AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
        """,
        [list(tables)],
    )
    indexes = env.cr.fetchall()
    for name, _definition, _comment in indexes:
        env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name.strip('"'))))
    yield
    env.cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for name, definition, comment in indexes:
        env.cr.execute(definition)
        if comment:
            env.cr.execute(
                SQL(
                    "COMMENT ON INDEX %s IS %s",
                    SQL.identifier(name.strip('"')),
                    comment,
                )
            )
