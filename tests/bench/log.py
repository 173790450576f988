"""Checking a registration log of a million rows, from the first row to the last."""

import io
import time

from odoo import fields

from odoo.addons.partner_channel.tools.chain import link

from ..databases import analyze, environment
from ..memory import get_peak_mb
from .databases import SUITE
from .measure import format_table

ROWS = 1_000_000
_CHUNK = 50_000
GOAL_S = 60
GOAL_MB = 512
_COLUMNS = (
    "company_id", "sequence", "lead_id", "membership_id", "event", "user_id", "date",
    "content_digest", "previous_hash", "hash",
)  # fmt: skip


def run(report):
    """Measure and report; return whether the goals are met and a change is found.

    :param report: called with each line
    """
    start = time.monotonic()
    with environment(SUITE) as env:
        _fill(env)
        env.cr.commit()
    analyze(SUITE)
    report(f"{ROWS:,} rows built in {time.monotonic() - start:.0f} s")
    with environment(SUITE) as env:
        log = env["partner.registration.log"]
        before = get_peak_mb()
        start = time.perf_counter()
        check = log._check_chain(env.company)
        seconds, peak = time.perf_counter() - start, get_peak_mb()
        env.cr.execute(
            "UPDATE partner_registration_log SET user_id = 1 WHERE sequence = %s",
            [ROWS // 2],
        )
        broken = log._check_chain(env.company).broken_ids
    head = "Check of the log", "s", "µs a row", "peak MB", "of it for the check"
    row = (
        f"{check.entries:,} rows",
        f"{seconds:.1f}",
        f"{seconds / ROWS * 1e6:.1f}",
        f"{peak:.0f}",
        f"{peak - before:.0f}",
    )
    report(format_table("Proof", head, [row]))
    is_right = check.is_whole and check.entries == ROWS and len(broken) == 1
    return is_right and seconds <= GOAL_S and peak <= GOAL_MB


def _fill(env):
    """Write a chain straight into the table, with the hashes it would have."""
    program = env["partner.program"].create({"name": "Bench log"})
    partner = env["res.partner"].create({"name": "Bench log", "is_company": True})
    membership = env["partner.membership"].create(
        {"partner_id": partner.id, "program_id": program.id}
    )
    lead = env["crm.lead"].create({"name": "Bench log"})
    env.flush_all()
    log, company = env["partner.registration.log"], env.company
    head = env["partner.registration.chain"]._get_head(company)
    # other benchmarks may have written rows: the chain begins anew
    env.cr.execute(
        "DELETE FROM partner_registration_log WHERE company_id = %s", [company.id]
    )
    row = {
        "company_id": company.id,
        "lead_id": lead.id,
        "membership_id": membership.id,
        "event": "submitted",
        "user_id": env.ref("base.user_admin").id,
        "date": fields.Datetime.now().replace(microsecond=0),
        "content_digest": "0" * 64,
        "previous_hash": "",
    }
    copy = f"COPY partner_registration_log ({', '.join(_COLUMNS)}) FROM STDIN"
    for first in range(1, ROWS + 1, _CHUNK):
        lines = io.StringIO()
        for row["sequence"] in range(first, first + _CHUNK):
            row["hash"] = link(row["previous_hash"], log._get_linked(row))
            lines.write("\t".join(str(row[name]) for name in _COLUMNS) + "\n")
            row["previous_hash"] = row["hash"]
        lines.seek(0)
        env.cr._obj.copy_expert(copy, lines)
    head.write({"sequence": ROWS, "last_hash": row["hash"]})
