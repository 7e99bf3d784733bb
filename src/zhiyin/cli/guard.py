"""How a command ends: exit codes and the words of an error.

Conventions: 0 well; 1 failure; 2 wrong input (InvalidInput, NotFound); 130 Ctrl-C. Tracebacks only under --debug.
This module knows no command.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import FrameType
from typing import Any, TypeVar, cast

import typer

from zhiyin.cli.screen import print_json
from zhiyin.cli.words import language, say
from zhiyin.errors import InvalidInput, NotFound, ZhiyinError

FAILED, WRONG_INPUT, INTERRUPTED, TERMINATED = 1, 2, 130, 143
DEBUG_NAME = "ZHIYIN_DEBUG"
Command = TypeVar("Command", bound=Callable[..., Any])


class Terminated(BaseException):
    """The system asked this process to end; it goes through every clean-up, like Ctrl-C."""


def guarded(command: Command) -> Command:
    """Return the command with its errors turned into one message and an exit code.

    The command's `is_json`, `lang` and `debug` options are obeyed.
    """

    @wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        try:
            with _heeding_termination():
                return command(*args, **options)
        except KeyboardInterrupt:
            print(say("stopped", lang=options.get("lang")), file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None
        except Terminated:
            raise typer.Exit(TERMINATED) from None
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise
            raise typer.Exit(_tell(error, options)) from error

    return cast(Command, run)


def exit_code(error: BaseException) -> int:
    """Return the exit code of an error.

    >>> exit_code(NotFound("no such file")), exit_code(OSError())
    (2, 1)
    """
    return WRONG_INPUT if isinstance(error, InvalidInput | NotFound) else FAILED


def _tell(error: Exception, options: dict[str, Any]) -> int:
    lang = options.get("lang")
    if options.get("debug") or os.environ.get(DEBUG_NAME):
        traceback.print_exception(error)
    if isinstance(error, ZhiyinError):
        message = error.message_zh if error.message_zh and language(lang) == "zh" else str(error)
    elif isinstance(error, OSError):
        message = f"{error.strerror or error}: {error.filename!r}" if error.filename else str(error)
    else:
        message = say("unforeseen", lang=lang).format(kind=type(error).__name__, message=error)
    print(f"{say('error', lang=lang)}: {message}", file=sys.stderr)
    if options.get("is_json"):
        print_json(
            {"error": {"kind": type(error).__name__, "message": message, "exit_code": exit_code(error)}}
        )
    return exit_code(error)


@contextmanager
def _heeding_termination() -> Iterator[None]:
    """Let SIGTERM raise, so that a terminated run removes what it had half written."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGTERM"):
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
