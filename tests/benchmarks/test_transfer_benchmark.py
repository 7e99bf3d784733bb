"""What the figures of style transfer are, on scores worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.transfer import Measured, chroma, chroma_similarity, contour_similarity, strength_of
from benchmarks.transfer_controls import Shuffled, backing_of
from zhiyin.encode.passages import passages
from zhiyin.score import MetreMark, Notes, Part, Score, Tempo
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER as Q


def score(*parts: list[tuple[int, int, int]]) -> Score:
    """Return parts of (beat, beats, pitch) notes in eight bars of 4/4; the first is the melody."""
    made = [
        Part(f"p{i}", Notes.of([(b * Q, n * Q, p, 80) for b, n, p in rows]), role="bass" if i else "melody")
        for i, rows in enumerate(parts)
    ]
    return Score(
        parts=tuple(made), metres=(MetreMark(0, Metre(4, 4)),), tempos=(Tempo(0, 90.0),), length_ticks=32 * Q
    )


def test_chroma_counts_sounding_time_bar_by_bar() -> None:
    table = chroma(score([(2, 4, 60), (8, 1, 67)]))
    assert table[0, 0] == table[1, 0] == 2 * Q and table[2, 7] == Q and table.sum() == 5 * Q


def test_the_same_music_in_another_octave_has_the_same_chroma_and_a_turned_line_none_of_the_contour() -> None:
    up = score([(0, 4, 60), (4, 4, 64), (8, 4, 67)])
    octave = score([(0, 4, 72), (4, 4, 76), (8, 4, 79)])
    down = score([(0, 4, 67), (4, 4, 64), (8, 4, 60)])
    assert chroma_similarity(up, octave) == pytest.approx(1.0)
    assert contour_similarity(up, octave) == pytest.approx(1.0)
    assert contour_similarity(up, down) < -0.9
    # Bars C, E, G against G, E, C: one of three is alike.
    assert chroma_similarity(up, down) == pytest.approx(1 / 3)


def test_strength_is_the_mean_fall_of_the_sources_odds() -> None:
    found = [Measured(0.9, 0.1, 0, 0, 1, 1, 1), Measured(1.0, 0.6, 0, 0, 1, 1, 1)]
    assert strength_of(found) == pytest.approx(60.0)


def test_shuffling_keeps_the_pitches_and_the_rhythm() -> None:
    low = [(4 * b, 4, 36 + b) for b in range(8)]
    frame = score([(4 * b, 4, 72) for b in range(8)], low)
    found = passages(frame)
    played = Shuffled().write(frame, found, "waltz", rng=np.random.default_rng(1))
    rows = [row for one in played for row in one.rows]
    assert sorted(p for _, _, p in rows) == [36 + b for b in range(8)] != [p for _, _, p in rows]
    assert [row[:2] for row in sorted(rows)] == [row[:2] for row in backing_of(found[0])]
