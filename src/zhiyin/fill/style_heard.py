"""The style that a score is in, as the style classifier of the judges hears it.

Conventions: styles by name, as in `zhiyin.theory.styles`. This module trains nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zhiyin.errors import InvalidInput
from zhiyin.judge.excerpts import BARS, score_excerpt
from zhiyin.judge.features import features_of
from zhiyin.judge.style_net import load_style_net
from zhiyin.score import Score, Timeline


def style_heard(frame: Score, among: Sequence[str]) -> str | None:
    """Return which of some styles a song on the grid is heard as, None where it is too short to tell."""
    net = load_style_net()
    places = [net.classes.index(name) for name in among if name in net.classes]
    votes: Counter[str] = Counter()
    bars = Timeline.of(frame).bar_count(frame.end)
    for first in range(0, bars - BARS + 1, BARS):
        try:
            excerpt = score_excerpt(frame, first_bar=first)
        except InvalidInput:  # the metre changes in it
            continue
        if excerpt.is_worth_judging:
            shares = net.probabilities(features_of(excerpt)[None])[0, places]
            votes[net.classes[places[int(shares.argmax())]]] += 1
    return votes.most_common(1)[0][0] if votes and places else None
