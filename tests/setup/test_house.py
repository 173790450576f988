"""The house's own checks find what they are there for."""

import importlib.util

import pytest

from channel_setup.log_rules import find_warnings

from .scene import ROOT

CHECKER = ROOT / "setup" / "linters" / "check_house.py"


@pytest.fixture
def checker():
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("check_house", CHECKER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(root, path, text):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


@pytest.mark.parametrize(
    ("path", "text", "finding"),
    [
        ("a.py", "x = 1\n" * 301, "301 lines"),
        ("a.py", "def f():\n" + "    x = 1\n" * 41, "f has 41 lines"),
        (
            "a.py",
            "class A:\n" + "".join(f"    def f{i}(self): ...\n" for i in range(26)),
            "class A has 26 methods",
        ),
        (
            "partner_channel/tools/a.py",
            "from ..models import b\n",
            "tools/ must not import models.b",
        ),
        (
            "partner_channel/models/deal/a.py",
            "from odoo.addons.partner_channel.controllers import b\n",
            "models/ must not import controllers.b",
        ),
        (
            "partner_channel_lms/models/a.py",
            "from odoo.addons.partner_channel_commission.tools import b\n",
            "partner_channel_lms must not import partner_channel_commission",
        ),
        (
            "partner_channel_lms/models/a.py",
            "from odoo.addons.partner_channel.models import b\n",
            "may be imported",
        ),
        (
            "partner_channel_portal/models/a.py",
            "from odoo.addons.partner_channel.tests.common import B\n",
            "only tests may import",
        ),
        (
            "partner_channel/views/a.xml",
            '<field ref="partner_channel_portal.x"/>\n',
            "partner_channel must not name partner_channel_portal",
        ),
    ],
)
def test_a_breach_is_found(checker, tmp_path, path, text, finding):
    write(tmp_path, path, text)
    assert any(finding in line for line in checker.check_checkout(tmp_path))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("partner_channel/models/deal/a.py", "from ...tools import b\n"),
        ("partner_channel/controllers/a.py", "from ..models.deal import b\n"),
        (
            "partner_channel_lms/tests/test_a.py",
            "from odoo.addons.partner_channel.tests.common import B\n",
        ),
        (
            "partner_channel_lms/controllers/a.py",
            "from odoo.addons.partner_channel_portal.controllers.portal_list import "
            "b\n",
        ),
        ("a.py", "def f():\n    '''Doc." + "\n    more" * 50 + "'''\n    return 1\n"),
    ],
)
def test_what_is_allowed_is_not_found(checker, tmp_path, path, text):
    write(tmp_path, path, text)
    assert checker.check_checkout(tmp_path) == []


def test_a_new_addon_has_to_say_what_it_stands_on(checker, tmp_path):
    write(tmp_path, "partner_channel_new/__manifest__.py", "{}\n")
    assert len(checker.check_checkout(tmp_path)) == 1


def test_a_warning_in_a_log_is_found_and_a_known_one_is_not(tmp_path):
    log = tmp_path / "odoo.log"
    log.write_text(
        "2026-01-01 10:00:00,000 1 INFO db odoo.modules: fine\n"
        "2026-01-01 10:00:00,000 1 WARNING db odoo.addons.base.models."
        "ir_actions_report: wkhtmltopdf: unpatched\n"
        "2026-01-01 10:00:00,000 1 WARNING db odoo.addons.partner_channel: bad\n"
    )
    assert [line.split()[-1] for line in find_warnings(log)] == ["bad"]
