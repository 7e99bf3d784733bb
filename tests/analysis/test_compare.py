"""Comparison: what became of every note, how far apart versions are, which part is which; all worked out by hand.

Conventions: 4/4, four quarters a bar; small tunes written as note names.
Does not know: how the comparison is worded.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.pieces import QUARTER, block, line
from zhiyin.analysis.compare import bar_distance, compare
from zhiyin.analysis.compare_align import align_notes
from zhiyin.analysis.compare_parts import match_parts
from zhiyin.analysis.harmony import borne_out
from zhiyin.errors import InvalidInput
from zhiyin.score import ChordMark, KeyMark, MetreMark, Notes, Part, Score, Tempo
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

BAR = 4 * QUARTER
EDGES = np.arange(5) * BAR


def tune(text: str, **fields: object) -> Score:
    """Return a score of one melody."""
    return Score(parts=(Part("Tune", line(text), role="melody"),), **fields)  # type: ignore[arg-type]


def kinds(a: str, b: str) -> list[tuple[str, int]]:
    """Return (kind, interval) of every note change between two tunes."""
    return [(c.kind, c.interval) for c in align_notes(line(a), line(b), edges=(EDGES, EDGES))]


def test_each_note_is_same_moved_revoiced_repitched_added_or_removed() -> None:
    assert kinds("C4 D4 E4 F4", "C4 D5 E4 G4") == [
        ("same", 0),
        ("revoiced", 12),
        ("same", 0),
        ("repitched", 2),
    ]
    assert kinds("C4 - D4 -", "C4 D4 - -") == [("same", 0), ("moved", 0)]
    assert kinds("C4", "C4 - E4") == [("same", 0), ("added", 0)]
    assert kinds("C4 - E4", "C4") == [("same", 0), ("removed", 0)]
    assert kinds("C4 - - - D4", "- - - - C4") == [
        ("removed", 0),
        ("repitched", -2),
    ]  # four beats are too far to move


def test_a_chord_of_more_notes_keeps_the_nearest_pairs() -> None:
    two = Notes.of([(0, QUARTER, 60), (0, QUARTER, 67)])
    three = Notes.of([(0, QUARTER, 59), (0, QUARTER, 62), (0, QUARTER, 68)])
    found = align_notes(two, three, edges=(EDGES, EDGES))
    assert [(c.kind, c.interval) for c in found] == [("repitched", -1), ("added", 0), ("repitched", 1)]


def test_equal_bars_are_0_apart_and_strangers_1() -> None:
    a, b = tune("C4 E4 G4 E4"), tune("- C#4:0.5 F#4:0.5 D4:1")
    assert bar_distance(a, a, parts=[0], bars=[0]) == bar_distance(Score(), Score())
    same = bar_distance(a, a)
    assert (same.pitch, same.rhythm, same.harmony, same.overall) == (0.0, 0.0, 0.0, 0.0)
    far = bar_distance(tune("C4 - E4 -"), tune("- C#4 - D4"))
    assert (far.pitch, far.rhythm, far.harmony, far.overall) == pytest.approx((1.0, 1.0, 1.0, 1.0))
    assert bar_distance(a, b).pitch == 1.0


def test_each_aspect_is_blind_to_the_others() -> None:
    a = tune("C4 E4 G4 E4")
    pitch = bar_distance(a, tune("C4 E4 A4 F4"))
    assert (pitch.pitch, pitch.rhythm) == (pytest.approx(0.5), 0.0)  # 2 of 4 in common: 1 - 2 * 2 / 8
    rhythm = bar_distance(a, tune("C4:2 E4:0.5 G4:0.5 E4:1"))
    # Shared places: 0 (1 of 2 long: 0.75), 2 (0.5 of 1: 0.75), 3 (1.0): 1 - 2 * 2.5 / 8.
    assert (rhythm.pitch, rhythm.rhythm) == (0.0, pytest.approx(0.375))
    octave = bar_distance(a, tune("C5 E5 G5 E5"))
    assert (octave.pitch, octave.harmony) == (pytest.approx(0.5), 0.0)


def test_harmony_compares_marks_where_both_have_them_else_what_sounds() -> None:
    marked = [replace(block("C"), chords=(ChordMark(0, Chord.parse(s)),)) for s in ("C", "Am", "Db")]
    # C E G and A C E share two of four tones at a third each: 1 - (2/3) / (4/3).
    assert bar_distance(marked[0], marked[1]).harmony == pytest.approx(0.5)
    assert bar_distance(marked[0], marked[2]).harmony == 1.0
    assert bar_distance(block("C"), block("C")).harmony == 0.0
    assert bar_distance(block("C"), block("F#")).harmony == 1.0


def test_drums_have_no_octaves_and_no_harmony() -> None:
    low, high = (Score(parts=(Part("Drums", line(t), is_drums=True),)) for t in ("C2 C2", "C3 C3"))
    found = bar_distance(low, high)
    assert (found.pitch, found.rhythm, found.harmony, found.overall) == (1.0, 0.0, 0.0, 0.5)


@given(st.data())
def test_distance_is_symmetric_and_lies_in_0_to_1(data: st.DataObject) -> None:
    note = st.tuples(st.integers(0, 15), st.integers(1, 8), st.integers(55, 70))
    a, b = (
        Score(
            parts=(Part("x", Notes.of([(o * 2520, d * 2520, p) for o, d, p in data.draw(st.lists(note))])),)
        )
        for _ in range(2)
    )
    one, other = bar_distance(a, b, bars=range(2)), bar_distance(b, a, bars=range(2))
    for name in ("pitch", "rhythm", "harmony", "overall"):
        value = getattr(one, name)
        assert value == pytest.approx(getattr(other, name))
        assert -1e-12 <= value <= 1 + 1e-12
    mirrored = {"added": "removed", "removed": "added"}
    there = sorted(mirrored.get(c.kind, c.kind) for c in compare(a, b).notes[0])
    assert there == sorted(c.kind for c in compare(b, a).notes[0])
    assert compare(a, a).is_equal


def test_a_part_that_one_score_lacks_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"parts to compare must be 0\.\.0 in both scores, got 1"):
        bar_distance(tune("C4"), tune("C4"), parts=[1])
    with pytest.raises(InvalidInput, match=r"bars to compare must lie in 1\.\.1, got \[7\]"):
        compare(tune("C4"), tune("C4"), bars=[6])


def test_parts_are_matched_by_name_then_role_then_likeness() -> None:
    high, low, other = line("C5 D5 E5 F5"), line("C3 - G2 -"), line("A4:0.5 A4:0.5 C5:3")
    a = Score(parts=(Part("Flute", high, role="melody"), Part("Cello", low, role="bass")))
    swapped = Score(parts=(Part("cello ", low, role="bass"), Part("FLUTE", high, role="melody")))
    assert match_parts(a, swapped) == ((1, 0), (0, 1))
    renamed = Score(
        parts=(Part("B", low, role="bass"), Part("A", high, role="melody"), Part("New", other, role="inner"))
    )
    assert match_parts(a, renamed) == ((1, 0), (0, 1), (None, 2))
    assert match_parts(renamed, a) == ((1, 0), (0, 1), (2, None))
    anonymous = [Part(f"{n}", x, role="inner", program=p) for n, x, p in (("p", other, 1), ("q", high, 2))]
    mixed = [Part(f"{n}", x, role="inner", program=p) for n, x, p in (("r", high, 3), ("s", other, 4))]
    assert match_parts(Score(parts=tuple(anonymous)), Score(parts=tuple(mixed))) == ((1, 0), (0, 1))


def test_spans_tell_the_manner_of_each_run_of_bars() -> None:
    a = tune("C4 D4 E4 F4  G4 A4 B4 C5  C4 C4 C4 C4  -:4 E4:4")
    b = tune("C4 D4 E4 F4  A4 B4 B4 D5  C4:2 C4:0.5 C4:0.5 C4  E4:4 -:4")
    found = [(s.first, s.last, s.manner) for s in compare(a, b).spans]
    assert found[:2] == [(1, 1, "pitch"), (2, 2, "rhythm")]
    pitch = compare(a, b).spans[0]
    assert (pitch.counts["same"], pitch.counts["repitched"], pitch.interval) == (1, 3, 2.0)
    assert [(s.first, s.manner) for s in compare(a, b).spans[2:]] == [(3, "new"), (4, "silenced")]
    louder = a.with_parts([a.parts[0].with_notes(a.parts[0].notes.with_columns(velocity=np.full(13, 99)))])
    assert [(s.first, s.last, s.manner, s.louder) for s in compare(a, louder).spans] == [
        (0, 2, "dynamics", 19.0), (4, 4, "dynamics", 19.0),
    ]  # fmt: skip


def test_marks_and_harmony_are_told_by_bar() -> None:
    a = replace(block("C F G C"), keys=(KeyMark(0, Key.parse("C")),))
    b = replace(
        block("C Dm G C"), keys=(KeyMark(0, Key.parse("C")),), tempos=(Tempo(0, 120.0), Tempo(2 * BAR, 90.0))
    )
    found = compare(a, b)
    assert [(m.what, m.bar, m.before, m.after) for m in found.marks] == [("tempo", 2, "120", "90")]
    assert [(h.first, h.last) for h in found.harmony] == [(1, 1)]
    assert [c.name() for c in found.harmony[0].before[0] if c] == ["F"]
    assert [c.name() for c in found.harmony[0].after[0] if c] == ["Dm"]
    three = replace(tune("C4 D4 E4"), metres=(MetreMark(0, Metre(3, 4)),))
    assert [(m.what, m.before, m.after) for m in compare(tune("C4 D4 E4"), three).marks] == [
        ("metre", "4/4", "3/4")
    ]


def test_a_chord_is_named_only_as_far_as_it_sounds() -> None:
    key = (KeyMark(0, Key.parse("Am")),)
    home = [(0, 4 * QUARTER, pitch) for pitch in (45, 57, 60, 64)]
    bare = [(BAR, 4 * QUARTER, pitch) for pitch in (40, 52, 59)]  # E and B
    full = [*bare, (BAR, 4 * QUARTER, 56)]  # and G sharp
    other = [(BAR, 4 * QUARTER, pitch) for pitch in (41, 53, 57, 60)]

    def names(rows: list[tuple[int, int, int]]) -> list[str]:
        a = Score(parts=(Part("Piano", Notes.of([*home, *rows])),), keys=key)
        b = Score(parts=(Part("Piano", Notes.of([*home, *other])),), keys=key)
        return [c.name() for bar in compare(a, b).harmony[0].before for c in bar if c]

    assert names(bare) == ["E5"]
    assert names(full) == ["E"]
    ones = np.ones(12)
    assert borne_out(Chord.parse("E7"), ones) == Chord.parse("E7")
    assert borne_out(Chord.parse("E7"), ones - np.eye(12)[2]) == Chord.parse("E")  # no D
    assert borne_out(Chord.parse("E7"), ones - np.eye(12)[8]) == Chord.parse("E5")  # no G sharp
    assert borne_out(Chord.parse("E7"), ones - np.eye(12)[8] - np.eye(12)[11]) is None


def test_notes_released_a_little_sooner_are_no_new_lengths() -> None:
    a = tune("C4 D4 E4 F4")
    notes = a.parts[0].notes
    b, c = (a.with_parts([a.parts[0].with_notes(notes.with_columns(duration=notes.duration - by))])
            for by in (QUARTER // 4, QUARTER // 2))  # fmt: skip
    assert [s.manner for s in compare(a, b).spans] == ["releases"]
    assert [s.manner for s in compare(a, c).spans] == ["lengths"]
    higher = b.with_parts([b.parts[0].with_notes(notes.with_columns(pitch=notes.pitch + 2))])
    assert [s.manner for s in compare(b, higher).spans] == ["pitch"]


def test_bars_of_another_length_still_line_up() -> None:
    a = tune("C4 D4 E4 F4 G4 A4 B4 C5")
    b = replace(tune("C4 D4 E4 G4 A4 B4"), metres=(MetreMark(0, Metre(3, 4)),))
    assert [c.kind for c in compare(a, b).notes[0]] == ["same"] * 3 + ["removed"] + ["same"] * 3 + ["removed"]


def test_bars_inserted_or_removed_in_the_middle_leave_the_others_equal() -> None:
    short = tune("C4 D4 E4 F4  G4 A4 B4 C5  D5 C5 B4 A4", tempos=(Tempo(0, 120.0), Tempo(2 * BAR, 90.0)))
    long = tune(
        "C4 D4 E4 F4  G4:2 G4:2  A4:4  G4 A4 B4 C5  D5 C5 B4 A4",
        tempos=(Tempo(0, 120.0), Tempo(4 * BAR, 90.0)),
    )
    found = compare(short, long)
    assert found.gap is not None and (found.gap.bar, found.gap.count, found.gap.is_inserted) == (1, 2, True)
    assert [(s.first, s.last, s.manner) for s in found.spans] == [(1, 2, "new")]
    assert (found.bars, found.marks) == ((3, 5), ())
    back = compare(long, short)
    assert back.gap is not None and not back.gap.is_inserted
    assert [(s.first, s.last, s.manner) for s in back.spans] == [(1, 2, "silenced")]
    assert back.distance.overall == pytest.approx(found.distance.overall)
    changed = compare(short, tune("C4 D4 E4 F4  G4:2 G4:2  A4:4  G4 A4 B4 C5  D5 C5 B4 G4"))
    assert changed.gap is None  # a bar after the gap differs: bars are compared by number
    longer = compare(short, tune("C4 D4 E4 F4  G4 A4 B4 C5  D5 C5 B4 A4  C5:4"))
    assert longer.gap is None and [(s.first, s.manner) for s in longer.spans] == [(3, "new")]
