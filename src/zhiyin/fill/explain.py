"""explain: what was written and why it holds together, in true sentences read off the notes.

Conventions: the table REASONS has a row a kind; bars count from 0 in values and from 1 in words.
This module reads notes alone: it asks no model, no plan and no wish. Words of each kind live in `zhiyin.fill.reasons`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from zhiyin.errors import InvalidInput
from zhiyin.fill.reasons import change, device, form, harmony, line, motif, ornament, texture, voices
from zhiyin.fill.reasons.base import Kind, Reason
from zhiyin.fill.reasons.view import View
from zhiyin.fill.reasons.words import spaced
from zhiyin.score import Cell, Score

MOST, MOST_A_KIND, MOST_A_TOPIC = 8, 2, 3
MODEST = 0.5  # a kind below this importance speaks once

REASONS: dict[str, Kind] = {
    "modulation": Kind(harmony.find_new_key, "key"),
    "borrowed-chord": Kind(harmony.find_borrowed, "chords"),
    "secondary-dominant": Kind(harmony.find_applied_dominant, "chords"),
    "cadence": Kind(harmony.find_cadence, "cadence"),
    "reharmonised": Kind(change.find_new_chords, "harmony"),
    "pedal": Kind(harmony.find_pedal, "bass"),
    "bass-fifths": Kind(harmony.find_bass_fifths, "bass"),
    "bass-steps": Kind(harmony.find_bass_steps, "bass"),
    "motif-sequence": Kind(motif.find_sequence, "motif"),
    "motif-inverted": Kind(motif.find_inverted, "motif", is_device=True),
    "motif-retrograde": Kind(device.find_retrograde, "motif", is_device=True),
    "motif-augmented": Kind(motif.find_stretched, "motif", is_device=True),
    "motif-diminished": Kind(device.find_diminished, "motif", is_device=True),
    "motif-fragment": Kind(device.find_fragment, "motif", is_device=True),
    "motif-tonal-answer": Kind(device.find_tonal_answer, "motif", is_device=True),
    "motif-repeated": Kind(motif.find_repeated, "form"),
    "rhythm-reused": Kind(motif.find_rhythm_reused, "motif"),
    "answer": Kind(motif.find_answer, "motif"),
    "return": Kind(form.find_return, "form"),
    "varied-return": Kind(form.find_varied_return, "form"),
    "climax": Kind(line.find_climax, "contour"),
    "arch": Kind(line.find_arch, "contour"),
    "pentatonic": Kind(line.find_scale_only, "scale"),
    "under-melody": Kind(voices.find_under, "height"),
    "contrary-motion": Kind(voices.find_contrary, "motion"),
    "parallels": Kind(voices.find_parallels, "motion"),
    "doubling": Kind(voices.find_doubling, "motion"),
    "rhythm-kept": Kind(change.find_rhythm_kept, "rhythm"),
    "pitches-kept": Kind(change.find_pitches_kept, "rhythm"),
    "syncopation": Kind(change.find_syncopation, "rhythm"),
    "density": Kind(change.find_density, "density"),
    "register": Kind(change.find_register, "register"),
    "dynamics": Kind(change.find_dynamics, "dynamics"),
    "ornament": Kind(ornament.find_ornaments, "ornament"),
    "texture": Kind(texture.find_texture, "texture"),
    "groove": Kind(texture.find_groove, "groove"),
    "drum-fill": Kind(texture.find_drum_fill, "fill"),
}


def explain(
    before: Score | None, after: Score, *, write: frozenset[Cell], most: int = MOST
) -> tuple[Reason, ...]:
    """Return the most telling true sentences about what was written, most important first.

    before: the score before the act, None for a new piece; write: the cells that were written; most: how many
    sentences at most. No two of one topic speak of the same part and bar; at most two are of one kind, one where it
    matters little.
    Raises InvalidInput when most is below 1.
    """
    if most < 1:
        raise InvalidInput(f"sentences to give must be 1 or more, got {most}: ask for at least one")
    ranked = sorted(all_reasons(before, after, write=write), key=lambda reason: -reason.importance)
    return tuple(_chosen(ranked, most))


def all_reasons(before: Score | None, after: Score, *, write: frozenset[Cell]) -> Iterator[Reason]:
    """Yield every true sentence that any kind finds, in the order of the table."""
    view = View(before, after, write)
    if not write or not after.note_count:
        return
    for kind in REASONS.values():
        yield from (replace(reason, text_zh=spaced(reason.text_zh)) for reason in kind.find(view))


def _chosen(ranked: Iterable[Reason], most: int) -> Iterator[Reason]:
    kinds: Counter[str] = Counter()
    topics: Counter[str] = Counter()
    said: dict[str, list[Reason]] = {}
    for reason in ranked:
        kind = REASONS[reason.kind]
        topic = kind.topic
        is_said = any(_overlaps(reason, other) or _is_echo(reason, other) for other in said.get(topic, []))
        most_a_kind = MOST_A_KIND if reason.importance >= MODEST else 1
        if (
            is_said
            or kinds[reason.kind] >= most_a_kind
            or (not kind.is_device and topics[topic] >= MOST_A_TOPIC)
        ):
            continue
        kinds[reason.kind] += 1
        topics[topic] += not kind.is_device
        said.setdefault(topic, []).append(reason)
        yield reason
        if kinds.total() >= most:
            return


def _is_echo(one: Reason, other: Reason) -> bool:
    """Return whether two parts do the same in the same bars: one of them is enough."""
    return (one.kind, one.bars) == (other.kind, other.bars)


def _overlaps(one: Reason, other: Reason) -> bool:
    is_same_part = not one.parts or not other.parts or not set(one.parts).isdisjoint(other.parts)
    return is_same_part and not set(one.bars).isdisjoint(other.bars)


__all__ = ["MOST", "REASONS", "Reason", "all_reasons", "explain"]
