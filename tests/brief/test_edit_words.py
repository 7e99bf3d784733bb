"""Laws of reading edits: a table of sentences with exact steps, and what is said where one cannot be carried out.

Conventions: expected steps name only what differs from: all bars, all parts, no value, amount 1.
Does not know: what the steps do to a score (test_edit_apply.py).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from zhiyin.brief.edit_plan import Outline, OutlinePart, OutlineSection, outline_of
from zhiyin.brief.edit_words import read_edit
from zhiyin.errors import InvalidInput
from zhiyin.score import Notes, Part, Score
from zhiyin.theory.key import Key

GOLDEN = Path(__file__).parents[1] / "golden"
BAND = Outline(
    parts=(
        OutlinePart("Flute", "melody", "flute"),
        OutlinePart("Piano, upper", "accompaniment", "piano", "right"),
        OutlinePart("Piano, lower", "accompaniment", "piano", "left"),
        OutlinePart("Bass", "bass", "bass-guitar"),
        OutlinePart("Drums", "drums", "drums"),
    ),
    bars=32,
    sections=(
        OutlineSection("intro", 0, 3),
        OutlineSection("verse", 4, 11),
        OutlineSection("chorus", 12, 19),
        OutlineSection("bridge", 20, 23),
        OutlineSection("chorus", 24, 31),
    ),
    key=Key.parse("D major"),
)
DUO = Outline(
    parts=(
        OutlinePart("Piano 1", "accompaniment", "piano"),
        OutlinePart("Piano 2", "accompaniment", "piano"),
        OutlinePart("Violin", "melody", "violin"),
    ),
    bars=17,
    sections=(OutlineSection("A", 0, 8), OutlineSection("B", 9, 12), OutlineSection("A'", 13, 16)),
    has_pickup=True,
)
OUTLINES = {"band": BAND, "duo": DUO}
# Kinds that leave drums alone unless these are named.
PITCHED = {"transpose", "register", "mode", "thirds", "reharmonise", "harmony", "colour", "articulation"}


def rows_of(name: str) -> list[dict[str, Any]]:
    """Return the rows of a golden table."""
    return [json.loads(line) for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines()]


def expected_step(step: dict[str, Any], outline: Outline) -> dict[str, Any]:
    """Return an expected step with what it leaves open filled in."""
    every = list(range(len(outline.parts)))
    plain = {
        "bars": [[0, outline.bars - 1]],
        "parts": every,
        "direction": 0,
        "amount": 1,
        "unit": "",
        "value": None,
    }
    return plain | {"at": None} | step


@pytest.mark.parametrize("name", ["edit_sentences.jsonl", "edit_sentences_held.jsonl"])
def test_the_table_has_enough_of_both_languages(name: str) -> None:
    texts = [row["text"] for row in rows_of(name)]
    chinese = [text for text in texts if re.search("[\u4e00-\u9fff]", text)]
    least = 60 if name == "edit_sentences.jsonl" else 20
    assert len(chinese) >= least and len(texts) - len(chinese) >= least
    assert len(set(texts)) == len(texts)


TABLES = ("edit_sentences.jsonl", "edit_sentences_held.jsonl", "edit_sentences_more.jsonl")


@pytest.mark.parametrize(
    "row", [row for name in TABLES for row in rows_of(name)], ids=lambda row: row["text"]
)
def test_a_sentence_gives_exactly_these_steps(row: dict[str, Any]) -> None:
    outline = OUTLINES[row["outline"]]
    plan = read_edit(row["text"], outline=outline)
    wanted = [expected_step(step, outline) for step in row["steps"]]
    found = [step.to_json() for step in plan.steps]
    assert [{name: step[name] for name in wanted[0]} for step in found] == wanted
    assert list(plan.leftover) == row.get("leftover", [])
    assert len(plan.ambiguities) == row.get("asks", 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the sentence must say what to change, got ''"),
        ("hello there", "nothing in 'hello there' was understood as an edit"),
        ("x" * 1001, "an edit must have at most 1000 characters, got 1001"),
        (
            "drop the oboe",
            r"the part to edit must be one of Flute \(melody\), .*, got 'oboe': name one of these",
        ),
        ("make the outro softer", r"must be one of intro \(bars 1-4\), .*, got 'outro'"),
        ("bars 30-40 louder", r"bars must lie in 1\.\.32, first before last, got 30-40"),
        ("第四十小节响一点", r"bars must lie in 1\.\.32, first before last, got 40"),
        ("the third chorus louder", r"section chorus must be number 1\.\.2, got 3: the score has 2 of them"),
        ("transpose the drums up a third", "parts to transpose must have pitches, got Drums"),
        ("delete it", "'delete it' must name a part or bars"),
        ("swap bars 1-4", "a swap must name two stretches of bars, got 1"),
        ("shorten it to 40 bars", r"a shorter piece must have 1\.\.31 bars, got 40"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_came_and_a_way_out(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        read_edit(text, outline=BAND)


def test_a_pick_up_is_bar_nought_and_bar_one_is_the_bar_after_it() -> None:
    assert read_edit("bars 1-2 louder", outline=DUO).steps[0].bars == ((1, 2),)
    assert (
        read_edit("bars 1-2 louder", outline=DUO)
        .steps[0]
        .text_en.startswith("louder, velocity by 12: bars 1-2,")
    )
    assert read_edit("bar 0 louder", outline=DUO).steps[0].bars == ((0, 0),)
    with pytest.raises(InvalidInput, match=r"bars must lie in 0\.\.16"):
        read_edit("bar 17 louder", outline=DUO)


def test_a_word_for_two_parts_names_both_and_asks_in_both_languages() -> None:
    (asked,) = read_edit("the piano louder", outline=DUO).ambiguities
    assert (asked.words, asked.parts) == ("piano", (0, 1))
    assert "Piano 1 (1) or Piano 2 (2): which one?" in asked.question_en
    assert "Piano 1 (1)或Piano 2 (2)：是哪一个" in asked.question_zh


@pytest.mark.parametrize(
    "names",
    [
        ("Piano", "Piano"),
        ("Piano right", "Piano left"),
        ("Piano, upper", "Piano, lower"),
        ("RH", "LH"),
        ("右手", "左手"),
    ],
)
def test_the_hands_of_a_keyboard_are_known_by_name_or_by_height(names: tuple[str, str]) -> None:
    score = Score(
        "h", (Part(names[0], Notes.of([(0, 40_320, 72)])), Part(names[1], Notes.of([(0, 40_320, 48)])))
    )
    outline = outline_of(score)
    assert [part.hand for part in outline.parts] == ["right", "left"]
    assert read_edit("the left hand louder", outline=outline).steps[0].parts == (1,)
    plan = read_edit("the piano louder", outline=outline)
    assert (plan.steps[0].parts, plan.ambiguities) == ((0, 1), ())


def test_an_outline_finds_what_the_score_does_not_say() -> None:
    tune = Notes.of([(i * 10_080, 10_080, pitch) for i, pitch in enumerate((67, 69, 71, 72, 74, 76, 78, 79))])
    outline = outline_of(Score("o", (Part("Violin", tune, program=40),), pickup_ticks=10_080))
    assert (outline.key.name, outline.bars, outline.has_pickup) == ("G major", 3, True)
    assert outline.parts[0] == OutlinePart("Violin", "melody", "violin")
    with pytest.raises(InvalidInput, match="must have at least one bar, got none"):
        outline_of(Score())


def test_a_part_called_so_comes_before_one_that_only_sounds_so() -> None:
    parts = (OutlinePart("Choir", "chords", "piano"), OutlinePart("Right Piano", "melody", "piano"))
    plan = read_edit("the piano louder", outline=Outline(parts, 8))
    assert (plan.steps[0].parts, plan.ambiguities) == ((1,), ())


def test_drums_alone_have_no_pitches_to_move() -> None:
    with pytest.raises(InvalidInput, match="kind transpose must have parts with pitches, got none"):
        read_edit("up a third", outline=Outline((OutlinePart("Kit", "drums", "drums"),), 8))


def test_two_hands_of_one_piano_are_one_player_and_no_question() -> None:
    plan = read_edit("the piano louder", outline=BAND)
    assert (plan.steps[0].parts, plan.ambiguities) == ((1, 2), ())


@pytest.mark.parametrize(
    ("text", "act", "options"),
    [
        ("make the drums simpler", "infill", {"density": -1, "similarity": 0.7}),
        ("鼓简单很多", "infill", {"density": -2, "similarity": 0.5}),
        (
            "make it darker",
            "vary",
            {"mood": "dark", "mode": "minor", "register": -1, "distance": 0.3, "aspect": "pitch"},
        ),
        ("vary the rhythm a little", "vary", {"distance": 0.2, "aspect": "rhythm"}),
        ("reharmonise the bridge", "harmonise", {}),
        ("续写八小节", "continue", {"bars": 8}),
        ("extend it to 90 seconds", "extend", {"seconds": 90}),
        ("add drums", "drums", {"instrument": "drums", "role": "drums"}),
        ("add a cello", "accompany", {"instrument": "cello", "role": "inner"}),
        ("end with a plagal cadence", "infill", {"cadence": "plagal"}),
        ("change to 3/4", "remetre", {"metre": "3/4"}),
    ],
)
def test_what_must_be_written_is_ordered_of_an_act(text: str, act: str, options: dict[str, object]) -> None:
    order = read_edit(text, outline=BAND).orders[0]
    assert (order.act, dict(order.options)) == (act, options)


@pytest.mark.parametrize("row", rows_of("edit_sentences.jsonl"), ids=lambda row: row["text"])
def test_every_step_says_itself_in_both_languages_with_its_bars_and_the_words_it_came_from(
    row: dict[str, Any],
) -> None:
    outline = OUTLINES[row["outline"]]
    for step in read_edit(row["text"], outline=outline).steps:
        assert step.text_en.isascii() and re.search("[\u4e00-\u9fff]", step.text_zh)
        assert step.words and row["text"][step.start : step.end].strip().casefold() == step.words.casefold()
        if step.bars != outline.whole:
            first = step.bars[0][0] + (0 if outline.has_pickup else 1)
            assert re.search(rf"bars? {first}\b", step.text_en) and f"第{first}" in step.text_zh


def test_a_count_beside_a_section_is_counted_inside_it() -> None:
    assert read_edit("the last two bars of the verse louder", outline=BAND).steps[0].bars == ((10, 11),)
    assert read_edit("副歌的前四小节响一点", outline=BAND).steps[0].bars == ((12, 15), (24, 27))
    assert read_edit("the verse and the last two bars louder", outline=BAND).steps[0].bars == (
        (4, 11),
        (30, 31),
    )


def test_a_new_sentence_forgets_the_topic_and_there_remembers_it() -> None:
    plan = read_edit("In the bridge, the piano softer. The drums louder.", outline=BAND)
    assert [step.bars for step in plan.steps] == [((20, 23),), ((0, 31),)]
    plan = read_edit("the bridge darker and the drums louder there", outline=BAND)
    assert plan.steps[-1].bars == ((20, 23),)
