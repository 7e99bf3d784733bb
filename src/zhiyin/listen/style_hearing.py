"""What the listeners of notes go by: features of windows of eight bars, and who plays.

Conventions: windows do not overlap and are spread over the piece; tempo and dynamics are left out, for in collections
they tell the encoder and not the style; names, titles and credits are never read. Of a tune over struck chords the
tune can be heard alone, too. This module does not judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from zhiyin.data.corpus import CorpusView
from zhiyin.errors import InvalidInput
from zhiyin.judge.excerpts import BARS, FRAME_STEPS, KEYBOARDS, Excerpt, score_excerpt
from zhiyin.judge.features import feature_groups, features_of
from zhiyin.listen.style_data import MOST_WINDOWS, piece_windows, thinned
from zhiyin.score import Part, Score, Timeline, quantise
from zhiyin.units import TICKS_PER_STEP, BoolArray, Float32Array, IntArray

# Families of General MIDI programs; every program stands in one.
FAMILIES: dict[str, tuple[range, ...]] = {
    "piano": (range(6),),
    "harpsichord": (range(6, 8),),
    "bells": (range(8, 16), range(112, 120)),
    "organ": (range(16, 24),),
    "plucked guitar": (range(24, 26), range(104, 108)),
    "electric guitar": (range(26, 32),),
    "bass": (range(32, 40),),
    "violin": (range(40, 41), range(110, 111)),
    "low strings": (range(41, 44),),
    "string section": (range(44, 46), range(48, 52)),
    "harp and timpani": (range(46, 48),),
    "voice": (range(52, 55),),
    "brass": (range(56, 64),),
    "saxophone": (range(64, 68),),
    "double reed and clarinet": (range(68, 72), range(109, 110), range(111, 112)),
    "flute": (range(72, 80),),
    "synthesiser": (range(55, 56), range(80, 104), range(108, 109), range(120, 128)),
}
FAMILY_NAMES = tuple(FAMILIES)
# A tune over chords: nearly all that sounds below it is chords of three notes, held an eighth at least, and moves less.
CHORD_NOTES = 3
SHORTEST_CHORD = 12  # steps
CHORDS_FROM = 0.9  # of the attacks below the tune
MOST_CHORDS = 0.65  # a note of the tune
UNNAMED = 48  # a program that is no keyboard, so that lines are not joined as hands
PLAYER_NAMES = (*FAMILY_NAMES, "drums", "players", "solo", "known")
_FAMILY = np.array(
    [next(i for i, n in enumerate(FAMILY_NAMES) if any(p in r for r in FAMILIES[n])) for p in range(128)]
)


@dataclass(frozen=True, eq=False)
class Hearing:
    """What is heard of one piece.

    windows: (n, features) of `zhiyin.judge.features`, n may be 0; players: (len(PLAYER_NAMES),) shares of the notes
    by family and drums, log2 of the number of players, whether one plays alone, whether all this is known; excerpts:
    the windows as notes, where they are kept.
    """

    windows: Float32Array
    players: Float32Array
    excerpts: tuple[Excerpt, ...] = ()

    def without_players(self) -> Hearing:
        """Return this hearing with who plays kept from the listener."""
        return replace(self, players=np.zeros_like(self.players))


def players_of(programs: IntArray, is_drums: BoolArray, counts: IntArray) -> Float32Array:
    """Return who plays: programs, is_drums, counts are (parts,) GM program, whether drums, number of notes.

    Keyboards are one player, as are all drums.
    """
    found = np.zeros(len(PLAYER_NAMES), np.float32)
    total = counts.sum()
    if not total:
        return found
    np.add.at(found, np.where(is_drums, len(FAMILY_NAMES), _FAMILY[programs]), counts / total)
    heard = counts > 0
    keyboard = np.isin(programs, list(KEYBOARDS)) & ~is_drums
    alone = np.sum(heard & ~keyboard & ~is_drums)
    players = alone + np.any(heard & keyboard) + np.any(heard & is_drums)
    found[-3:] = np.log2(players), players == 1, 1.0
    return found


def hearing_of_piece(view: CorpusView, index: int, *, most: int = MOST_WINDOWS) -> Hearing:
    """Return what is heard of a piece of a corpus."""
    piece = view.piece(index)
    counts = np.bincount(np.asarray(piece.notes["part"], np.int64), minlength=len(piece.parts["part"]))
    players = players_of(
        np.asarray(piece.parts["program"], np.int64), np.asarray(piece.parts["is_drums"], bool), counts
    )
    return Hearing(_features(piece_windows(view, index, most=most)), players)


def hearing_of_windows(windows: Sequence[Excerpt]) -> Hearing:
    """Return what is heard of windows, who plays unknown; the windows are kept."""
    return Hearing(_features(windows), np.zeros(len(PLAYER_NAMES), np.float32), tuple(windows))


def hearing_of_score(score: Score, *, most: int = MOST_WINDOWS) -> Hearing:
    """Return what is heard of a score, put on the grid first where it is not.

    Three and more single lines that all stand as piano are players nobody named: they stay apart and unknown.
    """
    parts = [part for part in score.parts if len(part.notes)]
    if has_unnamed_players(parts):
        named = score.with_parts(replace(part, program=UNNAMED) for part in parts)
        return hearing_of_score(named, most=most).without_players()
    players = players_of(
        np.array([p.program for p in parts], np.int64),
        np.array([p.is_drums for p in parts], bool),
        np.array([len(p.notes) for p in parts], np.int64),
    )
    return replace(hearing_of_windows(score_windows(score, most=most)), players=players)


def tune_of(hearing: Hearing) -> Hearing | None:
    """Return what is heard of the tune alone, players unknown, where every window is a tune over chords; else None.

    Chords set under a tune are taken off again: what stays is the tune as a book of tunes prints it.
    """
    tunes = [tune_over_chords(excerpt) for excerpt in hearing.excerpts]
    whole = [tune for tune in tunes if tune is not None]
    kept = [tune for tune in whole if tune.is_worth_judging]
    return hearing_of_windows(kept) if kept and len(whole) == len(tunes) else None


def tune_over_chords(excerpt: Excerpt) -> Excerpt | None:
    """Return the tune of a window in which all else is struck chords that move less than it, None elsewhere."""
    if excerpt.is_drums.any() or not len(excerpt):
        return None
    tune = _is_tune(excerpt)
    below = excerpt.onset[~tune]
    onsets, places, notes = np.unique(below, return_inverse=True, return_counts=True)
    if not onsets.size or onsets.size > MOST_CHORDS * tune.sum():
        return None
    shortest = np.full(onsets.size, excerpt.length)
    np.minimum.at(shortest, places, excerpt.duration[~tune])
    is_chords = min(np.mean(notes >= CHORD_NOTES), np.mean(shortest >= SHORTEST_CHORD)) >= CHORDS_FROM
    return _line(excerpt, tune) if is_chords else None


def _is_tune(excerpt: Excerpt) -> BoolArray:
    """Return (notes,) which are the highest of their attack and lie under no note of the tune that still sounds."""
    order = np.lexsort((excerpt.pitch, excerpt.onset))
    highest = order[np.append(np.diff(excerpt.onset[order]) != 0, True)]
    found, end, top = np.zeros(len(excerpt), bool), 0, -1
    for row in highest.tolist():
        if excerpt.onset[row] >= end or excerpt.pitch[row] >= top:
            found[row], top = True, int(excerpt.pitch[row])
            end = int(excerpt.onset[row] + excerpt.duration[row])
    return found


def _line(excerpt: Excerpt, chosen: BoolArray) -> Excerpt:
    """Return the chosen notes as one part, each cut where the next begins."""
    rows = np.flatnonzero(chosen)[np.argsort(excerpt.onset[chosen], kind="stable")]
    onset = excerpt.onset[rows]
    room = np.append(np.diff(onset), excerpt.length)
    return replace(
        excerpt, onset=onset, duration=np.minimum(excerpt.duration[rows], room), pitch=excerpt.pitch[rows],
        part=np.zeros_like(onset), is_drums=excerpt.is_drums[rows],
    )  # fmt: skip


def has_unnamed_players(parts: Sequence[Part]) -> bool:
    """Return whether three parts or more are all GM 0, none of them drums, and each a single line."""
    is_plain = len(parts) >= 3 and all(part.program == 0 and not part.is_drums for part in parts)
    return is_plain and all(np.all(np.diff(part.notes.onset) > 0) for part in parts)


def score_windows(score: Score, *, most: int = MOST_WINDOWS) -> list[Excerpt]:
    """Return at most `most` windows of a score, chosen as `zhiyin.listen.style_data.piece_windows` does."""
    if not score.note_count:
        return []
    score = gridded(score)
    line = Timeline.of(score)
    starts = line.bar_starts(line.bar_count(score.end)) // TICKS_PER_STEP
    taken: list[Excerpt] = []
    bar = 1 if score.pickup_ticks else 0
    last = -BARS
    for first in range(bar, starts.size - BARS, 4):
        if first < last + BARS:
            continue
        excerpt = _window(score, line, first=first, starts=starts)
        if excerpt is not None:
            taken.append(excerpt)
            last = first
    return [taken[i] for i in thinned(len(taken), most)]


def gridded(score: Score) -> Score:
    """Return the score itself when all its notes stand on the grid of 24 steps a quarter, else put there."""
    columns = [c for part in score.parts for c in (part.notes.onset, part.notes.duration)]
    is_on = all(not np.any(column % TICKS_PER_STEP) for column in columns)
    return score if is_on else quantise(score)[0]


def _window(score: Score, line: Timeline, *, first: int, starts: IntArray) -> Excerpt | None:
    """Return the eight bars from a bar on, None where they are uneven, odd or nearly empty."""
    inside = starts[first : first + BARS + 1]
    lengths = np.diff(inside)
    metres = {line.metre_at(int(tick) * TICKS_PER_STEP) for tick in inside[:-1]}
    is_whole = next(iter(metres)).bar_ticks == int(lengths[0]) * TICKS_PER_STEP
    is_even = len(metres) == 1 and is_whole and not np.any(lengths != lengths[0])
    if not is_even or lengths[0] % FRAME_STEPS or not 24 <= lengths[0] <= 192:
        return None
    try:
        excerpt = score_excerpt(score, first_bar=first)
    except InvalidInput:
        return None
    return excerpt if excerpt.is_worth_judging else None


def _features(windows: Iterable[Excerpt]) -> NDArray[np.float32]:
    rows = [features_of(excerpt) for excerpt in windows]
    return np.stack(rows) if rows else np.zeros((0, feature_count()), np.float32)


@cache
def feature_count() -> int:
    """Return how many numbers tell of a window."""
    return int(max(span.stop for span in feature_groups().values()))
