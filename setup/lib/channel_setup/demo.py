"""``./setup/demo``: the product with its demo story, running."""

import argparse
import json
import signal
import socket
import subprocess
import urllib.error
import urllib.request

from . import locks
from .console import SetupError, say
from .logins import show_logins
from .process import die_with_parent, end_session, wait_until
from .workspace import Workspace

DATABASE = "partner_channel_demo"
# Odoo makes the first one the language of everything that names none.
LANGUAGES = ("en_US", "ru_RU", "uk_UA")
START_PATIENCE = 120


def parse(arguments):
    """Return the options of the command."""
    parser = argparse.ArgumentParser(
        prog="./setup/demo",
        description="Set up everything and run the product with its demo story.",
    )
    parser.add_argument("--port", type=int, default=8069, help="HTTP port (8069)")
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on (127.0.0.1, so this machine only)",
    )
    parser.add_argument(
        "--reset", action="store_true", help="build the demo database anew"
    )
    return parser.parse_args(arguments)


def run(arguments):
    """Prepare, start Odoo, and wait until the user ends it.

    :return: exit code
    """
    options = parse(arguments)
    check_port(options.host, options.port)
    workspace = Workspace()
    workspace.paths.make()
    lock = locks.try_lock(workspace.paths.state / "demo.lock")
    if lock is None:
        holder = locks.read_holder(workspace.paths.state / "demo.lock")
        raise SetupError(
            f"The demo of this checkout runs already (process {holder}); end it first"
        )
    with lock:
        locks.note_holder(lock)
        try:
            with workspace.prepared(further_steps=3):
                prepare_database(workspace, options.reset)
            return serve(workspace, options)
        finally:
            workspace.close()


def check_port(host, port):
    """Refuse a port that cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise SetupError(
                f"Port {port} on {host} cannot be used ({error}); "
                f"choose another: ./setup/demo --port {port + 10}"
            ) from error


def prepare_database(workspace, reset):
    """Have the demo database there, complete and up to date."""
    databases = workspace.databases
    core = databases.core_name(demo=True, languages=LANGUAGES)
    built_from = {
        "state": str(workspace.paths.state),
        "odoo": workspace.server.identity(),
    }
    if reset:
        databases.drop(DATABASE)
    note = json.loads(databases.read_note(DATABASE) or "{}")
    if DATABASE in databases.list_names(DATABASE):
        check_origin(note, built_from)
    if databases.exists(DATABASE):
        update(workspace, note)
    else:
        build(workspace, core, json.dumps(built_from))
    if note.get("bundles") != databases.bundle_key():
        with workspace.step("Demo database: scripts and styles") as current:
            databases.build_bundles(DATABASE, current)
    built_from["addons"] = databases.suite_key()
    built_from["bundles"] = databases.bundle_key()
    databases.write_note(DATABASE, json.dumps(built_from))


def build(workspace, core, note):
    """Build the demo database on the core template, which is kept for a reset."""
    databases = workspace.databases
    if databases.exists(core):
        workspace.skip_step()
    else:
        with workspace.step("Demo database: Odoo's modules and demo data") as current:
            databases.build_core(core, True, current, LANGUAGES)
    with workspace.step("Demo database: our addons and their story") as current:
        databases.build_suite(DATABASE, core, current, demo=True, note=note)


def check_origin(note, built_from):
    """Refuse a database of somebody else, of another checkout or another Odoo."""
    if any(note.get(key) != value for key, value in built_from.items()):
        raise SetupError(
            f"The database {DATABASE} was not built by this checkout and this Odoo; "
            "replace it with: ./setup/demo --reset"
        )


def update(workspace, note):
    """Update our addons in a database of an earlier version of them."""
    databases = workspace.databases
    if note.get("addons") in (None, databases.suite_key()):
        return
    with workspace.step("Demo database: updating our addons") as current:
        databases.update(DATABASE, current)


def serve(workspace, options):
    """Run Odoo until it ends or the user ends it.

    :return: exit code
    """
    check_port(options.host, options.port)
    log = workspace.paths.log("demo")
    command = [str(workspace.odoo), "-d", DATABASE, f"--db-filter=^{DATABASE}$"]
    command += [f"--http-interface={options.host}", f"--http-port={options.port}"]
    with log.open("w") as sink:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=workspace.environment(),
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    try:
        return watch(workspace, options, server, log)
    except KeyboardInterrupt:
        say("\nsetup: stopping")
        return 0
    finally:
        end_session(server, signal.SIGINT)


def watch(workspace, options, server, log):
    """Wait for the first page, tell the user, and wait for the end."""
    host = (
        "localhost" if options.host in ("127.0.0.1", "0.0.0.0", "::") else options.host
    )
    url = f"http://{host}:{options.port}"
    wait_until(lambda: server.poll() is not None or answers(url), START_PATIENCE)
    if server.poll() is not None or not answers(url):
        raise SetupError(f"Odoo did not start, see {log}")
    say(f"\nPartner Channel is running: {url}\n")
    show_logins(workspace.postgres, DATABASE)
    workspace.programs.note_missing()
    say(f"\nLog: {log}\nCtrl-C stops it; ./setup/demo --reset begins the story anew.")
    code = server.wait()
    raise SetupError(f"Odoo ended with code {code}, see {log}")


def answers(url):
    """Whether the server gives its login page."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/web/login", timeout=30) as page:
            return page.status == 200
    except (OSError, urllib.error.URLError):
        return False
