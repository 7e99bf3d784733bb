"""Laws of chord histograms and tonal distances, by hand.

Conventions: chords are written in the score; strong beats are beats 1 and 3 of 4/4.
Does not know: how chords are heard where none is written.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.judge.scores import chords_of, score_of, steady
from zhiyin.judge import judge
from zhiyin.judge.harmony import tonal_centroid
from zhiyin.score import Score


def with_chords(*symbols: tuple[float, str], bars: int = 2) -> Score:
    """Return a held note under chords."""
    return score_of([(0.0, 4.0 * bars, 60)], chords=chords_of(*symbols))


def test_half_c_and_half_g_is_the_logarithm_of_two() -> None:
    found = judge(with_chords((0, "C"), (4, "G")))
    assert found["chord-entropy"].value == pytest.approx(math.log(2))
    assert found["chord-coverage"].value == 2
    assert found["chord-entropy"].count == 4  # four strong beats in two bars


def test_one_beat_of_g_in_four_strong_beats_counts_a_quarter() -> None:
    found = judge(with_chords((0, "C"), (6, "G")))
    expected = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert found["chord-entropy"].value == pytest.approx(expected)


def test_one_chord_has_no_entropy_and_goes_nowhere() -> None:
    found = judge(with_chords((0, "C"), (4, "C/E")))
    assert (found["chord-entropy"].value, found["chord-coverage"].value) == (0.0, 1)
    assert found["chord-distance"].value == 0.0


def test_beats_without_a_chord_are_left_out() -> None:
    found = judge(with_chords((0, "C"), (4, "")))
    assert (found["chord-entropy"].value, found["chord-entropy"].count) == (0.0, 2)


def test_the_centroid_of_c_is_the_top_of_three_circles() -> None:
    # sin and cos of 0 with radii 1, 1 and 0.5 (Harte et al. 2006).
    assert tonal_centroid((0,)) == pytest.approx([0, 1, 0, 1, 0, 0.5])


def test_the_centroid_of_the_fifth_is_one_step_round_the_circle_of_fifths() -> None:
    # G is pitch class 7: angles 49 pi/6 = pi/6, 21 pi/2 = pi/2, 14 pi/3 = 2 pi/3.
    expected = [0.5, math.sqrt(3) / 2, 1, 0, math.sqrt(3) / 4, -0.25]
    assert tonal_centroid((7,)) == pytest.approx(expected)


def centroid_by_hand(tones: tuple[int, ...]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the centroid written out tone by tone."""
    total = np.zeros(6)
    for tone in tones:
        a, b, c = tone * 7 * math.pi / 6, tone * 3 * math.pi / 2, tone * 2 * math.pi / 3
        total += [math.sin(a), math.cos(a), math.sin(b), math.cos(b), 0.5 * math.sin(c), 0.5 * math.cos(c)]
    return total / len(tones)


def test_the_distance_of_c_major_and_g_major_is_that_of_their_centroids() -> None:
    expected = np.linalg.norm(centroid_by_hand((0, 4, 7)) - centroid_by_hand((7, 11, 2)))
    assert judge(with_chords((0, "C"), (4, "G")))["chord-distance"].value == pytest.approx(float(expected))


def test_a_fifth_away_is_nearer_than_a_tritone() -> None:
    near = judge(with_chords((0, "C"), (4, "G")))["chord-distance"].value
    far = judge(with_chords((0, "C"), (4, "F#")))["chord-distance"].value
    assert near < far  # type: ignore[operator]


def test_chords_are_heard_where_none_is_written() -> None:
    rows = [
        (4.0 * bar, 4.0, p) for bar, tones in enumerate([(48, 64, 67, 72), (43, 62, 71, 74)]) for p in tones
    ]
    assert judge(score_of(rows))["chord-coverage"].value == 2


def test_music_without_pitches_has_no_chords() -> None:
    assert judge(Score())["chord-entropy"].why[0] == "no chord is written or heard"
    assert judge(score_of(steady([60])))["chord-entropy"].applies
