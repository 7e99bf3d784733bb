"""Laws of wishes on transfers: kept ones change nothing, others are kept by the loop or refused with a reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fill.band import untrained
from tests.fill.test_transfer import TUNE, rows, song
from zhiyin.errors import ConflictingWishes, ConstraintsUnmet
from zhiyin.fill.acts.transfer import Asked, transfer
from zhiyin.fill.acts.transfer_wishes import Wished, rolls_of
from zhiyin.fill.desk import lay_out
from zhiyin.fill.request import Take
from zhiyin.fill.transfer_writers import RulesWriter
from zhiyin.score import Cell, Lock, MetreMark, Notes, Part, Score
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER as Q


def done(score: Score, *texts: str, strength: float = 1.0) -> Take:
    asked = Asked(style="waltz", strength=strength)
    wished = Wished(texts, untrained)
    return transfer(lay_out(score), asked, RulesWriter(), rng=np.random.default_rng(0), wished=wished)


def most_at_once(part: Part) -> int:
    struck = [(n.onset, n.onset + n.duration) for n in part.notes]
    return max(sum(a <= at < b for a, b in struck) for at, _ in struck)


def test_a_wish_that_is_kept_already_changes_no_note_and_is_told() -> None:
    plain, wished = done(song()), done(song(), "range C1-C7 @ 1-8 2")
    assert [rows(p) for p in plain.score.parts] == [rows(p) for p in wished.score.parts]
    assert len(wished.report.verdicts) == len(plain.report.verdicts) + 1 and wished.report.verdicts[0].kept


def test_a_wish_that_is_broken_is_kept_by_the_loop_and_the_tune_stays() -> None:
    """A waltz's hand strikes three notes at once over its bass: with two at most, no moment has more."""
    assert most_at_once(done(song()).score.parts[1]) >= 3
    take = done(song(), "polyphony 1-2 @ 1-8 2")
    assert most_at_once(take.score.parts[1]) <= 2 and take.report.is_kept
    assert rows(take.score.parts[0]) == rows(song().parts[0])
    assert len(take.score.parts[1].notes) > 8


def test_players_who_gave_up_all_they_played_stay_silent_under_a_wish_that_names_nobody() -> None:
    """Organ and bass give way to one piano; a wish for more notes is about the piano, not about them."""
    take = done(song(), "density 2-6")
    assert [p.name for p in take.score.parts] == [p.name for p in done(song()).score.parts]
    assert len(take.score.parts) == 2 and take.report.is_kept
    struck = {n.onset // (4 * Q) for n in take.score.parts[1].notes}
    assert struck == set(range(8))


def test_what_cannot_hold_together_with_a_lock_is_refused_by_name() -> None:
    locked = replace(song(), locks=(Lock(2, 0, 4 * 4 * Q, "notes"),))
    with pytest.raises((ConflictingWishes, ConstraintsUnmet), match="range"):
        done(locked, "range C5-C6 @ 1-4 3")


def test_strength_zero_keeps_a_wish_or_refuses_it() -> None:
    assert done(song(), "range B4-G5 @ 1-8 1", strength=0.0).score == song()
    assert (min(TUNE), max(TUNE)) == (71, 79)
    with pytest.raises(ConstraintsUnmet, match="must be kept"):
        done(song(), "range C5-G5 @ 1-8 1", strength=0.0)


def test_rolls_hold_each_note_from_its_sixteenth_to_its_end_and_over_bar_lines() -> None:
    """A quarter on the second beat, and a half from the fourth beat into the next bar."""
    part = Part("Piano", Notes.of([(Q, Q, 60, 80), (3 * Q, 2 * Q, 55, 80)]))
    score = Score(parts=(part,), metres=(MetreMark(0, Metre(4, 4)),), length_ticks=8 * Q)
    found = rolls_of(score, (part,), {Cell(0, 0), Cell(0, 1)})
    first, second = found[0, 1], found[1, 1]
    assert np.argwhere(first.strike > 0.5).tolist() == [[4, 60], [12, 55]]
    assert np.flatnonzero(first.hold[:, 60] > 0.5).tolist() == [5, 6, 7]
    assert np.flatnonzero(first.hold[:, 55] > 0.5).tolist() == [13, 14, 15]
    assert not (second.strike > 0.5).any() and np.flatnonzero(second.hold[:, 55] > 0.5).tolist() == [
        0,
        1,
        2,
        3,
    ]
    assert first.is_mono
