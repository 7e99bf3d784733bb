"""Finding and naming SoundFont files.

Conventions: a bank is a `.sf2` or `.sf3` file (RIFF, form `sfbk`); banks under copyleft are never chosen by default.
This module does not make sound: see `zhiyin.render.fluid`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from zhiyin.errors import InvalidInput

ENVIRONMENT_NAME = "ZHIYIN_SOUNDFONT"
ENDINGS = (".sf2", ".sf3")
SYSTEM_FOLDERS = (
    "/usr/share/sounds/sf3", "/usr/share/sounds/sf2", "/usr/share/soundfonts", "/usr/local/share/sounds/sf3",
    "/usr/local/share/sounds/sf2", "/usr/local/share/soundfonts", "/opt/homebrew/share/sounds/sf3",
    "/opt/homebrew/share/sounds/sf2", "/opt/homebrew/share/soundfonts",
)  # fmt: skip
USER_FOLDERS = (".local/share/sounds/sf3", ".local/share/sounds/sf2", ".local/share/soundfonts")
# Permissive General MIDI banks by the start of their file name, best first (all three MIT).
PREFERRED = ("musescore_general", "mscore", "fluidr3")
# GPL-2: fine to own, but a person must name it (it is also what "default-GM" may point to).
NEVER_BY_DEFAULT = ("timgm6mb", "default-gm", "default")


def check_soundfont(path: Path) -> Path:
    """Return the path if it is a SoundFont file, else raise InvalidInput with the remedy."""
    remedy = "give a General MIDI bank in .sf2 or .sf3 format, or leave the option out"
    if not path.is_file():
        raise InvalidInput(f"soundfont must be a file, got {str(path)!r} which is not there: {remedy}")
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] != b"RIFF" or head[8:12] != b"sfbk":
        raise InvalidInput(
            f"soundfont must begin with RIFF....sfbk, got {str(path)!r} with {head!r}: {remedy}"
        )
    return path


def find_soundfont(environment: Mapping[str, str] = os.environ, home: Path | None = None) -> Path | None:
    """Return the best General MIDI bank on this machine, or None.

    The file named by ZHIYIN_SOUNDFONT wins (InvalidInput if it is no bank); then the usual folders are
    searched for a MuseScore_General, then FluidR3, then any other bank but TimGM6mb (GPL).
    """
    named = environment.get(ENVIRONMENT_NAME)
    if named:
        return check_soundfont(Path(named).expanduser())
    found = [path for path in _candidates(home or Path.home()) if _rank(path) is not None]
    return min(found, key=lambda path: (_rank(path), str(path)), default=None)


def _candidates(home: Path) -> Iterator[Path]:
    for folder in (*(home / name for name in USER_FOLDERS), *map(Path, SYSTEM_FOLDERS)):
        if folder.is_dir():
            yield from (
                path for path in sorted(folder.iterdir()) if path.suffix.lower() in ENDINGS and path.is_file()
            )


def _rank(path: Path) -> int | None:
    names = {path.stem.lower(), path.resolve().stem.lower()}  # Debian's alternatives are links
    if any(name.startswith(NEVER_BY_DEFAULT[0]) for name in names) or path.stem.lower() in NEVER_BY_DEFAULT:
        return None
    for rank, start in enumerate(PREFERRED):
        if any(name.startswith(start) for name in names):
            return rank
    return len(PREFERRED)
