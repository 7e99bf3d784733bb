"""Laws of the doors to the disk: the ending decides, a file is whole or absent, hostile files stay small."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

import zhiyin.io
from tests.io import test_abc, test_midi, test_native
from zhiyin.errors import NotFound, UnreadableFile
from zhiyin.io import format_of, load, loads, save, write_atomic
from zhiyin.score import Notes, Part, Score

SONG = Score(title="a", parts=(Part("p", Notes.of([(0, 10, 60)])),))


def test_the_ending_decides_in_any_case() -> None:
    assert [format_of(name).name for name in ("A.MID", "x.y.musicxml", "Z.Krn", ".abc")] == [
        "MIDI",
        "MusicXML",
        "Humdrum kern",
        "ABC",
    ]


def test_an_unknown_ending_names_the_known_ones() -> None:
    with pytest.raises(NotFound, match=r"must end in one of \.abc .*\.zyn, got 'song\.docx'"):
        format_of("night/song.docx")


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no\.mid', found none"):
        load(tmp_path / "no.mid")


def test_a_folder_is_no_score(tmp_path: Path) -> None:
    (tmp_path / "a.mid").mkdir()
    with pytest.raises(UnreadableFile, match="at the disk: the file must be readable"):
        load(tmp_path / "a.mid")


def test_an_error_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(b"RIFF")
    with pytest.raises(UnreadableFile, match=r"a\.mid' at byte 0"):
        load(tmp_path / "a.mid")


def test_bytes_are_read_by_their_ending(tmp_path: Path) -> None:
    save(SONG, tmp_path / "a.zyn")
    assert loads((tmp_path / "a.zyn").read_bytes(), ".zyn") == load(tmp_path / "a.zyn") == SONG


def test_saving_says_what_was_lost(tmp_path: Path) -> None:
    spelled = SONG.with_parts([Part("p", SONG.parts[0].notes.with_columns(spelling=[0]))])
    assert save(spelled, tmp_path / "a.mid") == ("each note's spelling",)
    assert save(spelled, tmp_path / "a.zyn") == ()


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(SONG, tmp_path / "a.mid")
    before = (tmp_path / "a.mid").read_bytes()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(zhiyin.io.os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save(SONG.with_parts([]), tmp_path / "a.mid")
    assert [path.name for path in tmp_path.iterdir()] == ["a.mid"]
    assert (tmp_path / "a.mid").read_bytes() == before


def test_a_saved_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a", b"x")
    (tmp_path / "b").write_bytes(b"x")
    assert os.stat(tmp_path / "a").st_mode == os.stat(tmp_path / "b").st_mode


HOSTILE = [
    *((".mid", name, case[0]) for name, case in test_midi.BROKEN.items()),
    *((".zyn", name, case[0]) for name, case in test_native.BROKEN.items()),
    *(
        (".abc", name, case[0] if isinstance(case[0], bytes) else case[0].encode())
        for name, case in test_abc.BROKEN.items()
    ),
]


def test_a_hundred_hostile_files_each_stay_within_their_memory() -> None:
    assert len(HOSTILE) > 100
    tracemalloc.start()
    try:
        for ending, name, data in HOSTILE:
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            with pytest.raises(UnreadableFile):
                loads(data, ending)
            grown = tracemalloc.get_traced_memory()[1] - before
            assert grown < 8 * 2**20 + 3 * len(data), name
    finally:
        tracemalloc.stop()
