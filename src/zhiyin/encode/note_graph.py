"""The note graph: a quantised score as notes joined by what they have to do with one another in time.

Conventions: steps are 1/24 quarter; nodes stand in time order (onset, part, pitch, duration); an edge (2, edges) goes
from the earlier note, in row 0, to the later one. Sources: Jeong et al., "Graph Neural Network for Music Score Data
and Modeling Expressive Piano Performance" (ICML 2019); Karystinaios & Widmer, "Cadence Detection in Symbolic
Classical Music using Graph Neural Networks" (ISMIR 2022). This module does not learn: see `zhiyin.models.graph_net`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from zhiyin.encode.note_table import NoteTable, note_table, table_to_score
from zhiyin.errors import InvalidInput
from zhiyin.score import ROLES, Score, Timeline
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_STEP, BoolArray, FloatArray, IntArray

EDGE_TYPES = ("onset", "follow", "during", "line", "rest")
NO_DEGREE = -1  # of a drum, which has no pitch
BAR_LINE, ON_BEAT, HALF_BEAT, BETWEEN = 3, 2, 1, 0
FEATURES = (
    "height", "tonic_sine", "tonic_cosine", "quarters", "bar_share", "strength", "level", "is_melody", "is_bass",
    "is_drums",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Nodes:
    """What is known of each note, columns of equal length in time order.

    onset, duration: steps; pitch: 0..127; level: dynamics 0..7; part: index into the score's parts; voice: in the
    part, -1 unknown; degree: semitones above the tonic in force, 0..11, above C where the score names no key,
    NO_DEGREE for drums; bar: 0-based; place: steps after the bar line; bar_steps: length of the note's bar;
    strength: BAR_LINE, ON_BEAT, HALF_BEAT or BETWEEN; role: index into ROLES; is_drums: bool.
    """

    onset: IntArray
    duration: IntArray
    pitch: IntArray
    level: IntArray
    part: IntArray
    voice: IntArray
    degree: IntArray
    bar: IntArray
    place: IntArray
    bar_steps: IntArray
    strength: IntArray
    role: IntArray
    is_drums: BoolArray

    def __len__(self) -> int:
        return int(self.onset.size)


@dataclass(frozen=True, eq=False)
class NoteGraph:
    """A score as a graph.

    frame: the score without its notes; nodes: what is known of each note; edges: {type of EDGE_TYPES: (2, edges)}.
    See `note_edges` for what each type means.
    """

    frame: Score
    nodes: Nodes
    edges: Mapping[str, IntArray]

    def __len__(self) -> int:
        return len(self.nodes)

    @property
    def edge_count(self) -> int:
        """Return the number of edges of all types."""
        return sum(int(pairs.shape[1]) for pairs in self.edges.values())

    def features(self) -> FloatArray:
        """Return (notes, FEATURES) numbers near -1..1 for a network, one row a node.

        height: octaves from middle C; tonic_sine, tonic_cosine: degree on a circle, 0 for drums; quarters: log2 of
        the length; bar_share: place in the bar 0..1; strength and level: 0..1; the rest are 0 or 1.
        """
        n = self.nodes
        angle, pitched = 2 * np.pi * n.degree / 12, ~n.is_drums
        columns = (
            np.where(pitched, (n.pitch - 60) / 12, 0.0), np.sin(angle) * pitched, np.cos(angle) * pitched,
            np.log2(n.duration / 24), n.place / n.bar_steps, n.strength / BAR_LINE, n.level / 7,
            n.role == ROLES.index("melody"), n.role == ROLES.index("bass"), n.is_drums,
        )  # fmt: skip
        return np.stack([np.asarray(c, np.float64) for c in columns], axis=1)

    def intervals(self, kind: str) -> IntArray:
        """Return semitones from the first to the second note of each edge of a type."""
        if kind not in self.edges:
            raise InvalidInput(f"an edge type is one of {', '.join(EDGE_TYPES)}, got {kind!r}: choose one")
        first, second = self.edges[kind]
        found: IntArray = self.nodes.pitch[second] - self.nodes.pitch[first]
        return found


def note_edges(onset: IntArray, duration: IntArray, line: IntArray) -> dict[str, IntArray]:
    """Return {type: (2, edges)} over notes in onset order; line tells which of them one player or voice plays.

    onset: both begin together; follow: the second begins just when the first ends; during: the second begins while
    the first sounds; line: the second begins at the next onset of the first one's line; rest: after the first all is
    silent, and the second breaks the silence. Raises InvalidInput when onsets are not in order.
    >>> edges = note_edges(np.array([0, 0, 24]), np.array([24, 48, 24]), np.array([0, 1, 0]))
    >>> {name: pairs.T.tolist() for name, pairs in edges.items()}  # doctest: +NORMALIZE_WHITESPACE
    {'onset': [[0, 1]], 'follow': [[0, 2]], 'during': [[1, 2]], 'line': [[0, 2]], 'rest': []}
    """
    if np.any(np.diff(onset) < 0):
        at = int(np.flatnonzero(np.diff(onset) < 0)[0])
        raise InvalidInput(f"onsets must not go back, got {onset[at + 1]} after {onset[at]}: sort the notes")
    end = onset + duration
    # Every kind but `line` joins a note to a stretch of the notes in time order, told by its two ends.
    group_stop = np.searchsorted(onset, onset, side="right")
    at_end = np.searchsorted(onset, end, side="left")
    after_end = np.searchsorted(onset, end, side="right")
    return {
        "onset": _fans(np.arange(onset.size) + 1, group_stop),
        "follow": _fans(at_end, after_end),
        "during": _fans(group_stop, at_end),
        "line": _line_edges(onset, line),
        "rest": _rest_edges(onset, end, at_end=at_end, after_end=after_end),
    }


def _fans(start: IntArray, stop: IntArray) -> IntArray:
    """Return (2, edges) from every note i to the notes start[i] .. stop[i] - 1."""
    count = np.maximum(stop - start, 0)
    source = np.repeat(np.arange(start.size), count)
    target = np.arange(source.size) - np.repeat(np.cumsum(count) - count, count) + start[source]
    return np.stack([source, target])


def _line_edges(onset: IntArray, line: IntArray) -> IntArray:
    """Return edges from every note to all that begin at the next onset of its line."""
    order = np.lexsort((np.arange(onset.size), line))
    _, number = np.unique(line[order], return_inverse=True)
    key = number * (int(onset.max(initial=0)) + 1) + onset[order]
    start = np.searchsorted(key, key, side="right")
    inside = np.append(start, 0)[:-1] < key.size
    following = np.where(inside, start, 0)
    stop = np.searchsorted(key, key[following], side="right") if key.size else start
    same_line = inside & (number[following] == number)
    edges = order[_fans(start, np.where(same_line, stop, start))]
    return edges[:, np.lexsort((edges[1], edges[0]))]


def _rest_edges(onset: IntArray, end: IntArray, *, at_end: IntArray, after_end: IntArray) -> IntArray:
    """Return edges from notes after whose end nothing sounds to the notes that begin next."""
    if not onset.size:
        return np.empty((2, 0), np.int64)
    last_sound = np.maximum.accumulate(end)[at_end - 1]
    is_silent = (at_end == after_end) & (last_sound == end) & (at_end < onset.size)
    following = np.where(is_silent, at_end, 0)
    stop = np.searchsorted(onset, onset[following], side="right")
    return _fans(at_end, np.where(is_silent, stop, at_end))


def encode_graph(score: Score) -> NoteGraph:
    """Return the note graph of a quantised score. Raises InvalidInput when a note is off the grid or its 8 levels.

    A line, for edges of that type, is a voice of a part where voices are known, else the part.
    """
    table = note_table(score)
    nodes = _nodes(score, table)
    line = nodes.part * 257 + nodes.voice + 1
    edges = note_edges(nodes.onset, nodes.duration, line)
    for column in (*(getattr(nodes, name) for name in nodes.__dataclass_fields__), *edges.values()):
        column.setflags(write=False)
    return NoteGraph(table.frame, nodes, MappingProxyType(edges))


def decode_graph(graph: NoteGraph) -> Score:
    """Return the score of a graph; edges are not asked, the nodes say everything."""
    n = graph.nodes
    return table_to_score(
        NoteTable(
            graph.frame,
            np.stack([n.onset, n.duration, n.pitch, n.level, n.part, n.voice], axis=1),
        )
    )


def _nodes(score: Score, table: NoteTable) -> Nodes:
    onset, duration, pitch, level, part, voice = (column.copy() for column in table.rows.T)
    is_drums = np.array([p.is_drums for p in score.parts] or [False])[part]
    role = np.array([ROLES.index(p.role) for p in score.parts] or [0], np.int64)[part]
    line = Timeline.of(score)
    ticks = onset * TICKS_PER_STEP
    bar = line.bar_of(ticks)
    starts = line.bar_starts(int(bar.max(initial=0)) + 1)
    place = (ticks - starts[bar]) // TICKS_PER_STEP
    bar_steps = np.maximum(np.diff(starts)[bar] // TICKS_PER_STEP, 1)
    # A pick-up is the end of a bar that was not written: its beats are counted from the bar line to come.
    full = np.array([_bar_steps(line.metre_at(int(t))) for t in starts[:-1]], np.int64)[bar]
    is_pickup = (bar == 0) & (score.pickup_ticks > 0)
    place = np.where(is_pickup, np.maximum(full - bar_steps, 0) + place, place)
    bar_steps = np.where(is_pickup, np.maximum(full, bar_steps), bar_steps)
    beat = np.array([line.metre_at(int(t)).beat_ticks // TICKS_PER_STEP for t in starts[:-1]], np.int64)[bar]
    degree = np.where(is_drums, NO_DEGREE, (pitch - _tonics(score, ticks)) % 12)
    return Nodes(
        onset, duration, pitch, level, part, voice, degree, bar, place, bar_steps,
        metrical_strength(place, np.maximum(beat, 1)), role, is_drums,
    )  # fmt: skip


def _bar_steps(metre: Metre) -> int:
    return metre.bar_ticks // TICKS_PER_STEP


def _tonics(score: Score, ticks: IntArray) -> IntArray:
    """Return the tonic's pitch class at each tick, 0 where the score names no key."""
    if not score.keys:
        return np.zeros(ticks.size, np.int64)
    at = np.array([mark.tick for mark in score.keys], np.int64)
    tonic = np.array([mark.key.tonic_fifths * 7 % 12 for mark in score.keys], np.int64)
    found: IntArray = tonic[np.maximum(np.searchsorted(at, ticks, side="right") - 1, 0)]
    return found


def metrical_strength(place: IntArray, beat: IntArray) -> IntArray:
    """Return how strong each place in a bar is; place: steps after the bar line, beat: steps of a felt beat.

    >>> metrical_strength(np.array([0, 24, 36, 30]), np.array([24, 24, 24, 24])).tolist()
    [3, 2, 1, 0]
    """
    found: IntArray = np.select(
        [place == 0, place % beat == 0, place * 2 % beat == 0], [BAR_LINE, ON_BEAT, HALF_BEAT], BETWEEN
    ).astype(np.int64)
    return found


class GraphEncoder:
    """The note graph as an `Encoder`."""

    name = "graph"
    is_exact = True

    def encode(self, score: Score) -> NoteGraph:
        """Return the note graph of a quantised score."""
        return encode_graph(score)

    def decode(self, encoded: NoteGraph) -> Score:
        """Return the score of a note graph."""
        return decode_graph(encoded)
