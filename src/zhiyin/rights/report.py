"""The originality report: per part the longest shared runs and nearest passages, and what to make of them.

Conventions: bars count from 1 in passages; quarters are of our score; "exact" says in what a passage agrees.
This module makes no legal judgement, and its sentences say so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.rights.hashed import HashedRuns
from zhiyin.rights.index import Index, Piece, plain_grams
from zhiyin.rights.lines import Line, is_telling, lines_of
from zhiyin.rights.search import Runs, covered, nearest, shared_runs
from zhiyin.rights.storage import Library
from zhiyin.rights.texture import texture_of, tune_symbols
from zhiyin.rights.verdict import Findings, verdict_of
from zhiyin.score import Score, Timeline
from zhiyin.units import STEPS_PER_QUARTER, TICKS_PER_STEP, BoolArray, IntArray

GRAM_NOTES = 12  # intervals in the grams whose share is told
HUMAN_SHARE = 0.049  # share of 12-grams that people share with people (Nottingham, benchmarks/originality.py)
LONG_NOTES = 24
# A part with so many 12-grams that count (16 notes) of which five times people's share are known is told of, where half
# of the known ones are new when they come: a figure going round is nobody's own (false alarms: docs/originality.md).
FEWEST_GRAMS, CAUTION_SHARE = 4, 0.25
SHORTEST_NOTES = 9  # shorter shared runs are not listed
# Of the notes of a stretch, how many must agree (less what differs) for it to be called alike: tuned on held-out
# pieces, of whose stretches without a shared run one in a hundred lies above (benchmarks/originality.py).
ALIKE_SHARE = 0.8
ALIKE_WIDTH, MOST_STRETCHES = 48, 12  # notes of a stretch, and stretches of a line that are looked at
ALIKE_PIECES = 5  # nearest pieces of a stretch that are looked at
RHYTHM, PITCH, HASHED, ALIKE, TEXTURE = "pitch and rhythm", "pitch", "hashed", "alike", "texture"


@dataclass(frozen=True, slots=True)
class Passage:
    """A place of ours and a place of a piece that agree.

    agrees: RHYTHM (intervals and length ratios), PITCH (intervals), HASHED (intervals, known as hashes only), ALIKE
    (with ornaments and changes; notes then counts agreement less difference) or TEXTURE (notes counts slices);
    bars: (first, last) from 1; is_telling: more than a figure going round; quarters: length of ours.
    """

    piece: Piece
    agrees: str
    notes: float
    quarters: float
    our_bars: tuple[int, int]
    their_bars: tuple[int, int]
    is_telling: bool = True


@dataclass(frozen=True, slots=True)
class PartReport:
    """One part: notes in its lines, longest shared runs in notes, share of its 12-grams found, nearest passages.

    longest_hashed: of the runs shared with tunes kept as hashes; gram_count: 12-grams that count; gram_kinds:
    different ones among those that were found; is_alike: a piece is resembled with changes, listed or not.
    """

    name: str
    notes: int
    longest_exact: int
    longest_pitch: int
    longest_hashed: int
    gram_count: int
    gram_share: float
    gram_kinds: int
    is_alike: bool
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """A score against the library: its parts, passages of texture, and the verdict as (English, Chinese).

    level: the gravest of `levels`, which are of `zhiyin.rights.verdict.LEVELS`; gram_share: over all parts; parts
    without a line of 13 notes are not among them.
    """

    parts: tuple[PartReport, ...]
    textures: tuple[Passage, ...]
    gram_share: float
    longest: int
    level: str
    verdict: tuple[str, str]
    levels: tuple[str, ...]

    @property
    def is_compared(self) -> bool:
        """Return whether any part has a line that is long enough to compare."""
        return bool(self.parts)


def report_on(score: Score, library: Library, *, top: int = 5) -> ScoreReport:
    """Return how a quantised score stands to the library, with at most `top` passages a part."""
    lines = lines_of(score)
    timeline = Timeline.of(score)
    parts = []
    for index in sorted({line.part for line in lines}):
        own = [line for line in lines if line.part == index]
        parts.append(_part(score.parts[index].name, own, library, timeline, top))
    textures = texture_passages(score, library)[:top]
    grams = sum(p.gram_count for p in parts)
    share = sum(p.gram_count * p.gram_share for p in parts) / grams if grams else 0.0
    longest = max((p.longest_exact for p in parts), default=0)
    findings = _findings(parts, textures)
    return ScoreReport(
        tuple(parts), tuple(textures), share, longest, findings.levels[0], verdict_of(findings), findings.levels
    )  # fmt: skip


def _part(name: str, lines: list[Line], library: Library, timeline: Timeline, top: int) -> PartReport:
    found: list[Passage] = []
    longest, counts, hits = [0, 0], 0, 0
    kinds: set[bytes] = set()
    for line in lines:
        for place, agrees in enumerate((RHYTHM, PITCH)):
            runs = shared_runs(library.melodies, line, with_rhythm=agrees == RHYTHM)
            passages = run_passages(line, runs, library.melodies, timeline=timeline, agrees=agrees)
            longest[place] = max([longest[place], *(int(p.notes) for p in passages if p.is_telling)])
            found += passages
            if agrees == RHYTHM:
                is_counted, is_found = gram_masks(line, runs)
                counts += int(is_counted.sum())
                known = np.flatnonzero(is_counted & is_found)
                hits += known.size
                kinds |= {line.intervals[at : at + GRAM_NOTES].tobytes() for at in known.tolist()}
        found += [_tune_passage(line, library, timeline, *run) for run in tune_hits(library, line)]
        found += _alike(line, library, timeline)
    hashed = max((int(p.notes) for p in found if p.agrees == HASHED), default=0)
    best = _best(found)
    return PartReport(
        name, sum(line.pitch.size for line in lines), longest[0], longest[1], hashed, counts,
        hits / counts if counts else 0.0, len(kinds), any(p.agrees == ALIKE for p in best), tuple(best[:top]),
    )  # fmt: skip


def gram_masks(line: Line, runs: Runs) -> tuple[BoolArray, BoolArray]:
    """Return (which 12-grams of a line count, which are found): plain ones, as scales, do not count.

    runs: the line's shared runs with rhythm.
    """
    plain = plain_grams(line.intervals)
    size = line.intervals.size
    if size < GRAM_NOTES:
        return np.empty(0, bool), np.empty(0, bool)
    width = GRAM_NOTES - (size - plain.size)  # 6-grams in a 12-gram
    is_plain_gram = np.lib.stride_tricks.sliding_window_view(plain, width)
    return np.asarray(~is_plain_gram.all(axis=1), bool), covered(runs, size, gram=GRAM_NOTES)


def run_passages(line: Line, runs: Runs, index: Index, *, timeline: Timeline, agrees: str) -> list[Passage]:
    """Return shared runs of 9 notes or more as passages, the longest of each piece, longest first."""
    order = np.lexsort((runs.theirs, -runs.length))
    owner = index.line_piece[index.line_of(runs.theirs)]
    passages: dict[int, Passage] = {}
    for row in order.tolist():
        length = int(runs.length[row])
        if length + 1 < SHORTEST_NOTES:
            break
        first, there, piece = int(runs.ours[row]), int(runs.theirs[row]), int(owner[row])
        telling = is_telling(line.intervals[first : first + length])
        if piece in passages and (passages[piece].is_telling or not telling):
            continue
        ends = index.bars[[there, there + length - 1]] + 1
        last = int(ends[1]) + int(index.bar_steps[there + length - 1])
        passages[piece] = Passage(
            index.pieces[piece], agrees, length + 1, _quarters(line, first, length),
            _bars(line, timeline, first, length), (int(ends[0]), last), telling,
        )  # fmt: skip
    return list(passages.values())


def tune_hits(library: Library, line: Line) -> list[tuple[int, int, int, int, int]]:
    """Return (first note, notes, piece, first bar, last bar) of runs shared with tunes that are kept as hashes."""
    return _chains(library.tunes, tune_symbols(line))


def tune_runs(library: Library, line: Line) -> list[tuple[int, int]]:
    """Return (first note, notes) of runs shared with tunes that are kept as hashes; the true run may be longer."""
    return [(first, notes) for first, notes, *_ in tune_hits(library, line)]


def _chains(runs: HashedRuns, symbols: IntArray) -> list[tuple[int, int, int, int, int]]:
    """Return (first, notes, piece, first bar, last bar): hits of one piece that follow one another without a gap."""
    ours, rows = runs.find(symbols)
    found: list[tuple[int, int, int, int, int]] = []
    for piece in np.unique(runs.piece[rows]).tolist():
        own = runs.piece[rows] == piece
        place, bar = ours[own], runs.bar[rows[own]]
        order = np.argsort(place, kind="stable")
        place, bar = place[order], bar[order]
        breaks = np.flatnonzero((np.diff(place) > runs.window + 1) | (np.diff(bar) < 0)) + 1
        for at, bars in zip(np.split(place, breaks), np.split(bar, breaks), strict=True):
            notes = int(at[-1] - at[0]) + runs.size + 1
            found.append((int(at[0]), notes, piece, int(bars[0]) + 1, int(bars[-1]) + 1))
    return found


def _tune_passage(
    line: Line, library: Library, timeline: Timeline, first: int, notes: int, *place: int
) -> Passage:
    piece, low, high = place
    return Passage(
        library.tune_pieces[piece], HASHED, notes, _quarters(line, first, notes - 1),
        _bars(line, timeline, first, notes - 1), (low, high), is_telling(line.intervals[first : first + notes - 1]),
    )  # fmt: skip


def texture_passages(score: Score, library: Library) -> list[Passage]:
    """Return passages whose slices agree with a piece's, longest first; one kept run alone is no evidence."""
    symbols, onset = texture_of(score)
    line = Timeline.of(score)
    found = []
    for first, slices, piece, low, high in _chains(library.textures, symbols):
        last = min(first + slices - 1, onset.size - 1)
        if slices <= library.textures.size + 1:
            continue
        quarters = float(onset[last] - onset[first]) / (TICKS_PER_STEP * STEPS_PER_QUARTER)
        bars = (int(line.bar_of(int(onset[first]))) + 1, int(line.bar_of(int(onset[last]))) + 1)
        found.append(Passage(library.melodies.pieces[piece], TEXTURE, slices, quarters, bars, (low, high)))
    return sorted(found, key=lambda p: (-p.notes, p.piece.title, p.our_bars))


