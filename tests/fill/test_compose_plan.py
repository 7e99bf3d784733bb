"""Laws of composing a plan: every wish kept with any model, returns recalled, the same seed the same piece."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fill.band import untrained
from zhiyin.fill.compose_plan import compose, frame_of, textures_of
from zhiyin.fill.plan_make import make_plan
from zhiyin.score import Timeline, Wishes
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

ASKED = [
    Wishes(style="waltz", bars=16),
    Wishes(style="pop", bars=24, players=("voice", "piano", "bass-guitar", "drums")),
    Wishes(style="string-quartet", bars=12, key=Key.parse("Dm")),
    Wishes(style="folk", bars=16, metre=Metre(6, 8), density=1.0),
    Wishes(style="orchestral", bars=24, players=("strings", "french-horn", "timpani")),
    Wishes(style="jazz", bars=12, metre=Metre(5, 4)),
]


@pytest.mark.parametrize("wishes", ASKED, ids=lambda w: f"{w.style}-{w.bars}")
@pytest.mark.parametrize("seed", [0, 4])
def test_every_wish_of_a_plan_is_kept_even_by_a_model_that_knows_nothing(wishes: Wishes, seed: int) -> None:
    plan = make_plan(wishes, seed=seed)
    take = compose(plan, wishes, model=untrained(), seed=seed)
    assert [v.name for v in take.report.verdicts if v.is_hard and not v.kept] == []
    assert take.score.end == plan.length_ticks


def test_the_same_seed_gives_the_same_piece_and_another_take_another() -> None:
    plan = make_plan(ASKED[0], seed=1)
    first, again, other = (
        compose(plan, ASKED[0], model=untrained(), seed=1, take=take).score for take in (0, 0, 1)
    )
    assert first == again and first != other


def test_an_unvaried_return_repeats_the_bars_before_its_last() -> None:
    plan = make_plan(Wishes(style="folk", bars=16, form=("A", "A")), seed=2)
    second = plan.sections[1]
    plan = replace(plan, sections=(plan.sections[0], replace(second, like=0, variation=0.0, key_shift=0)))
    first_half = [(t, c) for t, c in plan.chords if t < 8 * plan.metre.bar_ticks]
    shifted = [(t + 8 * plan.metre.bar_ticks, c) for t, c in first_half]
    plan = replace(plan, chords=tuple(first_half + shifted))
    score = compose(plan, Wishes(), model=untrained(), seed=2).score
    bar = plan.metre.bar_ticks
    for part in score.parts:
        a, b = part.notes.between(0, 6 * bar), part.notes.between(8 * bar, 14 * bar)
        if all(len(part.notes.between(i * bar, (i + 1) * bar)) for i in range(7)):
            assert a.pitch.tolist() == b.pitch.tolist() and (b.onset - a.onset == 8 * bar).all()


def test_the_frame_carries_the_plan_and_no_notes() -> None:
    plan = make_plan(ASKED[1], seed=0)
    frame = frame_of(plan)
    assert frame.note_count == 0 and frame.end == plan.length_ticks
    assert [p.name for p in frame.parts] == [p.part for p in plan.players]
    assert len({s.tick for s in frame.sections}) == len(plan.sections)


def test_rests_of_the_plan_are_asked_as_empty_cells() -> None:
    plan = make_plan(ASKED[0], seed=0)
    row = tuple(replace(t, is_empty=(b == 1)) for b, t in enumerate(plan.textures[0]))
    textures = textures_of(replace(plan, textures=(row, *plan.textures[1:])), np.random.default_rng(0))
    assert textures.density[1, 0] == 0 and textures.register_pitch[1, 0] == 0.0


def test_progress_ends_at_the_total() -> None:
    seen: list[tuple[int, int]] = []
    plan = make_plan(ASKED[0], seed=0)
    compose(
        plan, ASKED[0], model=untrained(), seed=0, progress=lambda done, total: seen.append((done, total))
    )
    assert seen[-1] == (16 * len(plan.players), 16 * len(plan.players))


@pytest.mark.parametrize("seed", range(3))
def test_a_piece_of_one_bar_can_be_written(seed: int) -> None:
    wishes = Wishes(bars=1, players=("piano",))
    assert compose(make_plan(wishes, seed=seed), wishes, model=untrained(), seed=seed).report.is_kept


@pytest.mark.parametrize("seed", range(4))
def test_seconds_that_end_inside_the_last_bar_are_kept_to_the_tenth(seed: int) -> None:
    wishes = Wishes(style="pop", bars=17, tempo_bpm=90.0)
    plan = make_plan(wishes, seed=seed)
    asked = replace(wishes, seconds=42.8)  # 16.05 bars
    take = compose(plan, asked, model=untrained(), seed=seed)
    assert take.report.is_kept
    assert abs(Timeline.of(take.score).duration_s(take.score.end) - 42.8) < 0.1
    assert max(p.notes.end for p in take.score.parts) <= take.score.end


def test_a_pop_kit_plays_kick_on_one_and_snare_on_the_backbeats() -> None:
    wishes = Wishes(style="pop", bars=8, metre=Metre(4, 4), players=("voice", "drums"))
    score = compose(make_plan(wishes, seed=0), wishes, model=untrained(), seed=0).score
    kit = next(p for p in score.parts if p.is_drums)
    struck = {(int(n.onset) % 40320, n.pitch in (35, 36), n.pitch in (37, 38, 39, 40)) for n in kit.notes}
    assert (0, True, False) in struck and (10080, False, True) in struck and (30240, False, True) in struck
