"""A small song and its sound, played by the bank that every machine has.

Conventions: four phrases of eight bars of 4/4 in C major at 120 BPM, 16 s; rendered once for all laws.
Does not know: any law.
"""

from __future__ import annotations

import pytest

from zhiyin.audio import Audio
from zhiyin.render import SmallBank
from zhiyin.score import Notes, Part, Score, Tempo
from zhiyin.units import TICKS_PER_QUARTER as Q

TUNE = (60, 64, 67, 72, 71, 67, 65, 64, 62, 65, 69, 67, 64, 62, 60, 60)
CHORDS = ((48, 55, 64), (43, 55, 62), (41, 57, 60), (48, 55, 64))


@pytest.fixture(scope="session")
def tune_score() -> Score:
    """Return the song: a tune in quarters over chords of a bar."""
    tune = [(i * Q, Q, TUNE[i % 16], 95) for i in range(32)]
    chords = [(bar * 4 * Q, 4 * Q, pitch, 70) for bar in range(8) for pitch in CHORDS[bar % 4]]
    parts = (Part("Piano", Notes.of(tune), "melody", 0), Part("Piano", Notes.of(chords), "chords", 0))
    return Score("A small song", parts, tempos=(Tempo(0, 120.0),), length_ticks=32 * Q)


@pytest.fixture(scope="session")
def tune_audio(tune_score: Score) -> Audio:
    """Return its sound, dry, at 22,050 Hz."""
    return SmallBank().render(tune_score, sample_rate=22_050)
