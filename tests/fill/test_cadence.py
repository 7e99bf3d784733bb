"""Laws of cadences: tunes rest where sections end, wherever the model would go; other bars are left alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from tests.fill.band import BAR, QUARTER, all_cells, frame, untrained
from zhiyin.errors import ConstraintsUnmet
from zhiyin.fill.compose_plan import ends_of
from zhiyin.fill.constraints import CellState
from zhiyin.fill.constraints.cadence import CLOSE, PAUSE, Cadences
from zhiyin.fill.decode import fill
from zhiyin.fill.plan_make import make_plan
from zhiyin.fill.request import Request
from zhiyin.score import ChordMark, Notes, Score, Wishes
from zhiyin.theory.chord import Chord
from zhiyin.units import BoolArray

ENDS = {3: CLOSE, 5: PAUSE}


def tune_in(score: Score, bar: int) -> list[tuple[int, int, int]]:
    """Return (onset in quarters from the bar, duration, pitch) of the first part's notes in a bar."""
    notes = score.parts[0].notes.between(bar * BAR, (bar + 1) * BAR)
    return [((n.onset - bar * BAR) // QUARTER, n.duration, n.pitch) for n in notes]


def written(seed: int, constraints: tuple[Cadences, ...]) -> Score:
    request = Request(frame(8), all_cells(8), constraints, seed=seed, bars=8)
    return fill(request, untrained())[0].score


@pytest.mark.parametrize("seed", range(6))
def test_a_tune_rests_for_half_the_bar_on_the_tones_asked(seed: int) -> None:
    score = written(seed, (Cadences(ENDS),))
    for bar, tones in ((3, {2}), (5, {7, 10, 2})):  # bar 4 stands on Dm: its root; bar 6 on Gm: any tone
        held = [(o, d, p) for o, d, p in tune_in(score, bar) if p % 12 in tones and d * 2 >= BAR]
        assert held, (bar, tune_in(score, bar))


@pytest.mark.parametrize("seed", range(4))
def test_after_its_rest_only_an_upbeat_follows(seed: int) -> None:
    notes = written(seed, (Cadences({3: CLOSE}),)).parts[0].notes.between(3 * BAR, 4 * BAR)
    landing = next(n for n in notes if n.pitch % 12 == 2 and n.duration * 2 >= BAR)
    late = [n.onset - 3 * BAR for n in notes if n.onset > landing.onset]
    assert all(onset * 4 >= 3 * BAR for onset in late)


def test_no_tune_leaps_far_into_a_late_rest() -> None:
    for seed in range(6):
        notes = list(written(seed, (Cadences(ENDS),)).parts[0].notes)
        for bar in ENDS:
            late = [
                i for i, n in enumerate(notes) if n.onset == bar * BAR + QUARTER and n.duration * 2 >= BAR
            ]
            for at in late:
                heard = [n.pitch for n in notes[:at] if n.onset < notes[at].onset]
                assert not heard or abs(notes[at].pitch - heard[-1]) <= 7


def test_a_late_chord_is_awaited() -> None:
    score = replace(frame(2), chords=(ChordMark(0, Chord.parse("A7")), ChordMark(QUARTER, Chord.parse("Dm"))))
    for seed in range(4):
        request = Request(score, all_cells(2), (Cadences({0: CLOSE}),), seed=seed, bars=2)
        found = fill(request, untrained())[0].score.parts[0].notes.between(0, BAR)
        landing = [n for n in found if n.onset >= QUARTER and n.pitch % 12 == 2]
        assert landing and landing[0].onset == QUARTER
        assert all(n.onset + n.duration <= QUARTER for n in found if n.onset < QUARTER)


def test_the_bass_stands_on_the_last_chord() -> None:
    for seed in range(4):
        notes = written(seed, (Cadences({3: CLOSE}),)).parts[2].notes.between(3 * BAR, 4 * BAR)
        assert all(n.pitch % 12 == 2 for n in notes if n.onset == 3 * BAR)


def test_the_check_reads_the_notes_alone() -> None:
    blank, wish = frame(8), Cadences({3: CLOSE})

    def verdict(pitch: int, duration: int) -> str:
        notes = Notes.of([(3 * BAR, duration, pitch)])
        return wish.check(blank.with_parts([blank.parts[0].with_notes(notes), *blank.parts[1:]])).measured

    assert verdict(62, 2 * QUARTER) == "1 of 1 ends"
    assert verdict(65, 2 * QUARTER) == "0 of 1 ends"  # the third of Dm does not close
    assert verdict(62, QUARTER // 2) == "0 of 1 ends"  # too short to rest
    assert wish.check(blank).measured == "0 of 0 ends"


@dataclass(frozen=True)
class Never(Cadences):
    """A cadence on no pitch at all."""

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow nothing where the tune must land."""
        mask = super().value_mask(cell, onset)
        return None if mask is None else mask & False


def test_a_soft_wish_that_cannot_be_kept_gives_way_and_a_hard_one_does_not() -> None:
    assert written(0, (Never({3: CLOSE}),)).note_count > 0
    with pytest.raises(
        ConstraintsUnmet,
        match="bar 4 of 'Violin' must keep all of: cadences; no notes were found in 12 tries",
    ):
        written(0, (Never({3: CLOSE}, is_hard=True),))


def test_sections_close_at_home_and_pause_elsewhere() -> None:
    plan = make_plan(Wishes(style="waltz", bars=48), seed=1)
    ends = ends_of(plan)
    for section in plan.sections[:-1]:
        last = section.end_bar - 1
        root = plan.chord_at(section.end_bar * plan.metre.bar_ticks - 1).root
        home = (plan.key.tonic + section.key_shift) % 12
        assert ends[last] == (CLOSE if root == home else PAUSE)
    assert plan.bars - 1 not in ends and set(ends.values()) == {CLOSE, PAUSE}
