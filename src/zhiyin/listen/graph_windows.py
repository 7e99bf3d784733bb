"""Windows as graphs: what a graph network is told of eight bars.

Conventions: nothing but the excerpt is seen (no tempo, dynamics, instrument or title); pitch is told as degree above a
tonic found from the notes and as register in steps of three semitones; notes stand by (onset, pitch, duration).
This module does not run networks: see `zhiyin.listen.graph_embed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.note_graph import EDGE_TYPES, note_edges
from zhiyin.judge.excerpts import Excerpt
from zhiyin.judge.features import LENGTH_EDGES
from zhiyin.judge.features_view import find_tonic
from zhiyin.models.graph_runtime import GraphConfig, Graphs, make_graphs
from zhiyin.units import BoolArray, IntArray

# Field -> how many values it has.
FIELDS = {
    "degree": 13, "register": 44, "drum": 62, "length": 14, "beat": 16, "place": 24, "bar": 33, "metre": 4, "seat": 5,
    "parts": 9, "gap": 28,
}  # fmt: skip
REGISTER_STEP = 3  # semitones
LOWEST_DRUM, DRUM = 27, 12
WIDEST = 13  # semitones; wider intervals count as this
LABELS = 2 * WIDEST + 2  # intervals -13..13, and one for edges to or from a drum
# Onset edges go both ways; every other type is one relation forwards in time and one back.
RELATIONS = ("onset", *(f"{kind}{way}" for kind in EDGE_TYPES[1:] for way in (">", "<")))
LOWEST, HIGHEST, INNER, ALONE, KIT = range(5)


@dataclass(frozen=True, eq=False)
class GraphWindow:
    """One window ready for a network.

    fields: (notes, FIELDS); edges: (4, edges) source, target, relation, label; pitch, bar: (notes,); is_drums.
    """

    fields: IntArray
    edges: IntArray
    pitch: IntArray
    bar: IntArray
    is_drums: BoolArray

    def __len__(self) -> int:
        return len(self.fields)


def graph_config(classes: int, *, width: int = 48, layers: int = 3, embedding: int = 128) -> GraphConfig:
    """Return the sizes of a network for windows."""
    return GraphConfig(
        tuple(FIELDS.values()), len(RELATIONS), LABELS, classes, width=width, layers=layers, embedding=embedding
    )  # fmt: skip


def graph_window(excerpt: Excerpt) -> GraphWindow:
    """Return the graph of an excerpt, the same whatever the order of its parts."""
    order = np.lexsort((excerpt.is_drums, excerpt.duration, excerpt.pitch, excerpt.onset))
    onset, duration, pitch, part, is_drums = (
        getattr(excerpt, name)[order] for name in ("onset", "duration", "pitch", "part", "is_drums")
    )
    weights = np.bincount(pitch[~is_drums] % 12, weights=duration[~is_drums], minlength=12).astype(float)
    tonic, _ = find_tonic(weights)
    place = onset % excerpt.bar_steps
    fields = {
        "degree": np.where(is_drums, DRUM, (pitch - tonic) % 12),
        "register": _register(pitch, is_drums),
        "drum": np.where(is_drums, np.clip(pitch - LOWEST_DRUM, 0, 60) + 1, 0),
        "length": np.searchsorted(LENGTH_EDGES, duration, side="right"),
        "beat": np.minimum(place // 24, 15),
        "place": place % 24,
        "bar": np.full(pitch.size, min(excerpt.bar_steps // 12, 32)),
        "metre": np.full(pitch.size, _metre_kind(excerpt)),
        "seat": _seats(part, pitch, is_drums),
        "parts": np.full(pitch.size, min(np.unique(part).size, 8)),
        "gap": interval_labels(np.roll(pitch, 1), pitch, np.roll(is_drums, 1) | is_drums),
    }
    columns = np.stack([fields[name].astype(np.int64) for name in FIELDS], axis=1)
    edges = _relations(note_edges(onset, duration, part), pitch, is_drums)
    return GraphWindow(columns, edges, pitch, onset // excerpt.bar_steps, is_drums)


def _register(pitch: IntArray, is_drums: BoolArray) -> IntArray:
    """Return pitch in steps of three semitones from 1, 0 for drums."""
    found: IntArray = np.where(is_drums, 0, pitch // REGISTER_STEP + 1)
    return found


def _metre_kind(excerpt: Excerpt) -> int:
    beats, unit = excerpt.metre
    if unit == 8 and beats % 3 == 0 and beats > 3:
        return 0
    return 1 if beats % 3 == 0 else 2 if beats % 4 == 0 else 3


def _seats(part: IntArray, pitch: IntArray, is_drums: BoolArray) -> IntArray:
    """Return where each note's part sits among the parts by mean pitch; equals sit alike."""
    seat = np.full(part.size, KIT)
    numbers = np.unique(part[~is_drums])
    means = np.array([pitch[part == n].mean() for n in numbers])
    for number, mean in zip(numbers, means, strict=True):
        is_low, is_high = mean == means.min(), mean == means.max()
        seat[part == number] = (
            ALONE if is_low and is_high else LOWEST if is_low else HIGHEST if is_high else INNER
        )
    return seat


def _relations(edges: dict[str, IntArray], pitch: IntArray, is_drums: BoolArray) -> IntArray:
    """Return (4, edges) source, target, relation, label: every edge is heard from both of its ends."""
    blocks = []
    for number, kind in enumerate(EDGE_TYPES):
        first, second = edges[kind]
        there, back = (0, 0) if kind == "onset" else (2 * number - 1, 2 * number)
        for source, target, relation in ((first, second, there), (second, first, back)):
            label = interval_labels(pitch[source], pitch[target], is_drums[source] | is_drums[target])
            blocks.append(np.stack([source, target, np.full(source.size, relation), label]))
    return np.concatenate(blocks, axis=1)


def interval_labels(neighbour: IntArray, own: IntArray, is_drums: BoolArray) -> IntArray:
    """Return how far above each note its neighbour lies, as a label 0..LABELS - 1; the last stands for drums."""
    interval = np.clip(neighbour - own, -WIDEST, WIDEST) + WIDEST
    found: IntArray = np.where(is_drums, LABELS - 1, interval)
    return found


def join_windows(
    windows: Sequence[GraphWindow], config: GraphConfig, *, shifts: Sequence[int] = ()
) -> Graphs:
    """Return windows as one batch; shifts: semitones to move each by, none when empty. Windows must hold notes."""
    sizes = np.array([len(w) for w in windows])
    starts = np.cumsum(sizes) - sizes
    fields = np.concatenate([w.fields for w in windows])
    if len(shifts):
        moved = np.concatenate([w.pitch for w in windows]) + np.repeat(np.asarray(shifts), sizes)
        drums = np.concatenate([w.is_drums for w in windows])
        fields = fields.copy()
        fields[:, list(FIELDS).index("register")] = _register(np.clip(moved, 0, 127), drums)
    edges = np.concatenate(
        [w.edges + np.array([[s], [s], [0], [0]]) for w, s in zip(windows, starts.tolist(), strict=True)],
        axis=1,
    )
    window = np.repeat(np.arange(sizes.size), sizes)
    bar = np.concatenate([w.bar for w in windows])
    return make_graphs(fields, edges, window=window, bar=window * (int(bar.max()) + 1) + bar, config=config)
