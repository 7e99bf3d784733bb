"""The table of line models that ship: counts, nets, and both mixed.

Conventions: a loader takes a language; `auto` is the best that is there. Files are read once a process.
This module does not write lines: see `zhiyin.lyrics.write`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.line_model import LineModel
from zhiyin.lyrics.ngram import CountedLines
from zhiyin.models.checkpoint import WEIGHTS_FOLDER

LANGUAGES = ("zh", "en")


def counted_lines(language: str) -> CountedLines:
    """Return the counted model of a language."""
    return CountedLines.load(WEIGHTS_FOLDER / f"verse-{language}-counts.npz")


# Name -> loader of a language's model.
LINE_MODELS: dict[str, Callable[[str], LineModel]] = {
    "counts": counted_lines,
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
    return LINE_MODELS[_best() if name == "auto" else name](language)


def _best() -> str:
    return next(reversed(LINE_MODELS))
