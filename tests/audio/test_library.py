"""Laws of the compiled code's place: one folder a process, free again when the process ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from zhiyin.audio.library import CACHE_NAME, own_cache

CHILD = "import sys; from pathlib import Path; from zhiyin.audio.library import own_cache, CACHE_NAME; import os\n"
CHILD += "own_cache(Path(sys.argv[1])); print(os.environ[CACHE_NAME], flush=True)"


def child(place: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(place)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_two_processes_never_share_a_folder_and_a_free_one_is_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert child(tmp_path) == str(tmp_path / "0") == child(tmp_path)
    monkeypatch.setenv(CACHE_NAME, "")
    lock = own_cache(tmp_path)
    assert os.environ[CACHE_NAME] == str(tmp_path / "0")
    assert child(tmp_path) == str(tmp_path / "1")
    assert lock is not None
    lock.close()
    assert child(tmp_path) == str(tmp_path / "0")
