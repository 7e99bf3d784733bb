"""Laws of the found grid: a page of played music shows what was meant, and an act leaves the length alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.analysis.test_beats import waltz
from tests.encode.pieces import little_waltz
from tests.fill.band import untrained
from zhiyin.fill.act import perform_act
from zhiyin.fill.acts.infill import infill
from zhiyin.fill.desk import lay_out
from zhiyin.fill.found_grid import on_found_grid
from zhiyin.fill.scope import whole_bars
from zhiyin.score import Notes, Part, Score
from zhiyin.units import TICKS_PER_QUARTER as Q


@pytest.fixture(scope="module")
def danced() -> Score:
    """Return sixteen bars of a waltz, a beat each 0.65 s from 0.31 s on, in a file of 120 a minute in 4/4."""
    return waltz(16, beat_s=0.65, seed=3)


def test_the_page_of_a_played_waltz_has_its_quarters_on_the_beats(danced: Score) -> None:
    page = on_found_grid(lay_out(danced), danced)
    tune, left = (part.notes for part in page.parts)
    assert [str(mark.metre) for mark in page.metres] == ["3/4"] and page.end == 48 * Q
    assert tune.onset.tolist() == [Q * k for k in range(48)] and set(tune.duration.tolist()) == {Q}
    assert left.onset.tolist() == [Q * k for k in range(48) for _ in range(1 if k % 3 == 0 else 2)]
    assert all(abs(mark.bpm - 60 / 0.65) < 2 for mark in page.tempos)


def test_what_an_act_added_stands_on_the_page_where_it_sounds(danced: Score) -> None:
    second = 20_160  # ticks at 120 a minute
    new = Notes.of([(round((0.31 + 0.65 * k) * second), round(0.65 * second), 84) for k in (6, 7, 8)])
    page = on_found_grid(lay_out(danced), danced.with_parts((*danced.parts, Part("New", new))))
    assert page.parts[2].notes.onset.tolist() == [6 * Q, 7 * Q, 8 * Q]


def test_a_written_score_is_its_own_page() -> None:
    score = little_waltz()
    assert on_found_grid(lay_out(score), score) is score


def test_an_act_leaves_the_length_of_the_file(danced: Score) -> None:
    short = replace(
        danced, parts=tuple(p.with_notes(p.notes.take(p.notes.onset < 28 * Q)) for p in danced.parts)
    )
    for score in (danced, short):
        desk = lay_out(score)
        made = perform_act(infill(desk, whole_bars(desk.frame, (0,), range(4, 6))), untrained()).score
        assert (made.length_ticks, made.end) == (score.length_ticks, score.end)


def test_a_last_bar_that_is_not_full_stays_so() -> None:
    tune = Part("Tune", Notes.of([(k * Q, Q, 60 + k % 5) for k in range(14)]), "melody", 73)
    score = Score("Short", (tune,))
    desk = lay_out(score)
    made = perform_act(infill(desk, whole_bars(desk.frame, (0,), range(1, 2))), untrained()).score
    assert (made.length_ticks, made.end) == (0, 14 * Q)
