"""Shards give back what was put in; duplicates and splits are decided by whole clusters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from zhiyin.data import Piece, Source
from zhiyin.data.corpus import SYNTHETIC, CorpusView, load_corpus, load_human_corpus, piece_to_score
from zhiyin.data.dedupe import clusters, duplicates, links_of_works, related, similar_pairs, split_clusters
from zhiyin.data.leaks import is_leaked, line_hashes
from zhiyin.data.prepare import prepare
from zhiyin.data.shards import read_note, read_tables, write_tables
from zhiyin.data.tables import SCHEMA, join_tables, tables_of, take_pieces
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.score import MetreMark, Notes, Part, Score, Tempo
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER as Q


def song(seed: int = 0, *, pickup: int = 0) -> Score:
    dice = np.random.default_rng(seed)
    pitch = np.clip(60 + np.cumsum(dice.integers(-4, 5, 60)), 48, 84)
    tune = Notes.of([(i * Q // 2, Q // 2, int(p), 64) for i, p in enumerate(pitch)])
    words = np.array([f"la{i}" if i % 3 == 0 else "" for i in range(60)])
    bass = Notes.of([(i * Q, Q, 36 + i % 5, 96) for i in range(30)])
    return Score(
        title=f"Song {seed}",
        parts=(Part("Voice", tune.with_columns(syllable=words), program=52), Part("Bass", bass, program=32)),
        tempos=(Tempo(0, 90.0), Tempo(16 * Q + pickup, 60.0)),
        metres=(MetreMark(0, Metre(4, 4)), MetreMark(16 * Q + pickup, Metre(3, 4))),
        pickup_ticks=pickup,
    )


def tables(*scores: Score, work: str = "w") -> dict[str, object]:
    rows = []
    for index, score in enumerate(scores):
        source = Source(
            id=f"p{index}", work=f"{work}{index}", path=f"{index}.mid", style="song", title=score.title
        )
        rows.append(tables_of(prepare(Piece(source, score)), set_name="tiny", sha256="0" * 64))
    return join_tables(rows)  # type: ignore[return-value]


@pytest.mark.parametrize("pickup", [0, Q])
def test_a_piece_survives_the_shards(tmp_path: Path, pickup: int) -> None:
    source = Source(id="a", work="a", path="a.mid", style="song", title="Song 3", composer="Anon")
    ready = prepare(Piece(source, song(3, pickup=pickup))).score
    both = tables(song(1), song(3, pickup=pickup))
    write_tables(tmp_path / "tiny", both, {"key": "k"})  # type: ignore[arg-type]
    view = load_corpus(tmp_path)
    assert len(view) == 2
    assert view.note_counts.tolist() == [90, 90]
    back = piece_to_score(view, 1)
    for part, other in zip(back.parts, ready.parts, strict=True):
        assert part == other
    assert back.chords == ready.chords
    assert back.keys == ready.keys
    assert back.metres == ready.metres
    assert back.tempos == ready.tempos
    assert back.sections == ready.sections
    assert back.pickup_ticks == pickup
    assert back.end == ready.end


def test_what_rules_wrote_is_not_taken_for_people(tmp_path: Path) -> None:
    for name, seeds in (("tiny", (1,)), (SYNTHETIC[0], (2, 3))):
        write_tables(tmp_path / name, tables(*(song(s) for s in seeds)), {"key": "k"})  # type: ignore[arg-type]
    assert len(load_corpus(tmp_path)) == 3
    assert load_human_corpus(tmp_path).column("title").tolist() == ["Song 1"]


def test_the_view_gives_each_piece_its_own_rows() -> None:
    view = CorpusView.of(tables(song(1), song(2)))  # type: ignore[arg-type]
    first, second = view
    assert first.info["id"] == "p0"
    assert second.notes["onset"][0] == 0
    assert len(second.bars["bar"]) == second.info["bars"]
    assert len(second.cells["bar"]) == 2 * second.info["bars"]
    assert set(np.asarray(second.notes["piece"]).tolist()) == {1}
    assert view.column("style").tolist() == ["song", "song"]
    with pytest.raises(InvalidInput, match=r"piece must be 0..1, got 2"):
        view.piece(2)


def test_a_corpus_that_is_not_there_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="zhiyin corpus build"):
        load_corpus(tmp_path)
    with pytest.raises(NotFound, match="zhiyin corpus build"):
        read_tables(tmp_path / "none")


def test_a_folder_without_its_note_is_not_complete(tmp_path: Path) -> None:
    write_tables(tmp_path / "tiny", tables(song(1)), {"key": "k"})  # type: ignore[arg-type]
    assert read_note(tmp_path / "tiny") == {"key": "k"}
    (tmp_path / "tiny" / "done.json").unlink()
    assert read_note(tmp_path / "tiny") is None


def test_taking_pieces_counts_them_anew() -> None:
    all_three = tables(song(1), song(2), song(3))
    kept = take_pieces(all_three, np.array([True, False, True]))  # type: ignore[arg-type]
    assert list(kept["pieces"]["id"]) == ["p0", "p2"]
    assert set(np.asarray(kept["notes"]["piece"]).tolist()) == {0, 1}
    assert set(kept) == set(SCHEMA)
    assert kept["words"]["syllable"][0] == "la0"


def test_one_work_in_two_keys_is_a_duplicate_and_others_are_not() -> None:
    first = song(5)
    moved = replace(
        first, parts=tuple(p.with_notes(p.notes.with_columns(pitch=p.notes.pitch + 3)) for p in first.parts)
    )
    found = tables(first, song(6), moved)["fingerprints"]
    pairs = similar_pairs(found["piece"], found["hash"], pieces=3)  # type: ignore[index]
    assert list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == [(0, 2)]
    assert pairs.likeness.tolist() == [1.0]
    assert related(pairs).tolist() == [True]
    assert duplicates(pairs, pieces=3).tolist() == [False, False, True]


def test_a_cluster_gets_one_split_and_the_most_held_out_wins() -> None:
    works = ["a", "a", "b", "c", "d"]
    cluster = clusters(5, [*links_of_works(works), (1, 2)])
    assert cluster.tolist() == [0, 0, 0, 3, 4]
    splits = split_clusters(cluster, works, ["", "", "test", "train", "valid"])
    assert splits == ["test", "test", "test", "train", "valid"]


def test_fingerprints_that_many_pieces_share_say_nothing() -> None:
    piece = np.repeat(np.arange(50), 10)
    value = np.tile(np.arange(10), 50)
    assert similar_pairs(piece, value, pieces=50).first.size == 0


def test_repeated_notes_do_not_change_a_line() -> None:
    line = np.array([60, 62, 64, 65, 67, 64, 62, 60, 67, 65, 64, 62])
    assert line_hashes(np.repeat(line, 2)).tolist() == line_hashes(line).tolist()
    assert line_hashes(line).size == 4
    assert line_hashes(np.arange(60, 80)).size == 0  # a scale proves nothing


def test_a_random_song_is_no_jsb_leak() -> None:
    assert not is_leaked(song(9))
