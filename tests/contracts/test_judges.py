"""The contract of every judge: it says what it measures and whence, answers finitely or says why not, and is fair.

Conventions: walks JUDGES; a new line in the table is tested without asking; scores are made from seeds.
Does not know: what a judge measures.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import cache

import pytest

from benchmarks.pieces import line, piece
from tests.judge.scores import part_of, score_of, steady, wild
from zhiyin.errors import InvalidInput
from zhiyin.judge import GROUPS, JUDGES, NEEDS, Gauge, Measure, Subject, judge
from zhiyin.judge.base import BETTER
from zhiyin.score import Score, Tempo, transpose

SCORES: dict[str, Score] = {
    "nothing": Score(),
    "an empty part": score_of([]),
    "written silence": Score(length_ticks=80_640),
    "one note": score_of(steady([60])),
    "drums alone": score_of(part_of(steady([36, 38] * 8), is_drums=True)),
    "a tune and a bass": line(0, bars=16),
    "five players": piece(0, bars=16, players=5),
    "any tones": wild(0),
}
# What moving all pitches by an octave or a tone may change: where on an instrument, and how high.
BOUND_TO_PITCH = {"out-of-range", "height", "string-skips", "stops-unplayable"}
BOUND_TO_TIME = {"structure-short", "structure-middle", "structure-long", "breath"}


@cache
def found(name: str) -> dict[str, Measure]:
    """Return what the judges find in a score of SCORES."""
    return judge(SCORES[name])


@pytest.mark.parametrize("name", JUDGES)
def test_a_judge_says_what_it_measures_in_both_languages_and_whence(name: str) -> None:
    one = JUDGES[name]
    assert one.name == name and re.fullmatch(r"[a-z0-9-]+", name)
    assert one.group in GROUPS and one.better in BETTER and one.needs <= set(NEEDS)
    assert one.unit and one.en and re.search(r"[\u4e00-\u9fff]", one.zh)
    assert re.search(r"\(.+\)\.$", one.about), "the sentence ends with its source in brackets"
    assert one.low < one.high
    assert one.needs, "every judge needs something that a piece may lack"


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("name", JUDGES)
def test_a_judge_answers_within_its_range_or_says_why_not(name: str, score: str) -> None:
    one, measure = JUDGES[name], found(score)[name]
    if measure.value is None:
        assert measure.why in NEEDS.values()
        return
    assert math.isfinite(measure.value)
    assert one.low - 1e-9 <= measure.value <= one.high + 1e-9
    assert measure.why == ("", "")
    assert all(bar >= 0 for bar in measure.bars) and len(measure.bars) <= 8


@pytest.mark.parametrize("name", JUDGES)
def test_every_judge_is_silent_about_nothing_and_most_speak_of_music(name: str) -> None:
    assert found("nothing")[name].value is None
    speaking = {"string-skips", "stops-unplayable", "plan-likeness", "parallels", "crossings", "spacing"}
    if name not in speaking:
        assert found("five players")[name].applies


@pytest.mark.parametrize("name", sorted(set(JUDGES) - BOUND_TO_PITCH))
def test_moving_everything_by_a_tone_changes_nothing(name: str) -> None:
    score = SCORES["five players"]
    moved = judge(transpose(score, 2))[name].value
    assert moved == pytest.approx(found("five players")[name].value, abs=1e-9)


@pytest.mark.parametrize("name", sorted(set(JUDGES) - BOUND_TO_TIME))
def test_playing_twice_as_fast_changes_nothing_but_what_counts_seconds(name: str) -> None:
    fast = replace(SCORES["five players"], tempos=(Tempo(0, 240.0),))
    assert judge(fast)[name].value == found("five players")[name].value


@pytest.mark.parametrize("name", JUDGES)
def test_the_order_of_parts_and_loudness_change_nothing(name: str) -> None:
    score = SCORES["a tune and a bass"]
    parts = [
        replace(part, notes=part.notes.with_columns(velocity=[64] * len(part.notes)))
        for part in reversed(score.parts)
    ]
    assert judge(score.with_parts(parts))[name].value == pytest.approx(found("a tune and a bass")[name].value)


@pytest.mark.parametrize("name", JUDGES)
def test_a_judge_changes_nothing_and_answers_the_same_twice(name: str) -> None:
    score = wild(1)
    assert JUDGES[name].measure(Subject(score)) == JUDGES[name].measure(Subject(score))
    assert score == wild(1)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_measure_is_never_nan(value: float) -> None:
    with pytest.raises(
        InvalidInput, match=r"a measure must be finite or say why there is none, got (nan|inf)"
    ):
        Measure(value)


def test_a_measure_without_a_value_says_why() -> None:
    with pytest.raises(InvalidInput, match="a measure without a value must say why"):
        Measure(None)


def test_a_judge_of_an_unknown_group_is_refused() -> None:
    with pytest.raises(
        InvalidInput, match="a judge's group, direction and needs must be known ones, got 'none'"
    ):
        Gauge("x", "none", "x", "x", "x (y).", "x", lambda s: Measure(0.0))
