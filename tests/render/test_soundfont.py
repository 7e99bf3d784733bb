"""Laws of finding a bank: the person's word first, permissive banks next, copyleft ones never unasked.

Conventions: banks here are twelve bytes that carry the right head.
Does not know: FluidSynth.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiyin.errors import InvalidInput
from zhiyin.render import soundfont
from zhiyin.render.soundfont import find_soundfont

HEAD = b"RIFF\x00\x00\x00\x00sfbk"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(soundfont, "SYSTEM_FOLDERS", ())
    (tmp_path / ".local/share/sounds/sf2").mkdir(parents=True)
    return tmp_path


def put(home: Path, *names: str) -> Path:
    folder = home / ".local/share/sounds/sf2"
    for name in names:
        (folder / name).write_bytes(HEAD)
    return folder


def test_musescore_general_is_preferred_then_fluidr3_then_any(home: Path) -> None:
    assert find_soundfont({}, home) is None
    folder = put(home, "Anything.sf2")
    assert find_soundfont({}, home) == folder / "Anything.sf2"
    put(home, "FluidR3_GM.sf2")
    assert find_soundfont({}, home) == folder / "FluidR3_GM.sf2"
    put(home, "MuseScore_General_Lite.sf3")
    assert find_soundfont({}, home) == folder / "MuseScore_General_Lite.sf3"


def test_timgm6mb_is_used_only_when_named(home: Path) -> None:
    folder = put(home, "TimGM6mb.sf2", "default-GM.sf2")
    assert find_soundfont({}, home) is None
    assert find_soundfont({"ZHIYIN_SOUNDFONT": str(folder / "TimGM6mb.sf2")}, home) == folder / "TimGM6mb.sf2"


def test_a_link_to_timgm6mb_is_not_taken_for_another_bank(home: Path) -> None:
    folder = put(home, "TimGM6mb.sf2")
    (folder / "Nice.sf2").symlink_to(folder / "TimGM6mb.sf2")
    assert find_soundfont({}, home) is None


def test_a_wrong_name_in_the_environment_is_an_error(home: Path) -> None:
    with pytest.raises(InvalidInput, match=r"soundfont must be a file, got '/none.sf2' which is not there"):
        find_soundfont({"ZHIYIN_SOUNDFONT": "/none.sf2"}, home)
