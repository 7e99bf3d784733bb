"""Learned chord tables: how likely each chord follows what went before.

Conventions: a table chord is (semitones above the tonic, quality); positions are bars within a phrase of four.
This module does not read corpora (`zhiyin.fill.progressions_build`) and does not know sections.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

TableChord = tuple[int, str]


@cache
def _tables() -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    text = files("zhiyin.fill").joinpath("progressions.json").read_text(encoding="utf-8")
    families: dict[str, dict[str, dict[str, dict[str, int]]]] = json.loads(text)["families"]
    return families


def _name(chord: TableChord) -> str:
    return f"{chord[0]}:{chord[1]}" if chord[1] else str(chord[0])


def _parse(name: str) -> TableChord:
    degree, _, quality = name.partition(":")
    return int(degree), quality


def next_chords(
    past: Sequence[TableChord], *, family: str, mode: str, position: int
) -> dict[TableChord, float]:
    """Return the chance of every next chord after up to three, at a bar 0..3 of the phrase.

    mode: "major" or "minor". Orders 0 to 3 are mixed as in Witten & Bell, "The zero-frequency problem", 1991.
    """
    table = _tables()[family].get(mode) or _tables()["art"][mode]
    names = [_name(chord) for chord in past[-3:]]
    contexts = [f"@{position % 4}"]
    contexts += [f"{' '.join(names[-order:])}@{position % 4}" for order in (1, 2) if len(names) >= order]
    contexts += [" ".join(names)] if len(names) == 3 else []
    chances: dict[str, float] = {}
    for context in contexts:
        counts = table.get(context)
        if not counts:
            continue
        total, kinds = sum(counts.values()), len(counts)
        lower = kinds / (total + kinds) if chances else 0.0
        chances = {name: lower * chance for name, chance in chances.items()}
        for name, count in counts.items():
            chances[name] = chances.get(name, 0.0) + (1 - lower) * count / total
    return {_parse(name): chance for name, chance in chances.items()}
