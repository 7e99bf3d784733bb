"""Golden values of features, worked out by hand, and what they must not see."""

from __future__ import annotations

import numpy as np
import pytest

from tests.judge.windows import tune, window
from zhiyin.judge.features import GROUPS, feature_groups, feature_names, features_of
from zhiyin.judge.features_view import View, find_tonic, shares


def group(name: str, excerpt: object) -> list[float]:
    return GROUPS[name](View.of(excerpt)).tolist()  # type: ignore[arg-type]


def test_every_window_has_the_same_numbers_and_all_are_finite() -> None:
    windows = [tune(0), window([(0, 24, 60)]), window([(0, 12, 36, 0)], drums=[0]), window([(700, 68, 99)])]
    vectors = [features_of(w) for w in windows]
    assert {v.shape for v in vectors} == {(len(feature_names()),)}
    assert all(np.isfinite(v).all() for v in vectors)


@pytest.mark.parametrize("semitones", [-5, 1, 7])
def test_transposing_changes_the_register_and_nothing_else(semitones: int) -> None:
    groups = feature_groups()
    for seed in range(5):
        here, there = features_of(tune(seed)), features_of(tune(seed).transposed(semitones))
        rest = np.ones(here.size, bool)
        rest[groups["register"]] = False
        np.testing.assert_allclose(here[rest], there[rest], atol=1e-5)
        np.testing.assert_allclose(
            there[groups["register"]] - here[groups["register"]], semitones / 12, atol=1e-5
        )


def test_a_major_scale_has_its_tonic_and_a_minor_one_its_own() -> None:
    c_major = np.array([3, 0, 1, 0, 2, 1, 0, 2, 0, 1, 0, 1], float)
    a_minor = np.roll(np.array([3, 0, 1, 2, 0, 1, 0, 2, 1, 0, 1, 0], float), 9)
    assert find_tonic(c_major)[0] == 0
    assert find_tonic(a_minor)[0] == 9


def test_the_key_fit_is_the_correlation_that_numpy_finds() -> None:
    weights = np.arange(12.0) % 5 + 1
    profile = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88]
    wanted = max(np.corrcoef(np.roll(profile, t), weights)[0, 1] for t in range(12))
    assert find_tonic(weights)[1][0] == pytest.approx(wanted)


def test_intervals_of_an_arpeggio_are_counted_with_direction() -> None:
    # C E G E, four times a bar: +4 +3 -3 -4, and -0 never; 31 intervals of which 8 +4, 8 +3, 8 -3, 7 -4.
    beats = [(i * 24, 24, p) for i, p in enumerate([60, 64, 67, 64] * 8)]
    found = group("interval", window(beats))[:25]
    assert {i - 12: round(v * 31) for i, v in enumerate(found) if v} == {4: 8, 3: 8, -3: 8, -4: 7}


def test_entropy_of_one_pitch_class_is_0_and_of_four_even_ones_2_bits() -> None:
    assert group("entropy", window([(b * 96, 96, 60) for b in range(8)]))[:3] == [0, 0, 0]
    even = [(i * 24, 24, p) for i, p in enumerate([60, 62, 64, 65] * 8)]
    np.testing.assert_allclose(group("entropy", window(even))[:3], [2, 2, 2])


def test_bars_that_repeat_are_found_at_their_distance() -> None:
    # A A B B ... bars of other pitches: alike at distance 1 in 4 of 7 pairs, at distance 2 in none.
    rows = [(b * 96 + i * 24, 24, 60 + 2 * (b // 2) + i) for b in range(8) for i in range(4)]
    found = group("repetition", window(rows))
    exact = found[
        11 + 7 : 11 + 10
    ]  # the second block: onsets with pitch; after 7 distances, the exact shares
    np.testing.assert_allclose(exact, [4 / 7, 0, 0])
    assert found[11 + 10] == pytest.approx(4 / 8)  # four different bars


def test_bass_and_fifth_in_step_are_parallel_fifths() -> None:
    rows = [(b * 96, 96, 48 + 2 * b + up, part) for b in range(8) for part, up in ((0, 0), (1, 7))]
    motion = group("part", window(rows))[-10:-3]
    contrary, similar, oblique, parallel, fifths, octaves, _ = motion
    assert (contrary, similar, oblique, parallel, fifths, octaves) == (0, 1, 0, 1, 1, 0)


def test_a_drum_beat_shows_kick_and_snare_where_they_fall() -> None:
    beat = [(b * 96 + o, 6, p, 0) for b in range(8) for o, p in ((0, 36), (24, 38), (48, 36), (72, 38))]
    found = group("drums", window(beat, drums=[0]))
    kick, snare = found[3:19], found[20:36]
    assert {i: v for i, v in enumerate(kick) if v} == {0: 0.5, 8: 0.5}
    assert {i: v for i, v in enumerate(snare) if v} == {4: 0.5, 12: 0.5}


def test_a_waltz_bar_is_triple_and_six_eight_is_compound() -> None:
    assert group("metre", window([(0, 24, 60)], metre=(3, 4), bar_steps=72)) == [0.75, 0, 1, 0]
    assert group("metre", window([(0, 24, 60)], metre=(6, 8), bar_steps=72)) == [0.75, 1, 0, 0]


def test_shares_of_nothing_are_zeros() -> None:
    assert shares([], 3).tolist() == [0, 0, 0]
