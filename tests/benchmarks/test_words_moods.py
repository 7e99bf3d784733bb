"""Laws of the benchmark of moods: its measures on values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.words_moods import area, rank_correlation, separation
from benchmarks.words_moods_features import NAMES, judge_features, sounds_major
from benchmarks.words_moods_takes import BRIGHT, DARK, MOODS, STILL, STIRRED, Judged, held_share, without
from zhiyin.fill.plan_make import make_plan
from zhiyin.score import Notes, Part, Score, Tempo, Wishes
from zhiyin.units import TICKS_PER_QUARTER as Q


def take(mood: str, seed: int) -> Judged:
    return Judged("folk", "C", seed, mood, np.zeros(len(NAMES)), {}, (0.0, 0.0), True, {})


def scale(third: int, *, velocity: int = 80, held: float = 1.0) -> Score:
    """Return a tune on the tonic triad and the fifth of C, major or minor by its third, two notes a second."""
    pitches = (60, 60 + third, 67, 72, 67, 60 + third, 67, 60)
    notes = Notes.of([(i * Q, int(Q * held), p, velocity) for i, p in enumerate(pitches * 2)])
    return Score(parts=(Part("Tune", notes, "melody"),), tempos=(Tempo(0, 120.0),))


def test_area_counts_pairs_and_ties_half() -> None:
    # 3 > 1, 3 > 2, 2 > 1 and one tie of six would be 4/4 pairs: (1 + 1 + 1 + .5) / 4
    assert area([3.0, 2.0], [1.0, 2.0]) == pytest.approx(3.5 / 4)


def test_rank_correlation_is_one_for_rising_values_and_shares_ranks_of_equal_ones() -> None:
    assert rank_correlation([1, 2, 3, 4, 5]) == pytest.approx(1.0)
    assert rank_correlation([5, 4, 3, 2, 1]) == pytest.approx(-1.0)
    assert rank_correlation([1, 2, 3, 4, 4]) == pytest.approx(0.9747, abs=1e-4)
    assert rank_correlation([2, 2, 2, 2, 2]) == 0.0


def test_separation_compares_within_groups() -> None:
    takes = [take("happy", 0), take("sad", 0), take("happy", 1), take("sad", 1)]
    # the second group lies ten higher as a whole: pooled values would give 0.75, centred ones 1
    auc, share = separation(takes, np.array([1.0, 0.0, 11.0, 10.0]), more=("happy",), less=("sad",))
    assert (auc, share) == (1.0, 1.0)
    assert separation(takes, np.array([1.0, 0.0, 10.0, 11.0]), more=("happy",), less=("sad",))[1] == 0.5


def test_the_judge_hears_third_speed_loudness_and_length() -> None:
    major, minor = judge_features(scale(4)), judge_features(scale(3))
    at = {name: i for i, name in enumerate(NAMES)}
    assert major[at["mode whole"]] > 0 > minor[at["mode whole"]]
    assert major[at["log attacks/s"]] == pytest.approx(np.log2(16 / 8))
    assert judge_features(scale(4, velocity=50))[at["velocity"]] == 50
    assert judge_features(scale(4, held=0.5))[at["articulation"]] == pytest.approx(0.5, abs=0.01)
    assert sounds_major(scale(4)) and not sounds_major(scale(3))


def test_the_six_moods_split_three_to_three_on_either_axis() -> None:
    assert sorted((*BRIGHT, *DARK)) == sorted((*STIRRED, *STILL)) == sorted(MOODS)
    assert len(set(BRIGHT) & set(STIRRED)) == 1 and len(set(DARK) & set(STIRRED)) == 2


def test_a_cue_that_is_switched_off_is_gone_from_plans_and_comes_back() -> None:
    wishes = Wishes(style="pop", bars=8, moods=("angry",))
    plain, angry = make_plan(Wishes(style="pop", bars=8), seed=1), make_plan(wishes, seed=1)
    with without(("tempo",)):
        lessened = make_plan(wishes, seed=1)
    assert lessened.tempo_bpm == plain.tempo_bpm < angry.tempo_bpm == make_plan(wishes, seed=1).tempo_bpm
    assert lessened.feelings[0].velocity == angry.feelings[0].velocity


def test_touch_is_length_over_gap_within_a_part_and_rests_do_not_count() -> None:
    assert held_share(scale(4, held=0.5)) == pytest.approx(0.5, abs=0.01)
    drone = Part("Drone", Notes.of([(0, 16 * Q, 36, 60)]), "bass")
    assert held_share(scale(4, held=0.5).with_parts([*scale(4, held=0.5).parts, drone])) == pytest.approx(
        0.5, abs=0.01
    )
    # half a beat held, then a rest of a beat and a half: the end of a phrase; the rest at 0.8
    rows = [(0, int(0.8 * Q), 60, 80), (Q, Q // 2, 62, 80), (3 * Q, int(0.8 * Q), 64, 80), (4 * Q, Q, 60, 80)]
    phrased = Score(parts=(Part("Tune", Notes.of(rows), "melody"),))
    assert held_share(phrased) == pytest.approx(0.8, abs=0.01)
