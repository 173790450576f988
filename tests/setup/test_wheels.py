"""Each addon builds as the wheel people install beside their own Odoo."""

import subprocess
import sys
import zipfile

import pytest

from channel_setup.paths import Paths

ADDONS = [path.name for path in Paths().find_addons()]


@pytest.mark.parametrize("addon", ADDONS)
def test_the_addon_builds_as_a_wheel(addon, tmp_path):
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "-w", str(tmp_path), f"./{addon}"]
    done = subprocess.run(
        command, cwd=Paths().root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    wheel = next(tmp_path.glob("*.whl"))
    assert wheel.name.startswith(f"odoo_addon_{addon}-19.0.")
    names = zipfile.ZipFile(wheel).namelist()
    assert f"odoo/addons/{addon}/__manifest__.py" in names
