"""Our addons come into a database that is in use, and leave it as it was.

Done in databases and a process of their own; PARTNER_CHANNEL_CORE_DB names a database
with Odoo's modules and none of ours, without which one is built first.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """
import sys
sys.path[:0] = [{root!r}]
from tests.install.worker import main
main(None, {arguments!r})
"""
# External ids of Odoo's own addons for the models that use their mixins: every addon
# with a chatter leaves them behind, and they point at nothing.
LEFT_BY_ODOO = re.compile(
    r"\+ (base\.module_partner_channel\w*"
    r"|(?!partner_channel)\w+\.(model_inherit|selection)__"
    r"(partner|program|lms|learning|crm_lead_qualification)_\w+)$"
)
WARNING = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ", re.MULTILINE)
NEVER_WORSE_THAN = 60


def run(job):
    """Run a job of the worker; return what it found."""
    odoo = shutil.which("odoo")
    assert odoo, "Odoo's command is not on the path"
    arguments = [job, os.environ.get("PARTNER_CHANNEL_CORE_DB", "")]
    done = subprocess.run(
        [odoo, "shell", "--no-http", "--log-level=warn"],
        input=SCRIPT.format(root=str(ROOT), arguments=arguments),
        capture_output=True,
        text=True,
        timeout=840,
        check=False,
    )
    assert not done.returncode, done.stderr[-4000:]
    assert not WARNING.search(done.stderr), done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def combinations():
    """What installing each combination found."""
    return run("combinations")


@pytest.fixture(scope="module")
def life():
    """What installing, using, upgrading and uninstalling found."""
    return run("life")


def test_every_combination_installs_with_what_it_needs_and_nothing_else(combinations):
    found = {tuple(each["asked"]): set(each["installed"]) for each in combinations}
    core, portal = "partner_channel", "partner_channel_portal"
    commission, lms = "partner_channel_commission", "partner_channel_lms"
    assert found == {
        (core,): {core},
        (portal,): {core, portal},
        (commission,): {core, portal, commission},
        (lms,): {core, portal, lms},
        (commission, lms): {core, portal, commission, lms},
    }


def test_every_combination_approves_a_registration(combinations):
    assert [each["state"] for each in combinations] == ["approved"] * 5


def test_the_database_was_full(life):
    for table in ("res_partner", "crm_lead", "account_move"):
        assert life["rows"][table] > 10_000


def test_installing_rewrites_no_row_that_was_there(life):
    assert life["rewritten by installing"] == {}
    assert life["install seconds"] < NEVER_WORSE_THAN


def test_upgrading_rewrites_and_loses_no_row(life):
    assert life["rewritten by upgrading"] == {}
    assert life["rows lost"] == {}


def test_every_constraint_and_index_was_really_built(life):
    assert life["constraints missing"] == []


def test_uninstalling_keeps_the_vendor_bills(life):
    assert life["bill"] == ["posted"]


@pytest.mark.parametrize("turn", [0, 1])
def test_uninstalling_leaves_nothing_behind(life, turn):
    assert life["used"] == "approved", "there was data of ours to remove"
    found = life["uninstalls"][turn]
    left = {
        kind: [name for name in names if not LEFT_BY_ODOO.match(name)]
        for kind, names in found["left"].items()
    }
    assert {kind: names for kind, names in left.items() if names} == {}
    assert found["orphans"] == {}
