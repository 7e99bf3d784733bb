"""`zhiyin diff` as a person types it: sentences in both languages, one JSON object, refusals.

Conventions: two small native files in an empty folder.
Does not know: what changes are found (tests/analysis/test_compare.py).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analysis.pieces import line
from tests.cli.conftest import Typed
from zhiyin.io import save
from zhiyin.score import Part, Score

Zhiyin = Callable[..., Typed]


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    for name, text in (("a", "C4 D4 E4 F4 G4:4"), ("b", "C4 D4 E4 G4 G4:4")):
        save(Score(parts=(Part("Tune", line(text), role="melody"),)), tmp_path / f"{name}.zyn")


def test_what_changed_is_told_in_both_languages(zhiyin: Zhiyin) -> None:
    english, chinese = zhiyin("diff", "a.zyn", "b.zyn"), zhiyin("diff", "a.zyn", "b.zyn", "--lang", "zh")
    assert "Bar 1 Tune: rhythm kept, 1 of 4 pitches changed, mean +2 semitones." in english.out.splitlines()
    assert "第 1 小节 Tune：节奏不变，4 个音中 1 个改了音高，平均 +2 个半音。" in chinese.out.splitlines()
    assert (english.code, chinese.code) == (0, 0)


def test_bars_and_json_are_as_asked(zhiyin: Zhiyin) -> None:
    assert zhiyin("diff", "a.zyn", "b.zyn", "--bars", "2").out == "Nothing changed.\n"
    tree = zhiyin("diff", "a.zyn", "b.zyn", "--json").tree
    assert [change["first_bar"] for change in tree["changes"]] == [1]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("a.zyn", "none.mid"), "there must be a file at 'none.mid'"),
        (
            ("a.zyn", "b.zyn", "--bars", "x"),
            "bars must be numbers from 1 or ranges of them, got 'x': write e.g. 5-8",
        ),
        (("a.zyn", "b.zyn", "--bars", "9"), "bars to compare must lie in 1..2, got [9]: name others"),
    ],
)
def test_wrong_input_is_exit_2_with_the_value(words: tuple[str, ...], complaint: str, zhiyin: Zhiyin) -> None:
    done = zhiyin("diff", *words)
    assert (done.code, done.out) == (2, "")
    assert complaint in done.err
