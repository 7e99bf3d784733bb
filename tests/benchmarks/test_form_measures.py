"""Golden values of the measures of long form and of excerpts, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.excerpt_features import distances, features, longest_repeat
from benchmarks.form_measures import (
    Stretch,
    cadences,
    chroma_rhythm,
    equal_share,
    follows,
    grid_of,
    returns,
    steadiness,
)
from zhiyin.score import ChordMark, Notes, Part, Score
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key

Q = 10_080
BAR = 4 * Q
TUNE = (60, 64, 67, 72)


def of_bars(bars: list[list[tuple[float, float, int]]]) -> Score:
    """Return a piano score: each bar a list of (quarter, quarters, pitch)."""
    notes = [(int(i * BAR + o * Q), int(d * Q), p) for i, bar in enumerate(bars) for o, d, p in bar]
    return Score(parts=(Part("Piano", Notes.of(notes), role="melody"),), length_ticks=len(bars) * BAR)


def quarters(*pitches: int) -> list[tuple[float, float, int]]:
    return [(float(i), 1.0, p) for i, p in enumerate(pitches)]


def test_the_same_steps_on_another_tonic_are_alike_and_only_they() -> None:
    a, b = frozenset({(0, 0, 60), (0, 6, 64)}), frozenset({(0, 0, 62), (0, 6, 66), (0, 12, 69)})
    assert equal_share(a, b, 2) == pytest.approx(2 / 3)
    assert equal_share(a, b, 0) == 0.0
    assert equal_share(frozenset(), frozenset(), 0) == 1.0 and equal_share(a, frozenset(), 0) == 0.0


def test_drums_are_compared_key_by_key_whatever_the_shift() -> None:
    assert equal_share(frozenset({(-1, 0, 36)}), frozenset({(-1, 0, 36)}), 5) == 1.0


def test_chroma_rhythm_is_the_cosine_of_two_tables() -> None:
    # C at 0 and E at 6 beside C an octave up at 0 alone: 1 / sqrt(2)
    assert chroma_rhythm(frozenset({(0, 0, 60), (0, 6, 64)}), frozenset({(0, 0, 72)}), 0) == pytest.approx(
        0.5**0.5
    )


def test_returns_are_told_from_others_bar_by_bar() -> None:
    score = of_bars([quarters(*TUNE), quarters(60, 62, 64, 65), quarters(71, 69, 71, 69), quarters(69, 71, 69, 71),
                     quarters(*TUNE), quarters(60, 62, 64, 60)])  # fmt: skip
    found = returns(grid_of(score), [Stretch("A", 0, 2), Stretch("B", 2, 2), Stretch("A'", 4, 2)])
    assert found["returning: notes alike"] == pytest.approx((1 + 3 / 4) / 2)
    assert found["returning: bars verbatim"] == 0.5
    assert found["other: notes alike"] == 0.0


def test_a_section_that_ends_on_one_after_five_with_a_long_note_closes() -> None:
    chord = [(0.0, 4.0, p) for p in (43, 59, 62, 65)]
    home = [(0.0, 4.0, p) for p in (48, 60, 64, 67, 72)]
    score = of_bars([quarters(*TUNE), [*quarters(79, 77, 74, 71), *chord], home])
    grid = grid_of(score)
    found = cadences(score, grid, [Stretch("A", 0, 3)], key=Key.parse("C"))
    assert found == {
        "section ends on I or V": 1.0,
        "section ends on I": 1.0,
        "I comes from V": 1.0,
        "tune comes to rest": 1.0,
    }
    running = of_bars([quarters(*TUNE), [*quarters(79, 77, 74, 71), *chord], quarters(60, 64, 67, 72)])
    assert (
        cadences(running, grid_of(running), [Stretch("A", 0, 3)], key=Key.parse("C"))["tune comes to rest"]
        == 0.0
    )


def test_density_that_doubles_from_end_to_end_drifts_by_its_logarithm() -> None:
    bars = [quarters(*TUNE)] * 4 + [[(i / 2, 0.5, 60 + i) for i in range(8)]] * 4
    score = of_bars(bars)
    found = steadiness(score, grid_of(score), key=Key.parse("C"))
    assert found["density drift"] == pytest.approx(
        np.log(8.5 / 4.5)
    )  # half an attack is added before the logarithm


def test_energy_is_followed_when_attacks_rank_as_it_does() -> None:
    bars = [quarters(60)] * 4 + [quarters(60, 62)] * 4 + [quarters(60, 62, 64)] * 4
    grid = grid_of(of_bars(bars))
    assert follows(grid, [0.1] * 4 + [0.2] * 4 + [0.9] * 4) == pytest.approx(1.0)
    assert follows(grid, [0.9] * 4 + [0.2] * 4 + [0.1] * 4) == pytest.approx(-1.0)


def test_the_longest_repeat_counts_interval_and_duration_together() -> None:
    pitch, even = np.array([60, 62, 64, 70, 60, 62, 64]), np.ones(7)
    assert longest_repeat(pitch, even) == 2
    assert longest_repeat(pitch, np.array([1, 1, 1, 1, 1, 2, 1.0])) == 1


def test_features_of_a_bar_worked_out_by_hand() -> None:
    score = of_bars([quarters(60, 62, 64, 72), quarters(60, 62, 64, 72)])
    found = features(Score(parts=score.parts, chords=(ChordMark(0, Chord.parse("C")),), length_ticks=2 * BAR))
    assert found["pitch classes: entropy"] == pytest.approx(1.5)  # C twice as often as D and E: 1/2, 1/4, 1/4
    assert found["intervals: step"] == pytest.approx(4 / 7) and found[
        "intervals: to the octave"
    ] == pytest.approx(3 / 7)
    assert found["rhythm: on the beat"] == 1.0 and found["rhythm: length quarter"] == 1.0
    assert found["repetition: bar like the one before"] == 1.0
    assert found["harmony: chord tones on strong beats"] == 1.0  # C and E on one and three
    assert found["register: range of a part"] == 12.0


def test_the_distance_of_a_shift_is_the_shift_in_human_deviations() -> None:
    rng = np.random.default_rng(0)
    human = rng.normal(0, 2, (400, 1))
    assert distances(["rhythm: x"], human + 3, human)["rhythm"] == pytest.approx(1.5, abs=0.02)
