"""Laws of the timeline: ticks, seconds and bars say the same of one place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.io.scores import QUARTER
from zhiyin.errors import InvalidInput
from zhiyin.score import MetreMark, Score, Tempo, Timeline
from zhiyin.theory.metre import Metre

ticks = st.integers(0, 400 * QUARTER)
tempos = st.lists(st.builds(Tempo, ticks, st.floats(10, 400)), max_size=5, unique_by=lambda t: t.tick)
metres = st.builds(Metre, st.integers(1, 12), st.sampled_from([2, 4, 8, 16]))


@st.composite
def barred(draw: st.DrawFn) -> Score:
    """Draw a score with a pickup and metres that begin on bar lines."""
    first = draw(metres)
    pickup = draw(st.sampled_from([0, first.bar_ticks // 2]))
    marks, now, length = [MetreMark(0, first)], pickup, first.bar_ticks
    for metre in draw(st.lists(metres, max_size=4)):
        now += length * draw(st.integers(1, 5))
        marks.append(MetreMark(now, metre))
        length = metre.bar_ticks
    return Score(metres=tuple(marks), pickup_ticks=pickup)


@given(tempos, st.lists(ticks, min_size=1, max_size=10))
def test_ticks_to_seconds_and_back_is_the_same_tick(marks: list[Tempo], places: list[int]) -> None:
    line = Timeline.of(Score(tempos=tuple(marks)))
    assert line.seconds_to_ticks(line.ticks_to_seconds(places)).tolist() == places


@given(tempos, ticks, ticks)
def test_time_runs_forward(marks: list[Tempo], a: int, b: int) -> None:
    line = Timeline.of(Score(tempos=tuple(marks)))
    assert (float(line.ticks_to_seconds(a)) < float(line.ticks_to_seconds(b))) == (a < b)


@given(tempos, ticks)
def test_seconds_are_the_sum_of_the_stretches_between_tempos(marks: list[Tempo], tick: int) -> None:
    score = Score(tempos=tuple(marks))
    edges = [*(t.tick for t in score.tempos), 1 << 40]
    stretches = [
        max(min(tick, high) - low, 0) / QUARTER * 60.0 / tempo.bpm
        for tempo, low, high in zip(score.tempos, edges, edges[1:], strict=False)
    ]
    assert Timeline.of(score).duration_s(tick) == pytest.approx(sum(stretches), rel=1e-12, abs=1e-9)


def test_two_tempos_worked_out_by_hand() -> None:
    line = Timeline.of(Score(tempos=(Tempo(0, 60.0), Tempo(2 * QUARTER, 120.0))))
    assert line.ticks_to_seconds([QUARTER, 2 * QUARTER, 4 * QUARTER]).tolist() == [1.0, 2.0, 3.0]


@given(barred(), st.integers(1, 40))
def test_each_bar_begins_where_the_last_one_ends_and_holds_its_ticks(score: Score, count: int) -> None:
    line = Timeline.of(score)
    starts = line.bar_starts(count)
    assert starts[0] == 0 and np.all(np.diff(starts) > 0)
    assert line.bar_of(starts[:-1]).tolist() == list(range(count))
    assert line.bar_of(starts[1:] - 1).tolist() == list(range(count))
    assert [line.bar_start(bar) for bar in range(count)] == starts[:-1].tolist()


@given(barred(), st.integers(1, 40))
def test_a_bar_is_as_long_as_its_metre_and_the_first_as_the_pickup(score: Score, count: int) -> None:
    line = Timeline.of(score)
    starts = line.bar_starts(count)
    wanted = [line.metre_at(int(start)).bar_ticks for start in starts[:-1]]
    if score.pickup_ticks:
        wanted[0] = score.pickup_ticks
    assert np.diff(starts).tolist() == wanted


@given(barred(), ticks)
def test_bar_and_beat_lead_back_to_the_tick(score: Score, tick: int) -> None:
    line = Timeline.of(score)
    bar, beat = line.tick_to_bar_beat(tick)
    assert line.bar_start(bar) + beat * line.metre_at(tick).beat_ticks == pytest.approx(tick)


@given(barred(), st.integers(1, 10**6))
def test_the_bars_counted_hold_everything_and_no_bar_is_spare(score: Score, end: int) -> None:
    line = Timeline.of(score)
    starts = line.bar_starts(line.bar_count(end))
    assert starts[-2] < end <= starts[-1]


def test_a_pickup_and_two_metres_worked_out_by_hand() -> None:
    score = Score(
        metres=(
            MetreMark(0, Metre(3, 4)),
            MetreMark(7 * QUARTER, Metre(6, 8)),
            MetreMark(13 * QUARTER, Metre(2, 4)),
        ),
        pickup_ticks=QUARTER,
    )
    assert (Timeline.of(score).bar_starts(7) / QUARTER).tolist() == [0, 1, 4, 7, 10, 13, 15, 17]


def test_a_metre_that_begins_inside_a_bar_cuts_it_short() -> None:
    score = Score(metres=(MetreMark(0, Metre(4, 4)), MetreMark(7 * QUARTER, Metre(3, 4))))
    line = Timeline.of(score)
    assert (line.bar_starts(4) / QUARTER).tolist() == [0, 4, 7, 10, 13]
    assert line.bar_of(np.array([6, 7, 9, 10]) * QUARTER).tolist() == [1, 2, 2, 3]


def test_nothing_has_no_bars_and_a_negative_bar_is_refused() -> None:
    assert Timeline.of(Score()).bar_count(0) == 0
    with pytest.raises(InvalidInput, match="bar must be 0 or more, got -1"):
        Timeline.of(Score()).bar_start(-1)
