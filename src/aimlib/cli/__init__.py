"""The `aim` command: arguments in, one call, messages out."""

from __future__ import annotations

import os
import signal
import sys
import threading

from aimlib.cli.messages import report_error
from aimlib.errors import AimError

__all__ = ["main"]


class Stopped(BaseException):
    """The user pressed Ctrl-C, or the system asked the process to end.

    Not a KeyboardInterrupt, which the command line's library ends without a word.
    """


_asked_to_stop = threading.Event()


def _stop(*_: object) -> None:
    _asked_to_stop.set()
    raise Stopped


def main() -> None:
    """Run the command line; a user's mistake ends in one message and a non-zero exit status."""
    try:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), _stop)
        from aimlib.cli.app import app

        app(standalone_mode=True)
    except AimError as error:
        _exit_if_stopped()
        report_error(error)
        sys.exit(error.exit_status)
    except Exception as fault:
        _exit_if_stopped()
        # Nothing of Python's inside reaches a user; who wants to see it sets AIM_DEBUG.
        if os.environ.get("AIM_DEBUG"):
            raise
        kind = type(fault).__name__
        report_error(AimError(f"Something went wrong inside aim ({kind}).", "Run again with AIM_DEBUG=1 to see where."))
        sys.exit(70)
    except (Stopped, SystemExit):
        _exit_if_stopped()
        raise


def _exit_if_stopped() -> None:
    """End as Ctrl-C asked; a library that was interrupted in its own code may raise an error of its own instead."""
    if _asked_to_stop.is_set():
        print("Stopped. What was finished is kept.", file=sys.stderr)
        sys.exit(130)
