"""Manners of playing: how the bars of a part go in a style, such as bass on one and chords on two and three.

Conventions: a pattern is a grid and a character a place: "s:" sixteenths, "t:" triplets of eighths; B one low note, O
more of them, n, c, C one, two, three or more above, x a strike of a tune, "." nothing. Measured by `manners_build`: no
pitch of any piece is in it. This module writes no notes.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np

from zhiyin.theory.metre import Metre
from zhiyin.theory.style_words import VARIANT_BASES
from zhiyin.units import TICKS_PER_QUARTER, Ticks

TABLE = "manners.csv"
COLUMNS = ("style", "role", "quarters", "pattern", "pieces", "weight", "stay", "low", "high", "beside")
LED = ("accompaniment", "chords")  # roles that keep a manner; tunes and lines only lean on their rhythms
# Styles that are known by how they are accompanied; by the rhythm of their tunes; whose tunes lean on theirs. In other
# styles words, figures or fancy lead, and manners gained nothing: docs/lab/styles.md.
MANNERED = frozenset({"ragtime", "waltz", "mazurka", "polonaise", "march", "minuet", "guitar"})
BOUND = frozenset({"ragtime", "mazurka", "polonaise", "march", "minuet", "song"})
LEANING = frozenset({"waltz", "jazz", "folk"})
GRIDS = {"s": TICKS_PER_QUARTER // 4, "t": TICKS_PER_QUARTER // 3}
COUNTS = {"B": (1, 1), "O": (2, 3), "n": (1, 1), "c": (2, 2), "C": (3, 4), "x": (1, 4)}
LOW = "BO"
OCTAVE, THIRD = 12, 4  # semitones from note to note of low strikes and of the others
NEAR = 2.0  # how fast a manner falls out with its density's distance, squared log
CLOSE = 0.3  # and how far off, in logs, it may be where a mood sets the density
STEADY, PHRASE = 0.5, 4  # least share of bars in the main manner, or like the phrase before; bars a phrase
FEWEST = 3  # rows for a style to have manners of its own


@dataclass(frozen=True, slots=True)
class Manner:
    """A way to play a bar.

    weight: how usual it is; stay: share of a piece's bars that it takes; low, high: usual lowest pitch of its low
    strikes and of the others, nan for none; beside: (pattern, weight) of what stands with it.
    """

    pattern: str
    pieces: int
    weight: float
    stay: float
    low: float
    high: float
    beside: tuple[tuple[str, float], ...]

    @property
    def density(self) -> float:
        """Return attacks a quarter."""
        places = places_of(self.pattern)
        return len(places) / (len(self.pattern[2:]) * GRIDS[self.pattern[0]] / TICKS_PER_QUARTER)

    @property
    def polyphony(self) -> float:
        """Return notes an attack."""
        kinds = [kind for _, kind in places_of(self.pattern)]
        return float(np.mean([COUNTS[kind][0] for kind in kinds])) if kinds else 1.0

    @property
    def register(self) -> float:
        """Return about the mean pitch, nan where it is not known."""
        found = []
        for _, kind in places_of(self.pattern):
            count, lowest = COUNTS[kind][0], self.low if kind in LOW else self.high
            step = OCTAVE if kind in LOW else THIRD
            found += [lowest + number * step for number in range(count)]
        known = [pitch for pitch in found if not np.isnan(pitch)]
        return float(np.mean(known)) if known else float("nan")


def places_of(pattern: str) -> list[tuple[Ticks, str]]:
    """Return the (tick of the bar, kind) of every strike.

    >>> places_of("s:B...c...c...")
    [(0, 'B'), (10080, 'c'), (20160, 'c')]
    """
    step = GRIDS[pattern[0]]
    return [(place * step, kind) for place, kind in enumerate(pattern[2:]) if kind != "."]


def is_pattern(text: str) -> bool:
    """Return whether a text is a pattern.

    >>> is_pattern("s:B...c...c..."), is_pattern("oom-pah-pah")
    (True, False)
    """
    return text[:2] in ("s:", "t:") and len(text) > 2 and set(text[2:]) <= {*COUNTS, "."}


def manners_of(style: str, role: str, metre: Metre) -> tuple[Manner, ...]:
    """Return the manners of a role in a style and metre, the most usual first; none where too few are known."""
    base, quarters = VARIANT_BASES.get(style, style), metre.bar_ticks / TICKS_PER_QUARTER
    for factor in (1, 2, -2):
        length = quarters / factor if factor > 0 else quarters * -factor
        found = [
            m for one in _table().get((base, role, length), ()) if (m := stretched(one, factor)) is not None
        ]
        if len(found) >= FEWEST:
            return tuple(found)
    return ()


def stretched(manner: Manner, factor: int) -> Manner | None:
    """Return a manner so many times slower, or faster for a factor below 0; None where places would fall together.

    >>> stretched(Manner("s:B.C.", 3, 1.0, 1.0, 45.0, 57.0, ()), 2).pattern
    's:B...C...'
    """
    pattern, beside = _stretched(manner.pattern, factor), []
    for other, weight in manner.beside:
        text = _stretched(other, factor)
        beside += [(text, weight)] if text else []
    return replace(manner, pattern=pattern, beside=tuple(beside)) if pattern else None


def _stretched(pattern: str, factor: int) -> str:
    grid, places = pattern[:2], pattern[2:]
    if factor > 0:
        return grid + "".join(place + "." * (factor - 1) for place in places)
    is_even = len(places) % -factor == 0 and set("".join(places[i::-factor] for i in range(1, -factor))) <= {
        "."
    }
    return grid + places[::-factor] if is_even else ""


def is_near(manner: Manner, density: float | None) -> bool:
    """Return whether a manner is about as busy as asked."""
    return density is None or abs(np.log(max(manner.density, 0.1) / density)) <= CLOSE


def drawn_manners(
    known: Sequence[Manner],
    bars: int,
    rng: np.random.Generator,
    *,
    is_led: bool,
    density: float | None = None,
) -> list[Manner]:
    """Return a manner for each bar of a section, none where none is known.

    An accompaniment has one main manner, kept as steadily as people keep theirs, others beside it; a tune goes from
    rhythm to rhythm as people's do, and every second bar of a phrase's repeat has that of the phrase before.
    density: attacks a quarter that the main one is to be near.
    """
    if not known:
        return []
    by_name = {m.pattern: m for m in known}
    weights = np.array([m.weight for m in known])
    if density:
        far = np.log([max(m.density, 0.1) / density for m in known])
        weights = weights * np.exp(-NEAR * far**2)
    main = known[int(rng.choice(len(known), p=weights / weights.sum()))]
    row = [main]
    while len(row) < bars:
        if is_led:
            stays = rng.random() < max(main.stay, STEADY)
            row.append(main if stays else _beside(main, by_name, rng))
        else:
            returns = len(row) >= PHRASE and rng.random() < STEADY
            row.append(row[-PHRASE] if returns else _beside(row[-1], by_name, rng))
    return row


def _beside(manner: Manner, by_name: dict[str, Manner], rng: np.random.Generator) -> Manner:
    """Return a manner that stands with one in people's pieces, itself where nothing is known to."""
    found = [(by_name[p], w) for p, w in manner.beside if p in by_name]
    if not found:
        return manner
    shares = np.array([w for _, w in found])
    return found[int(rng.choice(len(found), p=shares / shares.sum()))][0]


@cache
def _table() -> dict[tuple[str, str, float], tuple[Manner, ...]]:
    text = files("zhiyin.fill").joinpath(TABLE).read_text(encoding="utf-8")
    found: dict[tuple[str, str, float], list[Manner]] = {}
    for row in csv.DictReader(text.splitlines()):
        pairs = (word.rpartition("=") for word in row["beside"].split())
        manner = Manner(
            row["pattern"], int(row["pieces"]), float(row["weight"]), float(row["stay"]),
            float(row["low"] or "nan"), float(row["high"] or "nan"), tuple((p, float(n)) for p, _, n in pairs),
        )  # fmt: skip
        found.setdefault((row["style"], row["role"], float(row["quarters"])), []).append(manner)
    return {key: tuple(rows) for key, rows in found.items()}
