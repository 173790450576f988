"""Dispatch of the commands, and the one place where errors become one line."""

import importlib
import os
import signal
import sys
import traceback

from .console import SetupError
from .paths import Paths

COMMANDS = {"demo": "demo", "test": "test", "odoo": "odoo_cli", "lint": "lint"}
INTERRUPTED = 130


def main(name, arguments):
    """Run a command.

    :param str name: ``demo``, ``test``, ``odoo`` or ``lint``
    :param list arguments: what the user typed after it
    :return: exit code
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return importlib.import_module(f".{COMMANDS[name]}", __package__).run(arguments)
    except SetupError as error:
        return _fail(error)
    except PermissionError as error:
        return _fail(
            f"{error.filename} belongs to another user; run this as that user, or set "
            "PARTNER_CHANNEL_STATE and PARTNER_CHANNEL_CACHE to folders of yours"
        )
    except OSError as error:
        return _fail(f"{error}; see {_write_trace()}")
    except KeyboardInterrupt:
        _tell("interrupted; a further run takes up where this one stopped")
        return INTERRUPTED
    except Exception as error:
        return _fail(
            f"unexpected {type(error).__name__}: {error}; see {_write_trace()}"
        )


def _interrupt(_number, _frame):
    raise KeyboardInterrupt


def _tell(text):
    sys.stderr.write(f"setup: {text}\n")


def _fail(error):
    _tell(f"ERROR: {error}")
    return 1


def _write_trace():
    """Keep the traceback for whoever has to look into it.

    :return: path of the file
    """
    paths = Paths()
    try:
        paths.make()
        path = paths.log(f"traceback-{os.getpid()}")
        path.write_text(traceback.format_exc())
    except OSError:
        traceback.print_exc()
        return "the traceback above"
    return path
