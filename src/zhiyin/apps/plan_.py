"""plan: what a piece is to be, decided from a sentence and options before any note is written.

Conventions: the same wishes and seed give the same plan; a plan file is what `compose --plan` takes.
This module decides nothing itself: see `zhiyin.fill.plan_make`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.brief_ import is_chinese, title_zh
from zhiyin.apps.output import write_whole
from zhiyin.apps.wishes import Asked, read_asked
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.fill.plan import Plan, plan_from_json, plan_to_json
from zhiyin.fill.plan_make import make_plan
from zhiyin.score import Wishes

MAX_PLAN_BYTES = 4 * 2**20
MAX_TITLE = 40
_ASKING = re.compile(
    r"^\s*(?:(?:please\s+)?(?:write|compose|make|create|generate|play|give|i want|i need|i'd like|i would like)\b"
    r"(?:\s+(?:me|us))?\s+(?:a|an|some|the)\b"
    r"|请?(?:帮我|给我|为我)?(?:写|作|来|创作|生成|做|要|想听)一?(?:首|段|支|个|曲)|一(?:首|段|支|曲))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What was asked: a sentence (None: none), options as wishes, a seed 0 or more, and where the plan goes."""

    text: str | None = None
    options: Wishes = Wishes()
    seed: int = 0
    target: Path | None = None

    def __post_init__(self) -> None:
        check_seed(self.seed)


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, what was asked for, and the file it was written to."""

    asked: Asked
    plan: Plan
    target: Path | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain values, exactly what `compose --plan` reads back."""
        tree: dict[str, Any] = json.loads(plan_to_json(self.plan))
        return tree


def run(request: PlanRequest, progress: Progress = silent) -> Planned:
    """Return the plan. Raises InvalidInput, ConflictingWishes."""
    asked = read_asked(request.text, request.options)
    plan = plan_of(asked, seed=request.seed)
    if request.target is not None:
        write_whole(request.target, (plan_to_json(plan) + "\n").encode("utf-8"))
    return Planned(asked, plan, request.target)


def plan_of(asked: Asked, *, seed: int) -> Plan:
    """Return the plan of what was asked; without a title the first clause of the sentence gives one."""
    wishes = asked.wishes
    title = wishes.title or title_of(asked.brief.text)
    plan = make_plan(replace(wishes, title=title) if title else wishes, seed=seed)
    if title or not is_chinese(asked.brief.text):
        return plan
    return replace(plan, title=title_zh(style=plan.variant or plan.style, moods=plan.moods, key=plan.key))


def title_of(text: str) -> str:
    """Return the first clause of a sentence when it can stand as a title, else an empty string.

    What only asks for music ("write me a", 写一首) is not part of a title.
    >>> title_of("雨夜的车站，一个人等末班车"), title_of("Write me a sad waltz"), title_of("80 BPM, sad")
    ('雨夜的车站', 'Sad waltz', '')
    """
    clause = _ASKING.sub("", re.split(r"[，。,.;；!！?？\n]", text.strip(), maxsplit=1)[0]).strip()
    if not 2 <= len(clause) <= MAX_TITLE or re.search(r"\d", clause):
        return ""
    return clause[0].upper() + clause[1:]


def read_plan(path: Path) -> Plan:
    """Return the plan in a file. Raises NotFound, InvalidInput."""
    if not path.is_file():
        raise NotFound(
            f"a plan must be a file that exists, got {str(path)!r}: make one with  zhiyin plan -o {path}"
        )
    if path.stat().st_size > MAX_PLAN_BYTES:
        raise InvalidInput(f"a plan file must hold at most {MAX_PLAN_BYTES} bytes, got {path.stat().st_size}")
    try:
        return plan_from_json(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidInput(f"a plan must be UTF-8 text, got {str(path)!r} with {error.reason}") from error


def check_seed(seed: int) -> None:
    """Raise InvalidInput unless a seed is 0 or more and fits 63 bits."""
    if not 0 <= seed < 2**63:
        raise InvalidInput(
            f"seed must be 0 or more and below 2^63, got {seed}: give a whole number such as 7"
        )
