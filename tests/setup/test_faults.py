"""Each thing that may be wrong with a machine gets one clear line and code 1."""

import socket

import pytest

from channel_setup.console import SetupError
from channel_setup.postgres import check_server

from .scene import assert_one_clear_line

DEAD_SOURCES = "deb file:///nowhere bookworm main\n"


def test_without_network_the_line_names_the_mirror_and_the_ways_out(scene):
    sources = scene.folder / "sources.list"
    sources.write_text(DEAD_SOURCES)
    apt = scene.folder / "apt.conf"
    apt.write_text(
        f'Dir::Etc::SourceList "{sources}";\nDir::Etc::SourceParts "/dev/null";\n'
    )
    done = scene.run("odoo", "--version", APT_CONFIG=str(apt))
    assert_one_clear_line(
        done, "No network?", "file:/nowhere", "PARTNER_CHANNEL_SOURCE"
    )
    assert not [name for name in scene.list_state() if name.startswith("server")]
    assert not list(scene.cache.glob("debs/*"))


def test_without_a_debian_mirror_the_overrides_are_named(scene):
    scene.stub("apt-get", "exit 0")
    done = scene.run_python(
        "from channel_setup.apt import PrivateIndex\n"
        "from channel_setup.paths import Paths\n"
        "PrivateIndex(Paths()).update()"
    )
    assert_one_clear_line(done, "no Debian mirror", "PARTNER_CHANNEL_PYTHON")


def test_without_the_package_registry_no_half_environment_is_taken_for_whole(scene):
    script = (
        "from channel_setup.console import Step\n"
        "from channel_setup.paths import Paths\n"
        "from channel_setup.python_env import PythonEnv\n"
        "paths = Paths()\n"
        "paths.make()\n"
        "env = PythonEnv(paths, 'venv', ['node.txt'])\n"
        "try:\n"
        "    env.build(Step('packages'))\n"
        "finally:\n"
        "    assert not env.is_ready()\n"
    )
    done = scene.run_python(
        script,
        PIP_CONFIG_FILE="/dev/null",
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_FIND_LINKS="",
        PIP_RETRIES="0",
        PIP_NO_CACHE_DIR="1",
    )
    assert_one_clear_line(done, "No network?".lower(), "Python packages")


def test_a_disk_that_is_too_small_is_refused_before_anything_is_fetched(scene):
    done = scene.run("test", PARTNER_CHANNEL_MIN_FREE_MB="999999999")
    assert_one_clear_line(done, "disk is too small", "999999999 MB")
    assert scene.list_state() == []


def test_a_port_in_use_is_refused_and_another_one_proposed(scene):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = scene.run("demo", "--port", str(port))
    assert_one_clear_line(done, f"Port {port}", f"--port {port + 10}")
    assert not scene.state.exists()


def test_a_port_that_is_no_port_is_refused(scene):
    assert_one_clear_line(scene.run("demo", "--port", "99999"), "Port 99999")


def test_a_python_that_is_too_old_is_refused(scene):
    for name in ("python3", *(f"python3.{minor}" for minor in range(10, 14))):
        scene.stub(name, "echo 3.8")
    assert_one_clear_line(scene.run("demo"), "Python 3.8", "3.10 to 3.13")
    assert not scene.state.exists()


def test_a_python_named_by_hand_that_is_too_new_is_refused(scene):
    python = scene.stub("python-of-tomorrow", "echo 3.14")
    done = scene.run("demo", PARTNER_CHANNEL_PYTHON=str(python))
    assert_one_clear_line(done, "PARTNER_CHANNEL_PYTHON", "3.14", "3.10 to 3.13")


def test_a_postgresql_that_is_too_old_is_refused(scene):
    scene.stub("postgres", "echo 'postgres (PostgreSQL) 12.22'")
    done = scene.run("odoo", "--version", PARTNER_CHANNEL_PG_BIN=str(scene.stubs))
    assert_one_clear_line(done, "PostgreSQL 12 is too old", "13 or later")
    assert scene.list_state() == []


@pytest.mark.parametrize(
    ("version", "may_create", "words"),
    [(120020, True, "PostgreSQL 12 is too old"), (150004, False, "CREATEDB")],
)
def test_a_named_server_that_odoo_cannot_use_is_refused(version, may_create, words):
    with pytest.raises(SetupError, match=words):
        check_server(version, may_create)


def test_a_named_server_that_does_not_answer_is_told_apart(scene):
    done = scene.run_python(
        "import sys\n"
        "from channel_setup.paths import Paths\n"
        "from channel_setup.postgres import choose_postgres\n"
        "choose_postgres(Paths(), None).start(sys.executable)\n",
        PGHOST=str(scene.folder),
    )
    assert_one_clear_line(done, "PGHOST/PGUSER does not answer", "unset both")


def test_an_override_that_is_no_odoo_is_refused(scene):
    done = scene.run("test", PARTNER_CHANNEL_SOURCE="/nowhere")
    assert_one_clear_line(done, "PARTNER_CHANNEL_SOURCE=/nowhere", "odoo-bin")
    assert not scene.state.exists()


def test_an_override_of_another_series_is_refused(scene):
    source = scene.folder / "source"
    (source / "odoo").mkdir(parents=True)
    (source / "odoo-bin").touch()
    (source / "odoo" / "release.py").write_text("version_info = (18, 0, 0)\n")
    done = scene.run("test", PARTNER_CHANNEL_SOURCE=str(source))
    assert_one_clear_line(done, "Odoo 18.0", "Odoo 19.0")


def test_a_python_without_odoo_is_refused(scene):
    done = scene.run("test", PARTNER_CHANNEL_PYTHON="1")
    assert_one_clear_line(done, "PARTNER_CHANNEL_PYTHON", "cannot be imported")


def test_two_overrides_at_once_are_refused(scene):
    done = scene.run("odoo", PARTNER_CHANNEL_SOURCE="/a", PARTNER_CHANNEL_PYTHON="1")
    assert_one_clear_line(done, "both set")


def test_a_state_folder_that_cannot_be_made_is_named(scene):
    scene.state.write_text("a file where the folder should be")
    done = scene.run("odoo", "--version")
    assert_one_clear_line(done, str(scene.state), "PARTNER_CHANNEL_STATE")


def test_without_a_browser_an_ordinary_user_is_told_what_to_install(scene):
    done = scene.run_python(
        "from channel_setup import browser\n"
        "from channel_setup.paths import Paths\n"
        "browser.can_install_system_packages = lambda: False\n"
        "programs = browser.Programs(Paths(), with_browser=True)\n"
        "assert not programs.is_ready()\n"
        "programs.install(None)\n",
        PATH=str(scene.stubs),
    )
    assert_one_clear_line(done, "sudo apt-get install", "chromium", "wkhtmltopdf")


def test_without_wkhtmltopdf_the_demo_is_not_refused(scene):
    done = scene.run_python(
        "from channel_setup import browser\n"
        "from channel_setup.paths import Paths\n"
        "browser.can_install_system_packages = lambda: False\n"
        "programs = browser.Programs(Paths(), with_browser=False)\n"
        "assert programs.is_ready()\n"
        "programs.note_missing()\n",
        PATH=str(scene.stubs),
    )
    assert done.returncode == 0, done.stderr
    assert "wkhtmltopdf is not installed" in done.stdout
