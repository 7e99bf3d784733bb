"""The map: phrases of people's pieces and of a person's own on two axes.

Conventions: a phrase is eight bars of a part; axes are those of `zhiyin.models.vae_map`, without unit; near on the map
is alike in rhythm, register and turn of line as the family reads them. This module reads no files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.latent.reading import read_part, role_of
from zhiyin.fill.latent.space import encode, net_of
from zhiyin.models.vae_map import AXES, MEAN, POINTS, phrase_vector
from zhiyin.score import Score, Timeline
from zhiyin.theory.styles import STYLES
from zhiyin.units import FloatArray

PHRASE_BARS = 8
NEAREST = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A phrase on the map: whose, bars from 1, where, and the nearest phrases of people (piece, distance)."""

    name: str
    first_bar: int
    bars: int
    x: float
    y: float
    nearest: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Atlas:
    """People's phrases (points (phrases, 2) with piece and style) and a person's own."""

    role: str
    points: FloatArray
    pieces: tuple[str, ...]
    styles: tuple[str, ...]
    own: tuple[Place, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the map as plain values."""
        people = [
            {"piece": piece, "style": style, "x": round(float(x), 4), "y": round(float(y), 4)}
            for piece, style, (x, y) in zip(self.pieces, self.styles, self.points.tolist(), strict=True)
        ]
        own = [
            {"name": p.name, "first_bar": p.first_bar, "bars": p.bars, "x": round(p.x, 4), "y": round(p.y, 4),
             "nearest": [{"piece": piece, "distance": round(far, 4)} for piece, far in p.nearest]}
            for p in self.own
        ]  # fmt: skip
        return {"role": self.role, "people": people, "own": own}


def make_atlas(scores: Sequence[tuple[str, Score, int]]) -> Atlas:
    """Return the map with every phrase of (name, score on the grid, part), all of one kind: lines or drums.

    Raises InvalidInput for none, for parts of both kinds, for a part without notes, and for bars the family does not
    read.
    """
    roles = [role_of(score.parts[part]) for _, score, part in scores]
    if not roles or len({role == "drums" for role in roles}) != 1:
        raise InvalidInput(
            f"a map holds lines or drums, one kind and one part at least, got {roles}: choose parts"
        )
    net = net_of(roles[0])
    people = np.asarray(net.w[POINTS], np.float64)
    rows = net.card.get("map", [])
    shown = slice(0, min(len(rows), len(people)))
    pieces = tuple(str(row["piece"]) for row in rows[shown])
    _refuse_silent(scores)
    own = [place for name, score, part in scores for place in _places(name, score, part)]
    vectors = np.array([[p.x, p.y] for p in own]).reshape(-1, 2)
    near = [_nearest(v, people[shown], pieces) for v in vectors]
    placed = tuple(Place(p.name, p.first_bar, p.bars, p.x, p.y, n) for p, n in zip(own, near, strict=True))
    return Atlas(roles[0], people[shown], pieces, tuple(_style(row) for row in rows[shown]), placed)


def _refuse_silent(scores: Sequence[tuple[str, Score, int]]) -> None:
    """Raise InvalidInput for the first part without notes: it would lie nowhere."""
    for name, score, part in scores:
        if not len(score.parts[part].notes):
            raise InvalidInput(
                f"what is put on a map must have notes, got none in part {part + 1} of {name!r}: name another part "
                "with --part, or another file"
            )


def _style(row: dict[str, Any]) -> str:
    code = int(row["style"])
    return STYLES[code] if code < len(STYLES) else ""


def _places(name: str, score: Score, part: int) -> list[Place]:
    """Return where a part's phrases lie, eight bars each, a shorter last one too; silent phrases nowhere."""
    net = net_of(role_of(score.parts[part]))
    last = Timeline.of(score).bar_count(score.parts[part].notes.end)
    found = []
    for first in range(0, last, PHRASE_BARS):
        bars = range(first, min(first + PHRASE_BARS, last))
        onsets = Timeline.of(score).bar_of(score.parts[part].notes.onset)
        if not np.isin(onsets, list(bars)).any():
            continue
        phrase = encode(read_part(score, part, bars=bars), net)
        x, y = ((phrase_vector(phrase.latent) - net.w[MEAN]) @ net.w[AXES].T).tolist()
        found.append(Place(name, first + 1, len(bars), float(x), float(y)))
    return found


def _nearest(at: FloatArray, people: FloatArray, pieces: Sequence[str]) -> tuple[tuple[str, float], ...]:
    far = np.hypot(*(people - at).T)
    return tuple((pieces[i], float(far[i])) for i in np.argsort(far, kind="stable")[:NEAREST])
