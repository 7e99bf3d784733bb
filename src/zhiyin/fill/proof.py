"""Proof that an act left alone what it had to leave alone: hashes of the person's notes before and after.

Conventions: a digest covers every column of the notes but their origin, and the marks of the score; SHA-256, hex.
This module repairs nothing: what differs is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiyin.fill.constraints.base import Unmasked, Verdict
from zhiyin.score import Notes, Score
from zhiyin.units import BoolArray

_COLUMNS = ("onset", "duration", "pitch", "velocity", "spelling", "voice", "syllable")
SHOWN = 16  # hex digits that a report shows


def digest_of_notes(notes: Notes) -> str:
    """Return the SHA-256 of notes; a column of blanks is the same as none.

    >>> digest_of_notes(Notes.of([(0, 10, 60)])) == digest_of_notes(Notes.of([(0, 10, 60)]))
    True
    """
    total = hashlib.sha256()
    for name in _COLUMNS:
        column = getattr(notes, name)
        if column is None or not len(column) or (name in ("voice", "syllable") and not np.any(column)):
            continue
        total.update(name.encode())
        total.update("\0".join(column.tolist()).encode() if name == "syllable" else column.tobytes())
    return total.hexdigest()


def digest_of_marks(score: Score, *, with_chords: bool) -> str:
    """Return the SHA-256 of a score's frame: tempo, metre, key, sections, controls, locks, and chords if asked."""
    marks = [
        score.tempos, score.metres, score.keys, score.sections, score.pickup_ticks, score.locks, score.credits,
        [(p.name, p.program, p.is_drums, p.controls) for p in score.parts],
    ]  # fmt: skip
    return hashlib.sha256(repr([*marks, score.chords if with_chords else ()]).encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class SameNotes(Unmasked):
    """A part of the answer holds the person's notes and no others.

    own: the notes as given; part: its index in the answer.
    """

    own: Notes
    part: int
    name: str = "untouched"

    def check(self, score: Score) -> Verdict:
        """Hash both."""
        digests = [digest_of_notes(notes)[:SHOWN] for notes in (self.own, score.parts[self.part].notes)]
        said, kept = f"sha256 {digests[0]} before, {digests[1]} after", digests[0] == digests[1]
        return Verdict(
            self.name, True, kept, said, "" if kept else score.parts[self.part].name,
            f"{len(self.own)} given notes were to stay as they were; {'all did' if kept else 'some changed'} ({said}).",
            f"给定的 {len(self.own)} 个音应原样保留；{'全部未动' if kept else '有改动'}（{said}）。",
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Untouched(Unmasked):
    """The person's notes outside what was written are theirs, byte for byte, and so are the marks.

    own: the score as given; kept: one mask a part over its notes; written: origins (indices into the result's
    provenance) of what the act wrote; writes_chords: whether the chord row was in the scope.
    """

    own: Score
    kept: Sequence[BoolArray]
    written: frozenset[int]
    writes_chords: bool
    name: str = "untouched"

    def check(self, score: Score) -> Verdict:
        """Hash what was to be kept and everything in the result that the act did not write."""
        before, after, changed = [], [], []
        for index, part in enumerate(self.own.parts):
            now = score.parts[index].notes if index < len(score.parts) else Notes()
            if now.origin is not None and len(now):
                now = now.take(~np.isin(now.origin, sorted(self.written)))
            before.append(digest_of_notes(part.notes.take(self.kept[index])))
            after.append(digest_of_notes(now))
            if before[-1] != after[-1]:
                changed.append(part.name)
        marks = [digest_of_marks(s, with_chords=not self.writes_chords) for s in (self.own, score)]
        if marks[0] != marks[1]:
            changed.append("marks")
        digests = [hashlib.sha256("".join(d).encode()).hexdigest()[:SHOWN] for d in (before, after)]
        count = sum(int(np.count_nonzero(k)) for k in self.kept)
        said = f"sha256 {digests[0]} before, {digests[1]} after"
        return Verdict(
            self.name, True, not changed, said, "; ".join(changed),
            f"{count} notes were to stay as they were; "
            + (f"changed: {', '.join(changed)}." if changed else f"all did ({said})."),
            f"应原样保留 {count} 个音；" + (f"有改动：{'、'.join(changed)}。" if changed else f"全部未动（{said}）。"),
        )  # fmt: skip
