"""Which dance a tune is: reel, jig, hornpipe, waltz, mazurka and so on, or none of them.

Conventions: heard from the notes alone, tune or full setting; of a tune over chords the whole and the tune alone are
heard and joined; the answer is "don't know" as in `zhiyin.listen.style`.
This module does not train: see `zhiyin.listen.tune_type_build`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from zhiyin.listen.base import Finding
from zhiyin.listen.piece_net import PieceNet, load_piece_net
from zhiyin.listen.style import WEIGHTS, hear_score
from zhiyin.score import Score

TUNE_TYPE_FILE = WEIGHTS / "tune-type.safetensors"
REMEDY = "python -m zhiyin.listen.tune_type_build CORPUS MUSIC21_FOLK"


@cache
def load_tune_type(path: Path = TUNE_TYPE_FILE) -> PieceNet:
    """Return the classifier of dances, the shipped one by default. Raises NotFound, UnreadableFile."""
    return load_piece_net(path, remedy=REMEDY)


@dataclass(frozen=True, slots=True)
class TuneTypeListener:
    """Hears which dance a score is; the fields are those of `Listener`."""

    name: str = "tune-type"
    en: str = "kind of dance"
    zh: str = "舞曲类型"
    about: str = (
        "Kind of dance from metre, rhythm and line, by the rhythm names of printed tune books (O'Neill, 1903; "
        "Ryan, 1883)."
    )
    promises: frozenset[str] = frozenset({"transposition", "part order", "titles", "noise"})

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the dances it knows, and `no-dance`."""
        return load_tune_type().classes

    def hear(self, music: Score, /) -> Finding:
        """Return which dance a score is, or "don't know" and why."""
        return hear_score(self.name, load_tune_type(), music, hears_players=False, hears_tune=True)


TUNE_TYPE = TuneTypeListener()
