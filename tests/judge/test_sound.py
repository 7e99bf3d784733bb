"""Laws of dissonance, consonance and texture, by hand.

Conventions: lengths in quarters.
Does not know: chords.
"""

from __future__ import annotations

import pytest

from tests.judge.scores import part_of, score_of, steady
from zhiyin.judge import judge

HURON = {1: -1.428, 2: -0.582, 3: 0.594, 4: 0.386, 5: 1.240, 6: -0.453}  # Huron 1994


def test_a_major_triad_is_the_mean_of_its_three_intervals_and_not_dissonant() -> None:
    found = judge(score_of([(0.0, 4.0, 60), (0.0, 4.0, 64), (0.0, 4.0, 67)]))
    assert found["huron"].value == pytest.approx((HURON[4] + HURON[3] + HURON[5]) / 3)
    assert found["dissonance"].value == 0.0


def test_a_dominant_seventh_has_a_tritone() -> None:
    found = judge(score_of([(0.0, 1.0, p) for p in (55, 59, 62, 65)]))
    total = HURON[4] + HURON[5] + HURON[2] + HURON[3] + HURON[6] + HURON[3]  # GB GD GF BD BF DF
    assert found["huron"].value == pytest.approx(total / 6)
    assert found["dissonance"].value == 1.0


@pytest.mark.parametrize(
    ("interval", "share"), [(1, 1.0), (11, 1.0), (13, 1.0), (6, 1.0), (2, 0.0), (10, 0.0), (5, 0.0)]
)
def test_sharp_dissonances_are_semitones_sevenths_ninths_and_tritones(interval: int, share: float) -> None:
    found = judge(score_of([(0.0, 1.0, 48), (0.0, 1.0, 48 + interval)]))
    assert found["dissonance"].value == share


def test_time_counts_and_single_notes_do_not() -> None:
    # A semitone for one quarter, a third for three, then a note alone.
    rows = [(0.0, 4.0, 60), (0.0, 1.0, 61), (1.0, 3.0, 64), (4.0, 8.0, 61)]
    assert judge(score_of(rows))["dissonance"].value == 0.25


def test_octaves_and_unisons_are_one_tone() -> None:
    found = judge(score_of([(0.0, 1.0, 48), (0.0, 1.0, 60)], [(0.0, 1.0, 48)]))
    assert found["dissonance"].why[0] == "no two tones sound at once"
    assert found["polyphony"].value == 2.0


def test_polyphony_is_weighed_by_time_and_leaves_silence_out() -> None:
    found = judge(score_of([(0.0, 3.0, 60), (0.0, 1.0, 64), (8.0, 1.0, 60)]))
    assert found["polyphony"].value == pytest.approx((2 * 1 + 1 * 2 + 1 * 1) / 4)


def test_density_length_and_height_are_plain_means() -> None:
    drums = part_of(steady([36, 36]), is_drums=True)
    found = judge(score_of([(0.0, 1.0, 60), (1.0, 3.0, 70)], drums))
    assert found["density"].value == 1.0  # four notes in four quarters
    assert found["note-length"].value == 2.0
    assert found["height"].value == 65.0
