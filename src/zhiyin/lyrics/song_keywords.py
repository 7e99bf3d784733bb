"""Where keywords go when a line cannot hold them: to the nearest line that can.

Conventions: a line holds a word where it lies over no rest and no fixed word, and rhymes if it stands at the end.
This module writes nothing: see `zhiyin.lyrics.song_write`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from zhiyin.lyrics.line_plan import LinePlan
from zhiyin.lyrics.write_line import LineWish, Tools, can_hold

FixedWords = Mapping[int, tuple[tuple[int, str], ...]]


def settle_keywords(
    tools: Tools,
    plans: Sequence[LinePlan],
    *,
    fixed: FixedWords,
    classes: Mapping[str, str],
    closed: Collection[int],
) -> tuple[tuple[LinePlan, ...], tuple[str, ...]]:
    """Return the plans with every keyword on a line that can hold it, and the keywords that none can.

    fixed: a person's words by line; classes: of rhyme groups that are settled; closed: lines that stand.
    """
    made = {plan.index: plan if plan.index in closed else replace(plan, keywords=()) for plan in plans}
    left: list[str] = []
    for plan in plans:
        for word in () if plan.index in closed else plan.keywords:
            open_lines = [
                p for p in made.values() if p.copy_of < 0 and p.index not in closed and len(p.keywords) < 2
            ]
            order = sorted(
                open_lines, key=lambda p: (abs(p.index - plan.index) + 3 * len(p.keywords), p.index)
            )
            found = next((p for p in order if _holds(tools, p, (*p.keywords, word), fixed, classes)), None)
            if found is None:
                left.append(word)
            else:
                made[found.index] = replace(found, keywords=(*found.keywords, word))
    return tuple(made[plan.index] for plan in plans), tuple(left)


def _holds(
    tools: Tools, plan: LinePlan, words: tuple[str, ...], fixed: FixedWords, classes: Mapping[str, str]
) -> bool:
    settled = frozenset({classes[plan.rhyme]}) if plan.rhyme in classes else None
    return can_hold(
        tools, LineWish(plan.phrase, classes=settled, keywords=words, fixed=tuple(fixed.get(plan.index, ())))
    )


def in_language(words: Sequence[str], lang: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return the keywords whose letters are of a language, zh or en, and what is said of those left out.

    >>> in_language(("雨夜", "rain"), "en")[0], in_language(("雨夜", "rain"), "zh")[0]
    (('rain',), ('雨夜',))
    """
    script = "CJK" if lang == "zh" else "LATIN"
    kept = tuple(
        word
        for word in words
        if all(unicodedata.name(char, "").startswith(script) for char in word if char.isalpha())
    )
    left = tuple(word for word in words if word not in kept)
    if not left:
        return kept, ()
    told, name = ", ".join(map(repr, left)), {"zh": "Chinese", "en": "English"}[lang]
    zh = f"关键词{'、'.join(f'“{word}”' for word in left)}不是{'中文' if lang == 'zh' else '英文'}，没有用"
    return kept, ((f"the keywords {told} are not {name} as the lines are, and were left out", zh),)
