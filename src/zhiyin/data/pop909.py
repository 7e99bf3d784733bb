"""POP909: piano arrangements of pop songs with reviewed chords. Only PIANO and CHORDS are read, never the tunes.

Conventions: piano notes that sound together with a melody note of their pitch class are taken out before anything
else sees the score. This module gives nobody the MELODY or BRIDGE tracks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np

from zhiyin.data.base import Card, Piece, Source, files_of
from zhiyin.data.clean import without_doublings
from zhiyin.data.reading import load_score
from zhiyin.errors import UnreadableFile
from zhiyin.score import ChordMark, Notes, Part, Score
from zhiyin.theory.chord import QUALITIES, Chord

TUNES = ("MELODY", "BRIDGE")
_QUALITY_OF_STEPS = {
    frozenset(steps): name for name, steps in reversed(QUALITIES.items()) if name not in ("6", "m6")
}


class Pop909:
    """Reader of the joined POP909 and POP909-CL (.mid with tracks MELODY, BRIDGE, PIANO, CHORDS)."""

    card = Card(
        name="pop909",
        title="POP909 piano and POP909-CL chords",
        citation="Wang et al., POP909: A Pop-song Dataset for Music Arrangement Generation, ISMIR 2020; "
        "POP909-CL chords, arXiv 2510.06528",
        licence="MIT",
        ruling="train",
        repository="https://github.com/AndyWeasley2004/POP909-CL-Dataset",
        commit="be9094392903c471a930519e1c0bacf8b6be5d62",
        checksum="514a6b89da03b132cb2ab92c4adb9394744e57aef27124888bcf766a28e464ee",
        attribution="POP909, (c) 2020 Music X Lab, MIT; POP909-CL, (c) 2025 AndyWeasley2004, MIT",
        notes="The songs are not covered by the licence: MELODY, BRIDGE and piano notes that double them are dropped.",
        conversion="track labels of music-x-lab/POP909-Dataset (d83e6edba6872a704f5d3b8b32f5cb540088dae6) were "
        "joined note by note to the grid, metre, key and chords of POP909-CL",
    )
    files = ("*.mid",)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a song, with the split of the accompaniment benchmark."""
        held_out = _held_out()
        for path in files_of(root, self.files):
            number = Path(path).stem
            yield Source(
                id=number,
                work=f"pop909-{number}",
                path=path,
                style="pop",
                title=f"POP909 {number}",
                licence=self.card.licence,
                split=held_out.get(number, "train"),
                has_given_chords=True,
                has_given_keys=True,
            )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the song's piano and chords. Raises UnreadableFile when a track is missing."""
        score = load_score(root, source)
        tracks = {part.name.strip().upper(): part for part in score.parts}
        if "PIANO" not in tracks or "MELODY" not in tracks:
            raise UnreadableFile(
                source.path, "tracks", f"PIANO and MELODY must be there, got {sorted(tracks)}"
            )
        tunes = Notes.concat(tracks[name].notes for name in TUNES if name in tracks)
        kept, dropped = without_doublings(tracks["PIANO"].notes, tunes)
        chords = marks_of_triads(tracks["CHORDS"].notes) if "CHORDS" in tracks else ()
        piano = Part("Piano", kept, role="accompaniment", program=0)
        cleaned: Score = replace(score, title="", parts=(piano,), chords=chords, credits=())
        yield Piece(
            source, cleaned, ("MELODY and BRIDGE dropped", f"{dropped} piano notes that double them dropped")
        )


def _held_out() -> dict[str, str]:
    text = (resources.files("zhiyin.data") / "pop909_held_out.txt").read_text(encoding="utf-8")
    return {number: line.split()[0] for line in text.splitlines() for number in line.split()[1:]}


def marks_of_triads(notes: Notes) -> tuple[ChordMark, ...]:
    """Return the chords of a track of block chords: the lowest note is the bass; silence is no chord."""
    marks: list[ChordMark] = []
    onsets = np.unique(notes.onset)
    end = 0
    for onset in onsets.tolist():
        sounding = notes.between(onset, onset + 1)
        if onset > end:
            marks.append(ChordMark(end, None))
        chord = chord_of_pitches(sounding.pitch.tolist())
        if not marks or marks[-1].chord != chord:
            marks.append(ChordMark(onset, chord))
        end = sounding.end
    return (*marks, ChordMark(end, None)) if marks else ()


def chord_of_pitches(pitches: list[int]) -> Chord | None:
    """Return the chord whose notes are exactly these, tried from the bass up; None when no chord fits.

    >>> chord_of_pitches([59, 63, 66]).name(), chord_of_pitches([64, 67, 72]).name()
    ('B', 'C/E')
    """
    classes = list(dict.fromkeys(p % 12 for p in sorted(pitches)))
    for root in classes:
        quality = _QUALITY_OF_STEPS.get(frozenset((c - root) % 12 for c in classes))
        if quality is not None:
            return Chord(root, quality, classes[0])
    return None
