"""Laws of nearest pieces: cosines by hand, one piece a name, the file comes back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.listen.piece_index import PieceIndex, load_piece_index, place_of, save_piece_index

CENTRE = np.array([1, 1, 1], np.float32)
AXES = np.array([[1, 0], [0, 1], [0, 0]], np.float32)  # the third number of a vector is not looked at
PLACES = np.array([[1, 0], [0, 1], [0.6, 0.8], [0.8, 0.6]], np.float32)
INDEX = PieceIndex(
    CENTRE,
    AXES,
    PLACES,
    ("x", "y", "x", "x"),
    ("A", "B", "C", "A"),
    ("p", "q", "r", "p"),
    ("s",) * 4,
    {"made": "by hand"},
)


def test_a_piece_is_the_mean_of_its_windows_from_the_centre_along_the_axes_of_length_one() -> None:
    windows = np.array([[7, 5, 9], [1, 5, -3]], np.float32)  # mean 4 5 3, from the centre 3 4
    np.testing.assert_allclose(place_of(windows, CENTRE, AXES), [0.6, 0.8], atol=1e-6)


def test_the_nearest_piece_comes_first_with_one_minus_its_cosine_and_one_of_a_name() -> None:
    near = INDEX.nearest(np.array([[3, 1, 8]], np.float32), count=3)
    assert [piece.title for piece in near] == ["A", "C", "B"]
    assert [piece.distance for piece in near] == pytest.approx([0.0, 0.4, 1.0], abs=1e-6)


def test_no_window_is_near_nothing() -> None:
    assert INDEX.nearest(np.empty((0, 3), np.float32)) == ()


def test_a_saved_index_comes_back_within_its_steps(tmp_path: Path) -> None:
    save_piece_index(INDEX, tmp_path / "index.safetensors")
    back = load_piece_index(tmp_path / "index.safetensors", remedy="build it")
    np.testing.assert_allclose(back.places, INDEX.places, atol=1 / 127)
    np.testing.assert_array_equal(back.axes, AXES)
    np.testing.assert_array_equal(back.centre, CENTRE)
    assert (back.titles, back.labels, back.card) == (INDEX.titles, INDEX.labels, INDEX.card)


def test_a_place_without_a_name_other_vectors_and_files_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="must name every place"):
        PieceIndex(CENTRE, AXES, PLACES, ("x",), ("A",), ("p",), ("s",))
    with pytest.raises(InvalidInput, match=r"must be \(n, 3\), got \(1, 2\): use .*place_vectors"):
        INDEX.nearest(np.zeros((1, 2), np.float32))
    with pytest.raises(NotFound, match="run  build it"):
        load_piece_index(tmp_path / "none", remedy="build it")
    (tmp_path / "bad").write_bytes(b"no index")
    with pytest.raises(UnreadableFile, match="an index is a file of ours"):
        load_piece_index(tmp_path / "bad", remedy="build it")
