"""Laws of two hands: joined on one staff pair they lose no note, taken apart they are what they were."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.score import Control, Lock, Notes, Part, Score
from zhiyin.score.hands import hand_of, join_hands, separate_voices, split_hands

UPPER = Part(
    "Piano, upper",
    Notes.of([(0, 20, 72), (20, 20, 74)]).with_columns(syllable=["la-", "la"], origin=[1, 1]),
    "melody",
)
LOWER = Part(
    "Piano, lower",
    Notes.of([(0, 40, 48), (0, 10, 60), (10, 10, 62)]).with_columns(origin=[2, 2, 2]),
    "accompaniment",
    controls=(Control(0, 64, 127),),
)
VIOLIN = Part("Violin", Notes.of([(0, 40, 80)]), "inner", 40)
SPANS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 20), st.integers(40, 80)), min_size=1, max_size=25
)


def test_two_hands_become_one_part_and_other_parts_stay() -> None:
    score = Score(parts=(UPPER, LOWER, VIOLIN), locks=(Lock(1, 0, 10), Lock(2, 0, 9), Lock(-1, 0, 8)))
    joined = join_hands(score)
    piano, violin = joined.parts
    assert (piano.name, piano.role, piano.program, violin) == ("Piano", "melody", 0, VIOLIN)
    rows = zip(
        piano.notes.onset.tolist(), piano.notes.pitch.tolist(), piano.notes.voice.tolist(), strict=True
    )
    assert list(rows) == [(0, 48, 5), (0, 60, 4), (0, 72, 0), (10, 62, 4), (20, 74, 0)]
    assert piano.notes.syllable.tolist() == ["", "", "la-", "", "la"]
    assert piano.notes.origin.tolist() == [2, 2, 1, 2, 1]
    assert piano.controls == LOWER.controls
    assert joined.locks == (Lock(0, 0, 10), Lock(1, 0, 9), Lock(-1, 0, 8))


def test_hands_of_two_instruments_stay_apart() -> None:
    for other in (
        replace(LOWER, program=6), replace(LOWER, name="Organ, lower"), replace(LOWER, is_drums=True),
    ):  # fmt: skip
        score = Score(parts=(UPPER, other))
        assert join_hands(score) is score


def test_hands_that_are_not_neighbours_meet_where_the_first_stood() -> None:
    joined = join_hands(Score(parts=(LOWER, VIOLIN, UPPER)))
    assert [part.name for part in joined.parts] == ["Piano", "Violin"]
    assert joined.parts[0].role == "melody"


def test_taking_joined_hands_apart_gives_them_back() -> None:
    upper, lower = split_hands(join_hands(Score(parts=(UPPER, LOWER))).parts[0])
    assert (upper.name, upper.role, lower.name, lower.role) == (
        "Piano, upper", "melody", "Piano, lower", "accompaniment",
    )  # fmt: skip
    assert upper.notes == UPPER.notes
    assert lower.notes.with_columns(voice=None, syllable=None) == LOWER.notes
    assert lower.notes.voice.tolist() == [1, 0, 0]


@given(SPANS, SPANS)
def test_no_voice_of_joined_hands_overlaps_itself(
    high: list[tuple[int, int, int]], low: list[tuple[int, int, int]]
) -> None:
    hands = (replace(UPPER, notes=Notes.of(high)), replace(LOWER, notes=Notes.of(low)))
    notes = join_hands(Score(parts=hands)).parts[0].notes
    assert int((hand_of(notes.voice) == 0).sum()) == len(high)
    for voice in set(notes.voice.tolist()):
        mine = notes.take(notes.voice == voice)
        spans = sorted(set(zip(mine.onset.tolist(), mine.offset.tolist(), strict=True)))
        assert all(after[0] >= before[1] for before, after in itertools.pairwise(spans))


def test_chords_share_a_voice_and_the_highest_keep_the_one_they_want() -> None:
    notes = Notes.of([(0, 40, 48), (0, 20, 60), (0, 20, 64), (0, 20, 64)])
    assert separate_voices(notes, np.zeros(4, np.int64)).tolist() == [2, 0, 0, 1]
