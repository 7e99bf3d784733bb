"""Writing files whole or not at all: one file, or a folder of them.

Conventions: work happens in a hidden place beside the target; the target changes only after everything succeeded.
In a folder only files that an earlier report.json of ours lists are replaced or removed; others are refused.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import FrameType

from zhiyin.errors import InvalidInput
from zhiyin.io import FORMATS, write_atomic

REPORT_NAME = "report.json"
REPORT_FORMAT = "zhiyin-report-1"
FILE_ENDINGS = frozenset(
    (*FORMATS, ".png", ".svg", ".pdf", ".wav", ".flac", ".ogg", ".mp3", ".json", ".txt", ".md")
)


def write_whole(path: Path, data: bytes) -> None:
    """Write one file so that it appears whole or not at all; folders above it are made."""
    if path.is_dir():
        raise InvalidInput(f"the output must be a file, got the folder {str(path)!r}: add a file name")
    check_place(path.parent)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, data)


@contextmanager
def staged_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write into; when the block ends well its files move into `folder`, else none do.

    Raises InvalidInput when a file that is not ours stands in the way (nothing has been moved then), and for a name
    that is a file's.
    """
    check_folder(folder)
    made = _make_parents(folder)
    stage = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    try:
        yield stage
        _publish(stage, folder)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        for parent in made:  # a failed run leaves no empty folders behind
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()


def refuse_foreign(folder: Path, names: Iterable[str]) -> None:
    """Raise InvalidInput when one of the files stands in the folder and no report of ours lists it."""
    ours = own_files(folder)
    for name in sorted(names):
        if (folder / name).exists() and name not in ours:
            raise InvalidInput(
                f"{str(folder / name)!r} is there and was not written by zhiyin: move it away or name another folder"
            )


def check_folder(folder: Path) -> None:
    """Raise InvalidInput unless a folder can be written or made here, and for a name that is a file's (song.mid)."""
    if folder.suffix.lower() in FILE_ENDINGS and not folder.exists():
        raise InvalidInput(
            f"the output must be a folder, since several files are written, got {str(folder)!r}: "
            f"name one such as {folder.stem!r}, the files in it have names of their own"
        )
    check_place(folder)


def check_place(folder: Path) -> None:
    """Raise InvalidInput unless a folder can be written or made here."""
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise InvalidInput(
            f"the output must be a folder, got {str(folder)!r} and {str(there)!r} is a file: name another"
        )
    try:
        Path(tempfile.mkdtemp(prefix=".zhiyin.", dir=there)).rmdir()  # permissions alone do not tell
    except OSError as error:
        raise InvalidInput(
            f"the output must lie where files can be written, got {str(folder)!r} ({error.strerror}): "
            "name another place"
        ) from error


def free_folder(folder: Path) -> Path:
    """Return the folder, or the first of `out-2`, `out-3` ... that is not there yet or empty."""
    place, number = folder, 1
    while place.exists() and (not place.is_dir() or any(place.iterdir())):
        number += 1
        place = folder.with_name(f"{folder.name}-{number}")
    return place


def own_files(folder: Path) -> frozenset[str]:
    """Return the files in a folder that its report.json says are ours; empty without such a report."""
    try:
        report = json.loads((folder / REPORT_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return frozenset()
    if not isinstance(report, dict) or report.get("format") != REPORT_FORMAT:
        return frozenset()
    listed = report.get("files", [])
    return frozenset({REPORT_NAME, *(n for n in listed if isinstance(n, str) and _is_inside(n))})


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def refuse_other_verb(stage: Path, folder: Path) -> None:
    """Raise InvalidInput when a folder holds what another verb wrote: replacing it would lose that."""
    there, new = _verb_of(folder), _verb_of(stage)
    if there and new and there != new:
        raise InvalidInput(
            f"{str(folder)!r} holds what `zhiyin {there}` wrote, got an answer of `zhiyin {new}` to put there: "
            "name another folder with -o, so that nothing is lost"
        )


def _verb_of(folder: Path) -> str:
    """Return the verb that a folder's report names, empty without a report of ours."""
    try:
        report = json.loads((folder / REPORT_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    is_ours = isinstance(report, dict) and report.get("format") == REPORT_FORMAT
    return str(report.get("verb", "")) if is_ours else ""


def _publish(stage: Path, folder: Path) -> None:
    refuse_other_verb(stage, folder)
    names = sorted(p.relative_to(stage).as_posix() for p in stage.rglob("*") if p.is_file())
    refuse_foreign(folder, names)
    stale = own_files(folder) - set(names)
    with _uninterrupted():
        for name in sorted(names, key=lambda n: n == REPORT_NAME):  # the report last: it says what is ours
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(stage / name, target)
        for name in stale:
            (folder / name).unlink(missing_ok=True)
        _remove_empty(folder, stale)


def _remove_empty(folder: Path, names: Iterable[str]) -> None:
    for parent in {(folder / name).parent for name in names} - {folder}:
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()


def _make_parents(folder: Path) -> list[Path]:
    """Make the folders above and return the ones made, the deepest first."""
    made = []
    for parent in folder.absolute().parents:
        if parent.exists():
            break
        made.append(parent)
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    return made


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C until the block is done, so that a folder is never half new and half old."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []

    def remember(number: int, frame: FrameType | None) -> None:
        pressed.append(number)

    before = signal.signal(signal.SIGINT, remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt
