"""Small pieces for the laws of arranging, written out by hand.

Conventions: quarters; every piece says what is the tune.
Does not know: any law.
"""

from __future__ import annotations

from zhiyin.score import KeyMark, MetreMark, Notes, Origin, Part, Score, Tempo
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER as Q

TUNE = (72, 74, 76, 77, 79, 77, 76, 74, 72, 76, 79, 84, 83, 79, 74, 72)


def line(pitches: tuple[int, ...], *, start: int = 0, step: int = Q, velocity: int = 80) -> Notes:
    """Return notes of equal length one after another."""
    return Notes.of([(start + i * step, step, p, velocity) for i, p in enumerate(pitches)])


def alberti() -> Score:
    """Return four bars for one piano part: the tune over broken chords, no key given."""
    left = (48, 55, 52, 55, 43, 53, 47, 53, 48, 55, 52, 55, 43, 55, 50, 55)
    beats = [left[4 * (b // 4) + i] for b in range(16) for i in range(4)]
    return Score("Alberti", (Part("Piano", Notes.concat([line(TUNE), line(tuple(beats), step=Q // 4)])),))


def bare() -> Score:
    """Return a tune alone, in three-four with a pick-up of a quarter."""
    pitches = (69, 74, 78, 76, 73, 74, 69, 71, 74, 73, 76, 74, 69, 78, 81, 79, 76, 74)
    return Score(
        "Bare", (Part("Voice", line(pitches), "melody", 53),), metres=(MetreMark(0, Metre(3, 4)),), pickup_ticks=Q,
    )  # fmt: skip


def band() -> Score:
    """Return eight bars of eight parts with drums, tempo and metre changes, and origins."""
    person = Notes.of([(i * Q, Q, p) for i, p in enumerate(TUNE + TUNE[:12])]).with_columns(origin=[0] * 28)
    chords = [(b * 4 * Q, 4 * Q, p) for b in range(7) for p in ((60, 64, 67), (59, 62, 67))[b % 2]]
    strings = [(b * 4 * Q, 4 * Q, p) for b in range(7) for p in ((48, 55), (43, 55))[b % 2]]
    bass = [(b * 2 * Q, 2 * Q, (36, 43)[b // 2 % 2]) for b in range(14)]
    drums = [(b * Q, Q // 4, (36, 38)[b % 2]) for b in range(28)]
    parts = (
        Part("Flute", person, "melody", 73), Part("Oboe", person.with_columns(pitch=person.pitch - 12), "inner", 68),
        Part("Guitar", Notes.of(chords), "chords", 25), Part("Strings", Notes.of(strings), "chords", 48),
        Part("Bass", Notes.of(bass), "bass", 33), Part("Drums", Notes.of(drums), "drums", 0, is_drums=True),
        Part("Pad", Notes.of(chords), "chords", 89), Part("Silent", Notes(), "unknown", 5),
    )  # fmt: skip
    return Score(
        "Band", parts, tempos=(Tempo(0, 100.0), Tempo(8 * Q, 132.0)), keys=(KeyMark(0, Key.parse("C")),),
        metres=(MetreMark(0, Metre(4, 4)), MetreMark(16 * Q, Metre(3, 4))), provenance=(Origin("person", "Ann"),),
    )  # fmt: skip


def performed() -> Score:
    """Return two parts as played: a tune and rolled chords off the grid."""
    tune = [(1000 + i * Q + (i * 37) % 301, 9000, p) for i, p in enumerate(TUNE)]
    rolled = [
        (1000 + b * 4 * Q + 250 * k, 38_000, p)
        for b in range(4)
        for k, p in enumerate(((43, 52, 60), (43, 53, 59))[b % 2])
    ]
    return Score("Played", (Part("Right", Notes.of(tune)), Part("Left", Notes.of(rolled))))


def forty() -> Score:
    """Return forty parts that play chords of two notes and a tune in the tenth."""
    parts = []
    for n in range(40):
        pitch = 36 + n
        notes = Notes.of([(b * 4 * Q, 4 * Q, pitch + (b % 2)) for b in range(4)])
        parts.append(
            Part(f"Part {n}", line(TUNE) if n == 9 else notes, "melody" if n == 9 else "inner", 40 + n % 30)
        )
    return Score("Forty", tuple(parts))


PIECES = {"alberti": alberti, "bare": bare, "band": band, "performed": performed, "forty": forty}
