"""Small quantised scores for the laws of encoding and filling."""

from __future__ import annotations

import numpy as np

from zhiyin.score import (
    VELOCITY_LEVELS,
    ChordMark,
    KeyMark,
    MetreMark,
    Note,
    Notes,
    Part,
    Score,
    Section,
    Tempo,
    quantise,
)
from zhiyin.theory.chord import QUALITY_NAMES, Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

STEP = 420
QUARTER = 10_080


def random_notes(rng: np.random.Generator, count: int, *, last_step: int = 1500) -> Notes:
    """Return random quantised notes, many of them crossing bar lines and overlapping on one pitch."""
    notes = Notes(
        rng.integers(0, last_step, count) * STEP,
        rng.integers(1, 300, count) * STEP,
        rng.integers(48, 60, count),
        np.array(VELOCITY_LEVELS)[rng.integers(0, 8, count)],
    )
    return quantise(Score(parts=(Part("x", notes),)))[0].parts[0].notes


def random_score(seed: int) -> Score:
    """Return a random quantised score with a pick-up, rare metres, long bars, chords and drums."""
    rng = np.random.default_rng(seed)
    parts = [Part(f"part {i}", random_notes(rng, int(rng.integers(0, 120)))) for i in range(3)]
    parts[2] = Part("kit", parts[2].notes, role="drums", is_drums=True)
    ticks = sorted({int(t) * STEP for t in rng.integers(0, 1500, 12)})
    chords = [
        ChordMark(
            t,
            None
            if rng.random() < 0.2
            else Chord(int(rng.integers(12)), QUALITY_NAMES[int(rng.integers(24))], int(rng.integers(12))),
        )
        for t in ticks
    ]
    metres = (
        MetreMark(0, Metre(4, 4)),
        MetreMark(20 * QUARTER, Metre(3, 1)),
        MetreMark(56 * QUARTER, Metre(5, 32)),
    )
    return Score(
        parts=tuple(parts),
        chords=tuple(chords),
        metres=metres,
        pickup_ticks=int(rng.integers(0, 4)) * QUARTER,
    )


def little_waltz() -> Score:
    """Return eight bars of a waltz in D minor: tune, chords, bass, with sections and chord marks."""
    symbols = ["Dm", "Gm", "A7", "Dm", "Dm", "Gm", "A7", "Dm"]
    tune, comp, bass = [], [], []
    for bar, symbol in enumerate(symbols):
        start, chord = bar * 3 * QUARTER, Chord.parse(symbol)
        tones = [72 + (p - 0) % 12 for p in chord.pitch_classes[:3]]
        tune += [Note(start, 2 * QUARTER, tones[0]), Note(start + 2 * QUARTER, QUARTER, tones[1])]
        comp += [
            Note(start + beat * QUARTER, QUARTER, 48 + p) for beat in (1, 2) for p in chord.pitch_classes[:3]
        ]
        bass.append(Note(start, 3 * QUARTER, 36 + chord.bass))
    return Score(
        "Little Waltz",
        parts=(
            Part("Violin", Notes.of(tune), role="melody", program=40),
            Part("Piano", Notes.of(comp), role="accompaniment", program=0),
            Part("Cello", Notes.of(bass), role="bass", program=42),
        ),
        metres=(MetreMark(0, Metre(3, 4)),),
        tempos=(Tempo(0, 150.0),),
        keys=(KeyMark(0, Key.parse("Dm")),),
        chords=tuple(ChordMark(i * 3 * QUARTER, Chord.parse(s)) for i, s in enumerate(symbols)),
        sections=(Section(0, "A"), Section(4 * 3 * QUARTER, "A")),
    )
