"""librosa on first use, with a cache of compiled code that no two processes share.

Conventions: librosa compiles what it needs and keeps it; two processes that write one such cache at once can leave code
that crashes (seen with numba 0.68), so each process takes a folder of its own and holds it until it ends. A folder is
used again by the next process, so that compiling (20 s) is done once. NUMBA_CACHE_DIR, where set, is left alone.
This module knows no features: see `zhiyin.audio.features`.
"""

from __future__ import annotations

import importlib
import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from platformdirs import user_cache_path

from zhiyin.errors import MissingExtra

CACHE_NAME = "NUMBA_CACHE_DIR"
MOST_FOLDERS = 64


@cache
def library() -> Any:
    """Return librosa; raises MissingExtra with the command that installs it where it is not there."""
    if find_spec("librosa") is None:
        raise MissingExtra("listening to sound", "listen")
    if CACHE_NAME not in os.environ:
        own_cache(user_cache_path("zhiyin") / "compiled")
    return importlib.import_module("librosa")


@cache
def own_cache(place: Path) -> IO[str] | None:
    """Take the first free folder of a place for this process' compiled code; return its lock, held until the end.

    None where locks are not known or no folder is free: compiled code then lies where librosa puts it.
    """
    try:
        import fcntl
    except ImportError:  # not on Windows
        return None
    for number in range(MOST_FOLDERS):
        folder = place / str(number)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = (folder / "lock").open("w")
        except OSError:
            return None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            continue
        os.environ[CACHE_NAME] = str(folder)
        return lock
    return None
