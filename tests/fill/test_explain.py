"""Reasons: each kind's sentence stands where it holds and is missing where it nearly holds.

Conventions: the music and the sentences are in `reason_pieces.py`, worked out by hand.
Does not know: how anything is found; `test_explain_truth.py` checks sentences about music not made for them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fill.reason_pieces import CASES, MISSES, MOTIF, Music, chords, tune
from zhiyin.errors import InvalidInput
from zhiyin.fill.explain import REASONS, Reason, all_reasons, explain
from zhiyin.score import CHORD_ROW, Cell, Part, Score

NAMES = [f"{kind}-{number}" for number, (kind, *_) in enumerate(CASES)]
MISS_NAMES = [f"{kind}-{number}" for number, (kind, *_) in enumerate(MISSES)]


def found(music: Music, kind: str) -> list[Reason]:
    """Return every reason of one kind."""
    return [r for r in all_reasons(music.before, music.after, write=music.cells) if r.kind == kind]


@pytest.mark.parametrize(("kind", "music", "sentence"), CASES, ids=NAMES)
def test_the_sentence_stands_where_it_holds(kind: str, music: Music, sentence: str) -> None:
    assert sentence in [reason.text_en for reason in found(music, kind)]


@pytest.mark.parametrize(("kind", "music"), MISSES, ids=MISS_NAMES)
def test_the_sentence_is_missing_where_it_nearly_holds(kind: str, music: Music) -> None:
    assert [reason.text_en for reason in found(music, kind)] == []


def test_each_kind_has_music_in_which_it_holds_and_a_near_miss() -> None:
    assert {kind for kind, *_ in CASES} == {kind for kind, *_ in MISSES} == set(REASONS)
    assert len(REASONS) >= 14


def test_both_languages_name_the_same_bars_from_1() -> None:
    for kind, music, sentence in CASES:
        reason = next(r for r in found(music, kind) if r.text_en == sentence)
        numbers = [re.findall(r"(?<![A-Ga-gV#/m])\d+", text) for text in (reason.text_en, reason.text_zh)]
        assert sorted(numbers[0]) == sorted(numbers[1]), (reason.text_en, reason.text_zh)
        assert str(reason.bars[0] + 1) in numbers[0]
        assert any("\u4e00" <= sign <= "\u9fff" for sign in reason.text_zh)
        assert 0 < reason.importance < 1
        assert all(
            music.after.parts[part].name in reason.text_en for part in reason.parts if kind != "return"
        )


def test_only_written_bars_are_spoken_of() -> None:
    music = tune(f"{MOTIF} D4:1.5 E4:0.5 F4 D4 E4:1.5 F4:0.5 G4 E4 C5:4")
    told = explain(None, music, write=frozenset({Cell(0, 2)}))
    assert [reason.bars for reason in told] == [(2,)]
    assert explain(None, music, write=frozenset()) == ()
    assert explain(None, Score(parts=(Part("Flute"),)), write=frozenset({Cell(0, 0)})) == ()


CHORD_KINDS = {"borrowed-chord", "secondary-dominant", "cadence", "reharmonised"}


@pytest.mark.parametrize("number", range(len(CASES)))
def test_only_what_was_written_is_told_as_done(number: int) -> None:
    music = CASES[number][1]
    bars = max(cell.bar for cell in music.cells) + 1
    for part in range(len(music.after.parts)):
        for first, stop in ((0, bars), (bars // 2, bars), (0, (bars + 1) // 2)):
            write = frozenset(Cell(part, bar) for bar in range(first, stop))
            for reason in all_reasons(music.before, music.after, write=write):
                assert set(reason.bars) & set(range(first, stop)), reason
                is_new_chords = reason.kind == "reharmonised"  # of the melody it speaks as of what stayed
                assert not reason.parts or (part in reason.parts) != is_new_chords, reason
    row = frozenset(Cell(CHORD_ROW, bar) for bar in range(bars))
    told = {reason.kind for reason in all_reasons(music.before, music.after, write=row)}
    assert told <= CHORD_KINDS


def test_a_line_written_over_given_chords_says_nothing_of_the_chords() -> None:
    music = Music(
        chords("C D7 G C F Bb F G C", tune_text="C5 D5 E5 G5 " * 9), write=tuple((0, b) for b in range(9))
    )
    told = list(all_reasons(None, music.after, write=music.cells))
    assert told and all(reason.parts for reason in told)
    other = frozenset(Cell(1, bar) for bar in range(9))
    assert "Bar 2: D7 is the dominant of G (V/V in C major) and goes there." in [
        reason.text_en for reason in all_reasons(None, music.after, write=other)
    ]


def test_the_most_telling_come_first_and_no_two_say_the_same() -> None:
    music = Music(chords("C D7 G C F Bb F C G C", tune_text="C5 D5 E5 G5 D5:4 " * 5))
    told = explain(None, music.after, write=music.cells)
    assert [r.importance for r in told] == sorted((r.importance for r in told), reverse=True)
    assert told[0].text_en == "Bar 6: Bb is bVII, borrowed from the parallel minor (C minor)."
    assert len(told) <= 8 and len({(r.kind, r.bars) for r in told}) == len(told)
    for one in told:
        for other in told:
            if one is not other and REASONS[one.kind].topic == REASONS[other.kind].topic:
                assert not set(one.bars) & set(other.bars) or not set(one.parts) & set(other.parts)
    assert explain(None, music.after, write=music.cells, most=2) == told[:2]
    with pytest.raises(
        InvalidInput, match="sentences to give must be 1 or more, got 0: ask for at least one"
    ):
        explain(None, music.after, write=music.cells, most=0)


def test_the_same_notes_give_the_same_reasons_and_nothing_is_changed() -> None:
    for _, music, _ in CASES[:6]:
        first = explain(music.before, music.after, write=music.cells)
        assert first == explain(music.before, music.after, write=music.cells)


def test_the_page_shows_every_kind_with_a_sentence_that_was_really_said(root: Path) -> None:
    page = (root / "docs" / "reasons.md").read_text(encoding="utf-8")
    rows = {row.split("`")[1]: row for row in page.splitlines() if row.startswith("| `")}
    assert list(rows) == list(REASONS)
    for kind, row in rows.items():
        said = [r for k, music, _ in CASES if k == kind for r in found(music, kind)]
        assert any(row.endswith(f"| {r.text_en} | {r.text_zh} |") for r in said), row


def test_chords_written_as_marks_over_a_tune_are_spoken_of_and_others_are_not() -> None:
    sheet = replace(tune("C5:4 A4:4 D5:4 C5:4 B4:4 C5:4"), chords=chords("C F Bb F G C").chords)
    row = frozenset(Cell(CHORD_ROW, bar) for bar in range(6))
    assert "Bar 3: Bb is bVII, borrowed from the parallel minor (C minor)." in [
        reason.text_en for reason in explain(None, sheet, write=row)
    ]
    line = frozenset(Cell(0, bar) for bar in range(6))
    assert not any(reason.kind == "borrowed-chord" for reason in all_reasons(None, sheet, write=line))


def test_devices_on_a_motif_come_before_all_else_and_are_not_capped_as_a_topic() -> None:
    motif = "C4:1.5 D4:0.5 E4 G4"
    after = tune(
        f"{motif}  C4:1.5 B3:0.5 A3 F3  G4 E4 D4:0.5 C4:1.5  C4:3 D4 E4:2 G4:2  D4:0.75 E4:0.25 F4:0.5 A4:0.5 C4:2  "
        "G4:1.5 A4:0.5 B4 C5"
    )
    told = explain(None, after, write=frozenset(Cell(0, bar) for bar in range(1, 7)))
    assert {reason.kind for reason in told[:5]} == {
        "motif-inverted", "motif-retrograde", "motif-augmented", "motif-diminished", "motif-tonal-answer",
    }  # fmt: skip


def test_plain_values_count_bars_from_1() -> None:
    kind, music, sentence = CASES[0]
    tree = next(r for r in found(music, kind) if r.text_en == sentence).to_json()
    assert (tree["kind"], tree["bars"], tree["parts"], tree["text"]) == (kind, [3], [0], sentence)
