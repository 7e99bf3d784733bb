"""Laws of continuing: the person's notes come back untouched, the new bars are there, bad questions are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.encode.pieces import QUARTER, little_waltz
from tests.fill.band import untrained
from zhiyin.errors import InvalidInput
from zhiyin.fill.act import perform_act
from zhiyin.fill.acts.grow import continue_
from zhiyin.fill.desk import lay_out
from zhiyin.fill.request import Take
from zhiyin.score import Note, Notes, Part, Score, Timeline


def continued(score: Score, bars: int, *, seed: int) -> Take:
    return perform_act(replace(continue_(lay_out(score), bars), seed=seed), untrained())


def test_bars_are_added_and_the_notes_before_stay() -> None:
    score = little_waltz()
    take = continued(score, 4, seed=1)
    assert Timeline.of(take.score).bar_count(take.score.end) == 12
    for own, new in zip(score.parts, take.score.parts, strict=True):
        assert list(new.notes)[: len(own.notes)] == list(own.notes)
        assert len(new.notes) > len(own.notes)


def test_notes_played_off_the_grid_come_back_as_they_were_played() -> None:
    played = Notes.of([(i * QUARTER + 97 * (i % 3), QUARTER - 311, 60 + i % 5, 71 + i) for i in range(16)])
    score = Score(parts=(Part("Piano", played, program=0),))
    take = continued(score, 2, seed=1)
    kept = take.score.parts[0].notes.take(np.arange(16))
    assert (kept.onset, kept.velocity) == (pytest.approx(played.onset), pytest.approx(played.velocity))
    assert kept.duration.tolist() == played.duration.tolist()


def test_a_part_that_has_stopped_does_not_start_again() -> None:
    score = little_waltz()
    early = Part("Flute", Notes.of([Note(0, QUARTER, 80)]), role="inner", program=73)
    take = continued(replace(score, parts=(*score.parts, early)), 2, seed=1)
    assert len(take.score.parts[3].notes) == 1


def test_drums_alone_are_continued_with_drums() -> None:
    beat = Notes.of([(i * QUARTER, 420, 36 if i % 2 == 0 else 38, 96) for i in range(16)])
    score = Score(parts=(Part("Kit", beat, role="drums", is_drums=True),))
    take = continued(score, 2, seed=1)
    assert take.score.parts[0].notes.end > 16 * QUARTER and take.report.is_kept


def test_the_same_seed_continues_the_same_way() -> None:
    a, b, c = (continued(little_waltz(), 2, seed=s).score for s in (3, 3, 4))
    assert a == b and a != c


@pytest.mark.parametrize(
    ("score", "bars", "message"),
    [
        (little_waltz(), 0, r"bars to add must be 1\.\.256, got 0"),
        (little_waltz(), 1000, r"bars to add must be 1\.\.256, got 1000"),
        (Score(parts=(Part("Piano"),)), 4, "must have notes to be continued, got none"),
    ],
)
def test_bad_questions_are_refused(score: Score, bars: int, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        continued(score, bars, seed=0)


def test_a_late_release_opens_no_empty_bar() -> None:
    bar = 4 * QUARTER
    rows = [
        (b * bar + i * QUARTER, QUARTER + (300 if i == 3 else 0), 60 + i) for b in range(4) for i in range(4)
    ]
    score = Score(parts=(Part("Piano", Notes.of(rows)),))
    take = continued(score, 2, seed=1)
    assert Timeline.of(take.score).bar_count(take.score.end) == 6
    assert len(take.score.parts[0].notes.between(4 * bar, 5 * bar)) > 0


def test_a_performer_who_holds_more_keys_off_the_grid_than_on_it_can_be_continued() -> None:
    rows = [
        (i * QUARTER + 200 * (i % 2), QUARTER + 190, 50 + 3 * k + i % 4) for i in range(16) for k in range(3)
    ]
    take = continued(Score(parts=(Part("", Notes.of(rows)),)), 2, seed=1)
    assert take.report.is_kept
