"""The style of a whole piece: ranked styles, how sure, why, and the nearest pieces that people wrote.

Conventions: tempo, dynamics, register, titles and names are not heard; the answer is "don't know" below the
threshold, for music unlike all that was learned, and without eight even bars; nearest pieces are those of `find`. Of a
tune over chords the whole and the tune alone are heard and joined: chords put under a tune make no other style of it.
This module does not train: see `style_build`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from zhiyin.listen.base import NOT_HEARD, Finding, ranked, unsure
from zhiyin.listen.find import alike
from zhiyin.listen.piece_net import PieceNet, joined, load_piece_net
from zhiyin.listen.style_hearing import Hearing, hearing_of_score, tune_of
from zhiyin.listen.style_words import reasons_of
from zhiyin.score import Score
from zhiyin.units import FloatArray

WEIGHTS = Path(__file__).parent / "weights"
STYLE_FILE = WEIGHTS / "style.safetensors"


@cache
def load_style(path: Path = STYLE_FILE) -> PieceNet:
    """Return the classifier, the shipped one by default. Raises NotFound, UnreadableFile."""
    return load_piece_net(path, remedy="python -m zhiyin.listen.style_build CORPUS")


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
        return load_style().classes

    def hear(self, music: Score, /) -> Finding:
        """Return the style of a score, or "don't know" and why."""
        return hear_score(
            self.name,
            load_style(),
            music,
            hears_players=self.hears_players,
            hears_tune=True,
            names_alike=True,
        )


def hear_score(
    name: str,
    net: PieceNet,
    score: Score,
    *,
    hears_players: bool,
    hears_tune: bool = False,
    names_alike: bool = False,
) -> Finding:
    """Return what a classifier of pieces hears in a score.

    hears_players: whether who plays may tell; hears_tune: whether a tune over chords is heard alone, too; names_alike:
    whether pieces alike are named.
    """
    if not score.note_count:
        return Finding.unheard(name, "nothing")
    hearing = hearing_of_score(score)
    tune = tune_of(hearing) if hears_tune else None
    found = hear_label(name, net, hearing if hears_players else hearing.without_players(), tune=tune)
    is_music = found.why not in (NOT_HEARD["short"], NOT_HEARD["strange"])
    return replace(found, near=alike(hearing, net)) if names_alike and is_music else found


def hear_label(name: str, net: PieceNet, hearing: Hearing, *, tune: Hearing | None = None) -> Finding:
    """Return what a classifier of pieces hears, with reasons; tune: what is heard of the tune alone."""
    if not len(hearing.windows):
        return Finding.unheard(name, "short")
    labels = ranked(dict(zip(net.classes, shares_heard(net, hearing, tune).tolist(), strict=True)))
    if net.is_strange(hearing):
        return Finding.unheard(name, "strange", flattened(labels))
    if labels[0][1] < net.threshold:
        return Finding(name, labels, None, unsure(labels, net.threshold))
    label = net.classes.index(labels[0][0])
    heard_in = max([hearing] if tune is None else [hearing, tune], key=lambda one: net.shares(one)[label])
    return Finding(name, labels, labels[0][0], reasons=reasons_of(net, heard_in, label))


def shares_heard(net: PieceNet, hearing: Hearing, tune: Hearing | None) -> FloatArray:
    """Return (classes,) probabilities of a piece, joined with those of its tune where that is heard alone, too."""
    whole = net.shares(hearing)
    return whole if tune is None else joined(whole, net.shares(tune))


def flattened(labels: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """Return the labels with even shares: of music unlike all that was learned, the shares mean nothing."""
    return ranked({name: 1.0 / len(labels) for name, _ in labels})


def styles_of(score: Score, *, hears_players: bool = False) -> dict[str, float]:
    """Return {style: calibrated probability}, likeliest first, for ranking; empty where there are no eight even bars.

    hears_players: whether who plays may tell. Music unlike all that was learned gets even shares.
    """
    net, hearing = load_style(), hearing_of_score(score)
    if not len(hearing.windows):
        return {}
    tune = tune_of(hearing)
    hearing = hearing if hears_players else hearing.without_players()
    labels = ranked(dict(zip(net.classes, shares_heard(net, hearing, tune).tolist(), strict=True)))
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
