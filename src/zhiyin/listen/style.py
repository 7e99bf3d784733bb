"""The style of a whole piece: ranked styles, how sure, why, and the nearest pieces that people wrote.

Conventions: tempo, dynamics, register, titles and names are not heard; the answer is "don't know" below the
threshold, for music unlike all that was learned, and without eight even bars.
This module does not train: see `style_build`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from zhiyin.listen.base import Finding, ranked
from zhiyin.listen.piece_index import PieceIndex, load_piece_index
from zhiyin.listen.piece_net import PieceNet, load_piece_net
from zhiyin.listen.style_hearing import Hearing, hearing_of_score
from zhiyin.listen.style_words import reasons_of
from zhiyin.score import Score

WEIGHTS = Path(__file__).parent / "weights"
STYLE_FILES = (WEIGHTS / "style.safetensors", WEIGHTS / "style-index.safetensors")
REMEDY = "python -m zhiyin.listen.style_build CORPUS"


@cache
def load_style(files: tuple[Path, Path] = STYLE_FILES) -> tuple[PieceNet, PieceIndex]:
    """Return the classifier and its index, the shipped ones by default. Raises NotFound, UnreadableFile."""
    return load_piece_net(files[0], remedy=REMEDY), load_piece_index(files[1], remedy=REMEDY)


@dataclass(frozen=True, slots=True)
class StyleListener:
    """Hears the style of a score. hears_players: whether who plays may tell; the fields are those of `Listener`."""

    name: str
    en: str
    zh: str
    about: str
    hears_players: bool = True
    promises: frozenset[str] = frozenset({"transposition", "part order", "titles", "noise"})

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the styles it knows."""
        return load_style()[0].classes

    def hear(self, music: Score, /) -> Finding:
        """Return the style of a score, or "don't know" and why."""
        net, index = load_style()
        return hear_score(self.name, net, music, hears_players=self.hears_players, index=index)


def hear_score(
    name: str, net: PieceNet, score: Score, *, hears_players: bool, index: PieceIndex | None = None
) -> Finding:
    """Return what a classifier of pieces hears in a score, with or without who plays."""
    if not score.note_count:
        return Finding.unheard(name, "nothing")
    hearing = hearing_of_score(score)
    return hear_label(name, net, hearing if hears_players else hearing.without_players(), index=index)


def hear_label(name: str, net: PieceNet, hearing: Hearing, *, index: PieceIndex | None = None) -> Finding:
    """Return what a classifier of pieces hears, with reasons and, given an index, the nearest pieces."""
    if not len(hearing.windows):
        return Finding.unheard(name, "short")
    shares = net.shares(hearing)
    labels = ranked(dict(zip(net.classes, shares.tolist(), strict=True)))
    if net.is_strange(hearing):
        return Finding.unheard(name, "strange", flattened(labels))
    if labels[0][1] < net.threshold:
        unsure = Finding.unheard(name, "unsure", labels)
        return unsure if index is None else _with_near(unsure, index, net, hearing)
    reasons = reasons_of(net, hearing, net.classes.index(labels[0][0]))
    found = Finding(name, labels, labels[0][0], reasons=reasons)
    return found if index is None else _with_near(found, index, net, hearing)


def flattened(labels: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """Return the labels with even shares: of music unlike all that was learned, the shares mean nothing."""
    return ranked({name: 1.0 / len(labels) for name, _ in labels})


def _with_near(found: Finding, index: PieceIndex, net: PieceNet, hearing: Hearing) -> Finding:
    near = index.nearest(net.embed(hearing))
    return Finding(found.listener, found.labels, found.label, found.why, found.values, found.reasons, near)


def styles_of(score: Score, *, hears_players: bool = False) -> dict[str, float]:
    """Return {style: calibrated probability}, likeliest first, for ranking; empty where there are no eight even bars.

    hears_players: whether who plays may tell. Music unlike all that was learned gets even shares.
    """
    net, hearing = load_style()[0], hearing_of_score(score)
    if not len(hearing.windows):
        return {}
    hearing = hearing if hears_players else hearing.without_players()
    labels = ranked(dict(zip(net.classes, net.shares(hearing).tolist(), strict=True)))
    return dict(flattened(labels) if net.is_strange(hearing) else labels)


STYLE = StyleListener(
    "style", "style", "风格",
    "Style of the whole piece from features of its eight-bar windows and from who plays (after McKay & Fujinaga, "
    "Automatic genre classification using large high-level musical feature sets, ISMIR 2004).",
)  # fmt: skip
STYLE_OF_NOTES = StyleListener(
    "style-of-notes", "style, from the notes alone", "风格（只听音符）",
    "As style, without who plays or how many (after McKay & Fujinaga, ISMIR 2004).", hears_players=False,
)  # fmt: skip
