"""Slots: where a melody takes one syllable each, and what each place wants of it.

Conventions: ticks at 10,080 a quarter; accents run from 0 to 1 as metres weigh them; intervals are semitones from the
note before. This module knows no words: see `zhiyin.lyrics.fit`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.melody import Tune
from zhiyin.score import Score, Timeline
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER, IntArray, Ticks

MELISMAS = ("strict", "allow", "sung")
LONG = 2.0  # times the usual length
GRACE_TICKS = TICKS_PER_QUARTER // 8
BREATH_BEATS = 0.5  # a rest of so many beats parts words
PASSING_BEATS = 0.5  # a note shorter than this may belong to the one before


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for a syllable.

    rows: notes of the part that it is sung on, the first carries the text; onset, duration, rest_after: ticks; pitch,
    last_pitch: of its first and last note; accent: metrical weight 0..1; weight: the same in four steps, 3 downbeat,
    2 strong beat, 1 beat, 0 between; is_long: twice the usual length; is_top: the highest of its phrase; is_final:
    ends its phrase; interval: from the last note of the slot before, 0 at the start; breathes: a rest parts it from
    the next slot.
    """

    rows: tuple[int, ...]
    onset: Ticks
    duration: Ticks
    pitch: int
    last_pitch: int
    accent: float
    weight: int
    is_long: bool = False
    is_top: bool = False
    is_final: bool = False
    interval: int = 0
    rest_after: Ticks = 0
    breathes: bool = False

    @property
    def end(self) -> Ticks:
        """Return where its last note ends, in ticks."""
        return self.onset + self.duration


def accent_at(metre: Metre, offset_ticks: Ticks) -> float:
    """Return the metrical weight of a place in a bar, finer than beats: 1, 0.75, 0.5, 0.25, 0.125, 0.06.

    >>> accent_at(Metre(4, 4), 0), accent_at(Metre(4, 4), 5040), accent_at(Metre(4, 4), 2520)
    (1.0, 0.25, 0.125)
    """
    grain = metre.beat_ticks // 12
    offset_ticks = round(offset_ticks / grain) * grain % metre.bar_ticks  # played notes lie beside the grid
    told = metre.weight(offset_ticks)
    if told >= 0.25:
        return told
    part = metre.beat_ticks // (6 if metre.is_compound else 4)
    return 0.125 if offset_ticks % part == 0 else 0.06


def slots_of(score: Score, tune: Tune, *, melisma: str = "strict") -> tuple[Slot, ...]:
    """Return the slots of a tune in order; phrases are not yet marked in them.

    melisma: strict (a syllable a note; graces belong to the note they lead to), allow (short passing notes are sung
    on the syllable before), sung (as the words that stand there say). Raises InvalidInput for another policy, for
    `sung` without words.
    """
    if melisma not in MELISMAS:
        raise InvalidInput(f"melisma must be one of {', '.join(MELISMAS)}, got {melisma!r}: choose one")
    notes = score.parts[tune.part].notes
    rows = tune.rows[np.argsort(notes.onset[tune.rows], kind="stable")]
    if not rows.size:
        raise InvalidInput(f"a tune must have notes, got none in part {tune.part + 1}: name another part")
    onset = notes.onset[rows]
    ends = np.minimum(notes.offset[rows], np.append(onset[1:], np.iinfo(np.int64).max))
    line = Timeline.of(score)
    groups = _groups(score, tune, rows, ends, melisma)
    usual = float(np.median([ends[g[-1]] - onset[g[0]] for g in groups]))
    found: list[Slot] = []
    for number, group in enumerate(groups):
        first, last = group[0], group[-1]
        sounding = first if len(group) == 1 or melisma != "strict" else last  # graces lean on the note behind
        after = int(onset[groups[number + 1][0]]) if number + 1 < len(groups) else int(ends[last])
        metre = line.metre_at(int(onset[sounding]))
        bar = int(line.bar_of(int(onset[sounding])))
        accent = accent_at(metre, _offset(line, score, bar, int(onset[sounding])))
        rest = max(after - int(ends[last]), 0)
        found.append(
            Slot(
                rows=tuple(int(rows[i]) for i in group),
                onset=int(onset[first]), duration=int(ends[last] - onset[first]),
                pitch=int(notes.pitch[rows[sounding]]), last_pitch=int(notes.pitch[rows[last]]),
                accent=accent, weight=_weight(accent), is_long=float(ends[last] - onset[first]) >= LONG * usual,
                interval=int(notes.pitch[rows[sounding]]) - found[-1].last_pitch if found else 0,
                rest_after=rest, breathes=rest >= BREATH_BEATS * metre.beat_ticks,
            )
        )  # fmt: skip
    return tuple(found)


