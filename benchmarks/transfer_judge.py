"""Two judges of a transfer: the style classifier, which hears how the notes are shared among players, and one that
hears notes alone.

Conventions: both answer with odds between two styles, summing to 1, and learned from human pieces of the training side;
no family was trained with either. The second is a logistic regression a pair on the classifier's features, all pitched
notes in one part. Does not know: who wrote the notes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.data.corpus import CorpusView
from zhiyin.judge.excerpts import Excerpt, draw_places, score_excerpt
from zhiyin.judge.features import features_of
from zhiyin.judge.style_net import load_style_net
from zhiyin.score import Score

Odds = tuple[float, float]
LEARNED = 160  # windows a style
CLIP = 5.0


def heard_odds(score: Score, first: str, second: str) -> Odds:
    """Return the style classifier's odds of two styles in eight bars."""
    net = load_style_net()
    shares = net.probabilities(features_of(score_excerpt(score))[None])[0]
    a, b = (float(shares[net.classes.index(name)]) for name in (first, second))
    return a / max(a + b, 1e-12), b / max(a + b, 1e-12)


def as_one(excerpt: Excerpt) -> Excerpt:
    """Return the excerpt with one player for all pitched notes."""
    return replace(excerpt, part=np.where(excerpt.is_drums, 1, 0))


@dataclass(frozen=True, eq=False)
class NotesJudge:
    """A judge of one pair by its notes alone; model gives the odds of the second style."""

    pair: tuple[str, str]
    model: Any

    def odds(self, score: Score, first: str, second: str) -> Odds:
        """Return the odds of both styles of the pair, in the order asked."""
        row = features_of(as_one(score_excerpt(score)))[None]
        share = float(self.model.predict_proba(row)[0, 1])
        return (1 - share, share) if (first, second) == self.pair else (share, 1 - share)


def clipped(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return standardised features without their long tails."""
    found: NDArray[np.float64] = np.clip(x, -CLIP, CLIP)
    return found


class JudgeBook:
    """Judges of pairs, each learned once. places: {style: windows as features} are kept."""

    def __init__(
        self,
        view: CorpusView,
        sides: dict[str, dict[str, list[int]]],
        fits: Callable[[Excerpt, tuple[str, str]], bool],
    ) -> None:
        self._view, self._sides, self._fits = view, sides, fits
        self._drawn: dict[str, list[tuple[Excerpt, NDArray[np.float32]]]] = {}

    def of(self, pair: tuple[str, str]) -> NotesJudge:
        """Return the judge of a pair."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import FunctionTransformer, StandardScaler

        rows: list[NDArray[np.float32]] = []
        label: list[int] = []
        for index, style in enumerate(pair):
            chosen = [x for excerpt, x in self._windows(style) if self._fits(excerpt, pair)]
            rows += chosen
            label += [index] * len(chosen)
        model = make_pipeline(
            StandardScaler(), FunctionTransformer(clipped),
            LogisticRegression(C=0.02, max_iter=400, class_weight="balanced"),
        )  # fmt: skip
        return NotesJudge(pair, model.fit(np.stack(rows), np.array(label)))

    def _windows(self, style: str) -> list[tuple[Excerpt, NDArray[np.float32]]]:
        if style not in self._drawn:
            rng = np.random.default_rng([7, len(style)])
            pieces = rng.permutation(np.array(self._sides[style]["train"], np.int64))[:LEARNED].tolist()
            per_piece = max(-(-LEARNED // max(len(pieces), 1)), 1)
            found = draw_places(self._view, pieces, per_piece=per_piece, rng=rng)[:LEARNED]
            self._drawn[style] = [(excerpt, features_of(as_one(excerpt))) for _, excerpt in found]
        return self._drawn[style]
