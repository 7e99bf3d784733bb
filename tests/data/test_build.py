"""The build is resumable, keeps what has not changed, reports what it drops, and refuses what may not train."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhiyin.data import build as building
from zhiyin.data.build import build, train_sets
from zhiyin.data.corpus import load_corpus
from zhiyin.data.shards import read_note
from zhiyin.data.stats import statistics
from zhiyin.errors import InvalidInput, NotFound


def test_a_set_is_built_with_reasons_for_what_is_left_out(folk_home: Path, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    (report,) = build(
        folk_home,
        tmp_path / "out",
        sets=["music21_folk"],
        workers=1,
        progress=lambda *step: seen.append(step),
    )
    assert (report.pieces, report.dropped) == (2, {"unreadable": 1})
    assert "a header line must be a field" in report.examples[0]
    assert seen[0] == ("music21_folk", 0, 3)
    assert ("music21_folk", 3, 3) in seen
    view = load_corpus(tmp_path / "out")
    assert view.column("title").tolist() == ["The First Tune", "Second Tune, The"]
    assert view.column("style").tolist() == ["folk", "waltz"]
    assert view.column("work").tolist() == ["folk-first-tune", "folk-second-tune"]
    (counts,) = statistics(tmp_path / "out")
    assert (counts.pieces, counts.notes, counts.dropped) == (2, report.notes, {"unreadable": 1})
    assert counts.roles == {"melody": 2}


def test_an_unchanged_set_is_not_read_again_and_a_changed_one_is(
    folk_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def once() -> bool:
        return build(folk_home, tmp_path / "out", sets=["music21_folk"], workers=1)[0].was_cached

    assert not once()
    assert once()
    book = folk_home / "music21_folk" / "oneills1850" / "book.abc"
    book.write_text(book.read_text().replace("GABc dBAB", "GABc dBGB"))
    assert not once()
    monkeypatch.setattr(building, "BUILD_VERSION", -1)
    assert not once()


def test_a_broken_run_goes_on_where_it_stopped(
    folk_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "BATCH_FILES", 1)
    run = building.run_batch
    done: list[str] = []

    def stops_at_the_second(batch: building.Batch) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(batch.sources[0].id)
        run(batch)

    monkeypatch.setattr(building, "run_batch", stops_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        build(folk_home, tmp_path / "out", sets=["music21_folk"], workers=1)

    def counts(batch: building.Batch) -> None:
        done.append(batch.sources[0].id)
        run(batch)

    monkeypatch.setattr(building, "run_batch", counts)
    (report,) = build(folk_home, tmp_path / "out", sets=["music21_folk"], workers=1)
    assert report.pieces == 2
    assert done == [f"oneills1850-book-{n}" for n in (1, 2, 3)]
    assert sorted(p.name for p in (tmp_path / "out" / ".stage").iterdir()) == ["music21_folk"]


def test_the_shards_name_their_source(folk_home: Path, tmp_path: Path) -> None:
    build(folk_home, tmp_path / "out", sets=["music21_folk"], workers=1)
    view = load_corpus(tmp_path / "out")
    assert set(view.column("path")) == {"oneills1850/book.abc"}
    assert len(view.column("sha256")[0]) == 64
    note = read_note(tmp_path / "out" / "music21_folk")
    assert note is not None
    assert note["card"]["commit"] == "eb841e891dc830124679456770ff08a0e0c087e4"


def test_sets_for_measuring_never_enter_the_corpus(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="'nottingham' is for measuring only"):
        build(tmp_path, tmp_path / "out", sets=["nottingham"])
    assert not {"nottingham", "kuiscima", "jsb_chorales"} & set(train_sets())
    with pytest.raises(NotFound, match=r"data set must be one of .* got 'lakh'"):
        build(tmp_path, tmp_path / "out", sets=["lakh"])


def test_a_missing_set_says_how_to_fetch_it(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="zhiyin corpus fetch groove"):
        build(tmp_path, tmp_path / "out", sets=["groove"])


def test_two_workers_build_what_one_builds(
    folk_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "BATCH_FILES", 2)
    for workers in (1, 2):
        build(folk_home, tmp_path / str(workers), sets=["music21_folk"], workers=workers)
    one, two = (load_corpus(tmp_path / name) for name in ("1", "2"))
    assert one.column("id").tolist() == two.column("id").tolist()
    for name in ("onset", "duration", "pitch", "level", "piece"):
        assert np.array_equal(one.tables["notes"][name], two.tables["notes"][name])
