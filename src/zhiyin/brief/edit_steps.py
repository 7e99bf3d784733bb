"""Drafts of edits: what one clause asks for, before its bars and parts are known.

Conventions: values carry their unit; direction is 1 for more, up, louder, -1 for the other way.
This module does not resolve targets (edit_words.py) and writes no sentences (edit_say.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from zhiyin.brief.edit_clauses import Clause
from zhiyin.brief.edit_combined import COMBINED, VELOCITY_STEP
from zhiyin.brief.edit_lexicon import Asked
from zhiyin.brief.edit_plan import Outline
from zhiyin.brief.edit_scene import Draft, Scene
from zhiyin.brief.edit_targets import EDGE_BARS
from zhiyin.brief.match import Match
from zhiyin.theory.moods import MOODS

SWELL_VELOCITY = 32
TEMPO_FACTORS = {
    (1, 0.5): 1.05,
    (1, 1.0): 1.1,
    (1, 2.0): 1.25,
    (-1, 0.5): 0.95,
    (-1, 1.0): 0.9,
    (-1, 2.0): 0.8,
}
_GRADED = {"density", "loudness", "colour", "register", "tempo", "syncopation"}
_OPPOSITE = {"legato": "staccato", "staccato": "legato"}


def drafts_of(clause: Clause, lower: str, outline: Outline) -> list[Draft]:
    """Return what a clause asks for, in the order of its words; empty when it asks for nothing that is understood."""
    scene = Scene(clause, lower, outline)
    for ask in COMBINED:
        draft = ask(scene)
        if draft is not None:
            return [draft]
    drafts = [_plain(scene, match) for match in clause.asked()]
    found = [draft for draft in drafts if draft is not None]
    if not found and scene.direction:  # "move the bass down" names no interval
        found = [_register(scene, Asked("register", scene.direction))]
    if not found and (style := scene.first("style")):
        return [Draft("style", unit="style", value=str(style.value), amount=scene.amount)]
    return list(dict.fromkeys(found))


def _plain(scene: Scene, match: Match) -> Draft | None:
    """Return the draft of one act or adjective with the words of degree around it."""
    asked = match.value
    if not isinstance(asked, Asked):
        return None
    if scene.is_flipped:
        asked = _turned(asked)
    if asked.kind == "only":
        return Draft("drop", unit="only") if scene.clause.of("parts") else None
    if asked.kind in ("drop", "mute", "delete", "shorten"):
        return _removal(scene, asked)
    make = _GRADERS.get(asked.kind)
    return make(scene, asked) if make else None


def _removal(scene: Scene, asked: Asked) -> Draft | None:
    if asked.kind == "mute":
        return Draft("mute")
    return Draft("drop")


def _turned(asked: Asked) -> Asked:
    if asked.kind == "articulation":
        return replace(asked, value=_OPPOSITE[str(asked.value)])
    if asked.kind == "mood":
        return replace(asked, value=MOODS[str(asked.value)].opposite)
    return replace(asked, direction=-asked.direction) if asked.kind in _GRADED else asked


def _loudness(scene: Scene, asked: Asked) -> Draft:
    if asked.unit == "level":
        return Draft("loudness", unit="level", value=asked.value)
    value = asked.direction * round(VELOCITY_STEP * scene.amount)
    return Draft("loudness", asked.direction, scene.amount, "velocity", value)


def _swell(scene: Scene, asked: Asked) -> Draft:
    last = scene.outline.bars - 1
    bars = (
        ()
        if scene.clause.of("bars", "edge") or asked.unit != "velocity"
        else ((max(0, last - EDGE_BARS + 1), last),)
    )
    if asked.unit == "velocity":
        return Draft("swell", asked.direction, 2.0, "velocity", asked.value, bars=bars)
    value = asked.direction * round(SWELL_VELOCITY * scene.amount)
    return Draft("swell", asked.direction, scene.amount, "velocity", value, bars=bars)


def _density(scene: Scene, asked: Asked) -> Draft:
    aspect = scene.first("aspect")
    kind = (
        {"rhythm": "rhythm", "harmony": "harmony"}.get(str(aspect.value), "density") if aspect else "density"
    )
    return Draft(
        kind, asked.direction, scene.amount, "levels", asked.direction * (2 if scene.amount == 2 else 1)
    )


def _syncopation(scene: Scene, asked: Asked) -> Draft:
    levels = asked.direction * (2 if scene.amount == 2 else 1)
    return Draft("syncopation", asked.direction, scene.amount, "levels", levels)


def _register(scene: Scene, asked: Asked) -> Draft:
    size = 12 if scene.clause.of("parts") else 2
    return Draft("register", asked.direction, scene.amount, "semitones", asked.direction * size)


def _tempo(scene: Scene, asked: Asked) -> Draft:
    if asked.unit == "factor":
        return Draft("tempo", asked.direction, 1.0, "factor", asked.value)
    return Draft(
        "tempo", asked.direction, scene.amount, "factor", TEMPO_FACTORS[asked.direction, scene.amount]
    )


def _colour(scene: Scene, asked: Asked) -> Draft:
    return Draft("colour", asked.direction, scene.amount)


def _named(scene: Scene, asked: Asked) -> Draft:
    if asked.kind == "mood" and asked.value in ("dark", "bright"):
        return Draft("colour", -1 if asked.value == "dark" else 1, scene.amount)
    direction = 1 if asked.kind == "mood" else 0
    amount = scene.amount if asked.kind == "mood" else 1.0
    return Draft(asked.kind, direction, amount, asked.kind, asked.value)


_GRADERS: dict[str, Callable[[Scene, Asked], Draft]] = {
    "loudness": _loudness, "swell": _swell, "density": _density, "syncopation": _syncopation, "register": _register,
    "tempo": _tempo, "colour": _colour, "mood": _named, "articulation": _named,
}  # fmt: skip
