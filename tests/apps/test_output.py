"""Laws of writing: whole or not at all, our own files only, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from zhiyin.apps.output import (
    REPORT_FORMAT,
    check_place,
    own_files,
    refuse_foreign,
    staged_folder,
    write_whole,
)
from zhiyin.errors import InvalidInput


def report(*files: str) -> str:
    return json.dumps({"format": REPORT_FORMAT, "files": list(files)})


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_failure_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), staged_folder(tmp_path / "a" / "out") as stage:
        (stage / "score.mid").write_bytes(b"half")
        raise KeyboardInterrupt
    assert names(tmp_path) == []


def test_a_failure_leaves_earlier_results_as_they_were(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with staged_folder(out) as stage:
        (stage / "score.mid").write_bytes(b"first")
        (stage / "report.json").write_text(report("score.mid"))
    with pytest.raises(RuntimeError, match="broken"), staged_folder(out) as stage:
        (stage / "score.mid").write_bytes(b"second")
        raise RuntimeError("broken")
    assert (out / "score.mid").read_bytes() == b"first"
    assert names(tmp_path) == ["out", "out/report.json", "out/score.mid"]


def test_a_second_run_replaces_ours_removes_what_is_stale_and_keeps_the_persons_files(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with staged_folder(out) as stage:
        (stage / "take-2").mkdir()
        (stage / "take-2" / "score.mid").write_bytes(b"old")
        (stage / "score-9.svg").write_bytes(b"old")
        (stage / "report.json").write_text(report("take-2/score.mid", "score-9.svg"))
    (out / "mine.txt").write_text("keep")
    with staged_folder(out) as stage:
        (stage / "score.mid").write_bytes(b"new")
        (stage / "report.json").write_text(report("score.mid"))
    assert names(out) == ["mine.txt", "report.json", "score.mid"]


def test_a_file_that_is_not_ours_is_never_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "score.mid").write_text("the person's own")
    with pytest.raises(
        InvalidInput, match=r"score\.mid' is there and was not written by zhiyin: move it away"
    ):
        refuse_foreign(out, ["score.mid"])
    with pytest.raises(InvalidInput, match="was not written by zhiyin"), staged_folder(out) as stage:
        (stage / "roll.png").write_bytes(b"x")
        (stage / "score.mid").write_bytes(b"x")
    assert names(out) == ["score.mid"]
    assert (out / "score.mid").read_text() == "the person's own"


@pytest.mark.parametrize("name", ["../up.mid", "/etc/passwd", "a/../../b", "a\\b"])
def test_a_report_cannot_claim_files_outside_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "report.json").write_text(report(name))
    assert own_files(tmp_path) == {"report.json"}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": "other", "files": ["a"]}'])
def test_a_report_that_is_not_ours_makes_nothing_ours(tmp_path: Path, text: str) -> None:
    (tmp_path / "report.json").write_text(text)
    assert own_files(tmp_path) == frozenset()


def test_ctrl_c_while_files_move_waits_until_the_folder_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = os.replace

    def interrupted(source: str, target: str) -> None:
        signal.raise_signal(signal.SIGINT)
        move(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt), staged_folder(tmp_path / "out") as stage:
        for name in ("a.mid", "b.mid", "report.json"):
            (stage / name).write_text(report("a.mid", "b.mid"))
    assert names(tmp_path) == ["out", "out/a.mid", "out/b.mid", "out/report.json"]


def test_a_folder_cannot_be_where_a_file_is_and_the_other_way_round(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with (
        pytest.raises(InvalidInput, match=r"the output must be a folder, got .* is a file"),
        staged_folder(tmp_path / "file"),
    ):
        pass
    with pytest.raises(InvalidInput, match="the output must be a file, got the folder"):
        write_whole(tmp_path, b"x")


@pytest.mark.parametrize("name", ["song.mid", "map.PNG", "a/page.svg", "tune.musicxml"])
def test_a_folder_is_not_made_under_a_files_name(tmp_path: Path, name: str) -> None:
    told = rf"must be a folder, since several files are written, got .*: name one such as '{Path(name).stem}'"
    with pytest.raises(InvalidInput, match=told), staged_folder(tmp_path / name):
        pass
    assert names(tmp_path) == []


def test_a_file_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b" / "c.mid", b"MThd")
    assert names(tmp_path) == ["a", "a/b", "a/b/c.mid"]
    assert (tmp_path / "a" / "b" / "c.mid").read_bytes() == b"MThd"


def test_a_place_where_nothing_can_be_written_is_refused_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**options: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refused)
    with pytest.raises(InvalidInput, match=r"must lie where files can be written, got .*Permission denied"):
        check_place(tmp_path / "out")


def test_another_verbs_result_is_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with staged_folder(out) as stage:
        (stage / "score.mid").write_bytes(b"mine")
        told = {"format": REPORT_FORMAT, "verb": "compose", "files": ["score.mid"]}
        (stage / "report.json").write_text(json.dumps(told))
    before = (out / "report.json").read_bytes()
    with (
        pytest.raises(
            InvalidInput, match=r"holds what `zhiyin compose` wrote, got an answer of `zhiyin listen`"
        ),
        staged_folder(out) as stage,
    ):
        (stage / "report.json").write_text(
            json.dumps({"format": REPORT_FORMAT, "verb": "listen", "files": []})
        )
    assert (out / "score.mid").read_bytes() == b"mine" and (out / "report.json").read_bytes() == before
