"""Human drumming: how much louder or softer, earlier or later drummers strike, by style, drum and place in the bar.

Conventions: measured on the Groove MIDI Dataset (Google LLC, CC BY 4.0) into `feel.csv` by
`python -m zhiyin.data.stylebook_feel`; velocities against the drum's own mean, offsets in thousandths of a quarter.
This module does not know patterns; "machine" is a drum machine: nothing moves.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple

from zhiyin.units import TICKS_PER_QUARTER, Ticks

MACHINE = "machine"
PLACES = 16  # sixteenths in a bar of four
CLASSES: dict[str, str] = {
    "kick": "kick", "kick2": "kick", "snare": "snare", "snare2": "snare", "rim": "snare", "clap": "snare", "hat": "hat",
    "open": "hat", "pedal": "hat", "ride": "ride", "bell": "ride", "shaker": "hat", "cabasa": "hat",
}  # fmt: skip


class Feel(NamedTuple):
    """One place of one drum: strokes counted, loudness against the mean, offset in milliquarters, spreads."""

    strokes: int
    loudness: float
    spread: float
    offset: float
    offset_spread: float


@cache
def feel_table() -> dict[tuple[str, str, int], Feel]:
    """Return the measured rows by (style, drum class, sixteenth)."""
    text = (resources.files("zhiyin.stylebook") / "feel.csv").read_text(encoding="utf-8")
    return {
        (row["style"], row["drum"], int(row["place"])): Feel(
            int(row["count"]), float(row["loudness"]), float(row["spread"]), float(row["offset"]),
            float(row["offset_spread"]),
        )
        for row in csv.DictReader(text.splitlines())
    }  # fmt: skip


def feel_at(style: str, drum: str, offset: Ticks) -> Feel | None:
    """Return the measured feel of a drum row at an offset in the bar, None for machines and rows not measured."""
    kind = CLASSES.get(drum)
    place = round(offset / (TICKS_PER_QUARTER // 4)) % PLACES
    return None if style == MACHINE or kind is None else feel_table().get((style, kind, place))


# What share of the measured difference patterns still lack: they write accents and ghost strokes themselves.
_SHARE = {"snare": 0.2, "kick": 0.4, "hat": 0.4, "ride": 0.4}


def loudness(style: str, drum: str, offset: Ticks) -> float:
    """Return how much louder (velocity steps) drummers strike a drum at a place of the bar, 0 where not measured."""
    found = feel_at(style, drum, offset)
    return 0.0 if found is None else _SHARE[CLASSES[drum]] * found.loudness
