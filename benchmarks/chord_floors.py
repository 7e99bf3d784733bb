"""Floors for chords of a tune: the tonic throughout, and a hidden Markov model counted on training pieces.

Conventions: one state a felt beat: root above the tonic times major, minor, diminished; the key is given to all.
Does not know: the fill model, nor the analysis of the package, but for the beats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.analysis.columns import Beats, beats_of
from zhiyin.score import ChordMark, Score
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.key import Key

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FAMILIES = ("", "m", "dim")
STATES = 12 * len(FAMILIES)
OTHER = 3  # suspended, augmented and bare fifths
SMOOTH = 0.5


def family(chord: Chord) -> int:
    """Return 0 for chords with a major third and no raised fifth, 1 minor, 2 diminished, 3 others.

    >>> [family(Chord.parse(s)) for s in ("G7", "Dm7", "Bm7b5", "Gsus4", "C+")]
    [0, 1, 2, 3, 3]
    """
    tones = QUALITIES[chord.quality]
    if 4 in tones:
        return OTHER if 8 in tones else 0
    if 3 in tones:
        return 2 if 6 in tones else 1
    return OTHER


def chord_at(marks: tuple[ChordMark, ...], tick: int) -> Chord | None:
    """Return the chord in force at a tick, None before the first."""
    found = None
    for mark in marks:
        if mark.tick > tick:
            break
        found = mark.chord
    return found


def sung(score: Score, part: int, beats: Beats) -> Floats:
    """Return (beats, 12) quarters that each pitch class sounds in each beat."""
    found = np.zeros((len(beats.edges) - 1, 12))
    for note in score.parts[part].notes:
        for b in range(len(found)):
            low, high = beats.edges[b], beats.edges[b + 1]
            found[b, note.pitch % 12] += (
                max(0, min(note.onset + note.duration, high) - max(note.onset, low)) / 10_080
            )
    return found


def constant_tonic(key: Key) -> tuple[ChordMark, ...]:
    """Return the tonic chord from the beginning to the end."""
    return (ChordMark(0, Chord(key.tonic, "m" if key.is_minor else "")),)


@dataclass(frozen=True, eq=False)
class ChordHmm:
    """Log-probabilities, by mode (0 major, 1 minor): start (2, states), move (2, 2, states, states) off and on a
    downbeat, sing (2, states, 12)."""

    start: Floats
    move: Floats
    sing: Floats

    @classmethod
    def count(cls, pieces: Iterable[tuple[Score, int, Key]]) -> ChordHmm:
        """Return the model of (score with chords, melody part, key)."""
        start = np.full((2, STATES), SMOOTH)
        move = np.full((2, 2, STATES, STATES), 0.02)
        sing = np.full((2, STATES, 12), 0.1)
        for score, part, key in pieces:
            beats, mode = beats_of(score), int(key.is_minor)
            heard = np.roll(sung(score, part, beats), -key.tonic, axis=1)
            before = -1
            for b, tick in enumerate(beats.edges[:-1].tolist()):
                chord = chord_at(score.chords, tick)
                if chord is None or family(chord) == OTHER:
                    before = -1
                    continue
                state = family(chord) * 12 + (chord.root - key.tonic) % 12
                sing[mode, state] += heard[b]
                if before < 0:
                    start[mode, state] += 1
                else:
                    move[mode, int(beats.weight[b] == 1.0), before, state] += 1
                before = state
        return cls(*(np.log(t / t.sum(-1, keepdims=True)) for t in (start, move, sing)))

    def decode(self, score: Score, part: int, key: Key) -> tuple[ChordMark, ...]:
        """Return the likeliest chords of a tune (Viterbi)."""
        beats, mode = beats_of(score), int(key.is_minor)
        said = np.roll(sung(score, part, beats), -key.tonic, axis=1) @ self.sing[mode].T
        back = np.zeros(said.shape, np.int64)
        best = self.start[mode] + said[0]
        for b in range(1, len(said)):
            reach = best[:, None] + self.move[mode, int(beats.weight[b] == 1.0)]
            back[b] = reach.argmax(0)
            best = reach.max(0) + said[b]
        path = [int(best.argmax())]
        for b in range(len(said) - 1, 0, -1):
            path.append(int(back[b, path[-1]]))
        path.reverse()
        marks = []
        for b, state in enumerate(path):
            if b == 0 or state != path[b - 1]:
                chord = Chord((state % 12 + key.tonic) % 12, FAMILIES[state // 12])
                marks.append(ChordMark(int(beats.edges[b]), chord))
        return tuple(marks)
