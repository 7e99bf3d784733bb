"""The rhymes of a song before a line is written: what a person asks for, what standing lines bind, what is drawn.

Conventions: several are given with commas, in order of the rhyme groups. This module writes no lines: see
`zhiyin.lyrics.song_write`.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.song import SungLine
from zhiyin.lyrics.write_line import Tools
from zhiyin.lyrics.zh_rhyme import find_class

if TYPE_CHECKING:
    from zhiyin.lyrics.song_write import SongWish

SEPARATORS = r"[\s,，、;；]+"
LEAST_WORDS = 3  # of a class that lines can be rhymed in
Said = tuple[str, str]  # (English, Chinese)


@dataclass(frozen=True, slots=True)
class Rhymes:
    """Classes of rhyme groups that are settled; those of them that a person or standing lines bind; what is said."""

    classes: Mapping[str, str]
    bound: frozenset[str]
    notices: tuple[Said, ...] = ()


def begin_rhymes(tools: Tools, wish: SongWish, standing: Mapping[int, SungLine]) -> Rhymes:
    """Settle the classes of rhyme groups: told, else of the lines that stand, else by chance in Chinese.

    standing: lines that are there already, by index. Raises InvalidInput for a class that is not known, or fixed words
    at the end of a line that do not rhyme as it must.
    """
    groups = list(dict.fromkeys(plan.rhyme for plan in wish.plans if plan.rhyme))
    known = tools.lexicon.rhyme_classes(tools.table)
    counts = Counter(known[tools.allowed & (known != "")].tolist())
    for name in wish.rhymes:
        if name not in counts:
            some = ", ".join(sorted(counts)[:20])
            raise InvalidInput(
                f"the rhyme must be a class of {tools.table} ({some}), got {name!r}: choose one",
                zh=f"韵部应是{tools.table}中的一部（{some}），得到 {name!r}",
            )
    classes = dict(zip(groups, wish.rhymes, strict=False))
    if wish.rhymes and tools.language.name == "zh":
        classes = dict.fromkeys(groups, wish.rhymes[-1]) | classes
    ends = _fixed_ends(tools, wish)
    for group in groups:
        own = [
            standing[plan.index].rhyme_class if plan.index in standing else ends[plan.index][1]
            for plan in wish.plans
            if plan.rhyme == group and plan.copy_of < 0 and (plan.index in standing or plan.index in ends)
        ]
        if own:
            classes.setdefault(group, Counter(own).most_common(1)[0][0])
    bound = frozenset(classes)
    notices = _refuse_ends(wish, classes, ends=ends, standing=standing) + _too_few(tools, wish, groups)
    if tools.language.name == "zh":
        classes |= _drawn(wish, [group for group in groups if group not in classes], counts)
    return Rhymes(classes, bound, notices)


def _drawn(wish: SongWish, groups: Sequence[str], counts: Counter[str]) -> dict[str, str]:
    """Return classes by chance, of a language that has few: the broader the likelier, each once while they last."""
    rng = np.random.default_rng([wish.seed, 9001, zlib.crc32(" ".join(wish.theme).encode())])
    broad = [name for name, _ in counts.most_common(8)]
    drawn: dict[str, str] = {}
    for group in groups:
        free = [name for name in broad if name not in drawn.values()] or broad
        share = np.array([counts[name] for name in free], float)
        drawn[group] = free[int(rng.choice(len(free), p=share / share.sum()))]
    return drawn


def _fixed_ends(tools: Tools, wish: SongWish) -> dict[int, tuple[str, str]]:
    """Return the fixed words that end a rhymed line, and their class, by line."""
    found = {}
    for plan in wish.plans:
        for slot, text in wish.fixed.get(plan.index, ()) if plan.rhyme else ():
            syllables = tools.read(text)
            if syllables and slot + len(syllables) == plan.phrase.size:
                found[plan.index] = (text, tools.language.rhyme_class(syllables, tools.table))
    return found


def _refuse_ends(
    wish: SongWish,
    classes: Mapping[str, str],
    *,
    ends: Mapping[int, tuple[str, str]],
    standing: Mapping[int, SungLine],
) -> tuple[Said, ...]:
    """Return what is said of standing lines that do not rhyme. Raises InvalidInput for fixed words that do not."""
    said = []
    for plan in wish.plans:
        if not plan.rhyme or plan.copy_of >= 0:
            continue
        line, asked = standing.get(plan.index), classes.get(plan.rhyme, "")
        if line is not None and line.rhyme_class != asked:
            said.append(
                (
                    f"line {plan.index + 1} stays as it is and does not rhyme: it ends in {line.rhyme_class}, "
                    f"the lines it belongs to rhyme in {asked}",
                    f"第 {plan.index + 1} 句照原样保留，不押韵：句末是{line.rhyme_class}，同组的韵是{asked}",
                )
            )
        if line is None and plan.index in ends and ends[plan.index][1] != asked:
            text, own = ends[plan.index]
            raise InvalidInput(
                f"line {plan.index + 1} must rhyme in {asked}, got {text!r} ({own}) fixed at its end: fix another "
                "word there, or take another rhyme",
                zh=f"第 {plan.index + 1} 句应押{asked}，句末却固定为“{text}”（{own}）：换一个词或换一个韵",
            )
    return tuple(said)


def _too_few(tools: Tools, wish: SongWish, groups: Sequence[str]) -> tuple[Said, ...]:
    """Return what is said where other rhymes were told than the song has groups."""
    told = len(wish.rhymes)
    if told > len(groups):
        return (
            (
                f"{told} rhymes were asked, the song has {len(groups)}",
                f"给了 {told} 个韵，这首只用 {len(groups)} 个",
            ),
        )
    if not told or told == len(groups) or tools.language.name == "zh":
        return ()
    return (
        (
            f"the song has {len(groups)} rhymes and --rhyme told {told}: the others are chosen here; name more with "
            "commas, such as night, day",
            f"这首有 {len(groups)} 个韵，--rhyme 只给了 {told} 个，其余由程序选：可用逗号多写几个，如 night, day",
        ),
    )


def classes_asked(tools: Tools, text: str) -> tuple[str, ...]:
    """Return the rhyme classes of a text such as `江阳`, `ang, 言前` or `night, day`, none for an empty one.

    Raises InvalidInput for what is no class, no final and no word that can be read.
    """
    return tuple(_class(tools, item) for item in re.split(SEPARATORS, text.strip()) if item)


def _class(tools: Tools, item: str) -> str:
    if tools.language.name == "zh":
        return find_class(item, tools.table)
    known = set(tools.lexicon.rhyme_classes(tools.table).tolist())
    if item in known:
        return item
    syllables = tools.read(item)
    own = tools.language.rhyme_class(syllables, tools.table) if syllables else ""
    if own not in known or not own:
        raise InvalidInput(
            f"the rhyme must be a word such as night, got {item!r}, which rhymes with nothing known: take another",
            zh=f"韵应是一个词，如 night，得到 {item!r}，没有可押的词：换一个",
        )
    return own


def in_wider_rhymes(tools: Tools, text: str, *, near: Tools | None) -> tuple[Tools, tuple[Said, ...]]:
    """Return the tools to rhyme a person's English words with: the near ones, said, where a word has too few rhymes.

    Raises InvalidInput for a word that nothing rhymes with, not even nearly.
    """
    if tools.language.name == "zh":
        return tools, ()
    items = [item for item in re.split(SEPARATORS, text.strip()) if item and tools.read(item)]
    poor = [item for item in items if _rhyming(tools, item) < LEAST_WORDS]
    if not poor:
        return tools, ()
    lost = [item for item in poor if near is None or _rhyming(near, item) < LEAST_WORDS]
    if lost or near is None:
        raise InvalidInput(
            f"the rhyme must be a word with rhymes, got {lost[0]!r}: too few words rhyme with it, in "
            "--rhyme-table near too; take another word, such as night",
            zh=f"韵应是有词可押的词，得到 {lost[0]!r}：与它押韵的词太少，"
            "近韵（--rhyme-table near）也不够；换一个，如 night",
        )
    names = ", ".join(map(repr, poor))
    said = (
        f"too few words rhyme with {names}: lines rhyme nearly ({near.table})",
        f"与 {names} 完全押韵的词太少：改押近韵（{near.table}）",
    )
    return replace(tools, table=near.table), (said,)


def _rhyming(tools: Tools, item: str) -> int:
    """Return how many words may stand in lines that rhyme with a word or are of a class."""
    known = tools.lexicon.rhyme_classes(tools.table)
    own = item if item in known else tools.language.rhyme_class(tools.read(item), tools.table)
    return int(np.count_nonzero(tools.allowed & (known == own)))
