"""Which warnings a run's log may hold; any other one is a failure.

Used for the logs of building a database and by the tests (``conftest.py``).
"""

import re

# (logger, message, reason): both are regular expressions matched from the start.
ALLOWED = (
    (
        r"odoo\.addons\.base\.models\.ir_actions_report",
        r"wkhtmltopdf",
        "Debian's wkhtmltopdf has no patched Qt and says so at each document",
    ),
    (
        r".*\.browser$",
        r"Error received after termination",
        "the test was over, and the page was still loading when its browser closed",
    ),
)
LINE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) \S+ ([\w.-]+): (.*)$")


def is_allowed(logger, message):
    """Return whether a warning is known and harmless.

    :param str logger: name of the logger
    :param str message: formatted message
    """
    return any(
        re.match(name, logger) and re.match(text, message)
        for name, text, _reason in ALLOWED
    )


def find_warnings(log):
    """Return the lines of a log file that must not be there.

    :param Path log: written by Odoo
    """
    found = []
    for line in log.read_text("utf-8", errors="replace").splitlines():
        match = LINE.match(line)
        if match and not is_allowed(match[2], match[3]):
            found.append(line)
    return found
