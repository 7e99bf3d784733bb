"""Standard MIDI files as a `Format`: type 0 and 1 in, type 1 out.

Conventions: written at 10,080 ticks a quarter, so that every tick survives.
This module only joins `midi_read.py` and `midi_write.py`.
"""

from __future__ import annotations

from zhiyin.io.base import Written
from zhiyin.io.midi_read import read_midi
from zhiyin.io.midi_write import write_midi
from zhiyin.score import Score


class Midi:
    """Standard MIDI file, type 0 or 1."""

    name = "MIDI"
    is_read_only = False
    endings: tuple[str, ...] = (".mid", ".midi", ".kar")

    def read(self, data: bytes, *, path: str) -> Score:
        """Return the score of a MIDI file. Raises UnreadableFile with the byte and the reason."""
        return read_midi(data, path=path)

    def write(self, score: Score) -> Written:
        """Return a type 1 file and what MIDI could not carry."""
        return write_midi(score)
