"""Laws of Notes: sorted columns of one length, read-only, every value in range."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.io.scores import notes
from zhiyin.errors import InvalidNote
from zhiyin.score import Note, Notes

row = st.tuples(st.integers(0, 10**6), st.integers(1, 10**5), st.integers(0, 127), st.integers(1, 127))


@given(st.lists(row, max_size=20))
def test_rows_come_back_sorted_by_onset_pitch_and_duration(rows: list[tuple[int, int, int, int]]) -> None:
    found = [tuple(note) for note in Notes.of(rows)]
    assert [(o, p, d) for o, d, p, _ in found] == sorted((o, p, d) for o, d, p, _ in rows)
    assert sorted(found) == sorted(rows)


@given(notes())
def test_every_column_moves_with_its_row(found: Notes) -> None:
    marked = found.with_columns(origin=np.arange(len(found)))
    shuffled = marked.take(np.arange(len(found))[::-1])
    assert sorted(zip(shuffled.origin, shuffled.pitch, strict=True)) == sorted(
        zip(marked.origin, marked.pitch, strict=True)
    )


@given(notes(), st.integers(0, 400_000))
def test_a_cut_and_its_halves_make_the_whole(found: Notes, at: int) -> None:
    assume(len(found))  # nothing joined with nothing has no optional columns
    assert Notes.concat([found.between(0, at), found.between(at, 1 << 40)]) == found


def test_the_end_is_the_last_sounding_tick_not_the_last_onset() -> None:
    assert (Notes.of([(0, 100, 60), (50, 10, 62)]).end, Notes().end) == (100, 0)


def test_columns_cannot_be_changed_in_place() -> None:
    found = Notes.of([(0, 1, 60)])
    with pytest.raises(ValueError, match="read-only"):
        found.pitch[0] = 61


def test_a_callers_array_is_not_taken_over() -> None:
    onset = np.array([0, 5])
    found = Notes(onset, np.array([1, 1]), np.array([60, 60]), np.array([80, 80]))
    onset[0] = 99
    assert found.onset.tolist() == [0, 5]


def test_equality_looks_at_every_column() -> None:
    plain = Notes.of([(0, 1, 60)])
    assert plain == Notes.of([(0, 1, 60)]) and hash(plain) == hash(Notes.of([(0, 1, 60)]))
    assert plain != plain.with_columns(spelling=[0])
    assert plain != plain.with_columns(syllable=["a"])
    assert plain.with_columns(syllable=["a"]) == plain.with_columns(syllable=["a"])
    assert plain != "notes"


def test_joining_fills_a_missing_column_with_blanks() -> None:
    joined = Notes.concat([Notes.of([(0, 1, 60)]).with_columns(syllable=["la"]), Notes.of([(5, 1, 62)])])
    assert joined.syllable.tolist() == ["la", ""]
    assert Notes.concat([Notes(), Notes()]) == Notes()


def test_iterating_yields_named_rows() -> None:
    assert list(Notes.of([(3, 4, 60, 90)])) == [Note(onset=3, duration=4, pitch=60, velocity=90)]


@pytest.mark.parametrize(
    ("columns", "message"),
    [({"pitch": [128]}, r"pitch must lie in 0\.\.127, got 128"), ({"pitch": [-1]}, r"got -1"),
     ({"velocity": [0]}, r"velocity must lie in 1\.\.127, got 0"),
     ({"duration": [0]}, r"duration must lie in 1\.\..*, got 0"),
     ({"onset": [-7]}, r"onset must lie in 0\.\..*, got -7"), ({"pitch": [60, 61]}, r"one value a note \(1\), got 2"),
     ({"spelling": [99]}, r"spelling must lie in -40\.\.40, got 99"),
     ({"voice": [300]}, r"voice must lie in 0\.\.255, got 300"),
     ({"syllable": ["a", "b"]}, r"syllable must have one text a note \(1\), got 2")],
)  # fmt: skip
def test_a_value_out_of_range_is_refused_by_name(columns: dict[str, list[int]], message: str) -> None:
    with pytest.raises(InvalidNote, match=message):
        Notes.of([(0, 1, 60)]).with_columns(**columns)
