"""Laws of nearest pieces: distances by hand, one piece a name, the file comes back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhiyin.errors import InvalidInput, NotFound
from zhiyin.listen.piece_index import PieceIndex, load_piece_index, save_piece_index

PLACES = np.array([[1, 0], [0, 1], [0.6, 0.8], [0.8, 0.6]], np.float32)
INDEX = PieceIndex(PLACES, ("x", "y", "x", "x"), ("A", "B", "C", "A"), ("p", "q", "r", "p"), ("s",) * 4)


def test_the_nearest_piece_comes_first_with_its_distance_and_one_of_a_name() -> None:
    near = INDEX.nearest(np.array([1, 0], np.float32), count=3)
    assert [piece.title for piece in near] == ["A", "C", "B"]
    assert [piece.distance for piece in near] == pytest.approx(
        [0.0, np.sqrt(0.8), np.sqrt(2)]
    )  # chords of the circle


def test_a_saved_index_comes_back_within_its_steps(tmp_path: Path) -> None:
    save_piece_index(INDEX, tmp_path / "index.safetensors")
    back = load_piece_index(tmp_path / "index.safetensors", remedy="build it")
    np.testing.assert_allclose(back.places, INDEX.places, atol=1 / 127)
    assert (back.titles, back.labels) == (INDEX.titles, INDEX.labels)


def test_a_place_without_a_name_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="must name every place"):
        PieceIndex(PLACES, ("x",), ("A",), ("p",), ("s",))
    with pytest.raises(NotFound, match="run  build it"):
        load_piece_index(tmp_path / "none", remedy="build it")
