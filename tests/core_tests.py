"""Odoo's own tests with and without our addons: the command ``./setup/core-tests``.

Both runs are on copies of one database, so that they differ by our addons only, and on
the complete registry: also those tests meet our addons that Odoo runs while it installs
modules. What counts is that the same tests fail, if any do.
"""

import argparse
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from typing import NamedTuple

from . import databases
from .console import say

MODULES = ("partnership", "website_crm_partner_assign", "crm", "portal")
BASE = "partner_channel_core_tests"
ADDONS = ("partner_channel_commission", "partner_channel_lms")
HOUR = 3600
SCRIPT = """
import logging
from odoo.tests.shell import run_tests
# The tests' names are told at this level.
logging.getLogger("odoo").setLevel(logging.INFO)
run_tests(env, {tags!r})
"""
FAILED = re.compile(r"(?:FAIL|ERROR): ([\w.]+\.test_\w+)")
STARTED = re.compile(r"odoo\.addons\.(\w+)\.tests\.[\w.]+: Starting \w+\.test_\w+")
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


class Result(NamedTuple):
    """What one run of the tests came to."""

    tests: int
    failed: tuple
    by_module: dict
    seconds: float


def main(_env, arguments):
    """Run the tests twice, print a table.

    :param list arguments: words of the command line
    :return: 0 if both runs come to the same, else 1
    """
    options = parse(arguments)
    plain, suite = f"{BASE}_plain", f"{BASE}_suite"
    databases.drop(plain, suite)
    try:
        if options.template:
            databases.copy(options.template, plain)
        else:
            databases.create(plain)
        databases.copy(plain, suite)
        databases.install(suite, ADDONS)
        tags = ",".join(f"/{module}" for module in options.modules or MODULES)
        results = [run_tests(name, tags, options.log) for name in (plain, suite)]
    finally:
        databases.drop(plain, suite)
    return report(*results)


def parse(arguments):
    """Return the parsed arguments."""
    parser = argparse.ArgumentParser(
        prog="core-tests",
        description="Run Odoo's own tests with and without our addons.",
    )
    parser.add_argument("modules", nargs="*", help=f"default: {' '.join(MODULES)}")
    parser.add_argument(
        "--template",
        metavar="DB",
        help="copy this database (Odoo's modules, none of ours) instead of installing",
    )
    parser.add_argument("--log", metavar="FILE", help="append the logs of both runs")
    return parser.parse_args(arguments)


def run_tests(name, tags, log=None):
    """Run Odoo's test runner on a database.

    :param str name: the database
    :param str tags: as ``--test-tags`` takes them
    :param str log: file the log is appended to
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, sys.argv[0], "shell", "-d", name, f"--http-port={port}"],
        input=SCRIPT.format(tags=tags),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=HOUR,
        check=False,
    )
    if log:
        with open(log, "a", encoding="utf-8") as file:
            file.write(done.stdout)
    return read_log(done.stdout, time.monotonic() - start)


def read_log(text, seconds=0.0):
    """Return the :class:`Result` a log tells of.

    >>> read_log('''x INFO db odoo.addons.crm.tests.test_a: Starting TestA.test_one ...
    ... x ERROR db odoo.addons.crm.tests.test_a: FAIL: TestA.test_one
    ... x ERROR db odoo.tests.shell: Tests failed: 1 failed, 0 error(s) of 1 tests''')
    Result(tests=1, failed=('TestA.test_one',), by_module={'crm': 1}, seconds=0.0)
    """
    result = RESULT.search(text)
    if not result:
        raise RuntimeError(f"The tests did not end:\\n{text[-2000:]}")
    return Result(
        int(result[3]),
        tuple(sorted(set(FAILED.findall(text)))),
        dict(Counter(STARTED.findall(text))),
        seconds,
    )


def report(plain, suite):
    """Say both results; return 0 if they are the same."""
    rows = [("", "Odoo alone", "with our addons")]
    for module in sorted({**plain.by_module, **suite.by_module}):
        counts = (result.by_module.get(module, 0) for result in (plain, suite))
        rows.append((module, *counts))
    rows += [
        ("tests", plain.tests, suite.tests),
        ("failed", len(plain.failed), len(suite.failed)),
        ("seconds", round(plain.seconds), round(suite.seconds)),
    ]
    for row in rows:
        say("{:<30} {:>12} {:>16}".format(*row))
    for name in sorted({*plain.failed, *suite.failed}):
        both = name in plain.failed and name in suite.failed
        where = "both" if both else "ours" if name in suite.failed else "Odoo alone"
        say(f"failed ({where}): {name}")
    same = (plain.tests, plain.failed) == (suite.tests, suite.failed)
    say("The same result." if same else "NOT the same result.")
    return 0 if same else 1
