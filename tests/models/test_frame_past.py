"""Laws of what the past says about the next frame: nothing of the future is seen, votes are counted right."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from zhiyin.models.frame_past import (
    KEYS,
    MOVING,
    OWN_ORDERS,
    STANDING,
    STORE_ORDERS,
    VOTES,
    Past,
    Store,
    agreements,
    before,
    outer_keys,
    past_of,
)

EMPTY = Store([])
OWN_FIRST = 2  # the first channels of the votes are the latest places, then come the own orders
STORE_FIRST = OWN_FIRST + len(OWN_ORDERS)


def roll_of(*frames: tuple[int, ...]) -> np.ndarray:
    roll = np.zeros((len(frames), KEYS), np.uint8)
    for t, keys in enumerate(frames):
        roll[t, list(keys)] = 1
    return roll


def random_roll(frames: int, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).random((frames, KEYS)) < 0.05).astype(np.uint8)


def test_sizes_are_those_the_net_counts_with():
    past = past_of(random_roll(9), store=EMPTY, own=None)
    assert past.moving.shape == (9, MOVING)
    assert past.standing.shape == (9, STANDING)
    assert past.votes.shape == (9, KEYS, VOTES)


@pytest.mark.parametrize("name", [field.name for field in fields(Past)])
def test_a_frame_changes_nothing_that_is_said_about_itself_or_earlier_ones(name: str):
    store = Store([random_roll(30, 5), random_roll(20, 6)])
    roll = np.concatenate([random_roll(12), random_roll(12), random_roll(6, 1)])
    other = roll.copy()
    other[17:] = random_roll(13, 2)
    ours, theirs = (getattr(past_of(one, store=store, own=None), name) for one in (roll, other))
    assert np.array_equal(ours[:18], theirs[:18])
    assert not np.array_equal(ours[18:], theirs[18:])


def test_agreements_count_equal_values_backwards():
    """5 7 9 5 7: the 5 at the fourth place agrees with the first by one, the 7 after it by two."""
    assert agreements(np.array([5, 7, 9, 5, 7])).tolist() == [
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0],
        [0, 2, 0, 0, 0],
    ]


def test_own_votes_are_what_followed_where_the_past_agrees():
    """After the first 10 came 20, after the second 30: half a vote each; after 20, 10 came 30 alone."""
    roll = roll_of((10,), (20,), (10,), (30,), (10,), (20,), (10,), (40,))
    votes = past_of(roll, store=EMPTY, own=None).votes
    first, second = OWN_FIRST + OWN_ORDERS.index(("frame", 1)), OWN_FIRST + OWN_ORDERS.index(("frame", 2))
    assert {int(k): int(votes[3, k, first]) for k in np.flatnonzero(votes[3, :, first])} == {20: 255}
    assert {int(k): int(votes[5, k, first]) for k in np.flatnonzero(votes[5, :, first])} == {20: 128, 30: 128}
    assert {int(k): int(votes[7, k, second]) for k in np.flatnonzero(votes[7, :, second])} == {30: 255}
    assert not votes[0].any() and not votes[1].any()


def test_the_latest_place_of_the_longest_agreement_is_recalled():
    """20, 10 was followed by 30; the later 10 by 20: at the end the longer agreement wins."""
    roll = roll_of((20,), (10,), (30,), (10,), (50,), (20,), (10,), (60,))
    votes = past_of(roll, store=EMPTY, own=None).votes
    assert np.flatnonzero(votes[7, :, 0]).tolist() == [30]
    assert np.flatnonzero(votes[6, :, 0]).tolist() == [10]


def test_the_store_votes_and_leaves_out_the_piece_itself():
    one, two = roll_of((10,), (20,), (30,)), roll_of((10,), (20,), (40,), (10,), (20,), (50,))
    store = Store([one, two])
    second = STORE_FIRST + STORE_ORDERS.index(("frame", 2))
    as_other = past_of(one, store=store, own=None).votes[2, :, second]
    as_own = past_of(one, store=store, own=0).votes[2, :, second]
    assert {int(k): int(as_other[k]) for k in np.flatnonzero(as_other)} == {30: 85, 40: 85, 50: 85}
    assert {int(k): int(as_own[k]) for k in np.flatnonzero(as_own)} == {40: 128, 50: 128}


def test_how_long_on_and_off_is_counted_up_to_the_frame_before():
    roll = roll_of((10,), (10,), (10,), (), (), (10,))
    key = past_of(roll, store=EMPTY, own=None).key[:, 10, :3].astype(float)
    on_for, off_for = 2 ** (key[:, 0] / 255 * 8) - 1, 2 ** (key[:, 1] / 255 * 8) - 1
    assert np.round(on_for).tolist() == [0, 1, 2, 3, 0, 0]
    assert np.round(off_for).tolist() == [255, 0, 0, 0, 1, 2]
    assert key[:, 2].tolist() == [0, 255, 255, 255, 255, 255]


def test_before_moves_rows_one_later():
    assert before(np.array([[1], [2], [3]])).tolist() == [[0], [1], [2]]


def test_outer_keys_are_the_lowest_and_the_highest():
    lowest, highest = outer_keys(roll_of((3, 50, 87), (), (12,)))
    assert lowest.tolist() == [3, -1, 12]
    assert highest.tolist() == [87, -1, 12]
