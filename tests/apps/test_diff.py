"""diff: sentences worked out by hand, files in, plain values out.

Conventions: native and MIDI files in a folder of the test; bars count from 1.
Does not know: how notes are aligned (tests/analysis/test_compare.py).
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.analysis.pieces import QUARTER, line
from zhiyin.apps.diff_ import DiffRequest, parse_bars, run
from zhiyin.errors import InvalidInput
from zhiyin.io import save
from zhiyin.score import ChordMark, Part, Score
from zhiyin.theory.chord import Chord

OLD = "C4 D4 E4 F4  G4 A4 B4 C5  C5 B4 A4 G4  C4:4"


def score(text: str, *chords: str) -> Score:
    """Return a melody, one chord symbol a bar."""
    marks = tuple(ChordMark(bar * 4 * QUARTER, Chord.parse(symbol)) for bar, symbol in enumerate(chords))
    return Score("Song", parts=(Part("Melody", line(text), role="melody"),), chords=marks)


def told(folder: Path, a: Score, b: Score, *, bars: tuple[int, ...] | None = None) -> list[tuple[str, str]]:
    """Return the sentences about two scores, saved and read again."""
    save(a, folder / "a.zyn")
    save(b, folder / "b.zyn")
    return list(run(DiffRequest(folder / "a.zyn", folder / "b.zyn", bars)).lines)


def test_bars_with_kept_rhythm_tell_how_many_pitches_changed_and_how_far(tmp_path: Path) -> None:
    new = "C4 D4 E4 F4  A4 B4 B4 D5  D5 C5 A4 A4  C4:4"
    lines = told(tmp_path, score(OLD, "C", "G", "G", "C"), score(new, "C", "Em7", "Em7", "C"))
    assert lines[0] == (
        "Bars 2-3 Melody: rhythm kept, 6 of 8 pitches changed, mean +1.8 semitones.",
        "第 2–3 小节 Melody：节奏不变，8 个音中 6 个改了音高，平均 +1.8 个半音。",
    )
    assert lines[1] == ("Bars 2-3 harmony: G | G -> Em7 | Em7.", "第 2–3 小节 和声：G | G → Em7 | Em7。")


def test_equal_files_say_so_and_chosen_bars_are_the_only_ones_compared(tmp_path: Path) -> None:
    nothing = [("Nothing changed.", "没有变化。")]
    assert told(tmp_path, score(OLD), score(OLD)) == nothing
    new = score("C4 D4 E4 G4  G4 A4 B4 C5  C5 B4 A4 G4  C4:4")
    assert told(tmp_path, score(OLD), new, bars=(2, 3, 4)) == nothing
    assert told(tmp_path, score(OLD), new, bars=(1,))[0][0] == (
        "Bar 1 Melody: rhythm kept, 1 of 4 pitches changed, mean +2 semitones."
    )


def test_parts_added_and_removed_and_louder_bars_are_told(tmp_path: Path) -> None:
    old = score(OLD)
    loud = old.parts[0].with_notes(old.parts[0].notes.with_columns(velocity=[100] * 13))
    lines = told(
        tmp_path, old, replace(old, parts=(loud, Part("Bass", line("C2:4"), role="bass", program=33)))
    )
    assert lines[0][0] == "Part added: Bass (1 note)."
    assert lines[1] == (
        "Bars 1-4 Melody: the same notes, louder by 20.", "第 1–4 小节 Melody：音相同，力度加 20。"
    )  # fmt: skip


def test_the_json_holds_the_same_with_bars_from_1(tmp_path: Path) -> None:
    save(score(OLD), tmp_path / "a.zyn")
    save(score(OLD.replace("G4 A4 B4", "A4 A4 B4")), tmp_path / "b.zyn")
    tree = json.loads(json.dumps(run(DiffRequest(tmp_path / "a.zyn", tmp_path / "b.zyn")).to_json()))
    assert (tree["is_equal"], tree["bars_before"], tree["bars_after"]) == (False, 4, 4)
    change = tree["changes"][0]
    assert (change["part"], change["first_bar"], change["last_bar"], change["manner"]) == (
        "Melody",
        2,
        2,
        "pitch",
    )
    assert change["notes"] == {"same": 3, "moved": 0, "revoiced": 0, "repitched": 1, "added": 0, "removed": 0}
    assert tree["parts"] == [
        {"name": "Melody", "state": "matched", "before": 0, "after": 0, "notes": {"repitched": 1, "same": 12}}
    ]
    assert 0 < tree["distance"]["pitch"] < 0.1


def test_bars_are_read_as_people_write_them() -> None:
    assert parse_bars("3") == (3,)
    assert parse_bars("5-7, 1") == (1, 5, 6, 7)
    for wrong in ("0", "4-2", "x", "", "1-"):
        with pytest.raises(InvalidInput, match="bars must be numbers from 1 or ranges of them, got"):
            parse_bars(wrong)


def test_inserted_and_removed_bars_are_named(tmp_path: Path) -> None:
    long = OLD.replace("C5  C5", "C5  E4:4  C5")
    lines = told(tmp_path, score(OLD), score(long))
    assert lines[:3] == [
        ("Length: 4 -> 5 bars.", "长度：4 → 5 小节。"),
        ("Inserted: bar 3; all others are as before.", "插入了第 3 小节，其余不变。"),
        ("Bar 3 Melody: 1 note where there were none.", "第 3 小节 Melody：原来没有音，现有 1 个。"),
    ]
    assert (
        told(tmp_path, score(long), score(OLD))[1][0]
        == "Removed: bar 3 of the first score; all others are as before."
    )
