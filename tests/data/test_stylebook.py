"""Laws of the synthetic set: marked as such, the same for ever, split by number, ready for the corpus."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from zhiyin.data import DATASETS
from zhiyin.data.fetch import fetch, verify
from zhiyin.data.manifest import find_root, packaged_folder
from zhiyin.data.prepare import prepare
from zhiyin.data.stylebook import PIECES, Stylebook
from zhiyin.errors import UnreadableFile
from zhiyin.stylebook import style_names

ROOT = packaged_folder("stylebook") or Path()
SOURCES = list(Stylebook().sources(ROOT))


def test_every_style_gives_sixty_pieces_one_in_twenty_to_test_and_one_to_valid() -> None:
    assert PIECES == 60 and len(SOURCES) == 60 * len(style_names())
    for name in style_names():
        splits = [s.split for s in SOURCES if s.style == name]
        assert (splits.count("train"), splits.count("valid"), splits.count("test")) == (54, 3, 3)


def test_every_piece_says_that_it_is_synthetic() -> None:
    assert all("synthetic" in s.title and "synthetic" in s.composer for s in SOURCES)
    assert "synthetic" in DATASETS["stylebook"].card.notes.lower()
    (piece,) = DATASETS["stylebook"].read(ROOT, SOURCES[7])
    assert (
        piece.remarks == ("synthetic: written by rule",)
        and "synthetic" in dict(piece.score.credits)["composer"]
    )


def test_a_source_is_the_same_piece_for_ever_and_its_neighbour_is_another() -> None:
    one, two = SOURCES[61], SOURCES[62]
    first, again, other = (next(iter(Stylebook().read(ROOT, s))).score for s in (one, one, two))
    assert first == again
    assert first.parts != other.parts


@pytest.mark.parametrize("index", range(5, len(SOURCES), PIECES))
def test_pieces_are_on_the_grid_and_nothing_is_dropped(index: int) -> None:
    (piece,) = Stylebook().read(ROOT, SOURCES[index])
    prepared = prepare(piece)
    assert prepared.off_grid == 0.0
    assert prepared.score.chords == piece.score.chords and prepared.score.keys == piece.score.keys
    assert {p.role for p in prepared.score.parts} >= {p.role for p in piece.score.parts if len(p.notes)}


def test_the_set_ships_and_checks_against_its_card(tmp_path: Path) -> None:
    folder = fetch("stylebook", home=tmp_path)
    verify("stylebook", folder)
    assert find_root(tmp_path / "nowhere", "stylebook", Stylebook.files) == ROOT


def test_a_source_without_a_number_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="a source must end in its number"):
        list(Stylebook().read(ROOT, replace(SOURCES[0], id="pop-x")))
