"""Laws of human norms: what the shipped table holds, which row answers, and which style a piece is nearest.

Conventions: the shipped table is asked for its shape, a small one of our own for its answers.
Does not know: how the table was measured.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiyin.errors import NotFound
from zhiyin.judge import JUDGES, Measure
from zhiyin.judge.norms import (
    ALL_STYLES,
    COLUMNS,
    LENGTHS,
    Norm,
    known_styles,
    nearest_length,
    nearest_style,
    norms_of,
    read_norms,
    style_with_norms,
)
from zhiyin.theory.styles import STYLES


def test_the_shipped_table_knows_judges_styles_and_lengths_in_order() -> None:
    table = read_norms()
    assert {bars for _, bars in table} == set(LENGTHS)
    assert {style for style, _ in table} <= {*STYLES, ALL_STYLES}
    for norms in table.values():
        assert set(norms) <= set(JUDGES)
        for norm in norms.values():
            points = (norm.p5, norm.p10, norm.p25, norm.p50, norm.p75, norm.p90, norm.p95)
            assert list(points) == sorted(points)
            assert norm.pieces >= 12 and norm.spread > 0


def test_twelve_styles_or_more_have_norms_and_all_styles_answer_for_most_judges() -> None:
    assert len(known_styles()) >= 12
    assert len(norms_of(None, 16)) >= len(JUDGES) - 3


def test_people_are_inside_the_ranges_of_the_judges() -> None:
    for norms in read_norms().values():
        for name, norm in norms.items():
            assert JUDGES[name].low - 0.01 <= norm.p5 and norm.p95 <= JUDGES[name].high + 0.01, name


def norm(*points: float) -> Norm:
    """Return a norm of seven points."""
    return Norm(20, *points)


def test_a_z_score_is_in_robust_deviations() -> None:
    # p10..p90 is 8 wide: 3.121 deviations; p5..p95 is 10 wide: 3.040 deviations. The wider counts.
    one = norm(0, 1, 3, 5, 7, 9, 10)
    assert one.spread == pytest.approx(8 / 2.5631, rel=1e-3)
    assert one.z(5) == 0.0
    assert one.z(9) == pytest.approx(1.2816, abs=1e-3)


def test_unusual_is_outside_the_fifth_to_ninety_fifth() -> None:
    one = norm(0, 1, 3, 5, 7, 9, 10)
    assert [one.is_unusual(v) for v in (-0.1, 0, 10, 10.1)] == [True, False, False, True]
    assert [one.percentile(v) for v in (-1, 5, 8, 11)] == [2.5, 50, 82.5, 97.5]


def test_the_nearest_length_is_asked() -> None:
    assert [nearest_length(bars) for bars in (1, 16, 31, 33, 500)] == [16, 16, 16, 64, 64]


def test_an_unknown_style_is_refused_with_those_that_have_norms() -> None:
    with pytest.raises(NotFound, match=r"style must be a known one, got 'polka': choose from .*waltz"):
        norms_of("polka", 16)


def test_the_medians_of_a_style_are_nearest_to_it() -> None:
    for style in ("hymn", "folk", "string-quartet"):
        rows = read_norms()[style, 16]
        most = max(one.pieces for one in rows.values())
        medians = {
            name: Measure(rows[name].p50, 1)
            if name in rows and 2 * rows[name].pieces > most
            else Measure.absent("time")
            for name in JUDGES
        }
        assert nearest_style(medians, 16) == style


def test_too_few_measures_have_no_nearest_style() -> None:
    assert nearest_style({"entropy": Measure(2.0, 1), "scale": Measure.absent("pitches")}, 16) is None


def test_a_table_of_our_own_is_read_with_a_least_spread_from_all_styles(tmp_path: Path) -> None:
    rows = ["all,16,entropy,99,0,1,2,3,4,5,6", "song,16,entropy,12,3,3,3,3,3,3,3"]
    path = tmp_path / "norms.csv"
    path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    table = read_norms(path)
    assert table["all", 16]["entropy"].spread == pytest.approx(6 / 3.2897, rel=1e-3)
    assert table["song", 16]["entropy"].spread == pytest.approx(0.2 * 6 / 3.2897, rel=1e-3)


def test_a_style_without_norms_is_answered_by_what_stands_in_or_by_all() -> None:
    assert [style_with_norms(style) for style in ("hymn", "chorale", "ambient", None)] == [
        "hymn",
        "hymn",
        None,
        None,
    ]
    assert norms_of("ambient", 16) == norms_of(None, 16)
    assert norms_of("chorale", 16) == norms_of("hymn", 16)
