"""Laws of pieces alike: one finds itself in any key, who plays and names do not matter, nothing finds nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from benchmarks.pieces import line, piece
from tests.judge.scores import score_of, steady
from tests.listen.test_style import WASHERWOMAN
from zhiyin.data import Piece, Source
from zhiyin.data.corpus import CorpusView
from zhiyin.data.prepare import prepare
from zhiyin.data.tables import join_tables, tables_of
from zhiyin.errors import InvalidInput
from zhiyin.io.abc import read_tune, split_tunes
from zhiyin.listen import LISTENERS
from zhiyin.listen.base import Near
from zhiyin.listen.find import FIND_INDEX, alike, load_find_index, place_vectors
from zhiyin.listen.find_build import build_index, main, main_axes, networks
from zhiyin.listen.graph_embed import find_vectors
from zhiyin.listen.piece_index import PieceIndex, load_piece_index, save_piece_index
from zhiyin.listen.style import load_style
from zhiyin.listen.style_data import PieceSplit
from zhiyin.listen.style_hearing import hearing_of_score
from zhiyin.score import Score, transpose

LINES = 12
SCORES = [*(line(seed, bars=16) for seed in range(LINES)), *(piece(s, bars=16, players=3) for s in range(4))]


def find_alike(score: Score, index: PieceIndex | None = None) -> tuple[Near, ...]:
    """Return the three pieces nearest to a score, of the shipped index when None."""
    return alike(hearing_of_score(score), load_style(), index=index)


@cache
def small_index() -> PieceIndex:
    """Return an index of twelve duets and four trios, and of nothing of the one piece that is held out."""
    rows = [
        tables_of(prepare(Piece(Source(id=f"p{i}", work=f"w{i}", path="x", style="song", title=s.title), s)),
                  set_name="tiny", sha256="0" * 64)
        for i, s in enumerate(SCORES)
    ]  # fmt: skip
    label = np.repeat([0, 1], [LINES, len(SCORES) - LINES])
    none = np.empty(0, np.int64)
    split = PieceSplit(
        ("duet", "trio"),
        {"train": np.arange(len(SCORES)), "valid": none, "test": none},
        {"train": label, "valid": none, "test": none},
    )
    return build_index(CorpusView.of(join_tables(rows)), split, width=24)


@pytest.mark.parametrize("semitones", [-5, 0, 4])
def test_a_piece_of_the_index_finds_itself_first_in_any_key_and_from_the_file(
    semitones: int, tmp_path: Path
) -> None:
    save_piece_index(small_index(), tmp_path / "index.safetensors")
    back = load_piece_index(tmp_path / "index.safetensors", remedy="build it")
    for score in (SCORES[0], SCORES[7], SCORES[LINES + 1]):
        near = find_alike(transpose(score, semitones), index=back)
        assert near[0].title == score.title
        assert near[0].distance < (0.02 if semitones == 0 else 0.25)
        assert near[0].distance < near[1].distance <= near[2].distance


def test_a_duet_that_is_not_there_finds_duets() -> None:
    assert {near.label for near in find_alike(line(99, bars=16), index=small_index())} == {"duet"}


def test_who_plays_how_loud_and_what_it_is_called_do_not_matter() -> None:
    score = SCORES[3]
    other = replace(score, title="?", parts=tuple(
        replace(p, name="?", program=73, notes=p.notes.with_columns(velocity=np.full(len(p.notes), 30)))
        for p in score.parts
    ))  # fmt: skip
    assert find_alike(other, index=small_index()) == find_alike(score, index=small_index())


def test_a_score_without_eight_bars_of_notes_finds_nothing() -> None:
    for score in (Score(), Score(length_ticks=80_640), score_of(steady([60, 64, 67, 72]))):
        assert find_alike(score) == ()


def test_the_style_listeners_tell_the_pieces_that_are_found_the_same_each_time() -> None:
    jig = read_tune(next(iter(split_tunes(WASHERWOMAN, path="jig.abc"))), path="jig.abc")
    near = find_alike(jig)
    assert len(near) == 3 and find_alike(jig) == near
    assert find_alike(transpose(jig, 3))[0].title == near[0].title
    for name in ("style", "style-of-notes"):
        assert LISTENERS[name].hear(jig).near == near
    assert LISTENERS["style"].hear(Score()).near == ()


def test_axes_are_the_directions_of_the_greatest_spread() -> None:
    rows = np.array([[5, 1, 2], [5, -1, 2], [5, 0, 4], [5, 0, 0]], np.float32) * np.array(
        [1, 3, 1], np.float32
    )
    centre, axes = main_axes(rows, width=2)
    np.testing.assert_allclose(centre, [5, 0, 2])
    np.testing.assert_allclose(np.abs(axes), [[0, 0], [1, 0], [0, 1]], atol=1e-6)
    with pytest.raises(InvalidInput, match=r"must be 1..3, got 4: give fewer"):
        main_axes(rows, width=4)


def test_vectors_have_length_one_and_features_known_already_change_none() -> None:
    heard = hearing_of_score(SCORES[0])
    vectors = place_vectors(heard, load_style())
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    np.testing.assert_array_equal(
        find_vectors(heard.excerpts), find_vectors(heard.excerpts, features=heard.windows)
    )


def test_the_shipped_index_is_small_and_names_pieces_of_every_style() -> None:
    index = load_find_index()
    assert FIND_INDEX.stat().st_size < 1_500_000
    assert set(index.labels) == set(LISTENERS["style"].classes)
    assert len(index.titles) > 2_000


def test_the_shipped_index_was_made_with_the_shipped_networks() -> None:
    assert load_find_index().card["networks"] == networks(), "run python -m zhiyin.listen.find_build CORPUS"


def test_the_command_asks_for_a_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "find_build CORPUS" in capsys.readouterr().err
