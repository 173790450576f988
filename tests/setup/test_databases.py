"""Databases: whole under their final name, never somebody else's, dropped after use."""

import json
import sys
from types import SimpleNamespace

import pytest

from channel_setup import demo
from channel_setup.console import SetupError, Step
from channel_setup.database import Databases
from channel_setup.test import drop_copies, drop_stale_copies

from .test_cluster import make_cluster


@pytest.fixture
def databases(state_paths):
    """The databases of a cluster of the test's own; Odoo's command always fails."""
    cluster = make_cluster(state_paths)
    cluster.start(sys.executable)
    odoo = state_paths.bin / "odoo"
    odoo.write_text("#!/bin/sh\nexit 1\n")
    odoo.chmod(0o755)
    yield Databases(state_paths, cluster, str(odoo), {}, "base")
    cluster.stop()


@pytest.fixture
def workspace(databases):
    """As much of a workspace as the demo needs before it builds anything."""
    return SimpleNamespace(
        databases=databases,
        paths=databases.paths,
        server=SimpleNamespace(identity=lambda: "odoo of the test"),
        step=lambda title: pytest.fail(f"began to build: {title}"),
        skip_step=lambda: None,
    )


def test_copies_of_killed_runs_are_dropped_and_others_kept(databases):
    stale = f"pc_{databases.paths.tag}_test_99999999"
    living = f"pc_{databases.paths.tag}_test_1"
    for name in (stale, f"{stale}-gw0", living, "somebody_else"):
        databases.copy("template1", name)
    drop_stale_copies(databases)
    assert databases.list_names(f"pc_{databases.paths.tag}") == [living]
    assert databases.list_names("somebody_else")


def test_a_run_drops_its_own_copies_and_not_those_of_a_run_beside_it(
    databases, workspace
):
    own = f"pc_{databases.paths.tag}_test_12"
    for name in (own, f"{own}-gw0", f"{own}_copy_7", f"{own}3"):
        databases.copy("template1", name)
    drop_copies(workspace, own)
    assert databases.list_names(own) == [f"{own}3"]


def test_a_database_carries_its_final_name_only_when_it_is_whole(databases):
    name = databases.core_name(demo=False)
    databases.copy("template1", f"{name}_building")
    with pytest.raises(SetupError, match="Building the database failed"):
        databases.build_core(name, False, Step("core"))
    assert not databases.exists(name)


def test_a_database_that_lost_its_files_is_not_taken_for_whole(databases):
    filestore = databases.paths.filestore
    databases.copy("template1", "whole")
    (filestore / "whole").mkdir()
    assert databases.exists("whole")
    databases.copy("whole", "copy")
    databases.rename("copy", "renamed")
    assert databases.exists("renamed")
    (filestore / "whole").rmdir()
    assert not databases.exists("whole")
    databases.rename("renamed", "whole")
    assert databases.exists("whole")
    assert not databases.list_names("renamed")


def test_a_demo_database_of_somebody_else_is_refused_and_kept(databases, workspace):
    databases.copy("template1", demo.DATABASE)
    with pytest.raises(SetupError, match="not built by this checkout.*--reset"):
        demo.prepare_database(workspace, reset=False)
    note = {"state": "/somewhere/else", "odoo": "odoo of the test"}
    databases.write_note(demo.DATABASE, json.dumps(note))
    with pytest.raises(SetupError, match="not built by this checkout.*--reset"):
        demo.prepare_database(workspace, reset=False)
    assert databases.list_names(demo.DATABASE)


def test_a_demo_database_that_is_up_to_date_is_left_alone(databases, workspace):
    databases.copy("template1", demo.DATABASE)
    (databases.paths.filestore / demo.DATABASE).mkdir()
    note = {
        "state": str(databases.paths.state),
        "odoo": "odoo of the test",
        "addons": databases.suite_key(),
        "bundles": databases.bundle_key(),
    }
    databases.write_note(demo.DATABASE, json.dumps(note))
    demo.prepare_database(workspace, reset=False)
    assert json.loads(databases.read_note(demo.DATABASE)) == note


def test_the_layer_holds_all_addons_but_one_that_none_depends_on(databases):
    below, last = databases.split_addons()
    assert [path.name for path in last] == ["partner_channel_lms"]
    assert sorted(below + last) == databases.addons
    assert databases.suite_key(below) != databases.suite_key()
    assert databases.layer_name() != databases.template_name()
