"""Random scores for the laws of formats, and bytes of small MIDI files.

Conventions: strategies draw few and short parts, so that a law runs many times in a second.
Does not know: how any format reads or writes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from zhiyin.score import (
    ROLES,
    ChordMark,
    Control,
    KeyMark,
    Lock,
    MetreMark,
    Notes,
    Origin,
    Part,
    Score,
    Section,
    Tempo,
)
from zhiyin.theory.chord import QUALITY_NAMES, Chord
from zhiyin.theory.key import MODE_FIFTHS, Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.pitch import spell

QUARTER = 10_080
STEP = 420
words = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x9FA5, exclude_categories=("C", "Z")), max_size=8
)
ticks = st.integers(0, 40 * QUARTER)
keys = st.builds(Key, st.integers(-7, 7), st.sampled_from(sorted(MODE_FIFTHS)))
plain_keys = st.builds(
    lambda f, mode: Key(f - MODE_FIFTHS[mode], mode), st.integers(-7, 7), st.sampled_from(["major", "minor"])
)
chords = st.one_of(
    st.none(), st.builds(Chord, st.integers(0, 11), st.sampled_from(QUALITY_NAMES), st.integers(0, 11))
)
bpm = st.floats(10, 400)
metres = st.builds(Metre, st.integers(1, 12), st.sampled_from([2, 4, 8]))


@st.composite
def notes(draw: Any, *, step: int = 1, columns: bool = True) -> Notes:
    """Draw up to eight notes; onsets and lengths are multiples of `step` ticks."""
    size = draw(st.integers(0, 8))

    def column(low: int, high: int) -> Any:
        return np.array(draw(st.lists(st.integers(low, high), min_size=size, max_size=size)), np.int64)

    optional: dict[str, Any] = {}
    if columns and draw(st.booleans()):
        optional = {"spelling": column(-15, 19), "voice": column(0, 3), "origin": column(0, 5)}
        optional["syllable"] = np.array(draw(st.lists(words, min_size=size, max_size=size)), np.str_)
    top = 40 * QUARTER // step
    return Notes(
        column(0, top) * step, column(1, top // 8) * step, column(0, 127), column(1, 127), **optional
    )


@st.composite
def any_score(draw: Any) -> Score:
    """Draw a score that uses every field."""
    control = st.builds(Control, ticks, st.integers(0, 128), st.integers(0, 127))
    part = st.builds(
        Part,
        name=words,
        notes=notes(),
        role=st.sampled_from(ROLES),
        program=st.integers(0, 127),
        is_drums=st.booleans(),
        controls=st.lists(control, max_size=3).map(tuple),
    )
    first = draw(metres)
    return Score(
        title=draw(words),
        parts=tuple(draw(st.lists(part, max_size=3))),
        tempos=(
            Tempo(0, draw(st.floats(10, 400))),
            *draw(st.lists(st.builds(Tempo, ticks, st.floats(10, 400)), max_size=2)),
        ),
        metres=(MetreMark(0, first), *draw(st.lists(st.builds(MetreMark, ticks, metres), max_size=2))),
        keys=tuple(draw(st.lists(st.builds(KeyMark, ticks, keys), max_size=2))),
        chords=tuple(draw(st.lists(st.builds(ChordMark, ticks, chords), max_size=3))),
        sections=tuple(draw(st.lists(st.builds(Section, ticks, words), max_size=2))),
        pickup_ticks=draw(st.integers(0, first.bar_ticks - 1)),
        length_ticks=draw(st.integers(0, 50 * QUARTER)),
        locks=tuple(draw(st.lists(st.builds(Lock, st.integers(-1, 3), ticks, ticks), max_size=2))),
        credits=tuple(draw(st.lists(st.tuples(words, words), max_size=2))),
        provenance=tuple(draw(st.lists(st.builds(Origin, st.just("file"), words, words), max_size=2))),
    )


def one_at_a_time(found: Notes) -> Notes:
    """Return the notes without those that overlap an earlier one on the same pitch."""
    kept, ends = [], dict.fromkeys(range(128), 0)
    for row, note in enumerate(found):
        if note.onset >= ends[note.pitch]:
            ends[note.pitch] = note.onset + note.duration
            kept.append(row)
    return found.take(np.array(kept, np.int64))


@st.composite
def playable_score(draw: Any, *, step: int = 1) -> Score:
    """Draw a score that a MIDI file (or, on a grid step, an ABC tune) can carry whole, note names aside."""
    count = draw(st.integers(1, 3))
    parts = []
    for index in range(count):
        line = one_at_a_time(draw(notes(step=step, columns=False)))
        is_drums = draw(st.booleans())
        role = "drums" if is_drums else draw(st.sampled_from(ROLES[:4]))
        parts.append(Part(f"part {index}", line, role, draw(st.integers(0, 127)), is_drums))
    end = max(part.notes.end for part in parts)
    inside = st.integers(1, max(end - 1, 1) // step).map(lambda t: t * step)
    marks = sorted(draw(st.sets(inside, max_size=3))) if end > step else []
    rate = st.integers(400, 6000).map(lambda twentieths: twentieths / 20)
    return Score(
        title=draw(words),
        parts=tuple(parts),
        tempos=(Tempo(0, draw(rate)), *(Tempo(t, draw(rate)) for t in marks)),
        metres=(MetreMark(0, draw(metres)),),
        keys=(KeyMark(0, draw(plain_keys)), *(KeyMark(t, draw(plain_keys)) for t in marks)),
        chords=tuple(ChordMark(t, draw(chords)) for t in marks),
        sections=tuple(Section(t, f"S{i}") for i, t in enumerate(marks)),
        credits=(("composer", draw(words.filter(bool))),),
    )


def respelled(score: Score) -> Score:
    """Return the score with each note spelled for C major, as a reader of written notes must spell it somehow."""
    return score.with_parts(
        p
        if p.is_drums
        else p.with_notes(p.notes.with_columns(spelling=[spell(n.pitch % 12) for n in p.notes]))
        for p in score.parts
    )


def midi_file(*tracks: bytes, midi_type: int = 1, division: int = 480, promised: int | None = None) -> bytes:
    """Return a MIDI file of raw track bodies; `promised` is the number of tracks that its header names."""
    count = len(tracks) if promised is None else promised
    head = (
        b"MThd"
        + (6).to_bytes(4, "big")
        + b"".join(n.to_bytes(2, "big") for n in (midi_type, count, division))
    )
    return head + b"".join(b"MTrk" + len(body).to_bytes(4, "big") + body for body in tracks)


END = b"\x00\xff\x2f\x00"
