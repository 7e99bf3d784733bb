"""Rhyme schemes and kinds of verse: which lines rhyme, and what a style's name asks for.

Conventions: a scheme is letters, one a line; X, and a letter that comes once, is free. Lines count from 0.
This module knows no words and no rhyme classes: see `zhiyin.lyrics.languages`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from zhiyin.errors import InvalidInput, NotFound

FREE = "X"
SCHEMES = ("AABA", "ABAB", "AABB", "ABCB", "AAAA", "ABBA")


@dataclass(frozen=True, slots=True)
class Verse:
    """What a style of verse asks for.

    kind: of verse that the line model knows; scheme: usual rhymes; profile: how far tones bind; table: rhyme table, ""
    for the language's own; one_rhyme: whether all stanzas keep one rhyme.
    """

    kind: str
    scheme: str
    profile: str
    table: str = ""
    one_rhyme: bool = False


STYLES: dict[str, dict[str, Verse]] = {
    "zh": {
        "国风": Verse("ci", "AABA", "国风", one_rhyme=True),
        "宋词": Verse("ci", "AABA", "国风", one_rhyme=True),
        "元曲": Verse("qu", "AABA", "国风", one_rhyme=True),
        "唐诗": Verse("shi", "AABA", "国风", one_rhyme=True),
        "诗经": Verse("shijing", "ABCB", "国风"),
        "民谣": Verse("qu", "ABCB", "pop", one_rhyme=True),
        "流行": Verse("", "AABA", "pop", one_rhyme=True),
    },
    "en": {
        "pop": Verse("song", "AABB", "pop"),
        "folk": Verse("song", "ABCB", "classical"),
        "ballad": Verse("song", "ABCB", "classical"),
        "hymn": Verse("hymn", "ABAB", "classical"),
        "poem": Verse("poem", "ABAB", "classical"),
    },
}
DEFAULT_STYLES = {"zh": "国风", "en": "folk"}
_OTHER_NAMES = {
    "zh": {
        "guofeng": "国风", "古风": "国风", "中国风": "国风", "classical": "国风", "词": "宋词", "ci": "宋词",
        "曲": "元曲", "qu": "元曲", "散曲": "元曲", "诗": "唐诗", "shi": "唐诗", "poem": "唐诗", "folk": "民谣",
        "民歌": "民谣", "pop": "流行", "流行歌": "流行", "戏曲": "元曲",
    },
    "en": {
        "classical": "poem", "verse": "poem", "song": "folk", "folk song": "folk", "民谣": "folk", "流行": "pop",
        "赞美诗": "hymn", "诗": "poem", "rock": "pop", "country": "ballad", "lullaby": "folk", "shanty": "folk",
        "sea": "folk", "国风": "poem",
    },
}  # fmt: skip


def find_verse(lang: str, style: str | None) -> tuple[str, Verse]:
    """Return the name and the verse of a style. Raises NotFound for a style that is not known.

    >>> find_verse("zh", "古风")[0], find_verse("en", None)[1].scheme
    ('国风', 'ABCB')
    """
    name = (style or DEFAULT_STYLES[lang]).strip().lower()
    name = _OTHER_NAMES[lang].get(name, name)
    if name not in STYLES[lang]:
        known = ", ".join(STYLES[lang])
        raise NotFound(
            f"the style of verse must be one of {known}, got {style!r}: choose one",
            zh=f"歌词风格应为 {known}，得到 {style!r}：请选一种",
        )
    return name, STYLES[lang][name]


def check_scheme(scheme: str) -> str:
    """Return a scheme in capitals. Raises InvalidInput unless it is 1..16 letters."""
    told = scheme.strip().upper()
    if not re.fullmatch(r"[A-Z]{1,16}", told):
        raise InvalidInput(
            f"a rhyme scheme must be 1..16 letters such as {', '.join(SCHEMES[:4])}, got {scheme!r}: write it so",
            zh=f"韵式应是 1 到 16 个字母，如 {'、'.join(SCHEMES[:4])}，得到 {scheme!r}",
        )
    return told


def stanza_sizes(lines: int, size: int) -> tuple[int, ...]:
    """Return how lines of a section split into stanzas: whole ones; one line left joins the last, more stand alone.

    >>> stanza_sizes(9, 4), stanza_sizes(6, 4), stanza_sizes(3, 4)
    ((4, 5), (4, 2), (3,))
    """
    whole, left = divmod(lines, size)
    sizes = [size] * whole
    if left == 1 and sizes:
        sizes[-1] += 1
    elif left:
        sizes.append(left)
    return tuple(sizes)


def letters_of(scheme: str, lines: int) -> str:
    """Return the letters of a stanza of so many lines; the last line always rhymes where two or more do.

    >>> letters_of("AABA", 4), letters_of("ABAB", 4), letters_of("ABCB", 5), letters_of("ABAB", 2)
    ('AAXA', 'ABAB', 'XBXBB', 'AA')
    """
    if lines == 1:
        return FREE
    told = scheme[:lines]
    if lines > len(scheme):
        last = next((c for c in reversed(scheme) if c != FREE and scheme.count(c) > 1), "A")
        told = scheme + last * (lines - len(scheme))
    counts = Counter(told)
    if not any(count > 1 for letter, count in counts.items() if letter != FREE):
        told = "AA" if lines == 2 else "A" + FREE * (lines - 2) + "A"
        counts = Counter(told)
    return "".join(c if counts[c] > 1 else FREE for c in told)


def scheme_of(keys: Sequence[str]) -> str:
    """Return the scheme that rhyme groups of lines make, "" for a line that is free, as letters in order.

    >>> scheme_of(["p", "p", "", "q", "q"])
    'AAXBB'
    """
    order = list(dict.fromkeys(key for key in keys if key))
    return "".join(_letter(order.index(key)) if key else FREE for key in keys)


def _letter(index: int) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWYZ"  # X is a free line
    return letters[index % len(letters)]


def scheme_said(scheme: str, made: str) -> tuple[tuple[str, str], ...]:
    """Return what is said (English, Chinese) where a scheme that was told became another over the song's lines.

    >>> scheme_said("AAAA", "AAAABB")[0][0]
    'the scheme AAAA is of 4 lines, the song has 6: it became AAAABB'
    >>> scheme_said("ABCB", "XAXA")
    ()
    """
    if len(scheme) == len(made):
        return ()
    return (
        (
            f"the scheme {scheme} is of {len(scheme)} lines, the song has {len(made)}: it became {made}",
            f"韵式 {scheme} 有 {len(scheme)} 句，这首有 {len(made)} 句：实际为 {made}",
        ),
    )
