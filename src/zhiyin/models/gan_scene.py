"""From a scene to phrases and back: which bars stand in which slots, what is given, and whose rows a track's notes are.

Conventions: bars of up to 16 sixteenths; longer ones are cut into equal pieces that each take a slot.
This module knows no networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from zhiyin.encode.fields import DEGREE_NONE, MODE_UNKNOWN
from zhiyin.encode.scene import NO_ROOT, Scene
from zhiyin.models.gan_rolls import (
    BARS,
    SLOTS,
    STEPS,
    TRACKS,
    WIDTH,
    Phrases,
    shift_to_white,
    track_of,
    tracks_to_codes,
)
from zhiyin.units import BoolArray, IntArray


@dataclass(frozen=True, slots=True)
class Stretch:
    """Up to BARS pieces of bars that make one phrase.

    low: (pieces,) first sixteenth of each in the scene; size: (pieces,) sixteenths, 1..16; column: the slot of the
    scene's column that each lies in; shift: semitones to C or a.
    """

    low: IntArray
    size: IntArray
    column: IntArray
    shift: int

    @property
    def place(self) -> IntArray:
        """Return where the sixteenths stand among the STEPS of a phrase."""
        return np.concatenate([np.arange(n) + SLOTS * i for i, n in enumerate(self.size.tolist())])

    @property
    def source(self) -> IntArray:
        """Return the sixteenths of the scene, in order."""
        pairs = zip(self.low.tolist(), self.size.tolist(), strict=True)
        return np.concatenate([np.arange(low, low + n) for low, n in pairs])


def pieces_of(edges: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return (low, size, column) of every bar, longer ones cut into equal pieces of at most 16 sixteenths.

    >>> pieces_of([0, 16, 40])
    [(0, 16, 0), (16, 12, 1), (28, 12, 1)]
    """
    found = []
    for column, (low, high) in enumerate(pairwise(edges)):
        count = max(-(-(high - low) // SLOTS), 1)
        cuts = [low + (high - low) * i // count for i in range(count + 1)]
        found += [(a, b - a, column) for a, b in pairwise(cuts) if b > a]
    return found


def stretches(scene: Scene, *, overlap: int = 0) -> list[Stretch]:
    """Return the phrases that tile a scene, from its first bar, `overlap` pieces of each heard again by the next."""
    pieces = pieces_of(scene.edges.tolist())
    found, begin = [], 0
    while begin < len(pieces):
        group = pieces[begin : begin + BARS]
        low, size, column = (np.array(c, np.int64) for c in zip(*group, strict=True))
        found.append(Stretch(low, size, column, _shift(scene, column)))
        if begin + BARS >= len(pieces):
            break
        begin += BARS - overlap
    return found


def _shift(scene: Scene, columns: IntArray) -> int:
    tonic, mode = scene.tonic[columns], scene.mode[columns]
    told = np.flatnonzero(tonic < DEGREE_NONE)
    return shift_to_white(int(tonic[told[0]]), int(mode[told[0]])) if told.size else 0


def rows_by_track(scene: Scene) -> dict[int, IntArray]:
    """Return the rows of each track that the scene has, in order."""
    found: dict[int, list[int]] = {}
    for row, (role, program) in enumerate(zip(scene.role.tolist(), scene.program.tolist(), strict=True)):
        track = track_of(role, program)
        if track is not None:
            found.setdefault(track, []).append(row)
    return {track: np.array(rows) for track, rows in found.items()}


def phrase_of(scene: Scene, stretch: Stretch) -> Phrases:
    """Return one phrase of a scene: what its rows hold there, and what is told of it."""
    place, source, rows = stretch.place, stretch.source, rows_by_track(scene)
    codes = np.zeros((STEPS, WIDTH), np.uint8)
    codes[place] = tracks_to_codes(scene.strike[:, source], scene.sound[:, source], rows, shift=stretch.shift)
    valid = np.zeros(STEPS, bool)
    valid[place] = True
    chord = np.zeros((STEPS, 12), bool)
    chord[place] = np.roll(scene.chord[source], stretch.shift, axis=1)
    root = np.full(STEPS, NO_ROOT, np.int64)
    found = scene.root[source]
    root[place] = np.where(found == NO_ROOT, NO_ROOT, (found + stretch.shift) % 12)
    mode = scene.mode[stretch.column]
    told = mode[mode != MODE_UNKNOWN]
    return Phrases(
        codes[None], valid[None], chord[None], root[None], np.array([scene.style]),
        scene.metre[stretch.column][:1], told[:1] if told.size else np.array([MODE_UNKNOWN]),
        np.array([[t in rows for t in range(len(TRACKS))]]),
    )  # fmt: skip


def given_cells(scene: Scene, stretch: Stretch) -> BoolArray:
    """Return (BARS, 4) whether a track's bar is given: no row of it is to be written there; False for absent ones."""
    given = np.zeros((BARS, len(TRACKS)), bool)
    for track, rows in rows_by_track(scene).items():
        write = scene.write[np.ix_(stretch.column, rows)].any(axis=1)
        given[: stretch.column.size, track] = ~write
    return given
