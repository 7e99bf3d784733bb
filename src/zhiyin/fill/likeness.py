"""Which bars come again: for each bar of a stretch an earlier one to resemble, as people's pieces of a style do it.

Conventions: drawn from stretches of real pieces' repetition, of which only the places are kept, never notes; bars are
0-based, -1 resembles none. A model told that nothing returns writes nothing that returns. Built by `likeness_build`;
this module does not say how alike bars become: the model was told the same of the music it learned from.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources

import numpy as np

from zhiyin.theory.style_words import VARIANT_BASES
from zhiyin.units import IntArray

TABLE = "likeness.csv"
ANY_STYLE = "all"
STRIDE = 4  # stretches begin where phrases may
CANDIDATES = 8  # stretches that are drawn where a plan prefers some
# Measured styles that stand in for those without enough pieces of their own.
_KIN = {
    "chinese": "folk", "chorale": "hymn", "ambient": "game", "chiptune": "game", "synthwave": "game", "house": "game",
    "techno": "game", "cinematic": "orchestral", "swing": "jazz", "bossa-nova": "jazz", "rock": "pop", "funk": "pop",
    "soul": "pop", "reggae": "pop", "trap": "pop", "lofi": "pop",
}  # fmt: skip
Fits = Callable[[int, int], bool]


def likeness(style: str | None, bars: int, rng: np.random.Generator, *, fits: Fits | None = None) -> IntArray:
    """Return the earlier bar that each of so many bars resembles, or -1: (bars,).

    fits: (bar, earlier bar) -> whether a plan makes the one like the other; of several stretches the one with the most
    such returns beside others is chosen. A return over other chords stays: it is a sequence.

    >>> likeness("waltz", 8, np.random.default_rng(3)).shape
    (8,)
    """
    drawn = [_stretch(style, bars, rng) for _ in range(CANDIDATES if fits else 1)]
    if not fits:
        return drawn[0]
    worth = [sum(1 if fits(b, e) else -1 for b, e in enumerate(one.tolist()) if e >= 0) for one in drawn]
    return drawn[int(np.argmax(worth))]


def _stretch(style: str | None, bars: int, rng: np.random.Generator) -> IntArray:
    """Return what returns in a stretch of a piece; longer than any known piece, stretches follow each other."""
    maps = _maps_of(style)
    whole: list[int] = []
    while len(whole) < bars:
        donor = maps[int(rng.integers(len(maps)))]
        room = max(donor.size - (bars - len(whole)), 0)
        first = STRIDE * int(rng.integers(room // STRIDE + 1))
        cut = donor[first : first + bars - len(whole)]
        inside = np.where(np.arange(cut.size) >= cut, np.arange(cut.size) - cut + len(whole), -1)
        whole += np.where(cut > 0, inside, -1).tolist()
    return np.array(whole, np.int64)


def _maps_of(style: str | None) -> list[IntArray]:
    table, name = _table(), style or ANY_STYLE
    base = VARIANT_BASES.get(name, name)
    return table.get(name) or table.get(base) or table.get(_KIN.get(base, "")) or table[ANY_STYLE]


@cache
def _table() -> dict[str, list[IntArray]]:
    """Return {style: [(bars,) how many bars back each bar's like stands, 0 none]}."""
    text = resources.files("zhiyin.fill").joinpath(TABLE).read_text(encoding="utf-8")
    found: dict[str, list[IntArray]] = {}
    for line in text.splitlines()[1:]:
        style, _, backs = line.partition(",")
        found.setdefault(style, []).append(
            np.array([0 if b == "." else int(b) for b in backs.split()], np.int64)
        )
    return found
