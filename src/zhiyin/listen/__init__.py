"""Listening: what a piece is, asked of its notes or of its sound.

Conventions: every listener answers with a `Finding` and says "don't know" where it does not.
This package does not write or judge music: see fill and judge.
"""

from zhiyin.listen.base import NOT_HEARD, PROMISES, Finding, Listener, Near, Reason, ranked
from zhiyin.listen.composer import COMPOSER
from zhiyin.listen.mood import MOOD
from zhiyin.listen.style import STYLE, STYLE_OF_NOTES, styles_of
from zhiyin.listen.tune_type import TUNE_TYPE
from zhiyin.score import Score

# What can be asked of a score; what can be asked of sound stands in `zhiyin.listen.sound`.
LISTENERS: dict[str, Listener[Score]] = {
    one.name: one for one in (STYLE, STYLE_OF_NOTES, MOOD, TUNE_TYPE, COMPOSER)
}


def listen(score: Score) -> dict[str, Finding]:
    """Return what every listener hears in a score, in the order of LISTENERS.

    >>> listen(Score())["mood"].why[0]
    'nothing sounds'
    """
    return {name: one.hear(score) for name, one in LISTENERS.items()}


__all__ = [
    "LISTENERS", "NOT_HEARD", "PROMISES", "Finding", "Listener", "Near", "Reason", "listen", "ranked", "styles_of",
]  # fmt: skip
