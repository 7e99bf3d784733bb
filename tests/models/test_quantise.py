"""Laws of stored weights: no weight moves by more than half a step of its row, files are small, nothing is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.models.test_runtime import SMALL, answers, random_weights, waltz_sequence
from zhiyin.errors import InvalidInput
from zhiyin.models import FillRuntime, load_checkpoint, save_checkpoint
from zhiyin.models.quantise import from_storage, quantise_rows, storage_for, to_storage


def test_no_weight_moves_by_more_than_half_a_step_and_the_largest_of_a_row_not_at_all() -> None:
    array = np.random.default_rng(0).normal(0, 1, (40, 300)).astype(np.float32)
    array[7] *= 1000.0  # one loud row must not coarsen the others
    numbers, scale = quantise_rows(array)
    back = numbers * scale
    assert (np.abs(back - array) <= scale / 2 * (1 + 1e-5)).all()
    rows, peaks = np.arange(40), np.abs(array).argmax(axis=1)
    assert np.allclose(back[rows, peaks], array[rows, peaks], rtol=1e-6)


def test_vectors_stay_and_matrices_gain_a_scale_a_row() -> None:
    weights = {"norm.weight": np.ones(8, np.float32), "out.weight": np.eye(8, dtype=np.float32)}
    stored = to_storage(weights, "int8")
    assert stored["norm.weight"].dtype == np.float16 and stored["out.weight"].dtype == np.int8
    assert stored["out.weight.scale"].shape == (8, 1)
    back = from_storage(stored)
    assert back.keys() == weights.keys() and all(np.allclose(back[n], w) for n, w in weights.items())


def test_large_models_are_stored_in_one_byte_a_weight_small_ones_in_two() -> None:
    assert storage_for({"a": np.empty((1000, 10_000), np.float32)}) == "float16"
    assert storage_for({"a": np.empty((1001, 10_000), np.float32)}) == "int8"


def test_an_int8_checkpoint_is_half_the_size_and_answers_nearly_the_same(tmp_path: Path) -> None:
    weights, sequence = random_weights(SMALL), waltz_sequence()
    found = []
    for storage in ("float16", "int8"):
        path = tmp_path / f"{storage}.safetensors"
        save_checkpoint(path, SMALL, weights, card={"date": "2026-01-01"}, storage=storage)
        state = FillRuntime(load_checkpoint(path)).start()
        state.feed(sequence.fields, sequence.time)
        found.append(np.exp(answers(state, sequence, len(sequence) - 1)))
    sizes = [
        path.stat().st_size for path in (tmp_path / "float16.safetensors", tmp_path / "int8.safetensors")
    ]
    assert sizes[1] < 0.62 * sizes[0]
    assert np.allclose(found[0], found[1], atol=0.05)


def test_what_cannot_be_stored_is_refused_with_its_value() -> None:
    with pytest.raises(InvalidInput, match=r"must be a matrix .*, got 1 dimensions"):
        quantise_rows(np.ones(3, np.float32))
    with pytest.raises(InvalidInput, match="weights must be finite, got inf or nan"):
        quantise_rows(np.full((2, 2), np.nan, np.float32))
    with pytest.raises(InvalidInput, match="storage must be one of float16, int8, got 'int4'"):
        to_storage({}, "int4")
