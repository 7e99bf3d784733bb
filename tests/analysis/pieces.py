"""Small pieces written by hand for the analysis tests.

Conventions: `QUARTER` ticks a beat; chords are given as symbols, one a bar.
Does not know: what the analyses answer.
"""

from __future__ import annotations

from zhiyin.score import MetreMark, Notes, Part, Score
from zhiyin.theory.chord import Chord
from zhiyin.theory.metre import Metre
from zhiyin.theory.pitch import parse_pitch

QUARTER = 10_080


def line(text: str, *, start: int = 0, velocity: int = 80) -> Notes:
    """Return notes of words such as `C4`, `E4:2` (two quarters), `-:1` (rest)."""
    rows, at = [], start
    for word in text.split():
        name, _, length = word.partition(":")
        ticks = round(float(length or 1) * QUARTER)
        if name != "-":
            rows.append((at, ticks, parse_pitch(name), velocity))
        at += ticks
    return Notes.of(rows)


def voicing(symbol: str, *, low: int = 48) -> list[int]:
    """Return bass, then the chord tones above it in close position."""
    chord = Chord.parse(symbol)
    bass = low + (chord.bass - low) % 12
    return [bass, *sorted(bass + (tone - bass) % 12 for tone in chord.pitch_classes if tone != chord.bass)]


def block(symbols: str) -> Score:
    """Return one chord a 4/4 bar, in half notes."""
    rows = [
        (bar * 4 * QUARTER + half * 2 * QUARTER, 2 * QUARTER, pitch)
        for bar, symbol in enumerate(symbols.split())
        for half in range(2)
        for pitch in voicing(symbol)
    ]
    return Score(parts=(Part("Piano", Notes.of(rows)),))


def alberti(symbols: str) -> Score:
    """Return one chord a 4/4 bar as broken eighths: low, high, middle, high."""
    rows = []
    for bar, symbol in enumerate(symbols.split()):
        tones = voicing(symbol)
        for step, which in enumerate((0, -1, 1, -1) * 2):
            rows.append((bar * 4 * QUARTER + step * QUARTER // 2, QUARTER // 2, tones[which]))
    return Score(parts=(Part("Piano", Notes.of(rows)),))


def waltz(symbols: str) -> Score:
    """Return one chord a 3/4 bar: bass, then the chord twice above it."""
    rows = []
    for bar, symbol in enumerate(symbols.split()):
        bass, *_ = voicing(symbol, low=36)
        upper = voicing(symbol, low=55)
        rows.append((bar * 3 * QUARTER, QUARTER, bass))
        rows += [(bar * 3 * QUARTER + beat * QUARTER, QUARTER, pitch) for beat in (1, 2) for pitch in upper]
    return Score(parts=(Part("Piano", Notes.of(rows)),), metres=(MetreMark(0, Metre(3, 4)),))
