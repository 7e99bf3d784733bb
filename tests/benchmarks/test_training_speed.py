"""Laws of the training speed benchmark: its flops are those that torch counts, below the diagonal."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="the train extra is not installed")

from torch.utils.flop_counter import FlopCounterMode  # noqa: E402 - torch first

from benchmarks.training_speed import forward_flops  # noqa: E402
from tests.train.test_feed import some  # noqa: E402
from zhiyin.models.config import FillConfig  # noqa: E402
from zhiyin.models.layouts import build_model  # noqa: E402
from zhiyin.train.feed import to_tensors  # noqa: E402

TINY = FillConfig(width=32, layers=2, heads=2, hidden=48, inner=24, dropout=0.0)


def test_flops_of_one_sequence_are_what_torch_counts_but_for_the_future_and_the_table_of_ones() -> None:
    batch = to_tensors(some(1))
    counter = FlopCounterMode(display=False)
    # In bfloat16 attention is made of plain products, which torch counts; its fused kernel it does not.
    with counter, torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        build_model(TINY).loss(batch, given_weight=0.25)
    events = int(batch["length"][0])
    notes = int((batch["target"][..., 1] >= 0).sum())
    # Torch counts attention over all pairs, we over those with no future: n (n + 1) / 2 of n n, four flops a pair
    # and channel, in two layers. It also counts two spreads over (12, values) a note, which are lookups to us.
    future = 2 * 4 * TINY.width * (events * events - events * (events + 1) // 2)
    ones = 2 * 2 * notes * 12 * TINY.values
    assert forward_flops(TINY, batch) == counter.get_total_flops() - future - ones


def test_padding_costs_nothing() -> None:
    one, two = some(2)
    whole = forward_flops(TINY, to_tensors([one, two]))
    assert whole == forward_flops(TINY, to_tensors([one])) + forward_flops(TINY, to_tensors([two]))
