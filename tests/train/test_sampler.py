"""Laws of sampling: every task writes what its name says, budgets hold, the same rng draws the same window."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.encode.pieces import little_waltz
from zhiyin.encode import Sequence, context_of, encode_grid
from zhiyin.encode.fields import FIELD_INDEX, INPUT_FIELDS, KIND_CELL
from zhiyin.errors import InvalidInput
from zhiyin.train.sampler import TASKS, TrainPiece, WindowLimits, sample_sequence, sample_task


def waltz_piece() -> TrainPiece:
    """Return the little waltz as a piece to learn from, its second half resembling the first."""
    tokens = encode_grid(little_waltz())
    like = np.array([-1, -1, -1, -1, 0, 1, 2, 3])
    return TrainPiece("test/waltz", "waltz", tokens, context_of(tokens, style="waltz", like=like))


def _column(sequence: Sequence, name: str) -> np.ndarray:
    return np.asarray(sequence.fields[:, FIELD_INDEX[name]])


@given(st.sampled_from(sorted(TASKS)), st.integers(0, 2**32 - 1))
def test_windows_keep_the_budget_and_the_vocabulary(task: str, seed: int) -> None:
    limits = WindowLimits(max_events=60, max_columns=4, max_rows=4)
    sequence = sample_sequence(waltz_piece(), task, np.random.default_rng(seed), limits=limits)
    if sequence is None:
        return
    assert len(sequence) <= 2 * limits.max_events
    for index, size in enumerate(INPUT_FIELDS.values()):
        assert sequence.fields[:, index].min() >= 0 and sequence.fields[:, index].max() < size


@given(st.integers(0, 2**32 - 1))
def test_the_same_rng_draws_the_same_window(seed: int) -> None:
    a, b = (
        sample_sequence(waltz_piece(), "block", np.random.default_rng(seed), limits=WindowLimits())
        for _ in "ab"
    )
    assert (a is None) == (b is None)
    if a is not None and b is not None:
        assert np.array_equal(a.fields, b.fields) and np.array_equal(a.target, b.target)


@pytest.mark.parametrize("seed", range(8))
def test_harmonising_writes_the_chord_row_and_nothing_else(seed: int) -> None:
    sequence = sample_sequence(waltz_piece(), "harmonise", np.random.default_rng(seed), limits=WindowLimits())
    assert sequence is not None
    written = sequence.is_target & (_column(sequence, "kind") == KIND_CELL)
    assert set(_column(sequence, "program")[written].tolist()) == {129}


@pytest.mark.parametrize("seed", range(8))
def test_accompanying_never_writes_the_melody(seed: int) -> None:
    sequence = sample_sequence(
        waltz_piece(), "accompany", np.random.default_rng(seed), limits=WindowLimits(), augment=False
    )
    assert sequence is not None
    written = sequence.is_target & (_column(sequence, "kind") == KIND_CELL)
    assert 40 not in _column(sequence, "program")[written].tolist()
    assert written.any()


def test_without_augmentation_pitches_are_those_of_the_piece() -> None:
    sequence = sample_sequence(
        waltz_piece(), "nothing", np.random.default_rng(0), limits=WindowLimits(), augment=False
    )
    assert sequence is not None
    values = set(_column(sequence, "value")[_column(sequence, "kind") == 2].tolist())
    assert values <= {n.pitch for p in little_waltz().parts for n in p.notes}


def test_augmentation_reaches_all_twelve_keys() -> None:
    rng = np.random.default_rng(0)
    tonics: set[int] = set()
    for _ in range(200):
        sequence = sample_sequence(waltz_piece(), "nothing", rng, limits=WindowLimits())
        tonics |= set(sequence.tonic.tolist()) if sequence is not None else set()
    assert tonics == set(range(12))


def test_task_shares_are_drawn_as_stated() -> None:
    rng = np.random.default_rng(0)
    drawn = [sample_task(rng) for _ in range(4000)]
    for task, share in TASKS.items():
        assert drawn.count(task) / 4000 == pytest.approx(share / sum(TASKS.values()), abs=0.03)


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"task must be one of .* got 'dream'"):
        sample_sequence(waltz_piece(), "dream", np.random.default_rng(0), limits=WindowLimits())
