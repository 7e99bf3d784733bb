"""Laws of melody against chords: shares, resolution, consonance and distance by hand.

Conventions: the melody is a part with that role; chords are written.
Does not know: how a melody is found.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.judge.scores import chords_of, part_of, score_of, steady
from zhiyin.judge import judge
from zhiyin.score import Score


def sung(pitches: list[int], *symbols: tuple[float, str], length: float = 1.0) -> Score:
    """Return a melody of equal notes under chords."""
    part = part_of(steady(pitches, length), role="melody")
    return score_of(part, chords=chords_of(*symbols))


def test_strong_beats_are_one_and_three() -> None:
    # C major: beats 1 and 3 are C and F: one of two is a chord tone; the D on beat 2 is not asked.
    found = judge(sung([60, 62, 65, 64], (0, "C")))
    assert (found["strong-tones"].value, found["strong-tones"].count) == (0.5, 2)


def test_a_passing_note_is_proper_and_a_left_leap_is_not() -> None:
    # C (tone) D (left by 2: proper) E (tone) F (left by 6: not) B (foreign, last: not).
    found = judge(sung([60, 62, 64, 65, 71], (0, "C")))
    assert found["chord-tone-ratio"].value == pytest.approx(3 / 5)


def test_all_chord_tones_are_one() -> None:
    assert judge(sung([60, 64, 67, 72], (0, "C")))["chord-tone-ratio"].value == 1.0


def test_a_note_belongs_to_the_chord_at_its_onset() -> None:
    # B over C is foreign, the same B over G is a tone.
    found = judge(sung([60, 64, 71, 71], (0, "C"), (3, "G")))
    assert found["chord-tone-ratio"].value == pytest.approx(1.0)  # the first B is left by 0 semitones
    assert judge(sung([60, 64, 71, 67], (0, "C"), (3, "G")))["chord-tone-ratio"].value == pytest.approx(3 / 4)


def test_consonance_over_a_triad_by_hand() -> None:
    # C over C E G: 0, 8, 5 semitones above: 1, 1, 0: 2/3. D: 2, 10, 7: -1, -1, 1: -1/3.
    assert judge(sung([60], (0, "C")))["consonance"].value == pytest.approx(2 / 3)
    assert judge(sung([62], (0, "C")))["consonance"].value == pytest.approx(-1 / 3)


def test_consonance_is_weighed_by_time() -> None:
    part = part_of([(0.0, 3.0, 60), (3.0, 1.0, 62)], role="melody")
    found = judge(score_of(part, chords=chords_of((0, "C"))))
    assert found["consonance"].value == pytest.approx((3 * 2 / 3 + 1 * -1 / 3) / 4)


def test_a_held_note_is_heard_against_both_chords() -> None:
    # C for two beats over C (2/3) and two over F: C over F A C: 7, 3, 0: 1.
    found = judge(sung([60], (0, "C"), (2, "F"), length=4.0))
    assert found["consonance"].value == pytest.approx((2 / 3 + 1) / 2)


def test_stretches_without_a_chord_are_not_heard() -> None:
    found = judge(sung([60], (0, "C"), (2, ""), length=4.0))
    assert found["consonance"].value == pytest.approx(2 / 3)


def test_the_distance_from_a_chord_is_that_of_the_centroids() -> None:
    def wave(tone: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        a, b, c = tone * 7 * math.pi / 6, tone * 3 * math.pi / 2, tone * 2 * math.pi / 3
        return np.array(
            [math.sin(a), math.cos(a), math.sin(b), math.cos(b), math.sin(c) / 2, math.cos(c) / 2]
        )

    expected = float(np.linalg.norm(wave(2) - (wave(0) + wave(4) + wave(7)) / 3))
    assert judge(sung([62], (0, "C")))["melody-distance"].value == pytest.approx(expected)


def test_only_the_top_of_a_melody_part_sings() -> None:
    part = part_of([(0.0, 1.0, 60), (0.0, 1.0, 61)], role="melody")
    assert judge(score_of(part, chords=chords_of((0, "Db"))))["chord-tone-ratio"].value == 1.0


def test_a_piece_of_drums_has_no_melody() -> None:
    found = judge(
        score_of(part_of(steady([36, 38]), is_drums=True, role="drums"), chords=chords_of((0, "C")))
    )
    assert found["strong-tones"].why == ("no part is a melody", "没有旋律声部")
