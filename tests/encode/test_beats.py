"""Laws of beat columns: the same music, cut finer, told the same."""

from __future__ import annotations

import numpy as np

from tests.encode.pieces import little_waltz, random_score
from zhiyin.encode import Window, build_sequence, context_of, decode_grid, encode_grid
from zhiyin.encode.beats import beat_grid
from zhiyin.encode.fields import TIED


def test_cutting_at_beats_keeps_every_note() -> None:
    for score in (little_waltz(), random_score(5)):
        tokens = encode_grid(score)
        fine = beat_grid(tokens)
        assert decode_grid(fine.tokens).parts == decode_grid(tokens).parts


def test_a_waltz_has_three_beats_a_bar_and_each_knows_its_place() -> None:
    tokens = encode_grid(little_waltz())
    fine = beat_grid(tokens)
    context = fine.context(context_of(tokens))
    assert np.array_equal(np.diff(fine.first), np.full(tokens.columns, 3))
    assert context.offset is not None
    assert context.offset[:6].tolist() == [0, 24, 48, 0, 24, 48]
    assert np.array_equal(context.density[3:6, 1], np.repeat(context_of(tokens).density[1, 1], 3))


def test_a_window_over_beats_writes_the_same_attacks() -> None:
    tokens = encode_grid(little_waltz())
    fine = beat_grid(tokens)
    write = np.zeros((3, tokens.rows), bool)
    write[1:, 1] = True
    window = Window(np.array([1, 2, 4]), np.arange(tokens.rows), write)
    bars = build_sequence(tokens, context_of(tokens), window)
    beats = build_sequence(fine.tokens, fine.context(context_of(tokens)), fine.window(window))
    attacks = [
        int(np.sum(s.is_target & (s.target[:, 1] >= 0) & (s.target[:, 3] % 2 < TIED))) for s in (bars, beats)
    ]
    assert attacks[0] == attacks[1] > 0
