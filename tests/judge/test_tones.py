"""Laws of entropy and scale consistency, worked out by hand and against MusPy's numbers.

Conventions: four quarters a bar.
Does not know: how a subject is prepared.
"""

from __future__ import annotations

import math

import pytest

from tests.judge.scores import part_of, score_of, steady
from zhiyin.judge import judge

C, CIS, D, DIS, E, F, G, A = 60, 61, 62, 63, 64, 65, 67, 69


def test_four_different_tones_a_bar_are_two_bits() -> None:
    found = judge(score_of(steady([C, D, E, F] * 2)))
    assert found["entropy-1"].value == 2.0
    assert found["entropy-1"].count == 2


def test_the_bars_are_averaged_and_silent_ones_left_out() -> None:
    # Bar 1: two tones twice, 1 bit; bar 2 silent; bar 3: one tone, 0 bits.
    found = judge(score_of(steady([C, E, C, E, -1, -1, -1, -1, G, G, G, G])))
    assert found["entropy-1"].value == 0.5
    assert found["entropy-1"].count == 2


def test_octaves_are_one_pitch_class_and_drums_have_none() -> None:
    drums = part_of(steady([35, 38, 42, 46]), is_drums=True)
    assert judge(score_of(steady([48, 60, 72, 84]), drums))["entropy-1"].value == 0.0


def test_four_bars_are_windows_that_move_by_one_bar() -> None:
    # Bars hold one tone each: C C C C E. Windows: CCCC (0 bits) and CCCE (0.8113 bits).
    found = judge(score_of([(4.0 * bar, 4.0, p) for bar, p in enumerate([C, C, C, C, E])]))
    window = -(0.75 * math.log2(0.75) + 0.25 * math.log2(0.25))
    assert found["entropy-4"].value == pytest.approx(window / 2)


def test_a_piece_shorter_than_the_window_is_one_window() -> None:
    found = judge(score_of([(0.0, 4.0, C), (4.0, 4.0, E)]))
    assert (found["entropy-4"].value, found["entropy-4"].count) == (1.0, 1)


def test_a_major_scale_is_consistent_and_one_foreign_tone_of_eight_leaves_seven_eighths() -> None:
    scale = [60, 62, 64, 65, 67, 69, 71]
    assert judge(score_of(steady(scale)))["scale"].value == 1.0
    # No major or natural minor scale holds C D E F G A B and C sharp; C major holds seven of eight.
    assert judge(score_of(steady([*scale, 61])))["scale"].value == 7 / 8


def test_the_harmonic_minor_seventh_is_outside_the_natural_scale() -> None:
    # A harmonic minor: A B C D E F G#. A minor holds six of seven; no scale holds all.
    assert judge(score_of(steady([69, 71, 72, 74, 76, 77, 80])))["scale"].value == pytest.approx(6 / 7)
