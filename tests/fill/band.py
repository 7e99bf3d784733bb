"""A small band and an untrained model: wishes must be kept whatever a model prefers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.models.test_runtime import SMALL, random_weights
from tests.rights.known import known_library
from zhiyin.fill.constraints import (
    Backbeat,
    ChordsOnStrongBeats,
    Closes,
    Constraint,
    Density,
    DrumMap,
    InKey,
    InRange,
    KeepBars,
    KeepMetre,
    KeepPlayers,
    KeepTempo,
    Locked,
    MaxPolyphony,
    NearRegister,
    NoteValues,
    Original,
    Sounds,
    WithinBars,
    WithinReach,
)
from zhiyin.models import FillRuntime, load_checkpoint, save_checkpoint
from zhiyin.score import Cell, ChordMark, KeyMark, MetreMark, Part, Score, Section, Tempo
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

QUARTER = 10_080
BAR = 3 * QUARTER
PLAYERS = ("violin", "piano", "cello", "drums")
KEY = Key.parse("Dm")


@cache
def untrained(seed: int = 0) -> FillRuntime:
    """Return a runtime with random weights: music without sense, wishes kept all the same."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "untrained.safetensors"
        save_checkpoint(path, SMALL, random_weights(SMALL, seed), card={})
        return FillRuntime(load_checkpoint(path))


def frame(bars: int = 4) -> Score:
    """Return an empty waltz for four players."""
    symbols = ["Dm", "Gm", "A7", "Dm", "Bb", "Gm", "A7", "Dm"]
    return Score(
        "Frame",
        parts=(
            Part("Violin", role="melody", program=40),
            Part("Piano", role="accompaniment"),
            Part("Cello", role="bass", program=42),
            Part("Drums", role="drums", is_drums=True),
        ),
        metres=(MetreMark(0, Metre(3, 4)),),
        tempos=(Tempo(0, 96.0),),
        keys=(KeyMark(0, KEY),),
        chords=tuple(ChordMark(i * BAR, Chord.parse(symbols[i % 8])) for i in range(bars)),
        sections=(Section(0, "A"),),
        length_ticks=bars * BAR,
    )


def all_cells(bars: int = 4) -> frozenset[Cell]:
    """Return every cell of the band."""
    return frozenset(Cell(p, b) for p in range(4) for b in range(bars))


def wishes(bars: int = 4) -> tuple[Constraint, ...]:
    """Return one wish of each kind that the band can be asked for."""
    return (
        KeepTempo(96.0), KeepMetre(Metre(3, 4)), KeepBars(bars), KeepPlayers(PLAYERS), InKey(KEY), InRange(PLAYERS),
        ChordsOnStrongBeats(), DrumMap(), Sounds(all_cells(bars)), MaxPolyphony((1, 4, 1, 8)), WithinBars(bars),
        Density(0, 1.5), Locked(frame(bars), all_cells(bars)), Closes(bars), WithinReach((0, 16, 0, 0)),
        NoteValues(with_triplets=True),
        Backbeat(frozenset(Cell(3, b) for b in range(bars))), Original(library=known_library()),
        NearRegister(np.tile([72.0, 60.0, 45.0, np.nan], (bars, 1)), (14, 10, 14, 14)),
    )  # fmt: skip
