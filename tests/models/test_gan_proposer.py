"""Laws of the gan as a proposer: same seed same rolls, what is given is kept, rows get notes of their own kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.models.test_gan import numpy_writer
from tests.models.test_gan_rolls import band
from zhiyin.encode import Window, context_of, encode_grid
from zhiyin.encode.fields import PROGRAM_CHORDS, PROGRAM_DRUMS
from zhiyin.encode.scene import Scene, scene_of
from zhiyin.models.gan_inputs import tell
from zhiyin.models.gan_proposer import GanProposer, _dealt, _held_for_all, _rolls, rough
from zhiyin.models.gan_rolls import BASS, HARMONY, KIT, MELODY, SLICES
from zhiyin.models.gan_scene import given_cells, phrase_of, stretches
from zhiyin.score import ROLES

pytest.importorskip("torch", reason="the writer's weights are drawn by torch")


def scene(write: list[tuple[int, int]], *, wish: float = np.nan) -> Scene:
    """Return the two bars of the band with some (column, row) to write; wish: mean pitch asked of the tune."""
    tokens = encode_grid(band())
    context = context_of(tokens)
    context.register_pitch[:] = np.nan
    context.density[:] = -1
    context.register_pitch[:, 1] = wish
    cells = np.zeros((2, 5), bool)
    for column, row in write:
        cells[column, row] = True
    return scene_of(tokens, context, Window(np.arange(2), np.arange(5), cells))


EVERY = [(c, r) for c in range(2) for r in range(1, 5)]


def test_the_same_seed_proposes_the_same_rolls_and_another_others() -> None:
    proposer = GanProposer(numpy_writer(), draws=2)
    one, again, other = (proposer.propose(scene(EVERY), np.random.default_rng(s)) for s in (1, 1, 2))
    assert np.array_equal(one.strike, again.strike) and np.array_equal(one.hold, again.hold)
    assert not np.array_equal(one.strike, other.strike)


def test_rolls_are_chances_and_the_chord_row_stays_empty() -> None:
    found = GanProposer(numpy_writer(), draws=2).propose(scene(EVERY), np.random.default_rng(1))
    assert found.strike.shape == (5, 32, 128)
    assert found.strike.min() >= 0 and found.strike.max() <= 1 and found.hold.max() <= 1
    assert not found.strike[0].any()
    assert found.is_mono.tolist() == [False, True, False, True, False]  # chord row, tune, keys, low, kit


def test_drums_are_struck_by_the_keys_of_the_kit_alone() -> None:
    found = GanProposer(numpy_writer(), draws=2).propose(scene(EVERY), np.random.default_rng(1))
    keys = np.flatnonzero(found.strike[4].any(axis=0)).tolist()
    assert keys and set(keys) <= {kind[0] for kind in KIT}


def test_what_is_given_is_told_and_comes_back_unchanged() -> None:
    s = scene([(0, 3), (1, 3)])
    stretch = stretches(s)[0]
    phrase, given = phrase_of(s, stretch), given_cells(s, stretch)
    told = tell(phrase, given[None])
    kept = told.kept[0][:, SLICES[MELODY]]
    assert np.array_equal(kept, phrase.codes[0][:, SLICES[MELODY]]) and kept.any()
    assert told.write[0][:32, SLICES[BASS]].all() and not told.write[0][:, SLICES[HARMONY]].any()
    proposer = GanProposer(numpy_writer(), draws=2)
    codes = proposer.write(s, stretch, np.random.default_rng(1), before=None).codes
    assert np.array_equal(codes[:, SLICES[MELODY]], kept)


def test_a_wish_for_a_register_moves_the_line_by_octaves() -> None:
    proposer = GanProposer(numpy_writer(), draws=1)
    low, high = (
        proposer.propose(scene(EVERY, wish=w), np.random.default_rng(3)).strike[1] for w in (50.0, 74.0)
    )
    assert np.array_equal(np.roll(low, 24, axis=1), high)


def test_it_serves_players_and_no_chord_row() -> None:
    proposer = GanProposer(numpy_writer())
    assert all(
        proposer.serves(ROLES.index(r), 0) for r in ("melody", "chords", "accompaniment", "bass", "inner")
    )
    assert proposer.serves(ROLES.index("drums"), PROGRAM_DRUMS)
    assert not proposer.serves(len(ROLES), PROGRAM_CHORDS)


def test_a_key_that_nobody_uses_goes_on_like_the_longest_note_of_its_bar_and_not_over_the_bar_line() -> None:
    """Bars of four and three sixteenths; key 0 is held in both, key 1 struck short, key 2 idle."""
    begins, held = np.zeros((7, 3), np.float32), np.zeros((7, 3), np.float32)
    begins[0, 0] = begins[2, 1] = 0.99
    held[1:3, 0] = 0.9
    held[4:6, 0] = 0.8
    found = _held_for_all(begins, held, np.array([0, 0, 0, 0, 1, 1, 1]))
    assert found[:, 2].tolist() == pytest.approx([0.0, 0.9, 0.9, 0.0, 0.0, 0.8, 0.0])
    assert found[:, 1].tolist() == pytest.approx([0.0, 0.0, 0.0, 0.0, 0.0, 0.8, 0.0])
    assert np.array_equal(found[:, 0], held[:, 0])


def test_a_key_that_is_struck_again_is_let_go_before() -> None:
    """A net may say both strike and hold: the loop would hold the old note through and lose the new one."""
    block = np.zeros((3, 96), np.float32)
    block[[0, 2], 5] = 1.0
    block[1:3, 48 + 5] = 0.9
    begins, goes_on = _rolls(block, HARMONY)
    assert begins[:, 5].tolist() == [1.0, 0.0, 1.0]
    assert goes_on[:, 5].tolist() == pytest.approx([0.0, 0.9, 0.0])


def test_harmony_is_dealt_out_so_that_nobody_rests_while_others_move() -> None:
    """Keys 7 and 4 are struck and held, then 9 alone: the upper row moves to 9, the lower one keeps 4 sounding."""
    begins, goes_on = np.zeros((3, 12), np.float32), np.zeros((3, 12), np.float32)
    begins[0, [7, 4]] = begins[2, 9] = 1.0
    goes_on[1, [7, 4]] = goes_on[2, 4] = 0.9
    (upper, upper_holds), (lower, lower_holds) = _dealt(begins, goes_on, 2)
    assert [np.flatnonzero(row).tolist() for row in upper] == [[7], [], [9]]
    assert [np.flatnonzero(row).tolist() for row in lower] == [[4], [], []]
    assert lower_holds[1:, 4].tolist() == pytest.approx([0.9, 0.9]) and upper_holds[1, 7] == pytest.approx(
        0.9
    )


def test_one_key_for_two_rows_is_shared_and_a_key_that_is_left_is_let_go() -> None:
    begins, goes_on = np.zeros((2, 12), np.float32), np.full((2, 12), 0.9, np.float32)
    begins[0, 3] = begins[1, [9, 8, 7]] = 1.0
    (upper, holds), (lower, _) = _dealt(begins, goes_on, 2)
    assert np.flatnonzero(upper[0]).tolist() == [3] == np.flatnonzero(lower[0]).tolist()
    # Four keys sound now: 9 and 8 above, 7 and the 3 of before below.
    assert np.flatnonzero(upper[1]).tolist() == [8, 9] and holds[1, 3] == 0.0
    assert np.flatnonzero(lower[1]).tolist() == [7]


def test_a_tune_of_wide_leaps_or_of_one_note_is_rougher_than_a_scale() -> None:
    """Sixteen notes: a scale, octaves up and down (every leap wide), one note (three quarters beyond the usual)."""
    s = scene([(0, 1), (1, 1)])
    stretch = stretches(s)[0]
    phrase = phrase_of(s, stretch)
    lines = ([i % 8 for i in range(16)], [12 * (i % 2) for i in range(16)], [5] * 16)
    codes = np.zeros((3, *phrase.codes.shape[1:]), np.uint8)
    for number, line in enumerate(lines):
        codes[number, np.arange(16), SLICES[MELODY].start + 2 + np.array(line)] = 1
    many = replace(phrase, codes=codes, valid=np.repeat(phrase.valid, 3, axis=0))
    assert rough(many, s, stretch).tolist() == pytest.approx([0.0, 1.0, 0.75])
