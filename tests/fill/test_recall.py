"""Laws of returns: same chords are taken over, endings are new, more is new the more variation is asked, keys move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fill.band import untrained
from zhiyin.fill.compose_plan import compose
from zhiyin.fill.plan import Plan
from zhiyin.fill.plan_make import make_plan
from zhiyin.fill.recall import chords_in, recall, varied, within
from zhiyin.score import Cell, Score, Wishes

ASKED = Wishes(style="string-quartet", bars=32, form=("A", "A"))


def planned(variation: float, *, key_shift: int = 0) -> Plan:
    """Return a quartet of two sections of sixteen bars, the second like the first, on the same chords."""
    plan = make_plan(ASKED, seed=2)
    second = replace(plan.sections[1], like=0, variation=variation, key_shift=key_shift)
    half = 16 * plan.metre.bar_ticks
    first = [(t, c) for t, c in plan.chords if t < half]
    again = [(t + half, c.transpose(key_shift)) for t, c in first]
    return replace(plan, sections=(replace(plan.sections[0], key_shift=0), second), chords=(*first, *again))


def written(plan: Plan) -> Score:
    return compose(plan, Wishes(), model=untrained(), seed=4).score


def test_a_section_that_repeats_nothing_is_written_whole() -> None:
    plan = planned(0.3)
    begun = recall(plan, written(plan), plan.sections[0], rng=np.random.default_rng(0))
    assert len(begun.cells) == 4 * 16


def test_bars_of_a_new_section_resemble_earlier_bars_of_it_or_none() -> None:
    plan = planned(0.3)
    section = replace(plan.sections[1], like=-1)
    like = within(plan, section, np.random.default_rng(0))
    bars = np.arange(section.first_bar, section.end_bar)
    assert np.all((like == -1) | ((like >= section.first_bar) & (like < bars)))
    assert (like >= 0).any()


@pytest.mark.parametrize(
    ("variation", "least", "most"), [(0.0, 0, 0), (0.2, 13, 16), (0.5, 32, 35), (1.0, 64, 64)]
)
def test_about_the_share_asked_is_new(variation: float, least: int, most: int) -> None:
    plan = planned(variation)
    for seed in range(5):
        assert least <= len(varied(plan, plan.sections[1], np.random.default_rng(seed))) <= most


def test_endings_are_new_first_and_the_openings_of_the_tunes_phrases_stay() -> None:
    plan = planned(0.4)
    for seed in range(5):
        new = varied(plan, plan.sections[1], np.random.default_rng(seed))
        assert {Cell(p, b) for p in range(4) for b in (30, 31)} <= new
        tune = sorted(c.bar for c in new if plan.players[c.part].role == "melody")
        assert len(tune) > 2 and all(bar % 4 >= 2 for bar in tune)
        assert len(tune) < max(sum(c.part == part for c in new) for part in range(1, 4))


def test_what_is_not_new_is_taken_over_note_for_note() -> None:
    plan = planned(0.3)
    score, bar = written(plan), plan.metre.bar_ticks
    blank = score.with_parts(p.with_notes(p.notes.between(0, 16 * bar)) for p in score.parts)
    begun = recall(plan, blank, plan.sections[1], rng=np.random.default_rng(9))
    taken = {Cell(p, b) for p in range(4) for b in range(16, 32)} - begun.cells
    assert taken
    for cell in taken:
        part, start = begun.score.parts[cell.part].notes, cell.bar * bar
        before, after = part.between(start - 16 * bar, start - 15 * bar), part.between(start, start + bar)
        assert before.pitch.tolist() == after.pitch.tolist()
        assert (after.onset - before.onset == 16 * bar).all()


def test_a_return_in_another_key_moves_what_it_takes_over() -> None:
    plan = planned(0.2, key_shift=2)
    score, bar = written(planned(0.2)), plan.metre.bar_ticks
    blank = score.with_parts(p.with_notes(p.notes.between(0, 16 * bar)) for p in score.parts)
    begun = recall(plan, blank, plan.sections[1], rng=np.random.default_rng(1))
    taken = sorted({Cell(0, b) for b in range(16, 32)} - begun.cells)
    assert taken
    for cell in taken:
        notes, start = begun.score.parts[0].notes, cell.bar * bar
        before, after = notes.between(start - 16 * bar, start - 15 * bar), notes.between(start, start + bar)
        assert set(((after.pitch - before.pitch) % 12).tolist()) <= {2}


def test_bars_on_other_chords_are_new() -> None:
    plan = planned(0.0)
    bar = plan.metre.bar_ticks
    changed = tuple((t, c.transpose(3) if 20 * bar <= t < 22 * bar else c) for t, c in plan.chords)
    plan = replace(plan, chords=changed)
    moved = [b for b in range(16, 32) if chords_in(plan, b, shift=0) != chords_in(plan, b - 16, shift=0)]
    begun = recall(plan, written(planned(0.0)), plan.sections[1], rng=np.random.default_rng(0))
    assert moved and {Cell(p, b) for p in range(4) for b in moved} <= begun.cells
