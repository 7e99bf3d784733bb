"""Part-writing: parallel fifths and octaves, voices that cross, and gaps between neighbours.

Conventions: voices are single lines, highest on the mean first; a moment lasts while no line changes.
Where all lines sound for nine tenths of the time, only such moments count; else lines are compared as they sound.
This module does not know chords or keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from zhiyin.judge.base import Gauge, Measure
from zhiyin.judge.subject import REST, Subject
from zhiyin.units import BoolArray, IntArray

FULL = 0.9
WIDE_UPPER, WIDE_BASS = 12, 24  # semitones between neighbours: upper voices, and the lowest pair


@dataclass(frozen=True, eq=False)
class Texture:
    """Moments in order: first tick and length of each, and what each line sounds, (moments, lines)."""

    tick: IntArray
    length: IntArray
    pitches: IntArray


def moments_to_judge(edges: IntArray, pitches: IntArray) -> Texture:
    """Return the moments that count: those in which all lines sound if they fill FULL of the sounding time."""
    length, sounds = np.diff(edges), pitches != REST
    full = sounds.all(axis=1)
    is_full_enough = length[full].sum() >= FULL * length[sounds.any(axis=1)].sum()
    chosen = full if is_full_enough else sounds.any(axis=1)
    return Texture(edges[:-1][chosen], length[chosen], pitches[chosen])


def find_parallels(pitches: IntArray) -> BoolArray:
    """Return (changes, pairs): whether a pair keeps a fifth or octave while both voices move the same way.

    pitches: (moments, lines), highest line first; pairs in the order of itertools.combinations.
    >>> find_parallels(np.array([[67, 60], [69, 62]])).tolist()
    [[True]]
    """
    pairs = np.array(list(combinations(range(pitches.shape[1]), 2)), np.int64).reshape(-1, 2)
    upper, lower = pitches[:, pairs[:, 0]], pitches[:, pairs[:, 1]]
    sounds = (upper != REST) & (lower != REST)
    interval = (upper - lower) % 12
    is_kept = (interval[1:] == interval[:-1]) & np.isin(interval[1:], (0, 7))
    same_way = np.diff(upper, axis=0) * np.diff(lower, axis=0) > 0
    found: BoolArray = is_kept & same_way & sounds[1:] & sounds[:-1]
    return found


def count_parallels(texture: Texture) -> tuple[int, int, IntArray]:
    """Return (parallels, chord changes, ticks at which parallels arrive); two lines must sound around a change."""
    is_chord = (texture.pitches != REST).sum(axis=1) >= 2
    moved = np.any(texture.pitches[1:] != texture.pitches[:-1], axis=1)
    changes = int((moved & is_chord[1:] & is_chord[:-1]).sum())
    found = find_parallels(texture.pitches)
    return int(found.sum()), changes, texture.tick[1:][found.any(axis=1)]


def is_crossed(pitches: IntArray) -> BoolArray:
    """Return (moments,) whether a line sounds above the line over it."""
    upper, lower = pitches[:, :-1], pitches[:, 1:]
    crossed: BoolArray = ((upper < lower) & (upper != REST)).any(axis=1)
    return crossed


def is_spread(pitches: IntArray) -> BoolArray:
    """Return (moments,) whether neighbours lie too far apart: an octave, two for the lowest pair."""
    upper, lower = pitches[:, :-1], pitches[:, 1:]
    widest = np.array([WIDE_UPPER] * (pitches.shape[1] - 2) + [WIDE_BASS])
    wide: BoolArray = ((upper - lower > widest) & (lower != REST) & (upper != REST)).any(axis=1)
    return wide


def parallels(subject: Subject) -> Measure:
    """Return parallel fifths and octaves per 100 chord changes."""
    texture = _texture(subject, fewest=2)
    if texture is None:
        return Measure.absent("voices")
    faults, changes, ticks = count_parallels(texture)
    bars = np.unique(np.searchsorted(subject.edges, ticks, side="right") - 1)[:8]
    return Measure(100.0 * faults / max(changes, 1), changes, tuple(bars.tolist()))


def _share(subject: Subject, fewest: int, of: str) -> Measure:
    texture = _texture(subject, fewest=fewest)
    if texture is None:
        return Measure.absent("voices" if fewest == 2 else "three voices")
    is_chord = (texture.pitches != REST).sum(axis=1) >= 2
    if not is_chord.any():
        return Measure.absent("voices")
    wrong = {"crossed": is_crossed, "spread": is_spread}[of](texture.pitches) & is_chord
    bars = np.unique(np.searchsorted(subject.edges, texture.tick[wrong], side="right") - 1)[:8]
    return Measure(
        float(np.average(wrong[is_chord], weights=texture.length[is_chord])), len(wrong), tuple(bars.tolist())
    )


def _texture(subject: Subject, *, fewest: int) -> Texture | None:
    if len(subject.lines) < fewest:
        return None
    texture = moments_to_judge(*subject.moments)
    return texture if len(texture.tick) else None


_NEEDS = frozenset({"voices"})
GAUGES = (
    Gauge(
        "parallels", "voices", "parallel fifths and octaves", "平行五八度",
        "Pairs of voices that keep a perfect fifth or octave while both move the same way, per 100 chord changes "
        "(common practice; 0.339 in the chorales of Bach's test split).",
        "per 100 changes", parallels, high=float("inf"), better="human", needs=_NEEDS,
    ),
    Gauge(
        "crossings", "voices", "time with crossed voices", "声部交叉的时间",
        "Share of time in which a voice sounds above the one over it (common practice).",
        "share", lambda s: _share(s, 2, "crossed"), needs=_NEEDS,
    ),
    Gauge(
        "spacing", "voices", "time with gaps between voices", "声部间距过大的时间",
        "Share of time in which upper neighbours lie over an octave apart, or the lowest two over two (common "
        "practice).",
        "share", lambda s: _share(s, 3, "spread"), needs=frozenset({"three voices"}),
    ),
)  # fmt: skip
