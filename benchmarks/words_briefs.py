"""Measures whether briefs are read exactly: gold sentences, unseen ones, 2,000 made by rule, spans, invariances, scope.

Conventions: the gold file is named by ZHIYIN_BRIEFS, or lies in the folder ZHIYIN_DATA as briefs_gold.jsonl; without
one its rows are left out. Does not know: how briefs are read.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks.runner import Context, Result
from benchmarks.words_briefs_score import Score, score_rows
from zhiyin.apps.brief_ import parsed_tree
from zhiyin.brief import Brief, read_brief
from zhiyin.brief.said import parsed_of

SEEDS = (0, 1, 2)
MADE = 2000
_NUMERIC = ("tempo", "duration_s", "bars", "hits", "metre", "tempo_scale")


def run(ctx: Context) -> list[Result]:
    """Return the shares of briefs, numbers, refusals, spans and invariances that are right."""
    tests = ctx.root / "tests" / "brief"
    unseen = rows_of(tests / "unseen.jsonl")
    gold = gold_path()
    if gold is None:
        print(
            "    gold briefs left out: name the file with ZHIYIN_BRIEFS, or its folder with ZHIYIN_DATA",
            flush=True,
        )
    found = [] if gold is None else gold_results(ctx, "gold", rows_of(gold))
    texts = [row["text"] for row in unseen if row["text"]]
    return [
        *found, *gold_results(ctx, "own_unseen_after_mending", unseen), *made_results(ctx),
        *span_results(ctx, texts), *invariance_results(ctx, texts), *scope_results(ctx, tests, unseen),
    ]  # fmt: skip


def gold_path() -> Path | None:
    """Return the gold file where there is one."""
    named = os.environ.get("ZHIYIN_BRIEFS")
    folder = os.environ.get("ZHIYIN_DATA")
    for path in ([Path(named)] if named else []) + ([Path(folder) / "briefs_gold.jsonl"] if folder else []):
        if path.is_file():
            return path
    return None


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file, one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def gold_results(ctx: Context, name: str, rows: list[dict[str, Any]]) -> list[Result]:
    """Return exactness, recall of fields, numbers and violations for rows with what each must be read as."""
    scores = score_rows(rows, {row["id"]: parsed_tree(read_brief(row["text"])) for row in rows})
    numbers = [good for score in scores for field, good in score.fields.items() if field in _NUMERIC]
    fields = [good for score in scores for good in score.fields.values()]
    goal = ">= 0.95" if name == "gold" else None
    return [
        ctx.result_of(f"{name}_exact", [score.is_exact for score in scores], "share", goal=goal,
                      anchor="a parser that says nothing: 0.000"),
        ctx.result_of(f"{name}_fields", fields, "share", anchor="a parser that says nothing: 0.204"),
        ctx.result_of(f"{name}_numbers", numbers, "share", goal=">= 1.0" if goal else None),
        ctx.result(f"{name}_negation_violations", _count(scores, "is_violated"), "briefs", n=len(rows), goal="<= 0"),
        ctx.result(f"{name}_said_too_much", sum(len(score.extra) for score in scores), "fields", n=len(rows)),
    ]  # fmt: skip


def _count(scores: Iterable[Score], name: str) -> int:
    return sum(bool(getattr(score, name)) for score in scores)


def made_results(ctx: Context) -> list[Result]:
    """Return the shares of numbers and refusals read right, over briefs made by rule, a value a seed."""
    make = _generator(ctx.root)
    numeric: list[float] = []
    refused: list[float] = []
    for seed in SEEDS:
        right: dict[str, list[bool]] = {"numeric": [], "refused": []}
        for made in make(MADE, seed=seed):
            said = read_brief(made.text).said
            if made.tempo or made.seconds or made.bars:
                told = [amount.value if amount else None for amount in (said.tempo, said.seconds, said.bars)]
                right["numeric"].append(told == [made.tempo, made.seconds, made.bars])
            if made.refused:
                sides = {
                    "instruments": (said.players, said.excluded), "moods": (said.moods, said.avoid_moods),
                    "styles": (said.styles, said.exclude_styles),
                }[made.kind]  # fmt: skip
                is_right = set(sides[1]) == set(made.refused) and set(made.wanted) <= set(sides[0])
                right["refused"].append(is_right and not set(sides[0]) & set(made.refused))
        numeric.append(sum(right["numeric"]) / len(right["numeric"]))
        refused.append(sum(right["refused"]) / len(right["refused"]))
    return [
        ctx.result_of("made_numbers_exact", numeric, "share", goal=">= 0.995", seeds=SEEDS),
        ctx.result_of("made_refusals_exact", refused, "share", goal=">= 0.99", seeds=SEEDS),
    ]


def _generator(root: Path) -> Callable[..., list[Any]]:
    """Return the maker of briefs, which lives with the tests."""
    sys.path.insert(0, str(root))
    from tests.brief.generator import make_briefs

    return make_briefs


def span_results(ctx: Context, texts: list[str]) -> list[Result]:
    """Return the share of spans whose words, read alone, give the same field, value and side."""
    same: list[bool] = []
    for text in texts:
        for span in read_brief(text).spans:
            alone = read_brief(text[span.whole[0] : span.whole[1]]).spans
            same.append(any(
                (one.field, one.value, one.is_negated) == (span.field, span.value, span.is_negated) for one in alone
            ))  # fmt: skip
    return [ctx.result_of("spans_read_alone", same, "share", goal=">= 0.99")]


def _wide(text: str) -> str:
    return "".join(chr(ord(mark) + 0xFEE0) if "!" <= mark <= "~" else mark for mark in text)


def _polite(text: str) -> str:
    return f"请{text}，谢谢" if re.search("[\u3400-\u9fff]", text) else f"please {text}, thanks"


# Ways to write a sentence that change nothing of what it says.
_SAME: dict[str, Callable[[str], str]] = {
    "capitals": str.upper, "wide": _wide, "polite": _polite, "stop": lambda text: f"{text}。",
    "commas": lambda text: text.replace("，", ","),
}  # fmt: skip


def invariance_results(ctx: Context, texts: list[str]) -> list[Result]:
    """Return the share of sentences that say the same in other letters, and that 97 for 80 changes the tempo alone."""
    same: list[bool] = []
    for text in texts:
        told = _plain(read_brief(text))
        for name, change in _SAME.items():
            if name != "capitals" or not re.search(r"[A-G]m\b|(?<![A-Za-z])[a-g](?![A-Za-z])", text):
                same.append(_plain(read_brief(change(text))) == told)
    swapped: list[bool] = []
    for text in texts:
        for number in re.findall(r"(?<!\d)\d{2,3}(?= ?bpm)", text, re.IGNORECASE):
            before, after = _plain(read_brief(text)), _plain(read_brief(text.replace(number, "97", 1)))
            apart = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
            swapped.append(apart <= {"tempo"})
    return [
        ctx.result_of("other_letters_same_reading", same, "share", goal=">= 0.99"),
        ctx.result_of("another_number_only_the_tempo", swapped or [True], "share", goal=">= 1.0"),
    ]


def _plain(brief: Brief) -> dict[str, Any]:
    tree = parsed_of(brief.said)
    return {name: value for name, value in tree.items() if name not in ("references", "title")}


def scope_results(ctx: Context, tests: Path, unseen: list[dict[str, Any]]) -> list[Result]:
    """Return the shares of texts that are not about music and of briefs that are refused."""
    outside = (tests / "out_of_scope.txt").read_text(encoding="utf-8").splitlines()
    inside = [row["text"] for row in unseen if row["expect"]["in_scope"] is not False]
    inside += [row["text"] for row in rows_of(ctx.root / "benchmarks" / "requests.jsonl")]
    inside += [made.text for made in _generator(ctx.root)(max(0, 200 - len(inside)), seed=7)]
    return [
        ctx.result_of(
            "texts_outside_refused", [read_brief(text).scope is False for text in outside], "share", goal=">= 1.0"
        ),
        ctx.result_of("briefs_refused", [read_brief(text).scope is False for text in inside], "share", goal="<= 0.0"),
    ]  # fmt: skip
