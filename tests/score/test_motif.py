"""Laws and golden values of turning a motif round in its key."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.errors import InvalidInput
from zhiyin.score import Notes
from zhiyin.score.motif import (
    answered,
    backwards,
    fragment,
    in_range,
    inverted,
    moved,
    stretched,
    to_pitches,
    to_steps,
)
from zhiyin.theory.key import Key

C, D_MINOR = Key.parse("C major"), Key.parse("D minor")
# Bach, Invention 1 (BWV 772), the subject: C D E F D E C | G.
SUBJECT = Notes.of([(i * 10, 10, p) for i, p in enumerate((60, 62, 64, 65, 62, 64, 60))] + [(70, 20, 67)])


@given(
    st.lists(st.integers(0, 127), min_size=1, max_size=20),
    st.sampled_from(["C major", "D minor", "F# dorian", "G 宫"]),
)
def test_steps_and_what_lies_above_them_give_the_pitches_back(pitches: list[int], name: str) -> None:
    key = Key.parse(name)
    steps, above = to_steps(np.array(pitches), key)
    assert to_pitches(steps, above, key).tolist() == pitches


def test_the_invention_subject_a_step_higher() -> None:
    assert moved(SUBJECT, 1, key=C).pitch.tolist() == [62, 64, 65, 67, 64, 65, 62, 69]


def test_the_invention_subject_upside_down() -> None:
    # As in bar 3, left hand, from its own first note: C B A G B A C F.
    assert inverted(SUBJECT, key=C).pitch.tolist() == [60, 59, 57, 55, 59, 57, 60, 53]


def test_a_step_of_a_pentatonic_scale_skips() -> None:
    tune = Notes.of([(0, 10, 67), (10, 10, 69), (20, 10, 71)])  # G A B of G 宫: G A B D E
    assert moved(tune, 1, key=Key.parse("G 宫")).pitch.tolist() == [69, 71, 74]


def test_a_chromatic_note_keeps_its_distance_to_the_step_below() -> None:
    assert moved(Notes.of([(0, 10, 61)]), 1, key=C).pitch.tolist() == [63]


@given(st.integers(-7, 7))
def test_moving_there_and_back_is_nothing(steps: int) -> None:
    assert (
        moved(moved(SUBJECT, steps, key=D_MINOR), -steps, key=D_MINOR).pitch.tolist()
        == SUBJECT.pitch.tolist()
    )


def test_mirroring_twice_is_nothing() -> None:
    assert inverted(inverted(SUBJECT, key=C), key=C).pitch.tolist() == SUBJECT.pitch.tolist()


def test_backwards_twice_is_nothing() -> None:
    assert backwards(backwards(SUBJECT, length=90), length=90) == SUBJECT
    assert backwards(SUBJECT, length=90).pitch.tolist() == SUBJECT.pitch.tolist()[::-1]


def test_stretching_doubles_every_time() -> None:
    assert stretched(SUBJECT, 2.0).onset.tolist() == [2 * t for t in SUBJECT.onset.tolist()]
    assert stretched(stretched(SUBJECT, 2.0), 0.5) == SUBJECT


def test_a_fragment_is_cut_where_it_ends() -> None:
    head = fragment(Notes.of([(0, 30, 60), (20, 30, 62), (40, 10, 64)]), length=40)
    assert list(head) == [(0, 30, 60, 80), (20, 20, 62, 80)]


def test_a_tonal_answer_gives_the_tonic_for_the_dominant() -> None:
    # C G of the subject's head answers as G C, not G D (Bach, Fugue in C minor, WTC I, in spirit).
    assert answered(Notes.of([(0, 10, 60), (10, 10, 67), (20, 10, 64)]), key=C).pitch.tolist() == [67, 72, 71]


def test_a_motif_moves_into_a_range_by_octaves_alone() -> None:
    low = in_range(SUBJECT, 36, 50)
    assert (SUBJECT.pitch - low.pitch).tolist() == [24] * 8


def test_a_motif_that_would_leave_the_keyboard_is_refused() -> None:
    with pytest.raises(
        InvalidInput, match=r"a motif must stay in MIDI 0\.\.127, got 125\.\.132: move it less"
    ):
        moved(Notes.of([(0, 10, 113), (10, 10, 120)]), 7, key=C)
