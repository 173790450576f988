"""What the rounds in the database and the oracle are both told."""

from random import Random

from odoo.fields import Command

from .distribution_case import DistributionCase
from .distribution_oracle import (
    ACCOUNTS,
    ASKED,
    DAY,
    MEMBERS,
    OTHER,
    OURS,
    PROGRAMS,
    WORK,
)
from .distribution_rows import copy_lead

LEADS = 10_000
#: column of a lead → key of the oracle
KEYS = {
    "company_id": "company",
    "country_id": "country",
    "state_id": "state",
    "customer_industry_id": "industry",
    "product_family_id": "family",
    "lang_id": "language",
    "source_id": "source",
}
PLAIN = {"zip": "varchar", "customer_employees": "int4", "active": "bool"}
PLAIN |= {"won_status": "varchar", "expected_revenue": "numeric"}
LINKS = ("partner_id", "partner_assigned_id")
#: who has leads in work already
GIVEN = ("Ring 02", "Ring 06", "Few Pumps 0", "Sole France")
COUNTRIES = ("DE", "FR", "AT", "ES")
STATES = {"Bavaria": "DE", "Berlin": "DE", "Alsace": "FR"}
INDUSTRIES = ("Steel", "Paper", "Food")
FAMILIES = ("Pumps", "Valves", "Pipes")
SOURCES = ("Web", "Fair", "Letter", "Phone")
LANGS = ("en_US", "fr_FR")
#: of the members: limit of the oracle, key, field
TERRITORY = (
    ("countries", "country", "territory_country_ids"),
    ("states", "state", "territory_state_ids"),
    ("industries", "industry", "industry_ids"),
    ("families", "family", "family_ids"),
)
CHOICES = {
    "company": (*[OURS] * 8, OTHER, None),
    "country": (*COUNTRIES, "DE", "FR", None),
    "state": (*STATES,),
    "industry": (*INDUSTRIES, None),
    "family": (*FAMILIES, None),
    "source": (*SOURCES, "Web", None),
    "language": (*LANGS, "en_US", None),
}


