"""Laws of windows as graphs: what a note is told, and what neither key nor order of parts may change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zhiyin.judge.excerpts import Excerpt
from zhiyin.listen.graph_windows import (
    ALONE,
    FIELDS,
    HIGHEST,
    INNER,
    KIT,
    LABELS,
    LOWEST,
    RELATIONS,
    graph_config,
    graph_window,
    join_windows,
)


def four_parts(seed: int = 0, *, order: tuple[int, ...] = (0, 1, 2, 3)) -> Excerpt:
    """Return eight bars of 4/4 in three voices and drums; order: which number each part is given."""
    rng = np.random.default_rng(seed)
    rows = []
    for part, low in enumerate((40, 55, 70)):
        onset = np.sort(rng.choice(64, 24, replace=False)) * 12
        rows += [(o, int(rng.integers(1, 4)) * 12, low + int(rng.integers(12)), part) for o in onset.tolist()]
    rows += [
        (o, 6, int(k), 3) for o, k in zip(range(0, 768, 24), np.resize([36, 42, 38, 42], 32), strict=True)
    ]
    onset, duration, pitch, part = np.array(rows).T
    return Excerpt(onset, duration, pitch, np.array(order)[part], part == 3, (4, 4), 96)


def test_a_note_is_told_what_a_musician_would_say_of_it() -> None:
    # C major over a C pedal: the third note is E4 on the second half of beat two, a quarter long.
    onset, duration = np.array([0, 0, 36, 96]), np.array([384, 24, 24, 12])
    pitch, part = np.array([36, 60, 64, 67]), np.array([0, 1, 1, 1])
    window = graph_window(Excerpt(onset, duration, pitch, part, np.zeros(4, bool), (4, 4), 96))
    told = dict(zip(FIELDS, window.fields[2].tolist(), strict=True))
    assert told == {
        "degree": 4, "register": 64 // 3 + 1, "drum": 0, "length": 8, "beat": 1, "place": 12, "bar": 8, "metre": 2,
        "seat": HIGHEST, "parts": 2, "gap": 13 - 4,
    }  # fmt: skip
    assert window.fields[0, list(FIELDS).index("seat")] == LOWEST
    assert window.bar.tolist() == [0, 0, 0, 1]


def test_an_edge_is_heard_from_both_ends_with_the_interval_as_each_hears_it() -> None:
    onset, duration = np.array([0, 24]), np.array([24, 24])
    window = graph_window(
        Excerpt(onset, duration, np.array([60, 67]), np.zeros(2, np.int64), np.zeros(2, bool), (4, 4), 96)
    )
    names = [RELATIONS[r] for r in window.edges[2]]
    rows = sorted(zip(names, *window.edges[[0, 1, 3]].tolist(), strict=True))
    there, back = (0, 1, 13 - 7), (1, 0, 13 + 7)
    assert rows == sorted([("follow>", *there), ("follow<", *back), ("line>", *there), ("line<", *back)])


def test_parts_sit_low_high_between_alone_or_at_the_drums() -> None:
    window = graph_window(four_parts())
    seat = window.fields[:, list(FIELDS).index("seat")]
    assert set(seat[window.is_drums]) == {KIT}
    low, high = seat[window.pitch < 52], seat[(window.pitch >= 70) & ~window.is_drums]
    assert (set(low) - {KIT}, set(high)) == ({LOWEST}, {HIGHEST})
    assert INNER in seat
    alone = replace(four_parts(), part=np.where(four_parts().is_drums, 3, 0))
    assert set(graph_window(alone).fields[:, list(FIELDS).index("seat")]) == {ALONE, KIT}


@pytest.mark.parametrize("semitones", [-5, 3])
def test_transposing_changes_register_alone(semitones: int) -> None:
    here, there = (graph_window(e) for e in (four_parts(), four_parts().transposed(semitones)))
    # Drums do not move, so order among notes struck together may: compare as sets of rows, register and gap aside.
    keep = [i for i, name in enumerate(FIELDS) if name not in ("register", "gap")]
    assert sorted(map(tuple, here.fields[:, keep].tolist())) == sorted(
        map(tuple, there.fields[:, keep].tolist())
    )
    assert here.edges.shape == there.edges.shape


def test_parts_in_another_order_give_the_same_window() -> None:
    here, there = graph_window(four_parts()), graph_window(four_parts(order=(2, 0, 3, 1)))
    assert np.array_equal(here.fields, there.fields)
    assert np.array_equal(here.edges, there.edges)


def test_shifting_a_batch_is_the_same_as_transposing_its_windows() -> None:
    config = graph_config(3)
    tunes = [replace(four_parts(s), is_drums=np.zeros(104, bool)) for s in (1, 2)]
    shifted = join_windows([graph_window(e) for e in tunes], config, shifts=[2, -3])
    moved = join_windows([graph_window(e.transposed(n)) for e, n in zip(tunes, (2, -3), strict=True)], config)
    assert np.array_equal(shifted.fields, moved.fields)
    assert (shifted.mix != moved.mix).nnz == 0


def test_a_batch_keeps_windows_and_bars_apart() -> None:
    windows = [graph_window(four_parts(s)) for s in (1, 2)]
    graphs = join_windows(windows, graph_config(3))
    assert graphs.count == 2
    assert np.unique(graphs.bar).size == sum(np.unique(w.bar).size for w in windows)
    size, r = len(windows[0]), len(RELATIONS)
    block = graphs.mix[: size * r, size : len(graphs.fields)]
    assert block.nnz == 0  # no note of the first window hears one of the second
    assert graphs.mix.shape[1] == len(graphs.fields) + r * LABELS
