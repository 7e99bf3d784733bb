"""The table of line models that ship: counts, nets, and both mixed.

Conventions: a loader takes a language; `auto` is the mix. Files are read once a process.
This module does not write lines: see `zhiyin.lyrics.write`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.line_model import LineModel
from zhiyin.lyrics.line_models_net import MixedLines, NetLines
from zhiyin.lyrics.ngram import CountedLines
from zhiyin.models.checkpoint import WEIGHTS_FOLDER

LANGUAGES = ("zh", "en")
BEST = "mixed"
# The net's share of the mix, chosen on the validation side (docs/lab/verse_models.md).
SHARES = {"zh": 0.8, "en": 0.9}


def counted_lines(language: str) -> CountedLines:
    """Return the counted model of a language: the floor, and the quickest."""
    return CountedLines.load(WEIGHTS_FOLDER / f"verse-{language}-counts.npz")


def net_lines(language: str) -> NetLines:
    """Return the net of a language."""
    return NetLines.load(f"verse-{language}")


def mixed_lines(language: str) -> MixedLines:
    """Return the net and the counts of a language, mixed."""
    return MixedLines(net_lines(language), counted_lines(language), share=SHARES[language])


# Name -> loader of a language's model.
LINE_MODELS: dict[str, Callable[[str], LineModel]] = {
    "counts": counted_lines,
    "net": net_lines,
    "mixed": mixed_lines,
}


@cache
def open_line_model(language: str, name: str = "auto") -> LineModel:
    """Return a line model of `zh` or `en`.

    name: one of LINE_MODELS, or "auto" for the best that ships. Raises InvalidInput for another name or language.
    """
    if language not in LANGUAGES:
        raise InvalidInput(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
    if name != "auto" and name not in LINE_MODELS:
        raise InvalidInput(f"line model must be auto or one of {', '.join(LINE_MODELS)}, got {name!r}")
    return LINE_MODELS[BEST if name == "auto" else name](language)
