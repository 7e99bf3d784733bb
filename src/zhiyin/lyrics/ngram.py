"""The counted model of lines: what stands to the left of the last few units, by Kneser-Ney counts.

Conventions: as `zhiyin.lyrics.line_model`; it reads no theme, kind, length or lines above, and writes any length.
This module is the floor and the fallback: see `zhiyin.lyrics.line_models` for the nets.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.verse import END
from zhiyin.lyrics.line_model import LinePrompt, LogProbabilities
from zhiyin.models.verse_ngram import Counts, load_counts


@dataclass(frozen=True, slots=True)
class CountedState:
    """The last units of every beam, the newest last."""

    contexts: tuple[tuple[int, ...], ...]


class CountedLines:
    """A `LineModel` over counts."""

    def __init__(self, counts: Counts, units: tuple[str, ...], *, name: str, version: str) -> None:
        self.counts, self.units, self.name, self.version = counts, units, name, version
        self.language = str(counts.note["language"])

    @classmethod
    def load(cls, path: Path) -> CountedLines:
        """Return the model of a file. Raises NotFound or UnreadableFile."""
        counts, units = load_counts(path)
        version = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        return cls(counts, units, name=path.stem, version=version)

    def start(self, prompt: LinePrompt) -> CountedState:
        """Return the state of one beam at a line's right end; the prompt is not read."""
        return CountedState(((END,),))

    def log_probabilities(self, state: object) -> LogProbabilities:
        """Return (beams, units) of what comes next to the left."""
        return np.log(np.maximum(self.probabilities(state), 1e-30)).astype(np.float32)

    def probabilities(self, state: object) -> NDArray[np.float32]:
        """Return the same as probabilities."""
        return self.counts.probabilities(_of(state).contexts)

    def step(self, state: object, beams: NDArray[np.int64], units: NDArray[np.int64]) -> CountedState:
        """Return the state of beams with a unit added on their left."""
        old, reach = _of(state).contexts, self.counts.reach
        pairs = zip(beams.tolist(), units.tolist(), strict=True)
        return CountedState(tuple((*old[beam], unit)[-reach:] for beam, unit in pairs))


def _of(state: object) -> CountedState:
    assert isinstance(state, CountedState)  # a state goes back to the model that gave it
    return state
