"""Voicings of players who accompany: candidates by kind, and the smoothest path through a chord sequence.

Conventions: a voicing is ascending MIDI pitches without the bass player's note; a path is found by dynamic
programming, so the same chords give the same voicings. This module does not know rhythm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.units import FloatArray

Voicing = tuple[int, ...]
# Costs in semitones of motion: leaps of the top note count double beyond a third, an octave or fifth moving in
# parallel with the bass more than any plain step, distance from the middle a fifth of itself.
_TOP_LEAP, _PARALLEL, _CENTRE, _CLASH = 1.5, 6.0, 0.25, 30.0
HAND = 16  # semitones that one hand can strike
LOWEST_CLOSE = 48  # below this, seconds and thirds are mud


@dataclass(frozen=True, slots=True)
class Manner:
    """How chords are laid out: a kind of VOICINGS, how many notes, within low..high, around a centre."""

    kind: str
    voices: int
    low: int
    high: int

    @property
    def centre(self) -> float:
        """Return the pitch around which voicings lie: a little under the middle of the range."""
        return self.low + 0.48 * (self.high - self.low)


def _degrees(chord: Chord) -> dict[str, int]:
    """Return the chord's steps by what they are: root, third (or its suspension), fifth, seventh (or sixth), colour."""
    steps = QUALITIES[chord.quality]
    named = {"root": 0}
    for step in steps[1:]:
        if step in (3, 4) or (step in (2, 5) and 3 not in steps and 4 not in steps):
            named["third"] = step
        elif step in (6, 7, 8) and "fifth" not in named:
            named["fifth"] = step
        elif step in (9, 10, 11) and "seventh" not in named:
            named["seventh"] = step
        else:
            named["colour"] = step
    return named


# Kind -> which degrees sound, most wanted first.
_WANTED: dict[str, tuple[str, ...]] = {
    "close": ("third", "root", "fifth", "seventh", "colour"),
    "shell": ("third", "seventh", "colour", "root", "fifth"),
    "rootless": ("third", "seventh", "colour", "fifth", "root"),
    "drop2": ("third", "seventh", "root", "fifth", "colour"), "spread": ("root", "third", "fifth", "seventh", "colour"),
    "power": ("root", "fifth"), "dyad": ("third", "seventh", "fifth", "root"),
    "guide": ("third", "seventh", "fifth", "root"),
    "root-fifth": ("root", "fifth"), "octaves": ("root",),
}  # fmt: skip


def chosen_tones(chord: Chord, kind: str, voices: int) -> tuple[int, ...]:
    """Return the pitch classes that a kind of voicing sounds, most wanted first, at most `voices` of them.

    >>> chosen_tones(Chord.parse("Cmaj9"), "rootless", 4)
    (4, 11, 2, 7)
    """
    degrees = _degrees(chord)
    order = _WANTED[kind]
    if kind == "close" and voices >= 4 and "seventh" in degrees:
        order = ("third", "seventh", "fifth", "root", "colour") if "colour" not in degrees else (
            "third", "seventh", "colour", "fifth", "root")  # fmt: skip
    named = [degrees[name] for name in order if name in degrees]
    if kind == "rootless" and len(named) >= 4:
        named = named[:-1]  # the bass has the root
    return tuple((chord.root + step) % 12 for step in named[:voices])


def _stacked(tones: Sequence[int], low: int, high: int) -> list[Voicing]:
    """Return every close position of pitch classes within a range."""
    found = []
    for base in range(low, high + 1):
        if base % 12 not in tones:
            continue
        stack = sorted(base + (tone - base) % 12 for tone in tones)
        if stack[-1] <= high:
            found.append(tuple(stack))
    return found


def _drop2(stacks: list[Voicing], low: int) -> list[Voicing]:
    dropped = [tuple(sorted((*s[:-2], s[-2] - 12, s[-1]))) for s in stacks if len(s) >= 3]
    return [v for v in dropped if v[0] >= low] or stacks


def _spread(tones: Sequence[int], low: int, high: int, voices: int) -> list[Voicing]:
    """Return voicings with the root at the bottom and the others above in any order, no gap under a third."""
    found: list[Voicing] = []
    rest = [*tones[1:], *tones][: max(1, voices - 1)]
    for base in range(low, min(high, low + 14) + 1):
        if base % 12 != tones[0]:
            continue
        for turn in range(len(rest)):
            line = [base]
            for tone in (*rest[turn:], *rest[:turn]):
                step = (tone - line[-1]) % 12
                line.append(line[-1] + step + (12 if step < 3 else 0))
            kept = [p for p in line if p <= high]
            if len(kept) >= min(3, voices):
                found.append(tuple(kept))
    return found


