"""Edit plans: what a sentence asks to be changed, where, and by which act.

Conventions: bars are 0-based and ranges inclusive (a pick-up is bar 0); parts are indices; values say their unit.
This module reads no words (edit_words.py) and changes no score (edit_apply.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from zhiyin.analysis import find_key, find_roles, find_sections
from zhiyin.errors import InvalidInput
from zhiyin.score import Part, Score, Timeline
from zhiyin.theory.instruments import INSTRUMENTS, instrument_for_program
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import Bpm

BarRange: TypeAlias = tuple[int, int]
Value: TypeAlias = int | float | str | None
_RIGHT = re.compile(r", upper$|(?<![a-z])(?:right(?: hand)?|r\.?h\.?)(?![a-z])|右手", re.I)
_LEFT = re.compile(r", lower$|(?<![a-z])(?:left(?: hand)?|l\.?h\.?)(?![a-z])|左手", re.I)


@dataclass(frozen=True, slots=True)
class OutlinePart:
    """One part as words may name it: its name, its role (one of ROLES), its instrument, `left`/`right` hand or ""."""

    name: str
    role: str
    instrument: str
    hand: str = ""

    @property
    def is_drums(self) -> bool:
        """Return whether the part plays drum keys, which have no pitch to move."""
        return self.role == "drums"


@dataclass(frozen=True, slots=True)
class OutlineSection:
    """A named stretch of bars, first and last, 0-based and inclusive."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Outline:
    """What a reader of edits must know of a score: who plays, how many bars, which sections, key, tempo and metre.

    bars: bars in all, a pick-up counted; has_pickup: bar 0 is incomplete and people count from the bar after it.
    """

    parts: tuple[OutlinePart, ...]
    bars: int
    sections: tuple[OutlineSection, ...] = ()
    key: Key = Key(0)
    tempo_bpm: Bpm = 120.0
    metre: Metre = Metre(4, 4)
    has_pickup: bool = False

    @property
    def whole(self) -> tuple[BarRange, ...]:
        """Return all bars as one range."""
        return ((0, self.bars - 1),)

    @property
    def pitched(self) -> tuple[int, ...]:
        """Return the parts that have pitches to move."""
        return tuple(index for index, part in enumerate(self.parts) if not part.is_drums)

    def bar_name(self, bar: int) -> str:
        """Return the number by which a person calls a bar: 1 for the first whole one, 0 for a pick-up."""
        return str(bar if self.has_pickup else bar + 1)


