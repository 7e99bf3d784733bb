"""Files to scores and back: the table of formats, and the only doors to the disk.

Conventions: a format is chosen by its ending; reading raises UnreadableFile, writing says what was lost.
This package does not sound, plot or engrave a score (`zhiyin.render`).
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.io.abc import Abc
from zhiyin.io.base import MAX_FILE_BYTES, Format, Written
from zhiyin.io.kern import Kern
from zhiyin.io.limits import ReadWarning
from zhiyin.io.midi import Midi
from zhiyin.io.musicxml import MusicXml, PackedMusicXml
from zhiyin.io.native import Native
from zhiyin.score import Score

__all__ = [
    "FORMATS",
    "Format",
    "ReadWarning",
    "Written",
    "format_of",
    "load",
    "loads",
    "save",
    "writable_format_of",
    "write_atomic",
]

_KINDS: tuple[Format, ...] = (Midi(), MusicXml(), PackedMusicXml(), Abc(), Kern(), Native())
FORMATS: dict[str, Format] = {ending: kind for kind in _KINDS for ending in kind.endings}


def format_of(path: str | Path) -> Format:
    """Return the format of a path or a bare ending. Raises NotFound, naming the endings there are.

    >>> format_of("a/b.mid").name, format_of(".zyn").name
    ('MIDI', 'Zhiyin score')
    """
    name = Path(path).name.lower()
    ending = name if name in FORMATS else Path(name).suffix
    if ending not in FORMATS:
        raise NotFound(
            f"a score's file must end in one of {' '.join(sorted(FORMATS))}, got {Path(path).name!r}"
        )
    return FORMATS[ending]


def writable_format_of(path: str | Path) -> Format:
    """Return the format to write a path in. Raises NotFound for an unknown ending, InvalidInput where it only reads.

    >>> writable_format_of("a/b.mid").name
    'MIDI'
    """
    endings = " ".join(ending for ending, kind in sorted(FORMATS.items()) if not kind.is_read_only)
    name = Path(path).name
    if Path(name).suffix.lower() not in FORMATS:
        raise NotFound(f"a score's file must end in one of {endings} to be written, got {name!r}")
    form = format_of(path)
    if form.is_read_only:
        raise InvalidInput(
            f"a score's file must end in one of {endings} to be written, got {name!r}, and {form.name} can only be "
            "read: choose another ending",
            zh=f"写出的乐谱文件须以 {endings} 之一结尾，现为 {name!r}，而 {form.name} 只能读入：请换一个扩展名",
        )
    return form


def loads(data: bytes, ending: str, *, path: str = "<bytes>") -> Score:
    """Return the score in bytes of the format with an ending such as ".mid"; `path` is for messages."""
    return format_of(ending).read(data, path=path)


def load(path: str | Path) -> Score:
    """Return the score in a file. Raises NotFound if there is none, UnreadableFile if it cannot be read."""
    kind = format_of(path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise NotFound(f"there must be a file at {str(path)!r}, found none: check the path") from error
    except OSError as error:
        raise UnreadableFile(path, "the disk", f"the file must be readable: {error.strerror}") from error
    return kind.read(data, path=str(path))


def save(score: Score, path: str | Path) -> tuple[str, ...]:
    """Write a score and return what its format could not carry, one sentence each.

    The file appears whole or not at all, also on Ctrl-C. Raises InvalidInput if the score cannot be written.
    """
    written = writable_format_of(path).write(score)
    write_atomic(Path(path), written.data)
    return written.lost


def write_atomic(path: Path, data: bytes) -> None:
    """Write bytes through a temporary file in the same folder, so that no half file is ever seen."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:  # Ctrl-C too: the temporary file goes, the old file stays
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
