"""The performance: one function from a written to a performed score.

Conventions: randomness comes from the seed alone, one stream a part; marks but tempos stay as they are.
This module only gathers dynamics, timing, articulation and pedal, which live next door.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.perform.articulation import performed_ends, swells
from zhiyin.perform.dynamics import LOUDEST, SOFTEST, performed_velocity
from zhiyin.perform.pedal import pedal_controls
from zhiyin.perform.phrases import phrase_starts
from zhiyin.perform.timing import performed_onsets, performed_tempos
from zhiyin.perform.touch import Touch
from zhiyin.score import Part, Score, Timeline
from zhiyin.units import IntArray

MAX_AMOUNT = 3.0


def humanise(
    score: Score, *, seed: int, amount: float = 1.0, swing: float = 0.0, touch: Touch | None = None
) -> Score:
    """Return the score as a person would play it: same notes, same order, same length in seconds.

    seed: any whole number, 0 or more; amount: 0 (as written) .. 3 (much); swing: 0 straight .. 1 triplets; touch: how
    each bar is to be played, None for none of that.
    Raises InvalidInput outside those ranges.
    >>> humanise(Score(), seed=1) == Score()
    True
    """
    if seed < 0:
        raise InvalidInput(f"seed must be 0 or more, got {seed}")
    if not 0.0 <= amount <= MAX_AMOUNT:
        raise InvalidInput(f"amount of expression must be 0..{MAX_AMOUNT:g}, got {amount:g}: 1 is natural")
    if not 0.0 <= swing <= 1.0:
        raise InvalidInput(f"swing must be 0 (straight) .. 1 (triplets), got {swing:g}")
    if not score.note_count or (amount == 0 and swing == 0 and touch is None):
        return score
    line = Timeline.of(score)
    phrases = phrase_starts(score, line)
    parts = tuple(
        _performed(
            part,
            score,
            line,
            phrases,
            rng=np.random.default_rng([seed, index]),
            amount=amount,
            swing=swing,
            touch=touch,
        )
        for index, part in enumerate(score.parts)
    )
    tempos = performed_tempos(score, line, amount=amount * (touch.slowing if touch is not None else 1.0))
    return replace(score, parts=parts, tempos=tempos, length_ticks=score.end)


def _performed(
    part: Part, score: Score, line: Timeline, phrases: IntArray, *,
    rng: np.random.Generator, amount: float, swing: float, touch: Touch | None,
) -> Part:  # fmt: skip
    if not len(part.notes):
        return part
    velocity = performed_velocity(part, line, phrases, rng=rng, amount=amount)
    if touch is not None:
        moved = velocity + touch.steps_at(line.bar_of(part.notes.onset))
        velocity = np.clip(np.rint(moved), SOFTEST, LOUDEST).astype(np.int64)
    onsets = performed_onsets(part, line, rng=rng, amount=amount, swing=swing)
    onsets = np.minimum(onsets, score.end - 1)
    ends = performed_ends(part, onsets, line, amount=amount, end=score.end, touch=touch)
    notes = part.notes.with_columns(onset=onsets, duration=ends - onsets, velocity=velocity)
    added = (*swells(part, line, phrases, amount=amount, end=score.end),)
    if amount > 0 and not (touch is not None and touch.is_dry):
        added += pedal_controls(part, score, line)
    return replace(part, notes=notes, controls=tuple(sorted((*part.controls, *added))))