@dataclass(frozen=True, slots=True)
class ActOrder:
    """What an act of writing is asked to do: which act, in which bars of which parts, with which options.

    act: infill, vary, harmonise, continue, extend, accompany, drums, counterpoint or remetre. options (each optional):
    density, syncopation, register, rhythm, harmony (levels up or down from what stands there); similarity (0..1, to
    what stands there); distance (0..1) and aspect (all, rhythm, pitch, harmony, ornament); mood, style, mode, metre,
    cadence, instrument, role (names); bars, seconds (lengths, of the new bars for `continue`, in all for `extend`).
    """

    act: str
    bars: tuple[BarRange, ...]
    parts: tuple[int, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the order as plain values."""
        bars = [list(span) for span in self.bars]
        return {"act": self.act, "bars": bars, "parts": list(self.parts), "options": dict(self.options)}


@dataclass(frozen=True, slots=True)
class EditStep:
    """One change: its kind (a key of KINDS), where, which way and how much, and the words it came from.

    bars, parts: the target; direction: 1 up, more, louder; -1 the other way; 0 neither; amount: 0.5 a little, 1,
    2 much; value in `unit` (semitones, steps, key, factor, bpm, velocity, levels, instrument, bars ...); at: the bar
    before which something is put, up to the number of bars; start, end: place of the words in the sentence; order:
    the act that must write it, None where notes are moved by rule.
    """

    kind: str
    bars: tuple[BarRange, ...]
    parts: tuple[int, ...]
    direction: int = 0
    amount: float = 1.0
    unit: str = ""
    value: Value = None
    at: int | None = None
    words: str = ""
    start: int = 0
    end: int = 0
    text_en: str = ""
    text_zh: str = ""
    order: ActOrder | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidInput(f"an edit must be one of {', '.join(KINDS)}, got {self.kind!r}")

    def to_json(self) -> dict[str, Any]:
        """Return the step as plain values; bars stay 0-based and inclusive."""
        return {
            "kind": self.kind, "bars": [list(span) for span in self.bars], "parts": list(self.parts),
            "direction": self.direction, "amount": self.amount, "unit": self.unit, "value": self.value, "at": self.at,
            "words": self.words, "text_en": self.text_en, "text_zh": self.text_zh,
            "order": self.order.to_json() if self.order else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A word that fits several parts: the word, the parts (indices), and the question in both languages."""

    words: str
    parts: tuple[int, ...]
    question_en: str
    question_zh: str

    def to_json(self) -> dict[str, Any]:
        """Return the question as plain values."""
        return {
            "words": self.words, "parts": list(self.parts), "question_en": self.question_en,
            "question_zh": self.question_zh,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class EditPlan:
    """A sentence read: its steps in order, the words not understood, and the questions that must be answered first."""

    text: str
    steps: tuple[EditStep, ...]
    leftover: tuple[str, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()

    @property
    def orders(self) -> tuple[ActOrder, ...]:
        """Return what acts of writing are asked to do, in order."""
        return tuple(step.order for step in self.steps if step.order is not None)

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain values."""
        return {
            "text": self.text, "steps": [step.to_json() for step in self.steps], "not_understood": list(self.leftover),
            "ambiguities": [question.to_json() for question in self.ambiguities],
        }  # fmt: skip


# Every kind of edit, with the act that writes it; no act: notes and marks are moved by rule.
KINDS: dict[str, str] = {
    "transpose": "", "register": "", "mode": "", "tempo": "", "tempo_curve": "", "loudness": "", "swell": "",
    "articulation": "", "drop": "", "mute": "", "instrument": "", "double": "", "thirds": "", "quantise": "",
    "humanise": "", "swing": "", "repeat": "", "delete": "", "insert": "", "swap": "", "copy": "", "move": "",
    "colour": "vary", "mood": "vary", "style": "vary", "vary": "vary", "density": "infill", "syncopation": "infill",
    "rhythm": "vary", "harmony": "harmonise", "reharmonise": "harmonise", "ending": "infill", "add": "accompany",
    "counterpoint": "counterpoint",
    "continue": "continue", "extend": "extend", "metre": "remetre",
}  # fmt: skip


def outline_of(score: Score) -> Outline:
    """Return the outline of a score; roles, sections and key are found in the notes where the score names none.

    Raises InvalidInput for a score without bars.
    """
    line = Timeline.of(score)
    bars = line.bar_count(score.end)
    if not bars:
        raise InvalidInput("a score to edit must have at least one bar, got none: open a score with notes")
    roles = find_roles(score)
    parts = tuple(_outline_part(part, role) for part, role in zip(score.parts, roles, strict=True))
    parts = _with_hands(score, parts)
    marks = score.sections or find_sections(score)
    starts = [int(line.bar_of(mark.tick)) for mark in marks] + [bars]
    sections = tuple(
        OutlineSection(mark.name, first, after - 1)
        for mark, first, after in zip(marks, starts, starts[1:], strict=False)
        if after > first
    )
    key = score.keys[0].key if score.keys else find_key(score)
    return Outline(
        parts, bars, sections, key, score.tempos[0].bpm, score.metres[0].metre, score.pickup_ticks > 0
    )  # fmt: skip


def _outline_part(part: Part, found: str) -> OutlinePart:
    instrument = instrument_for_program(part.program, is_drums=part.is_drums).name
    role = "drums" if part.is_drums else part.role if part.role != "unknown" else found
    name = part.name.strip() or instrument
    hand = "" if part.is_drums else "right" if _RIGHT.search(name) else "left" if _LEFT.search(name) else ""
    return OutlinePart(name, role, instrument, hand)


def _with_hands(score: Score, parts: tuple[OutlinePart, ...]) -> tuple[OutlinePart, ...]:
    """Return the parts; two of one name on one keyboard are its hands, the higher the right one."""
    pairs: dict[tuple[str, str], list[int]] = {}
    for index, part in enumerate(parts):
        if (
            INSTRUMENTS[part.instrument].family == "keyboard"
            and not part.hand
            and len(score.parts[index].notes)
        ):
            pairs.setdefault((part.name.casefold(), part.instrument), []).append(index)
    found = list(parts)
    for pair in pairs.values():
        if len(pair) == 2:
            low, high = sorted(pair, key=lambda index: float(score.parts[index].notes.pitch.mean()))
            found[low], found[high] = replace(found[low], hand="left"), replace(found[high], hand="right")
    return tuple(found)
