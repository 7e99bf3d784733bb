"""Laws of what a transfer says of itself: the tune found, the style heard before and after, the metre that stays."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from zhiyin.apps.transfer_ import TransferRequest, run
from zhiyin.apps.transfer_told import told_of
from zhiyin.errors import InvalidInput
from zhiyin.fill.acts.transfer import Asked, transfer
from zhiyin.fill.acts.transfer_tune import with_tune
from zhiyin.fill.desk import lay_out
from zhiyin.fill.transfer_writers import RulesWriter
from zhiyin.io import save
from zhiyin.listen import LISTENERS
from zhiyin.score import KeyMark, MetreMark, Notes, Part, Score
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER as Q

BARS = 16
LINE = [76, 77, 79, 84, 76, 74, 72, 74]  # one F among eight: outside C's five tones


def piece(metre: str = "4/4") -> Score:
    """Return sixteen bars in C for two hands, none of which is told to be the melody."""
    one = Metre.parse(metre)
    beats, bar = one.numerator, one.bar_ticks
    right = [(i * Q, Q, LINE[i % 8], 80) for i in range(beats * BARS)]
    left = [(b * bar, bar, p, 60) for b in range(BARS) for p in (48, 52, 55)]
    return Score(
        title="Hands",
        parts=(Part("Right", Notes.of(right), role="chords"), Part("Left", Notes.of(left), role="accompaniment")),
        metres=(MetreMark(0, one),), keys=(KeyMark(0, Key(0, "major")),), length_ticks=BARS * bar,
    )  # fmt: skip


def said(score: Score, asked: Asked) -> tuple[dict[str, object], str]:
    given = lay_out(score)
    take = transfer(given, asked, RulesWriter(), rng=np.random.default_rng(0))
    tree = told_of(given, with_tune(given, asked.keep), [take], asked=asked)
    assert all(one["en"] and one["zh"] for one in tree["notices"])
    return tree["transfer"], "\n".join(one["en"] for one in tree["notices"])


def test_the_line_that_was_taken_for_the_tune_is_named() -> None:
    tree, words = said(piece(), Asked(style="hymn"))
    assert tree["tune"] == {"part": 1, "name": "Right", "is_found": True}
    assert "the top line of part 1 (Right) was taken as the tune" in words
    _, words = said(piece(), Asked(style="hymn", keep=frozenset({1})))
    assert "part 2 (Left), which is kept, was taken as the tune" in words
    melody = piece().with_parts([replace(piece().parts[0], role="melody"), piece().parts[1]])
    assert "taken as the tune" not in said(melody, Asked(style="hymn"))[1]


@pytest.mark.parametrize(
    ("style", "metre", "words"),
    [
        ("waltz", "4/4", "the metre stays 4/4: a waltz goes in 3"),
        ("march", "3/4", "the metre stays 3/4: a march goes in 2"),
        ("waltz", "3/4", ""),
        ("march", "4/4", ""),
        ("hymn", "3/4", ""),
    ],
)
def test_a_dance_in_another_metre_says_that_the_metre_stays(style: str, metre: str, words: str) -> None:
    told = said(piece(metre), Asked(style=style))[1]
    assert words in told if words else "metre stays" not in told


def test_tones_outside_the_five_are_counted_where_the_tune_keeps_them() -> None:
    assert "keeps 8 notes outside the five tones" in said(piece(), Asked(style="chinese"))[1]  # 64 / 8
    assert "five tones" not in said(piece(), Asked(style="chinese", is_tune_kept=False))[1]


def test_what_is_heard_before_and_after_is_what_the_listeners_hear(tmp_path: Path) -> None:
    save(piece(), tmp_path / "song.zyn")
    request = TransferRequest(source=tmp_path / "song.zyn", out=tmp_path / "out", to="hymn", is_silent=True)
    done = run(request)
    tree = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    heard = {one["listener"]: one for one in tree["transfer"]["heard"]}
    assert set(heard) == {"style-of-notes", "style"}
    for name, one in heard.items():
        for found, score in ((one["before"], piece()), (one["after"][0], done.takes[0].score)):
            shares = dict(LISTENERS[name].hear(score).labels)
            first = max(shares, key=shares.__getitem__)
            assert (found["first"], found["target_probability"]) == (first, round(shares["hymn"], 4))
        words = [n["en"] for n in tree["notices"] if f"heard ({LISTENERS[name].en})" in n["en"]]
        is_first = one["after"][0]["first"] == "hymn"
        assert len(words) == 1 and ("is not the first guess" in words[0]) == (not is_first)
        assert is_first or (
            "--strength 1" not in words[0] and "--players" not in words[0] and "--family" in words[0]
        )


def test_only_options_that_are_not_in_force_are_named() -> None:
    half = Asked(style="ragtime", strength=0.5, players="same")
    words = said(piece(), half)[1]
    assert "is not the first guess" in words and "try --strength 1, --players style." in words
    some = said(piece(), replace(half, strength=1.0, bars=(0, 1, 2, 3)))[1]
    assert "try all bars." in some and "--players" not in some and "--strength" not in some
    assert "try" not in said(piece(), Asked(style="ragtime"))[1]


def test_nothing_is_said_of_the_target_where_nothing_was_asked_to_change() -> None:
    words = said(piece("4/4"), Asked(style="waltz", strength=0.0))[1]
    assert "waltz" not in words and "heard" not in words


def test_dances_are_heard_as_dances_and_unknown_styles_are_said_to_be_unmeasured() -> None:
    tree, _ = said(piece("3/4"), Asked(style="waltz"))
    assert [(one["listener"], one["target"]) for one in tree["heard"]] == [("tune-type", "waltz")]  # type: ignore[attr-defined]
    assert "no listener knows rock" in said(piece(), Asked(style="rock"))[1]


def test_songs_without_a_tune_write_nothing(tmp_path: Path) -> None:
    (tmp_path / "rest.abc").write_text("X:1\nT:rest\nM:4/4\nL:1/4\nK:C\nz4|z4|z4|z4|\n", encoding="utf-8")
    with pytest.raises(
        InvalidInput, match=r"no tune found: .*got no pitched notes in 'rest': name it with --keep PART"
    ):
        run(TransferRequest(source=tmp_path / "rest.abc", out=tmp_path / "out", to="waltz", is_silent=True))
    assert not (tmp_path / "out").exists()
