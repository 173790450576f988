"""Odoo's own tests with and without our addons: the command ``./setup/core-tests``.

Both runs are on copies of one database and at the same code, so that they differ by our
addons only. What counts is that the same tests fail, if any do.
"""

import argparse
import re
import socket
import subprocess
import sys
import time
from typing import NamedTuple

from . import databases
from .console import say

MODULES = ("partnership", "website_crm_partner_assign", "crm", "portal")
BASE = "partner_channel_core_tests"
ADDONS = ("partner_channel_commission", "partner_channel_lms")
HOUR = 3600
# A database that has all modules loads them one by one: some of Odoo's tests that run
# meanwhile fail for the mandatory columns of modules yet to be loaded, also without us.
FAILED = re.compile(r"(?:FAIL|ERROR): ([\w.]+\.test_\w+)")
STATS = re.compile(r"odoo\.tests\.stats: (\w+): (\d+) tests ([\d.]+)s (\d+) queries")
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
    command = [sys.executable, sys.argv[0], "-d", name, "--test-tags", tags]
    command += [f"--http-port={port}", "--stop-after-init", "--log-level=info"]
    done = subprocess.run(
        command,
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

    >>> read_log('''x ERROR db odoo.addons.crm.tests.test_a: FAIL: TestA.test_one
    ... x INFO db odoo.tests.stats: crm: 12 tests 3.50s 99 queries
    ... x ERROR db odoo.tests.result: 1 failed, 0 error(s) of 12 tests when loading''')
    Result(tests=12, failed=('TestA.test_one',), by_module={'crm': 12}, seconds=0.0)
    """
    result = RESULT.search(text)
    if not result:
        raise RuntimeError(f"The tests did not end:\\n{text[-2000:]}")
    return Result(
        int(result[3]),
        tuple(sorted(set(FAILED.findall(text)))),
        {module: int(count) for module, count, _time, _queries in STATS.findall(text)},
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
