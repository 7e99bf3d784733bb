"""Laws of ranking: faults first, then nearness to people, with reasons in both languages.

Conventions: takes are small scores; the style's norms are the shipped ones.
Does not know: how takes are written.
"""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.judge.scores import part_of, score_of, steady
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.judge import JUDGES, Measure, judge
from zhiyin.judge.norms import Norm, norms_of
from zhiyin.judge.rank import distance, hard_faults, rank
from zhiyin.judge.words import PLAIN
from zhiyin.score import Score, Section
from zhiyin.units import quarters_to_ticks

TUNE = [60, 62, 64, 65, 67, 65, 64, 62, 60, 64, 67, 64, 62, 59, 60, -1]


def tune(seed: int = 0, *, bars: int = 16) -> Score:
    """Return a walk within C major over a bass, bars not all alike."""
    rng = np.random.default_rng(seed)
    scale = np.array([60, 62, 64, 65, 67, 69, 71, 72, 74, 76])
    at = np.clip(np.cumsum(rng.choice([-1, 1, 1, -1, 2, -2], 4 * bars)) % 10, 0, 9)
    bass = rng.choice([48, 53, 55, 52], bars)
    low = [(4.0 * bar, 4.0, int(p)) for bar, p in enumerate(bass)]
    return score_of(part_of(steady(scale[at].tolist()), role="melody"), part_of(low, role="bass"))


def noise(seed: int = 0, *, bars: int = 16) -> Score:
    """Return any of 60 tones at once, in clusters."""
    rng = np.random.default_rng(seed)
    rows = [
        (i / 2, 0.5, int(p))
        for i in range(8 * bars)
        for p in rng.choice(np.arange(40, 100), 4, replace=False)
    ]
    return score_of(rows)


def stuck() -> Score:
    """Return one bar sixteen times."""
    return score_of(steady([60, 64, 67, 64] * 16))


def test_a_tune_goes_before_noise_and_both_before_one_bar_for_ever() -> None:
    found = rank([stuck(), noise(), tune()])
    assert [one.index for one in found] == [2, 1, 0]
    assert found[0].distance < found[1].distance
    assert not found[0].faults and len(found[2].faults) == 2


def test_the_reasons_name_value_and_people_in_both_languages() -> None:
    worst = rank([tune(), stuck()])[-1]
    faults_en, faults_zh = zip(*worst.faults, strict=True)
    assert any(text.startswith("most identical bars in a row 16, people 1..") for text in faults_en)
    assert any(text.startswith("连续相同小节数 16，人写的 1..") for text in faults_zh)
    assert all(en and zh for en, zh in rank([noise()])[0].reasons)


def test_reasons_are_plain_sentences_that_say_which_side_of_people_the_piece_lies_on() -> None:
    assert set(PLAIN) == set(JUDGES)
    for less, more in PLAIN.values():
        assert less != more and all(re.search("[\u4e00-\u9fff]", zh) and en for en, zh in (less, more))
    (found,) = rank([noise()])
    norms = norms_of(None, 16)
    for en, zh in found.reasons:
        name, is_more = next(
            (n, i) for n, row in PLAIN.items() for i in (0, 1) if en.startswith(f"{row[i][0]} (")
        )
        value, norm = found.measures[name].value, norms[name]
        assert value is not None and (value > norm.p50) == bool(is_more)
        assert f"({value:.3g}; people {norm.p10:.3g} to {norm.p90:.3g}" in en
        assert zh.startswith(f"{PLAIN[name][is_more][1]}（{value:.3g}；人写的 ")
    assert not any(title.en in en for en, _ in found.reasons for title in JUDGES.values())


def test_ranking_is_by_faults_then_distance_then_order() -> None:
    found = rank([tune(0), tune(0), tune(1), stuck()])
    keys = [(len(one.faults), one.distance, one.index) for one in found]
    assert keys == sorted(keys)
    first, second = (next(i for i, one in enumerate(found) if one.index == index) for index in (0, 1))
    assert first < second


def test_ranking_twice_is_the_same_and_leaves_the_takes_alone() -> None:
    takes = [tune(3), noise(2)]
    one, two = rank(takes), rank(takes)
    assert [r.index for r in one] == [r.index for r in two]
    assert one[0].score is takes[one[0].index]
    assert takes[0] == tune(3)


def test_a_silent_take_comes_last_with_one_fault() -> None:
    found = rank([Score(), tune()])
    assert [one.index for one in found] == [1, 0]
    assert found[1].faults == (("nothing sounds", "没有声音"),)


def test_empty_bars_and_grips_of_a_giant_are_hard_faults() -> None:
    gaps = score_of(steady([60, 62, 64, 65] + [-1] * 12 + [67, 65, 64, 62]))
    giant = score_of(
        part_of([(float(i), 1.0, p + i % 5) for i in range(16) for p in (40, 64, 90)], "Piano, upper")
    )
    norms = norms_of(None, 16)
    assert [zh.split(" ")[0] for _, zh in hard_faults(judge(gaps), norms)] == ["空小节"]
    assert any(en.startswith("grips no hand can hold 1") for en, _ in hard_faults(judge(giant), norms))


def test_the_plan_counts_where_no_norm_is_known() -> None:
    names = ("A", "B", "A")
    plan = tuple(Section(quarters_to_ticks(16.0 * i), name) for i, name in enumerate(names))
    a, b = [60, 64, 67, 72] * 4, [62, 65, 69, 74] * 4
    kept, lost = score_of(steady(a + b + a)), score_of(steady(a + a + b))
    found = rank([lost, kept], plan=plan)
    assert found[0].measures["plan-likeness"].value > found[1].measures["plan-likeness"].value  # type: ignore[operator]


def test_the_distance_is_on_the_bad_side_only_and_capped() -> None:
    norm = Norm(20, 0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
    spread = norm.spread
    two_sided, lower = {"entropy": norm}, {"empty-bars": norm}
    assert distance("entropy", Measure(0.5 - spread, 1), two_sided) == pytest.approx(1.0)
    assert distance("entropy", Measure(0.5 + spread, 1), two_sided) == pytest.approx(1.0)
    assert distance("entropy", Measure(99.0, 1), two_sided) == 4.0
    assert distance("empty-bars", Measure(0.0, 1), lower) == 0.0
    assert distance("empty-bars", Measure(0.5 + spread, 1), lower) == pytest.approx(1.0)
    assert distance("plan-likeness", Measure(0.5, 1), {}) == pytest.approx(0.25)  # half of -1..1's upper half


def test_no_takes_and_unknown_styles_are_refused() -> None:
    with pytest.raises(InvalidInput, match="there must be takes to rank, got none"):
        rank([])
    with pytest.raises(NotFound, match="style must be a known one, got 'polka'"):
        rank([tune()], style="polka")