def _alike(line: Line, library: Library, timeline: Timeline) -> list[Passage]:
    """Return pieces that the line resembles with changes, where the likeness is past what chance gives."""
    found: list[Passage] = []
    index = library.melodies
    stretches = min(-(-line.pitch.size // ALIKE_WIDTH), MOST_STRETCHES) if line.kind == "top" else 0
    for first in np.linspace(0, max(line.pitch.size - ALIKE_WIDTH, 0), stretches).astype(int).tolist():
        stretch = slice(first, first + ALIKE_WIDTH)
        cut = Line(line.part, line.kind, line.onset[stretch], line.pitch[stretch])
        size = cut.pitch.size - 1
        if size + 1 < LONG_NOTES or not is_telling(cut.intervals):
            continue
        votes = nearest(index, cut, most=ALIKE_PIECES)
        for piece, score, place in zip(
            votes.piece.tolist(), votes.score.tolist(), votes.place.tolist(), strict=True
        ):
            if score >= ALIKE_SHARE * cut.pitch.size:
                bar = int(index.bars[place]) + 1
                ours = _bars(cut, timeline, 0, size)
                found.append(
                    Passage(index.pieces[piece], ALIKE, score, _quarters(cut, 0, size), ours, (bar, bar))
                )
    return found


def _quarters(line: Line, first: int, length: int) -> float:
    return float(line.onset[first + length] - line.onset[first]) / STEPS_PER_QUARTER


def _bars(line: Line, timeline: Timeline, first: int, length: int) -> tuple[int, int]:
    ticks = line.onset[[first, first + length]] * TICKS_PER_STEP
    low, high = np.asarray(timeline.bar_of(ticks)).tolist()
    return low + 1, high + 1


def _best(passages: list[Passage]) -> list[Passage]:
    """Return the longest passages, exact ones first among equals, one a piece."""
    rank = {RHYTHM: 0, HASHED: 1, PITCH: 2, ALIKE: 3}
    ordered = sorted(
        passages,
        key=lambda p: (not p.is_telling, -p.notes, rank[p.agrees], p.piece.set, p.piece.id, p.our_bars),
    )
    chosen: dict[tuple[str, str], Passage] = {}
    for passage in ordered:
        chosen.setdefault((passage.piece.set, passage.piece.work), passage)
    return list(chosen.values())


def _findings(parts: list[PartReport], textures: list[Passage]) -> Findings:
    """Return what of the parts lies past what people's own pieces share."""
    longest = max((max(part.longest_exact, part.longest_hashed) for part in parts), default=0)
    in_pitch = max((part.longest_pitch for part in parts), default=0)
    return Findings(
        is_compared=bool(parts),
        longest=longest,
        long_run=longest if longest >= LONG_NOTES else 0,
        pitch_run=in_pitch if in_pitch >= LONG_NOTES else 0,
        is_alike=any(part.is_alike for part in parts),
        grams=_most_known(parts),
        has_figures=any(_has_figures(part, max(longest, in_pitch)) for part in parts),
        has_textures=bool(textures),
    )


def _has_figures(part: PartReport, longest: int) -> bool:
    """Return whether a part shares more than its `longest` telling run says, which only goes round."""
    is_longer = any(not p.is_telling and p.notes > longest for p in part.passages)
    return is_longer or (_is_mostly_known(part) and _is_going_round(part))


def _is_mostly_known(part: PartReport) -> bool:
    """Return whether a part holds enough 12-grams to speak of, and far more known ones than people's pieces."""
    return part.gram_count >= FEWEST_GRAMS and part.gram_share >= CAUTION_SHARE


def _is_going_round(part: PartReport) -> bool:
    """Return whether less than half of the known 12-grams are new when they come."""
    return 2 * part.gram_kinds < part.gram_count * part.gram_share


def _most_known(parts: list[PartReport]) -> tuple[str, float, float] | None:
    """Return (name, share, people's share) of the part most of whose 12-grams are known, if it is a caution."""
    told = [part for part in parts if _is_mostly_known(part) and not _is_going_round(part)]
    most = max(told, key=lambda part: part.gram_share, default=None)
    return None if most is None else (most.name, most.gram_share, HUMAN_SHARE)
