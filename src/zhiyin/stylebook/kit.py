"""Drums by name: the rows of groove patterns and the General MIDI keys that they strike.

Conventions: keys are GM percussion keys; small percussion plays the rows that suit it.
This module does not know patterns.
"""

from __future__ import annotations

from collections.abc import Sequence

DRUMS: dict[str, int] = {
    "kick": 36, "kick2": 35, "snare": 38, "snare2": 40, "rim": 37, "clap": 39, "hat": 42, "pedal": 44, "open": 46,
    "ride": 51, "bell": 53, "crash": 49, "crash2": 57, "splash": 55, "china": 52, "tamb": 54, "cowbell": 56,
    "tom1": 50, "tom2": 47, "tom3": 45, "floor": 43, "low-floor": 41, "shaker": 70, "cabasa": 69, "bongo1": 60,
    "bongo2": 61, "conga1": 62, "conga2": 63, "conga3": 64, "timbale1": 65, "timbale2": 66, "agogo1": 67, "agogo2": 68,
    "guiro": 73, "claves": 75, "block1": 76, "block2": 77, "triangle": 81, "triangle-mute": 80,
}  # fmt: skip
_HATS, _BACK = ("hat", "ride", "shaker", "cabasa", "open"), ("snare", "snare2", "rim", "clap")
# Instruments that are not whole kits: key -> the rows of a groove that they take over.
SMALL: dict[str, dict[int, tuple[str, ...]]] = {
    "taiko": {41: ("kick", "kick2", "low-floor", "floor"), 43: ("tom3", "tom2"), 45: ("tom1", *_BACK)},
    "hand-drums": {
        64: ("kick", "kick2", "floor", "tom3"),
        63: _BACK,
        62: _HATS,
        60: ("tom1",),
        61: ("tom2",),
    },
    "shaker": {70: _HATS},
    "tambourine": {54: (*_HATS, "tamb")},
}
CYMBALS = frozenset({49, 51, 52, 53, 55, 57, 59, 46})


def keys_of(rows: Sequence[str], instrument: str) -> dict[str, int]:
    """Return the keys that a pattern's rows strike on an instrument; where none suits it, it takes the first row."""
    found = {row: key for row in rows if (key := key_of(row, instrument)) is not None}
    return found or {rows[0]: min(SMALL[instrument])}


def key_of(row: str, instrument: str) -> int | None:
    """Return the GM key that a row strikes on an instrument, None when it has nothing for it.

    >>> key_of("kick", "drums"), key_of("kick", "shaker"), key_of("ride", "shaker")
    (36, None, 70)
    """
    table = SMALL.get(instrument)
    if table is None:
        return DRUMS[row]
    own = [key for key, rows in table.items() if row in rows]
    if not own and DRUMS[row] in table:
        own = [DRUMS[row]]
    return own[0] if own else None
