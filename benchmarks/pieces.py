"""Scores made from seeds, for measuring speed without a corpus.

Conventions: notes lie on the grid of 24 steps a quarter with the package's velocity levels; one chord a bar.
Does not know: what music is; only sizes, rhythms and ties are like a real piece's.
"""

from __future__ import annotations

import numpy as np

from zhiyin.score import VELOCITY_LEVELS, ChordMark, KeyMark, Notes, Part, Score, Section, Tempo
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.units import TICKS_PER_QUARTER

EIGHTH = TICKS_PER_QUARTER // 2
SCALE = np.array([0, 2, 4, 5, 7, 9, 11])
# name, role, GM program, is drums, lowest degree above C1, notes a bar
PLAYERS = (
    ("Flute", "melody", 73, False, 35, 6), ("Piano", "accompaniment", 0, False, 21, 10),
    ("Strings", "chords", 48, False, 21, 3), ("Bass", "bass", 33, False, 7, 4), ("Drums", "drums", 0, True, 0, 12),
)  # fmt: skip
KIT = np.array([36, 38, 42, 42, 42, 46])


def piece(seed: int, *, bars: int = 32, players: int = 4, bpm: float = 120.0) -> Score:
    """Return a score in 4/4 of the first so many players, about 6, 10, 3, 4 and 12 notes a bar."""
    rng = np.random.default_rng(seed)
    bar = 4 * TICKS_PER_QUARTER
    chords = tuple(
        ChordMark(n * bar, Chord(int(SCALE[rng.integers(7)]), "m" if n % 2 else "")) for n in range(bars)
    )
    parts = tuple(_part(row, bars, rng) for row in PLAYERS[:players])
    return Score(
        f"Piece {seed}", parts, tempos=(Tempo(0, bpm),), keys=(KeyMark(0, Key(0)),), chords=chords,
        sections=(Section(0, "A"), Section(bars // 2 * bar, "B")), length_ticks=bars * bar,
    )  # fmt: skip


def _part(row: tuple[str, str, int, bool, int, int], bars: int, rng: np.random.Generator) -> Part:
    """Return a part whose notes start on eighths; some are held over a bar line."""
    name, role, program, is_drums, lowest, rate = row
    places = np.sort(rng.choice(bars * 8, size=min(rate, 8) * bars, replace=False))
    onset = np.concatenate((places, rng.choice(places, max(rate - 8, 0) * bars))) * EIGHTH
    length = rng.choice([1, 1, 1, 2, 2, 3, 4], onset.size)
    if is_drums:
        pitch, length = KIT[rng.integers(KIT.size, size=onset.size)], np.ones_like(length)
    else:
        degree = lowest + rng.integers(14, size=onset.size)
        pitch = 12 + 12 * (degree // 7) + SCALE[degree % 7]
    duration = np.minimum(length * EIGHTH, bars * 8 * EIGHTH - onset)
    _, first = np.unique(onset * 128 + pitch, return_index=True)  # one note a key and onset
    velocity = np.array(VELOCITY_LEVELS)[rng.integers(3, 7, size=onset.size)]
    notes = Notes(
        onset[first], _unheld(onset[first], duration[first], pitch[first]), pitch[first], velocity[first]
    )
    return Part(name, notes, role=role, program=program, is_drums=is_drums)


def _unheld(
    onset: np.ndarray[tuple[int], np.dtype[np.int64]],
    duration: np.ndarray[tuple[int], np.dtype[np.int64]],
    pitch: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return durations cut where the same key is struck again."""
    order = np.lexsort((onset, pitch))
    room = np.append(onset[order][1:] - onset[order][:-1], np.iinfo(np.int64).max)
    same = np.append(pitch[order][1:] == pitch[order][:-1], False)
    cut = duration.copy()
    cut[order] = np.where(same, np.minimum(duration[order], room), duration[order])
    return cut


def line(seed: int, *, bars: int = 32) -> Score:
    """Return a tune of one note at a time over a bass, as every notation format can hold it."""
    rng = np.random.default_rng(seed)
    parts = []
    for name, role, program, low in (("Violin", "melody", 40, 35), ("Cello", "bass", 42, 21)):
        length = rng.choice([1, 1, 2, 2, 4], bars * 8)
        ends = np.cumsum(length)
        keep = ends <= bars * 8
        degree = low + rng.integers(10, size=int(keep.sum()))
        notes = Notes(
            (ends - length)[keep] * EIGHTH, length[keep] * EIGHTH, 12 + 12 * (degree // 7) + SCALE[degree % 7],
            np.full(int(keep.sum()), 80),
        )  # fmt: skip
        parts.append(Part(name, notes, role=role, program=program))
    return Score(f"Line {seed}", tuple(parts), keys=(KeyMark(0, Key(0)),), length_ticks=bars * 8 * EIGHTH)


def kern_text(seed: int, *, bars: int = 32) -> tuple[str, int]:
    """Return a Humdrum **kern text of two voices in eighths and quarters, and the number of its notes."""
    rng = np.random.default_rng(seed)
    rows = ["**kern\t**kern", "*clefF4\t*clefG2", "*k[]\t*k[]", "*C:\t*C:", "*M4/4\t*M4/4"]
    count = 0
    for bar in range(1, bars + 1):
        rows.append(f"={bar}\t={bar}")
        for _ in range(4):
            low, high = (rng.choice(list("CDEFGAB")), rng.choice(list("cdefgab")))
            if rng.random() < 0.5:
                rows.append(f"4{low}\t4{high}")
                count += 2
            else:
                rows += [f"4{low}\t8{high}", f".\t8{rng.choice(list('cdefgab'))}"]
                count += 3
    return "\n".join([*rows, "==\t==", "*-\t*-"]) + "\n", count
