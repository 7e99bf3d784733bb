"""Laws of the space of latents: reading and writing back, ways, blends, distances, attributes, the map."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from zhiyin.encode.bar_steps import HOLD, REST, Bars, cut_bars
from zhiyin.errors import InvalidInput
from zhiyin.fill.latent.atlas import make_atlas
from zhiyin.fill.latent.attributes import moved, steered
from zhiyin.fill.latent.draws import draw_bars
from zhiyin.fill.latent.path import path, point, unlike
from zhiyin.fill.latent.reading import PartBars, notes_of, read_part, signature_of, stretched
from zhiyin.fill.latent.space import Phrase, between, blend, decode, encode, interpolate, shares_of, vary
from zhiyin.models.vae_attributes import attributes_of, fit_directions
from zhiyin.models.vae_condition import BarFacts
from zhiyin.models.vae_map import fit_axes
from zhiyin.models.vae_runtime import load_vae
from zhiyin.score import KeyMark, MetreMark, Notes, Part, Score, Timeline
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER

Q = TICKS_PER_QUARTER
UP = (60, 62, 64, 65, 67, 69, 71, 72)
DOWN = (79, 77, 76, 74, 72, 71, 69, 67)


def tune(
    pitches: tuple[int, ...], *, key: str = "C", metre: tuple[int, int] = (4, 4), beats: int = 4
) -> Score:
    """Return quarter notes of these pitches, one after another."""
    notes = Notes.of([(i * Q, Q, p) for i, p in enumerate(pitches)])
    return Score(
        "tune", (Part("Flute", notes, role="melody", program=73),), metres=(MetreMark(0, Metre(*metre)),),
        keys=(KeyMark(0, Key.parse(key)),), length_ticks=len(pitches) * Q,
    )  # fmt: skip


def bars_of(score: Score, count: int = 2) -> PartBars:
    return read_part(score, 0, bars=range(count))


def test_bars_are_read_in_a_signature_without_sharps_and_written_back_as_they_were() -> None:
    score = tune(tuple(p + 2 for p in UP), key="D")
    read = bars_of(score)
    assert read.sharps == 2 and read.moved == 0
    assert read.bars.steps[0].tolist() == [60, *[HOLD] * 3, 62, *[HOLD] * 3, 64, *[HOLD] * 3, 65, *[HOLD] * 3]
    again = notes_of(read, Timeline.of(score).bar_starts(2)[:2])
    assert [tuple(n)[:3] for n in again] == [tuple(n)[:3] for n in score.parts[0].notes]


def test_the_signature_counts_from_five_down_to_six_up() -> None:
    assert [signature_of(tune(UP, key=k)) for k in ("C", "G", "F", "Am", "F#", "Em")] == [0, -5, 5, 0, 6, -5]


def test_attacks_between_sixteenths_go_to_the_nearest_and_are_counted() -> None:
    notes = Notes.of([(0, Q // 3, 60), (Q // 3, Q // 3, 62), (2 * Q // 3, Q // 3, 64), (Q, 3 * Q, 65)])
    score = Score("triplet", (Part("Flute", notes, role="melody"),), length_ticks=4 * Q)
    read = read_part(score, 0, bars=[0], sharps=0)
    assert read.moved == 2
    assert read.bars.steps[0, :5].tolist() == [60, 62, HOLD, 64, 65]


def test_a_bar_of_nine_eighths_is_refused_by_its_number() -> None:
    with pytest.raises(InvalidInput, match=r"1\.\.16 sixteenths to be read as latents, got 18 in bar 1"):
        bars_of(tune((60,) * 9, metre=(9, 8)), 1)


def test_stretching_gives_each_step_its_share_of_the_bar() -> None:
    three = cut_bars(np.array([60, HOLD, 62, REST], np.uint8), np.array([0, 4]))
    assert stretched(three, np.array([8])).steps[0, :8].tolist() == [
        60,
        HOLD,
        HOLD,
        HOLD,
        62,
        HOLD,
        REST,
        REST,
    ]
    assert stretched(three, np.array([2])).steps[0, :2].tolist() == [60, 62]
    assert np.array_equal(stretched(three, three.lengths).steps, three.steps)


def test_half_of_an_arc_between_two_axes_lies_on_the_circle() -> None:
    half = between(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]), 0.5)
    np.testing.assert_allclose(half, [[0.5**0.5, 0.5**0.5]], atol=1e-6)
    np.testing.assert_allclose(between(np.array([[2.0, 0.0]]), np.array([[2.0, 0.0]]), 0.3), [[2.0, 0.0]])


def test_a_share_outside_and_an_unknown_way_are_refused() -> None:
    z = np.ones((1, 2))
    with pytest.raises(InvalidInput, match=r"a share must lie in 0\.\.1, got 1.5"):
        between(z, z, 1.5)
    with pytest.raises(InvalidInput, match="a way must be one of slerp, straight, got 'curve'"):
        between(z, z, 0.5, way="curve")


def test_ends_of_an_interpolation_and_blends_of_weight_one_are_the_phrases_themselves() -> None:
    a, b = (encode(bars_of(tune(p))) for p in (UP, DOWN))
    way = interpolate(a, b, 5)
    np.testing.assert_allclose(way[0].latent, a.latent, atol=1e-5)
    np.testing.assert_allclose(way[-1].latent, b.latent, atol=1e-5)
    np.testing.assert_allclose(blend((a, b), (0.0, 2.0)).latent, b.latent, atol=1e-5)


def test_weights_are_shares_and_wrong_ones_are_refused() -> None:
    assert shares_of((1, 3), 2).tolist() == [0.25, 0.75]
    for wrong in ((1.0,), (-1.0, 2.0), (0.0, 0.0), (float("nan"), 1.0)):
        with pytest.raises(InvalidInput, match="weights must be 2 numbers of 0 or more"):
            shares_of(wrong, 2)


def test_phrases_of_other_lengths_do_not_meet() -> None:
    a = Phrase(np.ones((2, 3), np.float32), np.array([16, 16]), "melody")
    b = Phrase(np.ones((2, 3), np.float32), np.array([16, 12]), "melody")
    with pytest.raises(InvalidInput, match="bars of the same lengths and one role"):
        interpolate(a, b, 3)


def test_varying_by_nothing_stays_and_the_distance_grows_with_what_is_asked() -> None:
    phrase = encode(bars_of(tune(UP)))
    far = []
    for distance in (0.0, 0.3, 0.6, 1.0):
        other = vary(phrase, distance, np.random.default_rng(4))
        far.append(float(np.linalg.norm(other.latent - phrase.latent)))
    assert far[0] < 1e-4 and all(b > a for a, b in pairwise(far))
    with pytest.raises(InvalidInput, match=r"distance must lie in 0\.\.1, got 2"):
        vary(phrase, 2.0, np.random.default_rng(0))


def test_the_shipped_net_gives_plain_bars_back() -> None:
    for pitches in (UP, DOWN):
        read = bars_of(tune(pitches))
        assert float(unlike(decode(encode(read)).bars, read.bars).mean()) <= 1 / 16


def test_on_a_way_no_bar_turns_back_and_both_ends_are_the_bars_themselves() -> None:
    a, b = bars_of(tune(UP)), bars_of(tune(DOWN))
    way = path(a, b, 7, rng=np.random.default_rng(0))
    first = np.stack([unlike(one.bars, a.bars) for one in way])
    last = np.stack([unlike(one.bars, b.bars) for one in way])
    assert np.all(np.diff(first, axis=0) >= -1e-9) and np.all(np.diff(last, axis=0) <= 1e-9)
    assert np.array_equal(way[0].bars.steps, a.bars.steps) and np.array_equal(
        way[-1].bars.steps, b.bars.steps
    )
    assert point(a, b, 0.0, rng=np.random.default_rng(0)) is a


def test_the_same_seed_takes_the_same_way() -> None:
    a, b = bars_of(tune(UP)), bars_of(tune(DOWN))
    one, two = (path(a, b, 4, rng=np.random.default_rng(9)) for _ in range(2))
    assert all(np.array_equal(x.bars.steps, y.bars.steps) for x, y in zip(one, two, strict=True))


def test_attributes_of_hand_made_bars() -> None:
    even = cut_bars(np.array([60, HOLD, HOLD, HOLD] * 4, np.uint8), np.array([0, 16]))
    off = cut_bars(np.array([60, HOLD, 60, HOLD, HOLD, HOLD, 60, HOLD] * 2, np.uint8), np.array([0, 16]))
    density, height, syncopation, brightness = attributes_of(even)[0].tolist()
    assert (density, height, syncopation, brightness) == (1.0, 60.0, 0.0, 0.0)
    # Two eighths before a beat (strength 1) are held over beats of strength 2, one of them twice: 1 + 1.
    assert attributes_of(off)[0].tolist()[0] == 1.5 and attributes_of(off)[0, 2] == 2.0
    sharp = cut_bars(np.array([66] + [HOLD] * 15, np.uint8), np.array([0, 16]))
    assert attributes_of(sharp)[0, 3] == -6.0  # F sharp is read as G flat, six fifths down
    silent = cut_bars(np.full(16, REST, np.uint8), np.array([0, 16]))
    assert np.isnan(attributes_of(silent)).all()


def test_directions_move_their_own_attribute_by_one_deviation_and_no_other() -> None:
    rng = np.random.default_rng(1)
    latent = rng.standard_normal((4000, 6)).astype(np.float32)
    latent[:, 1] += 0.6 * latent[:, 0]  # attributes that go together in people's bars
    values = np.stack((latent[:, 0], latent[:, 1], latent[:, 2], np.full(4000, np.nan)), axis=1).astype(
        np.float64
    )
    directions, spreads = fit_directions(latent, values)
    moves = directions[:3, :3] / spreads[:3]
    np.testing.assert_allclose(moves, np.eye(3), atol=0.05)
    assert not directions[3].any() and spreads[3] == 0.0


def test_an_unknown_attribute_and_too_much_are_refused() -> None:
    phrase = encode(bars_of(tune(UP)))
    with pytest.raises(InvalidInput, match=r"an attribute must be one of density, height, .* got 'sadness'"):
        moved(phrase, {"sadness": 1.0})
    with pytest.raises(InvalidInput, match=r"an amount must lie in -4\.\.4 deviations, got 9"):
        moved(phrase, {"density": 9.0})
    with pytest.raises(InvalidInput, match=r"must lie in -4..4 deviations, got nan"):
        steered(bars_of(tune(UP)), {"density": float("nan")}, rng=np.random.default_rng(0))


def test_higher_is_higher() -> None:
    phrase = encode(bars_of(tune(UP)))
    heights = [
        np.nanmean(attributes_of(decode(moved(phrase, {"height": x})).bars)[:, 1]) for x in (-2.0, 0.0, 2.0)
    ]
    assert heights[0] < heights[1] < heights[2]


def test_steering_measures_nearer_to_what_is_asked_and_leaves_silence_alone() -> None:
    part = bars_of(tune(UP))
    silent = Bars(np.stack((part.bars.steps[0], np.full(16, REST, np.uint8))), part.bars.lengths)
    part = replace(part, bars=silent)
    rates = []
    for amount in (-1.5, 0.0, 1.5):
        new = steered(part, {"density": amount}, rng=np.random.default_rng(0))
        assert new.bars.steps[1].tolist() == [REST] * 16
        rates.append(attributes_of(new.bars)[0, 0])
    assert rates[0] < rates[1] < rates[2]


def test_the_axes_of_the_map_part_styles_that_lie_apart() -> None:
    rng = np.random.default_rng(0)
    centres = {0: (0, 9), 1: (9, 0), 2: (0, -9)}
    styles = np.repeat([0, 1, 2], 40)
    x = rng.standard_normal((120, 5)) * [1, 1, 20, 20, 20]  # wide where styles do not differ
    x[:, :2] += np.array([centres[s] for s in styles.tolist()])
    axes, mean = fit_axes(x.astype(np.float32), styles, least=10)
    places = (x - mean) @ axes.T
    middles = np.stack([places[styles == s].mean(axis=0) for s in range(3)])
    spread = max(float(places[styles == s].std(axis=0).max()) for s in range(3))
    assert (
        min(float(np.linalg.norm(a - b)) for i, a in enumerate(middles) for b in middles[i + 1 :])
        > 3 * spread
    )


def test_a_phrase_of_eight_bars_stands_on_the_map_with_its_nearest_pieces() -> None:
    score = tune((UP + DOWN) * 3)  # 12 bars
    atlas = make_atlas([("mine", score, 0)])
    assert [(p.first_bar, p.bars) for p in atlas.own] == [(1, 8), (9, 4)]
    place = atlas.own[0]
    far = np.hypot(atlas.points[:, 0] - place.x, atlas.points[:, 1] - place.y)
    assert place.nearest[0] == (atlas.pieces[int(far.argmin())], pytest.approx(float(far.min())))
    with pytest.raises(InvalidInput, match="a map holds lines or drums"):
        make_atlas([])


def test_a_trio_is_drawn_with_as_many_bars_of_each_part_and_the_same_seed_draws_the_same() -> None:
    bars, nothing = 4, np.full(4, np.nan)
    facts = BarFacts(
        chords=np.zeros((bars, 2, 12), bool), roots=np.full((bars, 2), 12), lengths=np.array([16, 16, 12, 16]),
        minor=np.zeros(bars, int), place=np.arange(bars), left=np.full(bars, -1), density=nothing, register=nothing,
    )  # fmt: skip
    trio = load_vae("vae-trio")
    one, two = (draw_bars(trio, facts, np.random.default_rng(2), role=0) for _ in range(2))
    assert [part.is_kit for part in one] == [False, False, True]
    assert all(part.lengths.tolist() == [16, 16, 12, 16] for part in one)
    assert all(np.array_equal(a.steps, b.steps) for a, b in zip(one, two, strict=True))
    mean, _ = trio.encode(one, 0)
    assert mean.shape == (4, 64)


def test_bars_hold_what_was_put_in() -> None:
    bars = Bars(np.full((1, 16), REST, np.uint8), np.array([16]))
    assert not bars.is_kit and len(bars) == 1
