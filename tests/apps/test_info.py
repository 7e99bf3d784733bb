"""Laws of info: the headline agrees with the analysis, and what has no pitch has no key."""

from __future__ import annotations

from pathlib import Path

from zhiyin.apps.info import InfoRequest, longest_key, run
from zhiyin.io import save
from zhiyin.score import KeyMark, Notes, Part, Score
from zhiyin.theory.key import Key
from zhiyin.units import TICKS_PER_QUARTER as Q


def test_the_headline_key_is_the_one_that_holds_longest() -> None:
    c, a = Key.parse("C"), Key.parse("Am")
    assert longest_key((KeyMark(0, c), KeyMark(10, a), KeyMark(14, c)), 20) == c
    assert longest_key((KeyMark(0, c), KeyMark(10, a)), 30) == a
    assert longest_key((), 30) is None


def test_the_headline_is_among_the_keys_told(song: Path) -> None:
    told = run(InfoRequest(song)).to_json()
    assert told["key"] in {row["key"] for row in told["keys"]}


def test_drums_alone_have_no_key_and_no_chords(tmp_path: Path) -> None:
    beat = Notes.of([(i * Q, Q, 36 + 2 * (i % 2)) for i in range(16)])
    save(Score("Beat", (Part("Kit", beat, "drums", is_drums=True),)), tmp_path / "beat.mid")
    told = run(InfoRequest(tmp_path / "beat.mid")).to_json()
    assert (told["key"], told["key_zh"], told["chords"]) == (None, None, ["%"] * 4)
    assert not {"key", "chords"} & set(told["found_by_analysis"])
