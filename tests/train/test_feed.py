"""Laws of feeding: few lengths, nothing lost on the way, the same for the same seed whoever draws."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tests.train.test_sampler import waltz_piece

torch = pytest.importorskip("torch", reason="the train extra is not installed")

from zhiyin.encode import Sequence  # noqa: E402 - torch first
from zhiyin.train.feed import BUCKETS, Draw, bucketed, feed, sequences, to_packed, to_tensors, unpack  # noqa: E402
from zhiyin.train.sampler import WindowLimits  # noqa: E402

LIMITS = WindowLimits(96, 4, 4)


def some(count: int, seed: int = 0) -> list[Sequence]:
    return list(itertools.islice(sequences([waltz_piece()], np.random.default_rng(seed), LIMITS), count))


def test_a_packed_batch_unpacks_to_the_plain_one_and_pads_with_nothing_asked() -> None:
    group = some(5)
    plain, packed = to_tensors(group), unpack(to_packed(group, 128))
    longest = plain["time"].shape[1]
    assert packed["fields"].shape[:2] == (5, 128) and packed["fields"].dtype == torch.int64
    for name in ("fields", "time", "is_target", "tonic", "chord_root", "chord_quality"):
        real = torch.arange(longest)[None] < plain["length"][:, None]
        assert torch.equal(packed[name][:, :longest][real], plain[name][real])
    assert torch.equal(packed["target"][:, :longest], plain["target"])
    assert (packed["target"][:, longest:] == -1).all()
    assert torch.equal(packed["length"], plain["length"])


def test_buckets_fill_to_the_budget_and_lose_no_sequence() -> None:
    found = some(200)
    groups = list(bucketed(iter(found), 1024))
    assert {len(g) * 128 for g in groups if max(map(len, g)) <= 128} == {1024}
    kept = {id(s) for g in groups for s in g}
    assert len(kept) == sum(map(len, groups)) and len(found) - len(kept) < 1024 // 128 * len(BUCKETS)


def test_bucketed_batches_have_only_the_shapes_of_buckets() -> None:
    stream = feed([waltz_piece()], Draw(LIMITS, 1024, is_bucketed=True), seed=(1, 0))
    shapes = {tuple(next(stream)["packed"].shape[:2]) for _ in range(6)}
    assert shapes <= {(1024 // length, length) for length in BUCKETS}


def test_workers_repeat_their_batches_for_the_same_seed_and_differ_from_each_other() -> None:
    def first(workers: int) -> list[torch.Tensor]:
        stream = feed([waltz_piece()], Draw(LIMITS, 512, is_bucketed=True), seed=(1, 0), workers=workers)
        return [next(stream)["packed"].clone() for _ in range(4)]

    once, again = first(2), first(2)
    assert all(torch.equal(a, b) for a, b in zip(once, again, strict=True))
    assert not (once[0].shape == once[1].shape and torch.equal(once[0], once[1]))
