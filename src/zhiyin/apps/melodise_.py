"""melodise: a tune over given chords, over any accompaniment, or for given words.

Conventions: the tune is a new part; chords are the score's, or found in it; words may come without a score.
This module writes no notes itself: see `zhiyin.fill.acts` and `zhiyin.apps.melodise_words`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.base import Progress, silent
from zhiyin.errors import InvalidInput
from zhiyin.fill.acts.melodise import melodise


@dataclass(frozen=True, kw_only=True)
class MelodiseRequest(ActRequest):
    """Which instrument gets the tune; lyrics: a file of words, one line a phrase, that it is to be sung to."""

    source: Path | None = None  # type: ignore[assignment]
    instrument: str = "voice"
    lyrics: Path | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.source is None and self.lyrics is None:
            raise InvalidInput(
                "a tune needs a score with chords or --lyrics with words, got neither: name one of them",
                zh="写旋律要有带和弦的乐谱，或用 --lyrics 给出歌词，两样都没有",
            )


def run(request: MelodiseRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """
    if request.lyrics is not None:
        from zhiyin.apps.melodise_words import (
            sing_words,  # words need tables that other tunes do not wait for
        )

        return sing_words(request, progress)
    return act(
        "melodise",
        request,
        lambda desk, rng: melodise(desk, instrument=request.instrument, style=request.style),
        progress=progress,
    )
