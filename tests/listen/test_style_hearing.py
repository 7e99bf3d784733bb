"""Laws of what is heard: who plays by hand, which eight bars, and what is not heard at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.pieces import piece
from tests.judge.scores import part_of, score_of, steady
from tests.judge.windows import window
from zhiyin.judge.features import features_of
from zhiyin.listen.piece_noise import order_direction, random_excerpt
from zhiyin.listen.style_data import thinned
from zhiyin.listen.style_hearing import (
    FAMILIES,
    PLAYER_NAMES,
    feature_count,
    hearing_of_score,
    players_of,
    score_windows,
    tune_of,
    tune_over_chords,
)
from zhiyin.score import Score, Tempo
from zhiyin.units import TICKS_PER_QUARTER

SCALE = [60, 62, 64, 65, 67, 69, 71, 72]


def test_every_program_stands_in_one_family() -> None:
    told = [program for ranges in FAMILIES.values() for span in ranges for program in span]
    assert sorted(told) == list(range(128))


def test_who_plays_is_told_in_shares_of_the_notes_and_keyboards_are_one_player() -> None:
    found = dict(
        zip(
            PLAYER_NAMES,
            players_of(
                np.array([0, 0, 40, 0]), np.array([False, False, False, True]), np.array([4, 4, 8, 0])
            ).tolist(),
            strict=True,
        )
    )
    assert (found["piano"], found["violin"], found["drums"]) == (0.5, 0.5, 0.0)
    assert (found["players"], found["solo"], found["known"]) == (
        1.0,
        0.0,
        1.0,
    )  # log2 of pianist and violinist


def test_nobody_plays_an_empty_score() -> None:
    heard = hearing_of_score(Score())
    assert heard.windows.shape == (0, feature_count())
    assert not heard.players.any()


@pytest.mark.parametrize(("bars", "windows"), [(7, 0), (8, 1), (15, 1), (16, 2), (80, 6)])
def test_windows_are_eight_whole_bars_that_do_not_overlap_six_at_most(bars: int, windows: int) -> None:
    score = score_of(steady((SCALE * bars)[: 4 * bars]))  # quarters in 4/4
    assert len(score_windows(score)) == windows


def test_a_window_holds_the_notes_of_its_bars() -> None:
    second = score_windows(score_of(steady([60] * 32 + [67] * 32)))[1]
    assert set(second.pitch.tolist()) == {67}
    assert second.onset.tolist() == [24 * beat for beat in range(32)]


def test_tempo_loudness_and_a_little_unevenness_are_not_heard() -> None:
    score = piece(1, bars=16, players=3)
    loud = tuple(
        replace(p, notes=p.notes.with_columns(velocity=np.full(len(p.notes), 120))) for p in score.parts
    )
    late = tuple(replace(p, notes=p.notes.with_columns(onset=p.notes.onset + 20)) for p in score.parts)
    for other in (replace(score, parts=loud, tempos=(Tempo(0, 200.0),)), replace(score, parts=late)):
        np.testing.assert_array_equal(hearing_of_score(other).windows, hearing_of_score(score).windows)


def test_the_numbers_of_a_thinned_list_are_spread_evenly() -> None:
    assert thinned(11, 6).tolist() == [0, 2, 4, 6, 8, 10]
    assert thinned(0, 6).size == 0


def test_single_lines_that_all_stand_as_piano_are_players_nobody_named() -> None:
    rows = [steady([pitch + step for pitch in SCALE * 4]) for step in (12, 0, -5, -12)]
    unnamed = hearing_of_score(score_of(*rows))
    choir = hearing_of_score(score_of(*(part_of(row, program=52) for row in rows)))
    np.testing.assert_array_equal(unnamed.windows, choir.windows)
    assert not unnamed.players.any() and choir.players.any()


def test_two_lines_as_piano_are_a_pianist() -> None:
    hands = hearing_of_score(score_of(steady(SCALE * 4), steady([48] * 32)))
    assert dict(zip(PLAYER_NAMES, hands.players.tolist(), strict=True))["piano"] == 1.0


def test_silence_between_does_not_move_what_is_heard() -> None:
    quiet = part_of([], name="rests")
    score = score_of(steady(SCALE * 8))
    with_rests = score_of(part_of(steady(SCALE * 8)), quiet)
    np.testing.assert_array_equal(hearing_of_score(score).players, hearing_of_score(with_rests).players)


def test_notes_at_random_are_worth_judging_and_lie_in_their_bars() -> None:
    for seed in range(20):
        excerpt = random_excerpt(np.random.default_rng(seed))
        assert excerpt.is_worth_judging
        assert (excerpt.onset + excerpt.duration).max() <= excerpt.length
        assert np.isfinite(features_of(excerpt)).all()


def test_the_direction_of_order_points_from_noise_to_music() -> None:
    rng = np.random.default_rng(0)
    music = rng.normal(size=(400, 2)).astype(np.float32) + np.array([3, 0], np.float32)
    noise = rng.normal(size=(400, 2)).astype(np.float32)
    np.testing.assert_allclose(order_direction(music, noise), [1.0, 0.0], atol=0.1)


def test_a_quarter_is_the_unit_of_the_made_up_tunes() -> None:
    assert score_of(steady([60, 62])).parts[0].notes.onset.tolist() == [0, TICKS_PER_QUARTER]


TRIAD = (48, 52, 55)
TUNE = [(24 * n, 24, SCALE[n % 8]) for n in range(32)]  # a quarter each, eight bars


def chords(
    *, every: int = 96, held: int = 96, pitches: tuple[int, ...] = TRIAD
) -> list[tuple[int, int, int]]:
    """Return a chord every so many steps through eight bars of 4/4."""
    return [(at, held, pitch) for at in range(0, 768, every) for pitch in pitches]


def test_chords_under_a_tune_are_taken_off_and_the_tune_stays() -> None:
    tune = tune_over_chords(window(TUNE + chords()))
    assert tune is not None
    assert list(zip(tune.onset.tolist(), tune.duration.tolist(), tune.pitch.tolist(), strict=True)) == TUNE
    assert not tune.part.any()


def test_a_chord_struck_under_a_long_note_is_no_note_of_the_tune() -> None:
    halves = [(48 * n, 48, 72) for n in range(16)]
    late = [(at + 24, 24, pitch) for at, _, pitch in chords()]
    tune = tune_over_chords(window(halves + late))
    assert tune is not None and tune.pitch.tolist() == [72] * 16


@pytest.mark.parametrize(
    "below",
    [
        [],
        chords(pitches=(48,)),
        chords(pitches=(48, 55)),
        chords(every=24, held=24),
        chords(held=6),
        [(12 * n, 12, TRIAD[n % 3]) for n in range(64)],
        [
            (at, 24, pitch)
            for bar in range(8)
            for at, pitch in ((96 * bar, 36), *((96 * bar + 24, p) for p in TRIAD))
        ],
    ],
    ids=["nothing", "a bass", "fifths", "a hymn", "short chords", "broken chords", "bass and chord in turn"],
)
def test_a_tune_over_anything_but_held_chords_is_heard_whole(below: list[tuple[int, int, int]]) -> None:
    assert tune_over_chords(window(TUNE + below)) is None


def test_what_is_heard_of_a_tune_over_chords_is_what_is_heard_of_the_tune() -> None:
    tune = part_of(steady(SCALE * 8))
    under = part_of([(4.0 * bar, 4.0, pitch) for bar in range(16) for pitch in TRIAD])
    found = tune_of(hearing_of_score(score_of(tune, under)))
    assert found is not None
    np.testing.assert_array_equal(found.windows, hearing_of_score(score_of(tune)).windows)
    assert not found.players.any()


def test_one_window_that_is_no_tune_over_chords_and_the_piece_is_heard_whole() -> None:
    tune = part_of(steady(SCALE * 8))
    under = part_of([(4.0 * bar, 4.0, pitch) for bar in range(8) for pitch in TRIAD])
    bass = part_of(steady([48] * 32, start=32.0))
    assert tune_of(hearing_of_score(score_of(tune, under, bass))) is None
    assert tune_of(hearing_of_score(score_of(tune))) is None
    assert tune_of(hearing_of_score(Score())) is None
