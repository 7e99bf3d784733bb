"""Laws of the floors: proper probabilities, values worked out by hand, the copier sees the bar before."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.floors import NGram, Streams, copier_bits, streams_of
from tests.models.test_runtime import waltz_sequence
from zhiyin.encode.fields import END, TARGET_SIZES


def stream(symbols: list[list[int]], columns: list[int]) -> Streams:
    """Return one row's events, all to be written."""
    count = len(symbols)
    zero = np.zeros(count, np.int64)
    return Streams(np.array(symbols), zero, zero, np.array(columns), np.ones(count, bool))


def test_a_unigram_by_hand() -> None:
    # onsets 0 0 END: Witten-Bell (n + T / V) / (N + T) = (2 + 2 / 193) / 5 for 0
    train = stream([[0, 60, 24, 16], [0, 60, 24, 16], [END, -1, -1, -1]], [0, 0, 0])
    bits = NGram(train, n=1).bits(train)
    assert bits[0, 0] == pytest.approx(-np.log2((2 + 2 / TARGET_SIZES["onset"]) / 5))
    assert bits[2].tolist()[1:] == [0.0, 0.0, 0.0]


def test_a_longer_memory_predicts_what_always_follows() -> None:
    pattern = [[0, 60, 24, 16], [24, 62, 24, 16], [48, 64, 24, 16], [END, -1, -1, -1]]
    train = stream(pattern * 50, [96 * (i // 4) for i in range(200)])
    assert NGram(train, n=4).bits(train).sum() < 0.2 * NGram(train, n=1).bits(train).sum()


def test_probabilities_of_all_onsets_add_up_to_one() -> None:
    train = stream([[0, 60, 24, 16], [24, 60, 24, 16], [END, -1, -1, -1]], [0, 0, 0])
    model = NGram(train, n=1)
    total = 0.0
    for onset in range(END + 1):
        probe = stream([[onset, -1, -1, -1]], [0])
        total += float(2.0 ** -model.bits(probe)[0, 0])
    assert total == pytest.approx(1.0)


def test_the_copier_knows_a_bar_that_repeats_and_not_one_that_is_new() -> None:
    bar = [[0, 60, 24, 16], [24, 62, 24, 16], [END, -1, -1, -1]]
    repeated = stream(bar + bar, [0, 0, 0, 96, 96, 96])
    unigram = NGram(repeated, n=1).bits(repeated)
    bits = copier_bits(repeated, unigram, trust=0.9)
    assert np.array_equal(bits[:3], unigram[:3])
    assert bits[3:].sum() < 0.2 * unigram[3:].sum()


def test_streams_hold_one_event_a_prediction_in_time_order() -> None:
    sequence = waltz_sequence()
    found = streams_of([sequence])
    assert len(found.role) == len(sequence)
    same = found.stream[1:] == found.stream[:-1]
    assert np.all(np.diff(found.column)[same] >= 0)
    assert int(found.is_target.sum()) == int(sequence.is_target.sum())
