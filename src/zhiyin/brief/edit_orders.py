"""Orders: what an act of writing is told where an edit cannot be done by moving notes.

Conventions: levels count from what stands there now; similarity and distance run from 0 to 1.
This module does not carry orders out: see `zhiyin.apps.edit_acts`.
"""

from __future__ import annotations

from collections.abc import Mapping

from zhiyin.brief.edit_plan import KINDS, ActOrder, EditStep, Value
from zhiyin.theory.instruments import INSTRUMENTS

# How much stays when a cell is written again, by how much was asked for.
SIMILARITY = {0.5: 0.85, 1.0: 0.7, 2.0: 0.5}
_ROLE_OF_FAMILY = {"bass": "bass", "percussion": "drums", "keyboard": "chords", "plucked": "chords"}


def order_of(step: EditStep) -> ActOrder | None:
    """Return what the act is told for a step, None for a step that moves notes by rule.

    >>> order_of(EditStep("density", ((0, 3),), (4,), -1, 1.0, "levels", -1)).options
    {'density': -1, 'similarity': 0.7}
    """
    act = KINDS[step.kind]
    if not act:
        return None
    if step.kind == "add" and step.value in INSTRUMENTS and INSTRUMENTS[str(step.value)].is_drums:
        act = "drums"
    return ActOrder(act, step.bars, step.parts, _options(step))


def _options(step: EditStep) -> Mapping[str, Value]:
    alike = SIMILARITY[step.amount]
    if step.kind in ("density", "syncopation"):
        return {step.kind: step.value, "similarity": alike}
    if step.kind == "rhythm":
        return {"rhythm": step.value, "aspect": "rhythm", "distance": round(1 - alike, 2)}
    if step.kind == "harmony":
        return {"harmony": step.value, "similarity": alike}
    if step.kind == "colour":
        is_dark = step.direction < 0
        return {
            "mood": "dark" if is_dark else "bright", "mode": "minor" if is_dark else "major",
            "register": step.direction, "distance": round(1 - alike, 2), "aspect": "pitch",
        }  # fmt: skip
    if step.kind in ("mood", "style"):
        return {step.kind: step.value, "distance": round(1 - alike, 2), "aspect": "all"}
    if step.kind == "vary":
        return {"distance": step.value, "aspect": step.unit}
    if step.kind == "add":
        family = INSTRUMENTS[str(step.value)].family
        return {"instrument": step.value, "role": _ROLE_OF_FAMILY.get(family, "inner")}
    return {step.unit: step.value} if step.unit else {}
