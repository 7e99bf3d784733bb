"""Splits are stable and by work; cards and sources refuse what cannot be."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from zhiyin.data import DATASETS, Source, split_of_work
from zhiyin.data.base import files_of, slug
from zhiyin.errors import InvalidInput


def test_the_split_of_a_work_never_changes() -> None:
    # The rule again, written out: the first 8 hexadecimal digits of the md5, modulo 100.
    for work in ("work 8", "知音", ""):
        place = int(hashlib.md5(work.encode()).hexdigest()[:8], 16) % 100
        expected = "test" if place < 5 else "valid" if place < 10 else "train"
        assert split_of_work(work) == expected
    # Written down once: a change here would move test pieces into training.
    assert [split_of_work(f"work {n}") for n in (1, 0, 3)] == ["train", "valid", "test"]


def test_about_nine_in_ten_works_train() -> None:
    counts = Counter(split_of_work(f"piece {n}") for n in range(4000))
    assert 3500 < counts["train"] < 3700
    assert 140 < counts["valid"] < 260
    assert 140 < counts["test"] < 260


def test_slugs_keep_words_and_lose_marks() -> None:
    assert slug("Żółć_und, Größe (No. 3)") == "zolc-und-große-no-3"


def test_a_card_without_a_commit_is_refused() -> None:
    card = DATASETS["groove"].card
    with pytest.raises(InvalidInput, match="commit must be 40 hexadecimal digits, got 'main'"):
        replace(card, commit="main")
    with pytest.raises(InvalidInput, match="ruling must be one of train, compare, measure, got 'ship'"):
        replace(card, ruling="ship")
    with pytest.raises(InvalidInput, match="checksum must be 64"):
        replace(card, checksum="abc")


def test_a_source_of_an_unknown_style_or_split_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"style must be one of .* got 'polka'"):
        Source(id="a", work="a", path="a", style="polka")
    with pytest.raises(InvalidInput, match=r"split must be one of .* got 'dev'"):
        Source(id="a", work="a", path="a", split="dev")


def test_files_are_listed_once_and_sorted(tmp_path: Path) -> None:
    root = tmp_path
    for name in ("b/2.krn", "a/1.krn", "a/x.txt"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("x")
    assert files_of(root, ("*/*.krn", "a/*.krn")) == ["a/1.krn", "b/2.krn"]
