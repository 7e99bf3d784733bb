"""The seam of language models that write lines from the last unit to the first.

Conventions: units are Chinese characters or English words; log-probabilities are natural, over `units`; unit 0 is
the line's end on the left (no more units), which only `step` scores.
This module does not know notes, rhymes or tones: see `zhiyin.lyrics.write`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

LogProbabilities: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LinePrompt:
    """What a line is written under.

    kind: a kind of verse the model knows ("ci", "qu", "song", "hymn", ...; "" any); length: syllables to come, in both
    languages (0 open); before: the lines above it, the nearest last; theme: words that the text is about.
    """

    kind: str = ""
    length: int = 0
    before: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()


class LineModel(Protocol):
    """A model of lines, right to left; several beams at once. Listed in `zhiyin.lyrics.line_models.LINE_MODELS`.

    A state is opaque, holds one entry a beam and is never changed in place.
    """

    name: str
    version: str
    language: str
    units: tuple[str, ...]

    def start(self, prompt: LinePrompt) -> object:
        """Return the state of one beam before a line's last unit."""
        ...

    def log_probabilities(self, state: object) -> LogProbabilities:
        """Return (beams, units): of the unit that comes next, to the left of those chosen."""
        ...

    def step(self, state: object, beams: NDArray[np.int64], units: NDArray[np.int64]) -> object:
        """Return the state in which beam i is old beam `beams[i]` with `units[i]` added on its left."""
        ...
