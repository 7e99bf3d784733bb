"""The exception tree of Zhiyin.

Every message says what must hold, what came, and what to do about it.
This module knows nothing of music; it only names kinds of failure.

    ZhiyinError
    ├── InvalidInput          a value the caller gave breaks a rule (CLI exit 2, HTTP 422)
    │   ├── InvalidNote       a note column is out of range or misshapen
    │   ├── UnreadableFile    a file is malformed, cut off, too large or hostile
    │   └── ConflictingWishes two wishes cannot both be kept
    ├── NotFound              a named thing does not exist (CLI exit 2, HTTP 404)
    ├── RightsError           a licence forbids what was asked
    ├── MissingExtra          an optional package or system tool is not installed
    ├── ConstraintsUnmet      a hard wish could not be kept in the time given
    └── Cancelled             whoever asked no longer wants the answer
"""

from __future__ import annotations

from pathlib import Path


class ZhiyinError(Exception):
    """Base of every error that Zhiyin raises on purpose.

    message_zh: the message in Chinese, "" where there is none.

    >>> str(InvalidInput("too fast", zh="太快")), InvalidInput("too fast", zh="太快").message_zh
    ('too fast', '太快')
    """

    def __init__(self, *args: object, zh: str = "") -> None:
        super().__init__(*args)
        self.message_zh = zh


class InvalidInput(ZhiyinError, ValueError):
    """A value given by the caller breaks a rule that the message names."""


class InvalidNote(InvalidInput):
    """A note, or a column of notes, is out of range or misshapen."""


class UnreadableFile(InvalidInput):
    """A file could not be read; carries the place and the reason.

    path: the file, place: where inside it ("line 12", "byte 14"), reason: what is wrong there.
    """

    def __init__(self, path: str | Path, place: str, reason: str) -> None:
        self.path, self.place, self.reason = str(path), place, reason
        super().__init__(f"cannot read {str(path)!r} at {place}: {reason}")

    def __reduce__(self) -> tuple[type[UnreadableFile], tuple[str, str, str]]:
        return type(self), (self.path, self.place, self.reason)


class ConflictingWishes(InvalidInput):
    """Two or more wishes cannot be kept together; the message names them and a way out."""


class NotFound(ZhiyinError, LookupError):
    """A named thing (model, data set, format, instrument) does not exist."""


class RightsError(ZhiyinError):
    """A licence or a right of others forbids what was asked."""


class MissingExtra(ZhiyinError, ImportError):
    """An optional package is missing; the message carries the command that installs it."""

    def __init__(self, what: str, extra: str) -> None:
        self.what, self.extra = what, extra
        super().__init__(f"{what} needs the optional part {extra!r}: run  pip install 'zhiyin[{extra}]'")


class ConstraintsUnmet(ZhiyinError):
    """A hard wish could not be kept; the message names the wish, the measured value and the place."""


class Cancelled(ZhiyinError):
    """The work was stopped by whoever asked for it; nothing was written and nothing is lost."""
