"""Sales material for a lead, with 100 and with 10,000 assets, and its analysis.

What a lead's page asks is measured beside reading all of the material and ranking it
in Python, by the same formula. Every asset was used by ten partners, and every fifth is
for one of twenty countries. What is asserted is the number of queries, that both find
the same, and the time of the analysis; other times are reported.
"""

from odoo.fields import Command

from ..databases import analyze, environment
from .databases import SUITE
from .measure import format_table, measured, median, show_ms

POINTS = (100, 10_000)
PARTNERS, COUNTRIES, USES = 1_000, 20, 10
REPEATS = 5
GOAL_QUERIES, GOAL_ANALYSIS = 3, 2


def run(report):
    """Measure and report; return whether the goals are met.

    :param report: called with each line
    """
    rows, found = [], {}
    with environment(SUITE) as env:
        lead = _prepare(env)
        made = 0
        for point in POINTS:
            _fill(env, lead, point - made)
            made = point
            env.cr.commit()
            analyze(SUITE)
            found[point] = [
                _measure(lead, _get_assets),
                _measure(lead, _rank_in_python),
                _measure(lead, _analyse),
            ]
        same = _get_assets(lead) == _rank_in_python(lead)
    names = ("the five that fit a lead", "all read, ranked in Python", "the analysis")
    for index, name in enumerate(names):
        samples = [found[point][index] for point in POINTS]
        rows.append(
            (
                name,
                *(show_ms(sample.wall) for sample in samples),
                *(sample.queries for sample in samples),
            )
        )
    head = [f"{what} of {n:,}" for what in ("ms", "queries") for n in POINTS]
    report(format_table("Material for a lead", ("", *head), rows))
    report(f"The same five either way: {'yes' if same else 'NO'}.")
    report(
        f"Goals: at most {GOAL_QUERIES} queries for a lead, however many assets; "
        f"the analysis in {GOAL_ANALYSIS} s."
    )
    counts = [found[point][0].queries for point in POINTS]
    fast = found[POINTS[-1]][2].wall <= GOAL_ANALYSIS
    return same and fast and max(counts) <= GOAL_QUERIES and len(set(counts)) == 1


def _prepare(env):
    """Return a lead of a product, with partners and a template of an asset."""
    family = env["product.category"].create(
        {"name": "Bench", "is_channel_family": True}
    )
    program = env["partner.program"].create(
        {"name": "Bench", "grade_ids": [Command.create({"name": "Bench"})]}
    )
    countries = env["res.country"].search([], limit=COUNTRIES, order="id")
    partners = env["res.partner"].create(
        [
            {
                "name": f"Bench {n}",
                "is_company": True,
                "country_id": countries[n % COUNTRIES].id,
            }
            for n in range(PARTNERS)
        ]
    )
    env["partner.membership"].create(
        [{"partner_id": p.id, "program_id": program.id} for p in partners]
    ).action_activate()
    return env["crm.lead"].create(
        {
            "name": "Bench",
            "company_id": env.company.id,
            "product_family_id": family.id,
            "lang_id": env["res.lang"]._get_data(code="en_US").id,
        }
    )


def _fill(env, lead, count):
    """Add published assets and what they are used for, straight in the tables.

    Every third asset is for another product, every fifth for partners of one country.
    """
    kind = env.ref("partner_channel.asset_type_case")
    other = env["product.category"].create({"name": "Other", "is_channel_family": True})
    env.flush_all()
    env.cr.execute(
        """
        WITH asset AS (
            INSERT INTO partner_asset (name, type_id, company_id, kind, state, user_id,
                                       lang_id, date_published)
            SELECT jsonb_build_object('en_US', 'Asset ' || n), %s, %s, 'page',
                   'published', %s, CASE WHEN n %% 2 = 0 THEN %s END,
                   '2026-01-01'::timestamp + n * interval '1 hour'
              FROM generate_series(1, %s) n
         RETURNING id),
        stage AS (
            INSERT INTO partner_asset_stage_rel (asset_id, stage_id)
            SELECT id, %s FROM asset WHERE id %% 5 = 0),
        country AS (
            INSERT INTO partner_asset_country_rel (asset_id, country_id)
            SELECT id, (%s::int[])[1 + id / 5 %% %s] FROM asset WHERE id %% 5 = 1)
        INSERT INTO partner_asset_family_rel (asset_id, family_id)
        SELECT id, CASE WHEN id %% 3 = 0 THEN %s ELSE %s END FROM asset
         WHERE id %% 4 <> 0
        """,
        [
            kind.id,
            env.company.id,
            env.uid,
            lead.lang_id.id,
            count,
            lead.stage_id.id,
            lead.env["res.country"].search([], limit=COUNTRIES, order="id").ids,
            COUNTRIES,
            other.id,
            lead.product_family_id.id,
        ],
    )
    _use(env)


def _use(env):
    """Let ten partners use each asset; uses that are there stay as they are."""
    env.cr.execute(
        """
        INSERT INTO partner_asset_use
                    (asset_id, version_number, kind, person_id, membership_id,
                     partner_id, lead_number, date, company_id, type_id)
        SELECT asset.id, 0, 'open', member.partner_id, member.id, member.partner_id, 0,
               now() AT TIME ZONE 'UTC', asset.company_id, asset.type_id
          FROM partner_asset asset
         CROSS JOIN generate_series(1, %s) n
          JOIN (SELECT id, partner_id, row_number() OVER (ORDER BY id) AS place
                  FROM partner_membership WHERE company_id = %s) member
            ON member.place = 1 + (asset.id * 7 + n * 61) %% %s
            ON CONFLICT DO NOTHING
        """,
        [USES, env.company.id, PARTNERS],
    )


def _measure(lead, work):
    samples = []
    for _turn in range(REPEATS + 1):
        lead.env.invalidate_all()
        lead.fetch()
        with measured(samples, lead.env.cr):
            work(lead)
    # the first one fills caches of the registry
    return median(samples[1:])


def _get_assets(lead):
    assets = lead._get_assets()
    return [(asset.id, asset.name) for asset in assets]


def _rank_in_python(lead):
    """Read all of the material and rank it by the formula of the tool."""
    from odoo.addons.partner_channel.tools.asset_rank import rank

    names = ("family_ids", "stage_ids", "industry_ids", "lang_id")
    facets = ("family", "stage", "industry", "language")
    assets = lead.env["partner.asset"].search([("state", "=", "published")])
    rows = [
        (
            asset,
            {f: set(asset[n].ids) for f, n in zip(facets, names, strict=True)},
            (asset.date_published, asset.id),
        )
        for asset in assets
    ]
    found = rank(rows, lead._get_asset_facts(), 5)
    return [(asset.id, asset.name) for asset in found]


def _analyse(lead):
    return lead.env["partner.asset.report"].search_read([], ["unseen_rate"])
