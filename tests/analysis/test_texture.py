"""Texture numbers are counts that a reader can check by hand.

Conventions: arrays are (parts, bars) in 4/4.
Does not know: models.
"""

from __future__ import annotations

import numpy as np

from tests.analysis.pieces import QUARTER, block, line
from zhiyin.analysis import texture as module
from zhiyin.analysis.texture import cell_texture, texture_levels
from zhiyin.encode import encode_grid, levels
from zhiyin.encode.context import cell_levels
from zhiyin.score import Grid, Notes, Part, Score, quantise

SCORE = Score(
    parts=(
        Part("flute", line("C5 D5 E5 F5 -:4 G5:6")),
        Part("piano", Notes.of([(0, 4 * QUARTER, 48, 60), (0, 4 * QUARTER, 55, 100)])),
        Part("drums", line("-:8 C2:.5 C2:.5 C2:.5 C2:.5"), is_drums=True),
    )
)


def test_counts_of_each_cell() -> None:
    found = cell_texture(SCORE)
    assert found.notes.tolist() == [[4, 0, 1, 0], [2, 0, 0, 0], [0, 0, 4, 0]]
    assert found.attacks.tolist() == [[4, 0, 1, 0], [1, 0, 0, 0], [0, 0, 4, 0]]


def test_density_is_attacks_a_quarter_and_a_held_note_is_nearly_nothing() -> None:
    assert cell_texture(SCORE).density.tolist() == [[1.0, 0, 0.25, 0.1], [0.25, 0, 0, 0], [0, 0, 1.0, 0]]


def test_polyphony_is_notes_an_attack() -> None:
    assert cell_texture(SCORE).polyphony.tolist() == [[1, 0, 1, 1], [2, 0, 0, 0], [0, 0, 1, 0]]


def test_register_range_and_velocity() -> None:
    found = cell_texture(SCORE)
    assert found.register[:, 0].tolist() == [(72 + 74 + 76 + 77) / 4, 51.5, 0.0]
    assert (found.low[0].tolist(), found.high[0].tolist()) == ([72, -1, 79, 79], [77, -1, 79, 79])
    assert (found.velocity[1, 0], found.span[0, 0], found.span[0, 1]) == (80.0, 5, 0)


def test_a_cell_is_empty_when_nothing_starts_or_is_held() -> None:
    assert cell_texture(SCORE).is_empty.tolist() == [[0, 1, 0, 0], [0, 1, 1, 1], [1, 1, 0, 1]]


def test_a_note_off_the_beat_held_over_the_next_is_syncopated() -> None:
    found = cell_texture(Score(parts=(Part("a", line("C4:.5 D4 E4 F4 G4:.5 A4:4")),)))
    assert found.syncopation.tolist() == [[3 / 5, 0.0]]


def test_bars_may_be_given() -> None:
    grid = Grid.of(SCORE, bars=2)
    assert cell_texture(SCORE, grid.bar_ticks).notes.tolist() == [[4, 0], [2, 0], [0, 0]]


def test_no_parts_and_no_bars_give_empty_arrays() -> None:
    assert cell_texture(Score()).notes.shape == (0, 0)
    assert texture_levels(cell_texture(Score(parts=(Part("a"),)))).density.shape == (1, 0)


def test_levels_are_those_of_the_encoder() -> None:
    for name in ("DENSITY_EDGES", "POLYPHONY_EDGES", "REGISTER_EDGES"):
        assert getattr(module, name) == getattr(levels, name)
    score = quantise(SCORE.with_parts([*SCORE.parts, *block("C F G7 C").parts]))[0]
    found, (density, polyphony, register, _) = (
        texture_levels(cell_texture(score)),
        cell_levels(encode_grid(score)),
    )
    assert np.array_equal(found.density, density[:, 1:].T)
    assert np.array_equal(found.polyphony, polyphony[:, 1:].T)
    assert np.array_equal(found.register, levels.register_level(register[:, 1:].T))
