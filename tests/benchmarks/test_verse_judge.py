"""Laws of the judge of lines: likely lines cost less, people are weighed to the lengths asked, a row asks right."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.verse_judge import People, make_judge, measure_people
from benchmarks.words_models import Case, Prompted, bits, row_of
from zhiyin.data.verse import Stanza

LINES = (
    tuple(tuple(line) for line in ("春风又绿江南岸", "春风不度玉门关", "春风得意马蹄疾", "明月何时照我还"))
    * 3
)
STANZA = Stanza("w", "shi", "chinese_poetry", LINES, (False,) * len(LINES))


def test_seen_order_is_likelier_than_another_one() -> None:
    judge = make_judge("zh", [STANZA])
    assert judge.nats("春风又绿江南岸") < 0.5 * judge.nats("岸南江绿又风春")


def test_a_stranger_costs_its_share_of_the_rare() -> None:
    judge = make_judge("zh", [STANZA])
    rows = judge.counts.probabilities([(0,)])
    # 7,000 characters in all, those of the judge left out, share what the rare unit has
    expected = -np.log(rows[0, judge.rare]) + np.log(7000 - len(judge.places))
    assert judge.nats("鑫") == pytest.approx(expected)


def test_people_are_weighed_to_the_lengths_compared() -> None:
    people = People({5: (50.0, 5), 7: (70.0 * 2, 70)})  # ten nats a unit at five, two at seven
    assert people.perplexity([5]) == pytest.approx(np.exp(10))
    assert people.perplexity([7, 7]) == pytest.approx(np.exp(2))
    assert people.perplexity([5, 7]) == pytest.approx(np.exp((50 + 14) / 12))
    assert people.perplexity([20]) == pytest.approx(np.exp(2))  # the nearest length that is known


def test_rare_lengths_of_people_are_left_out() -> None:
    judge = make_judge("zh", [STANZA])
    lines = [tuple("春风又绿江南岸")] * 20 + [tuple("春风")] * 3
    people = measure_people(judge, lines)
    assert set(people.by_length) == {7}
    assert people.by_length[7][0] == pytest.approx(20 * judge.nats("春风又绿江南岸"))


def test_bits_leave_strangers_out() -> None:
    case = Case("ci", (), (1, 9, 2), 1, ())  # 9 is no unit of a model with three
    table = np.log(np.full((4, 3), 0.25, np.float32))
    assert bits([case], lambda _: table, 3) == pytest.approx(2.0)


def test_a_row_tells_what_is_asked_and_no_more() -> None:
    case = Case("ci", ((2,),), (1, 2), 2, ("x",))
    ones = np.array([0, 1, 1, 1])
    full = row_of(case, Prompted(theme=True), ones)
    assert full.unit.tolist() == [0, 2, 0, 1, 2] and full.theme[1, 0] == 2 and full.kind == 1
    bare = row_of(case, Prompted(kind=False, length=False, above=False), ones)
    assert bare.unit.tolist() == [0, 1, 2] and bare.length.tolist() == [0, 0, 0] and bare.kind == 0
    assert (bare.theme == -1).all()