def _weight(accent: float) -> int:
    return 3 if accent >= 1.0 else 2 if accent >= 0.75 else 1 if accent >= 0.5 else 0


def _offset(line: Timeline, score: Score, bar: int, tick: Ticks) -> Ticks:
    """Return the place in a whole bar; a pick-up stands at the end of one."""
    offset = tick - line.bar_start(bar)
    if bar == 0 and score.pickup_ticks:
        offset += score.metres[0].metre.bar_ticks - score.pickup_ticks
    return offset


def _groups(score: Score, tune: Tune, rows: IntArray, ends: IntArray, melisma: str) -> list[tuple[int, ...]]:
    """Return which notes of the tune (places in rows) are sung on one syllable."""
    notes = score.parts[tune.part].notes
    if melisma == "sung":
        return _sung_groups(score, tune, rows)
    groups: list[list[int]] = []
    onset, pitch = notes.onset[rows], notes.pitch[rows]
    length = ends - onset
    line = Timeline.of(score)
    lead: list[int] = []
    for i in range(rows.size):
        is_joined = i + 1 < rows.size and int(onset[i + 1]) == int(ends[i])
        if length[i] < GRACE_TICKS and is_joined:
            lead.append(i)
            continue
        metre = line.metre_at(int(onset[i]))
        is_passing = (
            melisma == "allow" and bool(groups) and not lead
            and int(onset[i]) == int(ends[groups[-1][-1]])
            and length[i] < PASSING_BEATS * metre.beat_ticks + 1
            and 0 < abs(int(pitch[i]) - int(pitch[groups[-1][-1]])) <= 2
            and len(groups[-1]) < 4
            and int(onset[i]) // metre.beat_ticks == int(onset[groups[-1][0]]) // metre.beat_ticks
            and i + 1 < rows.size
        )  # fmt: skip
        if is_passing:
            groups[-1].append(i)
        else:
            groups.append([*lead, i])
        lead = []
    if lead:
        groups.append(lead)
    return [tuple(group) for group in groups]


def _sung_groups(score: Score, tune: Tune, rows: IntArray) -> list[tuple[int, ...]]:
    words = score.parts[tune.part].notes.syllable
    if words is None or not np.any(words[rows] != ""):
        raise InvalidInput(
            "melisma 'sung' needs a melody that has words, got one without: take strict or allow",
            zh="“sung” 要求旋律原来带歌词，这段没有：请用 strict 或 allow",
        )
    groups: list[list[int]] = []
    for place, row in enumerate(rows.tolist()):
        if words[row] != "" or not groups:
            groups.append([place])
        else:
            groups[-1].append(place)
    return [tuple(group) for group in groups]


def has_words(score: Score, tune: Tune) -> bool:
    """Return whether the tune has words already, on a third of its notes or more."""
    sung = score.parts[tune.part].notes.syllable
    return sung is not None and int(np.count_nonzero(sung[tune.rows] != "")) * 3 >= tune.rows.size


def usual_ticks(slots: Sequence[Slot]) -> float:
    """Return the median length of slots in ticks, 0 without any."""
    return float(np.median([slot.duration for slot in slots])) if slots else 0.0
