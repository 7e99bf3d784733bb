"""The plan of a song's lines: which stanza, which rhyme, which keyword, and which lines are sung again.

Conventions: lines count from 0, one a phrase; a rhyme group is a name shared by the lines that rhyme.
This module writes no words: see `zhiyin.lyrics.write`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from zhiyin.lyrics.phrases import Phrase, Song, shape_of
from zhiyin.lyrics.scheme import FREE, Verse, letters_of, stanza_sizes


@dataclass(frozen=True, slots=True)
class LinePlan:
    """What one line is to be.

    index; phrase; stanza; rhyme: its group, "" free; keywords: words it must hold; copy_of: the line whose words are
    sung again, -1 for a line of its own.
    """

    index: int
    phrase: Phrase
    stanza: int
    rhyme: str = ""
    keywords: tuple[str, ...] = ()
    copy_of: int = -1


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked of the whole: scheme ("" the style's), keywords in order, fixed lines (by index)."""

    scheme: str = ""
    keywords: tuple[str, ...] = ()


def plan_lines(
    song: Song, verse: Verse, asked: Asked, *, syllables: Callable[[str], int], closed: Sequence[int] = ()
) -> tuple[tuple[LinePlan, ...], tuple[str, ...]]:
    """Return the plan of every line, and the keywords that fit into none.

    syllables: how many a keyword has; closed: lines whose words are given, which take no keyword.
    """
    scheme = asked.scheme or verse.scheme
    copies = _copies(song)
    plans: list[LinePlan] = []
    stanza = 0
    for block in _blocks(song.phrases):
        at = block[0]
        for size in stanza_sizes(len(block), max(len(scheme), 2)):
            for place, letter in enumerate(letters_of(scheme, size)):
                group = "" if letter == FREE else letter if verse.one_rhyme else f"{stanza}{letter}"
                index = at + place
                plans.append(
                    LinePlan(index, song.phrases[index], stanza, group, copy_of=copies.get(index, -1))
                )
            at += size
            stanza += 1
    return _with_keywords(_settled(plans), asked.keywords, syllables, frozenset(closed))


def _settled(plans: Sequence[LinePlan]) -> list[LinePlan]:
    """Return the plans; a line sung again is in the rhyme group of the line it repeats."""
    return [p if p.copy_of < 0 else replace(p, rhyme=plans[p.copy_of].rhyme) for p in plans]


def _blocks(phrases: Sequence[Phrase]) -> list[list[int]]:
    """Return runs of lines that form stanzas together: sections, short ones joined to the one before."""
    blocks: list[list[int]] = []
    for index, phrase in enumerate(phrases):
        before = phrases[index - 1] if index else None
        if before is None or before.is_chorus != phrase.is_chorus or before.section != phrase.section:
            blocks.append([])
        blocks[-1].append(index)
    joined: list[list[int]] = []
    for block in blocks:
        is_short = joined and (len(block) < 4 or len(joined[-1]) < 4)
        same = joined and phrases[joined[-1][0]].is_chorus == phrases[block[0]].is_chorus
        if is_short and same and not phrases[block[0]].is_chorus:
            joined[-1].extend(block)
        else:
            joined.append(list(block))
    return joined


def _copies(song: Song) -> dict[int, int]:
    """Return which lines repeat which: choruses that are sung to the same notes as an earlier one."""
    runs: list[list[int]] = []
    for index, phrase in enumerate(song.phrases):
        if not phrase.is_chorus:
            continue
        before = song.phrases[index - 1] if index else None
        if runs and before is not None and before.is_chorus and before.section == phrase.section:
            runs[-1].append(index)
        else:
            runs.append([index])
    found: dict[int, int] = {}
    for number, run in enumerate(runs):
        for earlier in runs[:number]:
            if _is_same(song, run, earlier):
                found |= {b: found.get(a, a) for a, b in zip(earlier, run, strict=True)}
                break
    return found


def _is_same(song: Song, run: Sequence[int], earlier: Sequence[int]) -> bool:
    """Return whether two choruses are sung to the same notes: all phrases but one alike, all of one length."""
    if len(run) != len(earlier):
        return False
    pairs = [(song.phrases[a], song.phrases[b]) for a, b in zip(run, earlier, strict=True)]
    if any(a.size != b.size for a, b in pairs):
        return False
    return sum(shape_of(a) == shape_of(b) for a, b in pairs) >= max(len(pairs) - 1, 1)


def _with_keywords(
    plans: Sequence[LinePlan],
    keywords: Sequence[str],
    syllables: Callable[[str], int],
    closed: frozenset[int],
) -> tuple[tuple[LinePlan, ...], tuple[str, ...]]:
    """Return the plans with keywords spread over them, one a line while there are lines, and those that fit nowhere."""
    room = {p.index: p.phrase.size for p in plans if p.copy_of < 0 and p.index not in closed}
    lines = list(room)
    held: dict[int, list[str]] = {index: [] for index in lines}
    left: list[str] = []
    for number, word in enumerate(keywords):
        need = syllables(word)
        wanted = number * len(lines) / max(len(keywords), 1)
        free = [i for i in lines if room[i] >= need + 2 * bool(held[i])]
        if not free or need < 1:
            left.append(word)
            continue
        best = min(free, key=lambda i: (len(held[i]), room[i] < need + 2, abs(lines.index(i) - wanted), i))
        held[best].append(word)
        room[best] -= need
    return tuple(replace(p, keywords=tuple(held.get(p.index, ()))) for p in plans), tuple(left)