def _doubled(stacks: list[Voicing], high: int, voices: int) -> list[Voicing]:
    """Return stacks filled up to a number of voices with the lowest notes an octave higher."""
    full = []
    for stack in stacks:
        notes = list(stack)
        for note in stack:
            if len(notes) >= voices:
                break
            notes.append(note + 12)
        full.append(tuple(sorted(set(notes))))
    return [v for v in full if v[-1] <= high] or stacks


@lru_cache(maxsize=20_000)
def candidates(chord: Chord, manner: Manner) -> tuple[Voicing, ...]:
    """Return the voicings of a chord that a manner allows. Raises InvalidInput when its range holds none."""
    tones = chosen_tones(chord, manner.kind, manner.voices)
    if manner.kind == "spread":
        found = _spread(tones, manner.low, manner.high, manner.voices)
    else:
        found = _stacked(tones, manner.low, manner.high)
        if manner.kind == "drop2":
            found = _drop2(found, manner.low)
        if len(tones) < manner.voices and manner.kind in ("close", "power", "octaves", "drop2"):
            found = _doubled(found, manner.high, manner.voices)
    if not found:
        found = [(p,) for p in range(manner.low, manner.high + 1) if p % 12 in tones]
    if not found:
        raise InvalidInput(
            f"the range {manner.low}..{manner.high} must hold {chord.name()} as {manner.kind}: widen it"
        )
    return tuple(dict.fromkeys(found))


def _muddy(voicing: Voicing) -> float:
    """Return a cost for close intervals low down."""
    return sum(_CLASH / 6 for a, b in pairwise(voicing) if a < LOWEST_CLOSE and b - a < 5)


def _distance(old: Voicing, new: Voicing) -> float:
    if len(old) == len(new):
        moved = sum(abs(a - b) for a, b in zip(old, new, strict=True))
    else:
        moved = int(abs(old[0] - new[0]) + 2 * abs(old[-1] - new[-1]))
    return moved + _TOP_LEAP * max(0, abs(old[-1] - new[-1]) - 4)


def _parallel(old: Voicing, new: Voicing, bass: tuple[int, int]) -> float:
    """Return a cost when the top note moves in octaves or fifths with the bass."""
    if bass[0] == bass[1] or old[-1] == new[-1]:
        return 0.0
    was, now = (old[-1] - bass[0]) % 12, (new[-1] - bass[1]) % 12
    rises = (new[-1] - old[-1]) % 12 == (bass[1] - bass[0]) % 12
    return _PARALLEL if was == now and now in (0, 7) and rises else 0.0


def voice_path(chords: Sequence[Chord], manner: Manner) -> tuple[Voicing, ...]:
    """Return one voicing a chord, the whole with the least motion around the manner's centre.

    >>> voice_path([Chord.parse("C"), Chord.parse("F")], Manner("close", 3, 55, 76))
    ((60, 64, 67), (60, 65, 69))
    """
    if not chords:
        return ()
    layers = [candidates(chord, manner) for chord in chords]
    costs: FloatArray = _own(layers[0], manner)
    links: list[list[int]] = []
    for index in range(1, len(layers)):
        steps = costs[:, None] + _steps(
            layers[index - 1], layers[index], (chords[index - 1].bass, chords[index].bass), manner.kind
        )
        links.append(steps.argmin(axis=0).tolist())
        costs = steps.min(axis=0) + _own(layers[index], manner)
    path = [int(costs.argmin())]
    for link in reversed(links):
        path.append(link[path[-1]])
    return tuple(layer[at] for layer, at in zip(layers, reversed(path), strict=True))


def _own(layer: tuple[Voicing, ...], manner: Manner) -> FloatArray:
    return np.array([_CENTRE * len(v) * abs(sum(v) / len(v) - manner.centre) + _muddy(v) for v in layer])


@lru_cache(maxsize=50_000)
def _steps(
    before: tuple[Voicing, ...], after: tuple[Voicing, ...], bass: tuple[int, int], kind: str
) -> FloatArray:
    """Return the cost of every step, (before, after); power chords may move in parallel."""
    weigh: Callable[[Voicing, Voicing], float] = (
        (lambda a, b: 0.0)
        if kind in ("power", "root-fifth", "octaves")
        else lambda a, b: _parallel(a, b, bass)
    )
    return np.array([[_distance(a, b) + weigh(a, b) for b in after] for a in before])
