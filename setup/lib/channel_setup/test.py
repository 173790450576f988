"""``./setup/test``: the whole test suite on a copy of the template database."""

import os
import re
import signal
import subprocess

from .badge_validator import BadgeValidator
from .console import SetupError, say
from .node_env import NodeEnv
from .process import die_with_parent, end_session
from .record_stores import RecordStores
from .workspace import Workspace

KEEP_VARIABLE = "PARTNER_CHANNEL_KEEP_DB"
CORE_VARIABLE = "PARTNER_CHANNEL_CORE_DB"
AXE_VARIABLE = "PARTNER_CHANNEL_AXE"


def run(arguments):
    """Prepare, copy the template, and run pytest.

    :param list arguments: for pytest, as they are
    :return: pytest's exit code
    """
    workspace = Workspace(with_browser=True)
    try:
        with workspace.prepared(further_steps=8):
            prepare_axe(workspace)
            RecordStores(workspace.paths).prepare(workspace)
            BadgeValidator(workspace.paths).prepare(workspace)
            database = copy_template(workspace)
        try:
            return run_pytest(workspace, database, arguments)
        finally:
            drop_copies(workspace, database)
    finally:
        workspace.close()


def prepare_axe(workspace):
    """Install axe-core from npm; without a network its checks are skipped."""
    node = NodeEnv(workspace.paths)
    if node.is_ready():
        workspace.skip_step()
        return
    try:
        with workspace.step("Accessibility checks from npm") as current:
            node.build(current)
    except SetupError as error:
        say(f"setup: {error}; the accessibility checks are skipped")


def copy_template(workspace):
    """Return a fresh database for this run, building the templates it needs."""
    databases = workspace.databases
    drop_stale_copies(databases)
    core = databases.core_name(demo=False)
    template = databases.template_name()
    if databases.exists(core) or databases.exists(template):
        workspace.skip_step()
    else:
        with workspace.step("Test template: Odoo's modules") as current:
            databases.build_core(core, False, current)
    if databases.exists(template):
        workspace.skip_step()
    else:
        with workspace.step("Test template: our addons") as current:
            databases.build_layers(template, core, current)
        databases.prune_templates()
    if databases.read_note(template) != databases.bundle_key():
        with workspace.step("Test template: scripts and styles") as current:
            databases.build_bundles(template, current)
        databases.write_note(template, databases.bundle_key())
    name = f"pc_{workspace.paths.tag}_test_{os.getpid()}"
    databases.copy(template, name)
    return name


def drop_stale_copies(databases):
    """Drop what killed runs have left: the process in the name is gone."""
    prefix = f"pc_{databases.paths.tag}_test_"
    for name in databases.list_names(prefix):
        pid = re.match(r"\d+", name[len(prefix) :])
        if not pid or not os.path.exists(f"/proc/{pid[0]}"):
            databases.drop(name)


def drop_copies(workspace, database):
    """Drop the database of this run and those of its pytest workers."""
    if os.environ.get(KEEP_VARIABLE):
        say(f"setup: kept the database {database}")
        return
    for name in workspace.databases.list_names(database):
        # Names of further copies go on with "-gw0" or "_copy_…", never with a digit.
        if not name[len(database) :][:1].isdigit():
            workspace.databases.drop(name)


def run_pytest(workspace, database, arguments):
    """Run pytest in the checkout.

    :return: its exit code
    """
    command = [str(workspace.env.python), "-m", "pytest", "--odoo-http"]
    command += [f"--odoo-database={database}", *arguments]
    environ = workspace.environment()
    core = workspace.databases.core_name(demo=False)
    if workspace.databases.exists(core):
        # What tests that install and uninstall start from.
        environ[CORE_VARIABLE] = core
    axe = NodeEnv(workspace.paths).folder / "node_modules" / "axe-core" / "axe.min.js"
    if axe.is_file():
        environ[AXE_VARIABLE] = str(axe)
    environ.update(RecordStores(workspace.paths).environment())
    environ.update(BadgeValidator(workspace.paths).environment())
    child = subprocess.Popen(
        command,
        cwd=workspace.paths.root,
        env=environ,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    try:
        return child.wait()
    finally:
        # Also a browser that a failed tour has left behind.
        end_session(child, signal.SIGINT)
