"""Lines that another language model proposes: what it is told of each line, and what is taken from its answer.

Conventions: nothing of an answer is trusted: lines are read, counted and checked like any others, and what does not
hold is written here. This module talks to no server: see `zhiyin.data.chat`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhiyin.lyrics.line_plan import LinePlan

EACH = 4  # proposals a line
MOST_TEXT = 200  # characters of a proposal; longer ones are no lines
SYSTEM = (
    "You write song lyrics that are new, never lines of existing songs. Answer with JSON only: "
    '{"lines": [[several versions of line 1], [several versions of line 2], ...]}. '
    "Keep the number of syllables exactly."
)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"lines": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}},
    "required": ["lines"],
}


def question_of(
    plans: Sequence[LinePlan], *, lang: str, style: str, theme: Sequence[str], rhymes: Mapping[str, str]
) -> str:
    """Return what the model is asked: language, style, theme, and of every new line its syllables, rhyme, keywords.

    rhymes: class by rhyme group, where it is settled.
    """
    named = "Mandarin Chinese (one character a syllable)" if lang == "zh" else "English"
    lines = [
        f"Language: {named}. Style: {style}. Theme: {', '.join(theme) or 'free'}. {EACH} versions of each line."
    ]
    for number, plan in enumerate(new_lines(plans), start=1):
        told = f"line {number}: exactly {plan.phrase.size} syllables"
        if plan.rhyme:
            told += f", rhyme {plan.rhyme}" + (f" ({rhymes[plan.rhyme]})" if plan.rhyme in rhymes else "")
        if plan.keywords:
            told += f", must contain {' '.join(plan.keywords)}"
        lines.append(told)
    return "\n".join(lines)


def new_lines(plans: Sequence[LinePlan]) -> list[LinePlan]:
    """Return the lines that repeat no other."""
    return [plan for plan in plans if plan.copy_of < 0]


def proposals_in(answer: Any, plans: Sequence[LinePlan]) -> dict[int, tuple[str, ...]]:
    """Return the proposals of an answer by line; whatever is not as it was asked is left out."""
    rows = answer.get("lines") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        return {}
    found = {}
    for plan, row in zip(new_lines(plans), rows, strict=False):
        texts = [row] if isinstance(row, str) else row if isinstance(row, list) else []
        kept = tuple(t.strip() for t in texts if isinstance(t, str) and 0 < len(t.strip()) <= MOST_TEXT)
        if kept:
            found[plan.index] = kept[: 3 * EACH]
    return found
