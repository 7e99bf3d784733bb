"""Who wrote a piece, of a few composers who left much, or someone else.

Conventions: heard from the notes and from who plays; the answer is "don't know" as in `zhiyin.listen.style`. It tells
whose way of writing a piece is like, not who owns it: see `zhiyin.rights` for that. This module does not train.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from zhiyin.listen.base import Finding
from zhiyin.listen.piece_net import PieceNet, load_piece_net
from zhiyin.listen.style import WEIGHTS, hear_score
from zhiyin.score import Score

COMPOSER_FILE = WEIGHTS / "composer.safetensors"
REMEDY = "python -m zhiyin.listen.composer_build CORPUS"


@cache
def load_composer(path: Path = COMPOSER_FILE) -> PieceNet:
    """Return the classifier of composers, the shipped one by default. Raises NotFound, UnreadableFile."""
    return load_piece_net(path, remedy=REMEDY)


@dataclass(frozen=True, slots=True)
class ComposerListener:
    """Hears whose writing a score is like; the fields are those of `Listener`."""

    name: str = "composer"
    en: str = "composer"
    zh: str = "作曲家"
    about: str = (
        "Whose writing a piece is like, of the composers with most pieces in the corpus, or someone else's (as "
        "the style listener, McKay & Fujinaga, ISMIR 2004)."
    )
    promises: frozenset[str] = frozenset({"transposition", "part order", "titles", "noise"})

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the composers it knows, and `someone-else`."""
        return load_composer().classes

    def hear(self, music: Score, /) -> Finding:
        """Return whose writing a score is like, or "don't know" and why."""
        return hear_score(self.name, load_composer(), music, hears_players=True)


COMPOSER = ComposerListener()
