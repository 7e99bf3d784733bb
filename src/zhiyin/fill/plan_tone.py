"""The loudness of a written score as its plan feels: every bar's notes moved by so many steps of velocity.

Conventions: written velocities stay on the eight levels of notation; bars come from the plan's metre.
This module does not play: `touch_of` tells `zhiyin.perform` how.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhiyin.fill.plan import Plan
from zhiyin.perform import Touch
from zhiyin.score import Part, Score
from zhiyin.score.quantise import VELOCITY_LEVELS, velocity_to_level

_LEVELS = np.array(VELOCITY_LEVELS)
_GAP = 16  # steps between levels


def toned(plan: Plan, score: Score) -> Score:
    """Return the score as loud, bar by bar, as its plan feels; unchanged where the plan feels nothing."""
    if not any(feeling.velocity for feeling in plan.feelings):
        return score
    return score.with_parts([toned_part(plan, part) for part in score.parts])


def touch_of(plan: Plan) -> Touch | None:
    """Return how a plan's bars are to be played, None where it feels nothing; what writing rounded off comes back."""
    if not plan.feelings:
        return None
    steps = np.array([feeling.velocity for feeling in plan.feelings])
    return Touch(
        velocity=steps - _GAP * np.rint(steps / _GAP), articulation=np.array([f.articulation for f in plan.feelings]),
        rubato=np.array([f.rubato for f in plan.feelings]),
    )  # fmt: skip


def toned_part(plan: Plan, part: Part) -> Part:
    """Return one part as loud as its plan feels."""
    notes = part.notes
    if not len(notes) or not plan.feelings:
        return part
    steps = np.array([feeling.velocity for feeling in plan.feelings])
    bars = np.minimum(notes.onset // plan.metre.bar_ticks, plan.bars - 1)
    moved = np.clip(notes.velocity + _GAP * np.rint(steps[bars] / _GAP), 1, 127).astype(np.int64)
    return replace(part, notes=notes.with_columns(velocity=_LEVELS[velocity_to_level(moved)]))
