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

from zhiyin.brief.edit_plan import Outline, OutlinePart, OutlineSection
from zhiyin.brief.edit_words import read_edit
from zhiyin.errors import InvalidInput
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
    plain = {"bars": [[0, outline.bars - 1]], "parts": every, "direction": 0, "amount": 1, "unit": "", "value": None}
    return plain | {"at": None} | step


@pytest.mark.parametrize("name", ["edit_sentences.jsonl", "edit_sentences_held.jsonl"])
def test_the_table_has_enough_of_both_languages(name: str) -> None:
    texts = [row["text"] for row in rows_of(name)]
    chinese = [text for text in texts if re.search("[\u4e00-\u9fff]", text)]
    least = 60 if name == "edit_sentences.jsonl" else 20
    assert len(chinese) >= least and len(texts) - len(chinese) >= least
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    "row", [*rows_of("edit_sentences.jsonl"), *rows_of("edit_sentences_held.jsonl")], ids=lambda row: row["text"]
)
def test_a_sentence_gives_exactly_these_steps(row: dict[str, Any]) -> None:
    outline = OUTLINES[row["outline"]]
    plan = read_edit(row["text"], outline=outline)
    wanted = [expected_step(step, outline) for step in row["steps"]]
    found = [step.to_json() for step in plan.steps]
    assert [{name: step[name] for name in wanted[0]} for step in found] == wanted
    assert list(plan.leftover) == row.get("leftover", [])
    assert len(plan.ambiguities) == row.get("asks", 0)
