"""Laws of counted verse: distributions sum to one, hand-worked shares, pruned contexts fall back, files round trip."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhiyin.errors import NotFound, UnreadableFile
from zhiyin.models.verse_ngram import count, load_counts, save_counts

LINES = [[1, 2, 3], [1, 2, 4], [1, 2, 3], [2, 3]]


def test_every_distribution_sums_to_one() -> None:
    model = count(LINES, units=6, order=3, least=(1, 2), note={})
    contexts = [(0,), (1,), (0, 1), (1, 2), (2, 3), (5,), (5, 1), (0, 5)]
    rows = model.probabilities(contexts)
    assert rows.sum(axis=1) == pytest.approx(np.ones(len(contexts)), abs=1e-5)
    assert (rows > 0).all()


def test_the_share_of_a_longest_run_is_discounted_by_hand() -> None:
    # Runs of two with their counts: 01 x3, 02 x1, 12 x3, 23 x3, 24 x1, 30 x3, 40 x1. Three stand once, none twice:
    # the discount is 3 / (3 + 0) = 1. After 2: 23 keeps (3 - 1) / 4, 24 keeps (1 - 1) / 4, half is left.
    model = count(LINES, units=6, order=2, least=(1,), note={})
    assert model.levels[0].left[2] == pytest.approx(0.5)
    base = model.probabilities([()])[0]
    assert model.probabilities([(2,)])[0] == pytest.approx(0.5 * base + 0.5 * np.eye(6)[3], abs=1e-6)


def test_the_shortest_context_counts_what_may_stand_before() -> None:
    # Before 2 stand 0 and 1; before 0 stand 3 and 4; before each of 1, 3 and 4 one unit. Discount a half, shared out.
    base = count(LINES, units=6, order=2, least=(1,), note={}).probabilities([()])[0]
    kept = np.array([1.5, 0.5, 1.5, 0.5, 0.5, 0.0])
    assert base == pytest.approx((kept + 2.5 / 6) / 7, abs=1e-6)


def test_an_unseen_context_answers_as_the_shorter_one() -> None:
    model = count(LINES, units=6, order=3, least=(1, 1), note={})
    assert np.array_equal(model.probabilities([(4, 2)]), model.probabilities([(2,)]))


def test_a_unit_beyond_the_range_parts_a_line() -> None:
    model = count([[1, 6, 2]], units=6, order=2, least=(1,), note={})
    assert model.probabilities([(1,)])[0] == pytest.approx(model.probabilities([()])[0])


def test_a_file_gives_nearly_the_same_probabilities_back(tmp_path: Path) -> None:
    model = count(LINES * 3, units=6, order=3, least=(1, 1), note={"language": "zh"})
    save_counts(tmp_path / "c.npz", model, units=("", *"abcde"))
    again, units = load_counts(tmp_path / "c.npz")
    assert units == ("", "a", "b", "c", "d", "e") and again.note == {"language": "zh"}
    contexts = [(0,), (1, 2), (2,), ()]
    assert again.probabilities(contexts) == pytest.approx(model.probabilities(contexts), rel=0.1, abs=0.01)
    assert again.probabilities(contexts).sum(axis=1) == pytest.approx(np.ones(4), abs=1e-5)


def test_a_missing_or_strange_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no counts of verse"):
        load_counts(tmp_path / "none.npz")
    (tmp_path / "bad.npz").write_bytes(b"not counts")
    with pytest.raises(UnreadableFile, match="not a file of verse counts"):
        load_counts(tmp_path / "bad.npz")
