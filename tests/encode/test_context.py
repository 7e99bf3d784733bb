"""Laws of the context and of texture levels."""

from __future__ import annotations

import numpy as np
import pytest

from tests.encode.pieces import QUARTER, little_waltz
from zhiyin.analysis.texture import cell_texture, texture_levels
from zhiyin.encode import context_of, encode_grid, open_levels
from zhiyin.encode.context import metre_code, mode_code, mood_code, positions, style_code
from zhiyin.encode.fields import METRE_SLOTS, MODE_MINOR, MODE_OTHER, MODE_UNKNOWN, UNKNOWN
from zhiyin.encode.levels import register_level
from zhiyin.score import Grid, Notes, Part, Score
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.styles import STYLES


def test_the_context_tells_key_metre_style_and_place() -> None:
    context = context_of(encode_grid(little_waltz()), style="waltz")
    assert context.tonic.tolist() == [2] * 8
    assert context.mode.tolist() == [MODE_MINOR] * 8
    assert context.style == STYLES.index("waltz")
    assert context.section_pos.tolist() == [0, 1, 2, 3, 0, 1, 2, 3]
    assert context.section_left.tolist() == [3, 2, 1, 0, 3, 2, 1, 0]
    assert context.piece_left.tolist() == [7, 6, 5, 4, 3, 2, 1, 0]


def test_levels_agree_with_the_texture_that_analysis_measures() -> None:
    score = little_waltz()
    context = context_of(encode_grid(score))
    measured = texture_levels(cell_texture(score, Grid.of(score).bar_ticks))
    assert context.density[:, 1:].T.tolist() == measured.density.tolist()
    assert context.polyphony[:, 1:].T.tolist() == measured.polyphony.tolist()
    assert register_level(context.register_pitch[:, 1:]).T.tolist() == measured.register.tolist()


def test_an_empty_cell_has_level_zero_and_a_held_one_level_one() -> None:
    notes = Notes.of([(0, 8 * QUARTER, 60, 80)])
    score = Score(parts=(Part("a", notes), Part("b", Notes.of([(0, QUARTER, 60, 80)]))))
    context = context_of(encode_grid(score))
    assert context.density[:, 1].tolist() == [1, 1]
    assert context.density[:, 2].tolist() == [1, 0]


def test_open_levels_leaves_every_wish_open() -> None:
    context = open_levels(context_of(encode_grid(little_waltz())))
    assert set(context.density.ravel().tolist()) == {-1}
    assert np.isnan(context.register_pitch).all()


def test_unknown_styles_metres_and_keys_have_their_own_codes() -> None:
    assert style_code(None) == style_code("no such style") == UNKNOWN["style"]
    assert metre_code(Metre(13, 16)) == METRE_SLOTS - 1
    assert mode_code(None) == MODE_UNKNOWN and mode_code(Key(0, "dorian")) == MODE_OTHER


@pytest.mark.parametrize(
    ("minor", "bpm", "density", "mood"),
    [(False, 60, 1, 0), (False, 150, 2, 1), (True, 60, 1, 2), (True, 150, 2, 3)],
)
def test_mood_is_mode_and_activity(minor: bool, bpm: float, density: float, mood: int) -> None:
    assert mood_code(is_minor=minor, bpm=bpm, density=density) == mood


def test_positions_count_from_and_to_the_boundaries_and_are_capped() -> None:
    after, left = positions(np.array([0, 3]), 8, 3)
    assert after.tolist() == [0, 1, 2, 0, 1, 2, 3, 3]
    assert left.tolist() == [2, 1, 0, 3, 3, 2, 1, 0]
