"""The seam for synthesis: a performed score in, sound out.

Conventions: audio is float32 (channels, frames), finite; the same score and bank give the same bytes.
This module knows no engine; the table is `zhiyin.render.SYNTHS`.
"""

from __future__ import annotations

from typing import Protocol

from zhiyin.audio import Audio
from zhiyin.score import Score


class Synth(Protocol):
    """One sound engine with its bank."""

    name: str

    def render(self, score: Score, *, sample_rate: int) -> Audio:
        """Return stereo sound of a performed score, tail included, not yet at its final loudness."""
        ...