class DistributionOracleCase(DistributionCase):
    """Some 30 partners, six rules, and leads of all kinds named ``Row``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the rules are all there is
        cls.env["partner.lead.rule"].search([]).active = False
        cls._make_words()
        cls._make_members()
        cls._make_rules()
        cls._make_customers()
        cls._make_leads()

    @classmethod
    def _make_words(cls):
        """Create what leads are described by: ``ids`` by key and word."""
        env = cls.env
        countries = {code: env.ref(f"base.{code.lower()}").id for code in COUNTRIES}
        cls.ids = {
            "company": {OURS: cls.company.id, OTHER: cls.other_company.id},
            "country": countries,
            "state": {
                name: env["res.country.state"]
                .create({"name": name, "code": name, "country_id": countries[code]})
                .id
                for name, code in STATES.items()
            },
            "industry": cls._name_all("res.partner.industry", INDUSTRIES),
            "family": cls._name_all("product.category", FAMILIES),
            "source": cls._name_all("utm.source", SOURCES),
            "language": {
                code: env["res.lang"]._activate_lang(code).id for code in LANGS
            },
        }
        env["product.category"].browse(cls.ids["family"].values()).write(
            {"is_channel_family": True}
        )

    @classmethod
    def _name_all(cls, model, names):
        records = cls.env[model].create([{"name": name} for name in names])
        return dict(zip(names, records.ids, strict=True))

    @classmethod
    def _get_commands(cls, key, words):
        return [Command.set([cls.ids[key][word] for word in words or ()])]

    @classmethod
    def _make_members(cls):
        cls.programs, cls.member = {}, {}
        for program, specs in MEMBERS.items():
            company = cls.other_company if program == "abroad" else cls.company
            cls.programs[program] = cls._create_program(program, company=company)
            for name, spec in specs.items():
                member = cls._create_membership(name, cls.programs[program])
                member.write(
                    {
                        field: cls._get_commands(key, spec.get(limit))
                        for limit, key, field in TERRITORY
                    }
                )
                cls.member[name] = member
        cls.gone = cls._create_membership("Gone", cls.programs["ring"])

    @classmethod
    def _make_rules(cls):
        limits = {
            "zip": {"country_ids": ("country", ["DE"])},
            "language": {"lang_ids": ("language", ["fr_FR"])},
            "several": {"family_ids": ("family", FAMILIES)},
            "sole": {
                "country_ids": ("country", ["DE", "FR", "AT"]),
                "state_ids": ("state", ["Bavaria"]),
                "industry_ids": ("industry", ["Steel", "Paper"]),
                "source_ids": ("source", ["Web"]),
            },
            "pool": {"source_ids": ("source", ["Fair", "Letter"])},
            "abroad": {},
        }
        plain = {
            "zip": {"mode": "robin", "zips": "80..89, 977"},
            "language": {"mode": "robin"},
            "several": {
                "mode": "parallel",
                "parallel": 3,
                "employees_from": 100,
                "employees_to": 5000,
            },
            "sole": {"mode": "one", "user_id": cls.head.id},
            "pool": {"mode": "pool"},
            "abroad": {"mode": "robin"},
        }
        cls.rule = {}
        for place, (name, program) in enumerate(PROGRAMS.items(), 1):
            cls.rule[name] = cls._lead_rule(
                name=name,
                sequence=place,
                program_id=cls.programs[program].id,
                max_day=DAY.get(name, 0),
                max_work=WORK.get(name, 0),
                max_offers=ASKED.get(name, 5),
                **plain[name],
                **{f: cls._get_commands(*words) for f, words in limits[name].items()},
            )

    @classmethod
    def _make_customers(cls):
        """Create companies with a person each; two are named accounts that count."""
        names = [*ACCOUNTS, "Left", *(f"Customer {number}" for number in range(5))]
        paper = cls.ids["industry"]["Paper"]
        customers = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "industry_id": name == "Customer 1" and paper,
                }
                for name in names
            ]
        )
        people = cls.env["res.partner"].create(
            [{"name": "Person", "parent_id": customer.id} for customer in customers]
        )
        members = {name: (rule, cls.member[m]) for name, (rule, m) in ACCOUNTS.items()}
        members["Left"] = "zip", cls.gone
        for customer in customers[:3]:
            rule, member = members[customer.name]
            cls.env["partner.lead.account"].create(
                {
                    "rule_id": cls.rule[rule].id,
                    "partner_id": customer.id,
                    "membership_id": member.id,
                }
            )
        cls.gone.action_suspend()
        cls.customers = {
            partner.id: (partner.commercial_partner_id.name, partner.industry_id.id)
            for partner in customers | people
        }

    @classmethod
    def _make_leads(cls):
        """Write ten thousand rows, as an import would leave them."""
        columns = {name: ("int4", []) for name in (*KEYS, *LINKS)}
        columns |= {name: (kind, []) for name, kind in PLAIN.items()}
        random = Random(7)
        for number in range(LEADS - 2):
            row = cls._make_row(number, random)
            for name, (_kind, values) in columns.items():
                values.append(row[name])
        copy_lead(cls._lead(name="Row"), columns)
        # one that is registered is none to distribute
        cls._register(cls.northwind).name = "Row"
        cls.env.flush_all()
        cls.leads = (
            cls.env["crm.lead"]
            .with_context(active_test=False)
            .search([("name", "=", "Row")], order="id")
        )

    @classmethod
    def _make_row(cls, number, random):
        """Return the values of a lead by column."""
        row = {
            column: cls.ids[key].get(random.choice(CHOICES[key]))
            for column, key in KEYS.items()
        }
        if number % 3:
            row["state_id"] = None
        lost = number % 41 == 0
        code = random.choice(("", "{:05}", "{:05}", "{:05} ", "D-{:05}"))
        given = cls.member[random.choice(GIVEN)].partner_id.id
        return row | {
            "zip": code.format(random.randrange(70_000, 99_999)),
            "customer_employees": random.choice((0, 20, 100, 999, 5000, 5001)),
            "active": not lost,
            "won_status": "lost" if lost else "pending",
            "expected_revenue": random.randrange(100_000),
            "partner_id": random.choice([None] * 300 + list(cls.customers)),
            "partner_assigned_id": None if number % 97 else given,
        }
