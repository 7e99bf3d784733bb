"""Figures: how an accompaniment of a style moves, by rule — the floor beside the learnt families.

Conventions: a figure is a row of strokes (beat, length in beats, what, octave): what is `root`, `fifth`, `chord`, or
`tone N` for the Nth chord tone from the root up; one figure a kind of metre, the bar its period. Registers are MIDI.
This module trains nothing and reads no score: see `zhiyin.fill.restyled` for the learnt counterpart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from zhiyin.encode.backing import CELLS, KINDS, NONE, Ground
from zhiyin.fill.restyled import Row

BASS, MIDDLE = 40, 55  # the lowest a bass and a chord begin
GAP = 1  # semitone below the tune at least


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke of a figure: beat and length in beats, what is played."""

    beat: float
    length: float
    what: str


# style | kind of metre | strokes `beat+length what`
_FIGURES = """
waltz | three | 0+1 root, 1+1 chord, 2+1 chord
mazurka | three | 0+1 root, 1+1 chord, 2+1 chord
polonaise | three | 0+.5 root, .5+.25 chord, .75+.25 chord, 1+.5 chord, 1.5+.5 chord, 2+.5 chord, 2.5+.5 chord
hymn | any | each 1 chord, each 1 root
string-quartet | any | each .5 chord, each 1 root
classical | any | alberti .5
baroque | any | each 1 root, each 1 tone3
romantic-piano | any | rolling .5
art-song | any | 0+1 root, rolling .5
march | any | stride
ragtime | any | stride
chinese | any | 0+2 root, pluck .5
"""


@cache
def figure_styles() -> tuple[str, ...]:
    """Return the styles that have a figure."""
    return tuple(dict.fromkeys(line.split("|")[0].strip() for line in _FIGURES.strip().splitlines()))


def _text(style: str, kind: str) -> str:
    rows = [[cell.strip() for cell in line.split("|")] for line in _FIGURES.strip().splitlines()]
    fitting = [row for row in rows if row[0] == style and row[1] in (kind, "any")]
    return fitting[0][2] if fitting else "0+1 root, each 1 chord"


def strokes(style: str, kind: str, beats: int) -> list[Stroke]:
    """Return the strokes of a bar of so many beats.

    >>> [(s.beat, s.what) for s in strokes("waltz", "three", 3)]
    [(0.0, 'root'), (1.0, 'chord'), (2.0, 'chord')]
    """
    found: list[Stroke] = []
    for word in _text(style, kind).split(", "):
        head, _, what = word.partition(" ")
        if head == "each":
            size, _, what = what.partition(" ")
            found += [Stroke(float(b), float(size), what) for b in np.arange(0, beats, float(size))]
        elif head == "alberti":
            order = ("tone0", "tone2", "tone1", "tone2")
            found += [
                Stroke(float(b), float(what), order[i % 4])
                for i, b in enumerate(np.arange(0, beats, float(what)))
            ]
        elif head in ("rolling", "pluck"):
            cycle = ("root", "fifth", "tone0", "tone1", "tone2", "tone1", "tone0", "fifth")
            found += [
                Stroke(float(b), float(what), cycle[i % 8])
                for i, b in enumerate(np.arange(0, beats, float(what)))
            ]
        elif head == "stride":
            for beat in range(beats):
                on = "root" if beat % 4 == 0 else "fifth"
                low, high = (beat, beat + 0.5) if beats <= 2 else (beat, beat)
                if beats <= 2:
                    found += [Stroke(low, 0.5, "root" if beat == 0 else "fifth"), Stroke(high, 0.5, "chord")]
                else:
                    found.append(Stroke(low, 1.0, on if beat % 2 == 0 else "chord"))
        else:
            beat_text, _, length = head.partition("+")
            found.append(Stroke(float(beat_text), float(length), what))
    return [s for s in found if s.beat < beats]


def figured(ground: Ground, style: str) -> list[Row]:
    """Return the notes of a style's figure over a ground, chord tones below the tune."""
    found: set[Row] = set()
    kind = KINDS[ground.kind]
    for bar in np.unique(ground.bar).tolist():
        cells = np.flatnonzero(ground.bar == bar)
        for stroke in strokes(style, kind, cells.size // CELLS):
            first = int(cells[0]) + round(stroke.beat * CELLS)
            last = min(first + max(round(stroke.length * CELLS), 1), int(cells[-1]) + 1)
            onset = int(ground.start[first])
            length = (last - first) * ground.cell_steps
            for pitch in _pitches(ground, first, last, stroke.what, is_five=style == "chinese"):
                found.add((onset, length, pitch))
    return sorted(found)


def _pitches(ground: Ground, first: int, last: int, what: str, *, is_five: bool) -> list[int]:
    root = int(ground.root[first])
    held = sorted((int(pc) - root) % 12 for pc in np.flatnonzero(ground.chord[first]))
    if is_five:  # no half steps: fourths and sevenths of the key give way
        scale = {(int(ground.tonic[first]) + step - root) % 12 for step in (0, 2, 4, 7, 9)}
        held = [tone for tone in held if tone in scale] or [0]
    bass = BASS + (root - BASS) % 12
    middle = MIDDLE + (root - MIDDLE) % 12
    close = sorted(_lifted(middle + tone) for tone in held)
    if what == "root":
        chosen = [bass]
    elif what == "fifth":
        chosen = [bass + (7 if 7 in held else held[-1])]
    elif what == "chord":
        chosen = close
    else:
        chosen = [close[int(what[4:]) % len(close)]]
    sung = ground.tune[first:last]
    ceiling = int(sung[sung != NONE].min(initial=128)) - GAP
    while chosen and max(chosen) > ceiling and min(chosen) > BASS:
        chosen = [pitch - 12 for pitch in chosen]
    return [pitch for pitch in chosen if pitch <= ceiling]


def _lifted(pitch: int) -> int:
    return pitch - 12 if pitch >= MIDDLE + 12 else pitch
