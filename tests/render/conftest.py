"""A five-part song and the engines that play it.

Conventions: the FluidSynth parts of the tests skip, with the reason, where no library or no bank is installed.
Does not know: any law.
"""

from __future__ import annotations

import pytest

from zhiyin.render import FluidSynth, SmallBank, Synth, find_soundfont
from zhiyin.render.fluid import is_available
from zhiyin.score import ChordMark, KeyMark, Notes, Part, Score, Section, Tempo
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.units import TICKS_PER_QUARTER as Q

CHORDS = (("Am", (57, 60, 64)), ("F", (57, 60, 65)), ("C", (55, 60, 64)), ("G", (55, 59, 62)))
TUNE = (76, 74, 72, 71, 69, 71, 72, 74)


def make_song(*, bars: int = 4, bpm: float = 120.0) -> Score:
    """Return a song of five parts: flute, piano, strings, bass, drums."""
    beats = range(bars * 4)
    tune = [(i * Q, Q, TUNE[(i * 3) % 8], 84) for i in beats]
    keys = [(i * Q // 2, Q // 2, CHORDS[i // 8 % 4][1][(0, 1, 2, 1)[i % 4]], 66) for i in range(bars * 8)]
    strings = [(b * 4 * Q, 4 * Q, p + 12, 58) for b in range(bars) for p in CHORDS[b % 4][1]]
    bass = [(i * 2 * Q, 2 * Q, CHORDS[i // 2 % 4][1][0] - 12, 76) for i in range(bars * 2)]
    hats = [(i * Q // 2, Q // 4, 42, 60) for i in range(bars * 8)]
    kit = [(i * Q, Q // 4, (36, 38)[i % 2], 88) for i in beats]
    parts = (
        Part("Flute", Notes.of(tune), "melody", 73),
        Part("Piano", Notes.of(keys), "accompaniment", 0),
        Part("Strings", Notes.of(strings), "chords", 48),
        Part("Bass", Notes.of(bass), "bass", 32),
        Part("Drums", Notes.of(hats + kit), "drums", 0, True),
    )
    return Score(
        title="雨夜的车站 Night Station",
        parts=parts,
        tempos=(Tempo(0, bpm),),
        keys=(KeyMark(0, Key.parse("Am")),),
        chords=tuple(ChordMark(b * 4 * Q, Chord.parse(CHORDS[b % 4][0])) for b in range(bars)),
        sections=(Section(0, "A"), Section(bars * 2 * Q, "B")),
        length_ticks=bars * 4 * Q,
    )


@pytest.fixture(scope="session")
def song() -> Score:
    """Return four bars of the song: 8 s at 120 BPM."""
    return make_song()


@pytest.fixture(scope="session")
def fluidsynth() -> FluidSynth:
    """Return FluidSynth with the bank of this machine."""
    if not is_available():
        pytest.skip("FluidSynth is not installed: apt-get install fluidsynth")
    bank = find_soundfont()
    if bank is None:
        pytest.skip("no General MIDI SoundFont on this machine")
    return FluidSynth(bank)


@pytest.fixture(scope="session", params=["smallbank", "fluidsynth"])
def synth(request: pytest.FixtureRequest) -> Synth:
    """Return each engine in turn."""
    return SmallBank() if request.param == "smallbank" else request.getfixturevalue("fluidsynth")
