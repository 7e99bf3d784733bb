"""Laws of `zhiyin judge`: one file beside people, several side by side, JSON, and refusals.

Conventions: runs in this process in an empty folder; files are written by `zhiyin.io`.
Does not know: what the judges find.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.pieces import piece
from tests.judge.scores import score_of, steady
from zhiyin.apps.judge_ import distinct_names
from zhiyin.cli.words import LANGUAGE_NAME
from zhiyin.io import load, save
from zhiyin.judge import JUDGES, judge
from zhiyin.judge.rank import rank


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a band piece and one bar sixteen times, and speak English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(LANGUAGE_NAME, "en")
    monkeypatch.setenv("COLUMNS", "200")
    save(piece(0, bars=16, players=5), Path("band.mid"))
    save(score_of(steady([60, 64, 67, 64] * 16)), Path("stuck.mid"))


def typed(*words: str) -> tuple[int, str, str]:
    """Return (exit code, stdout, stderr) of a command."""
    from zhiyin.cli.commands import app

    done = CliRunner().invoke(app, ["judge", *words])
    return done.exit_code, done.stdout, done.stderr


def test_one_file_shows_every_judge_with_people_beside_it() -> None:
    code, out, _ = typed("band.mid", "--style", "pop")
    assert code == 0
    assert "16 bars, held against people's pieces of: pop" in out
    assert "people: p10 - p50 - p90" in out
    for one in JUDGES.values():
        assert one.en in out
    assert "no two sections share a name" in out or judge(piece(0)).get("plan-likeness") is None


def test_chinese_is_spoken_throughout() -> None:
    code, out, _ = typed("band.mid", "--lang", "zh")
    assert code == 0
    assert "共16小节，对照人写的：" in out
    for one in JUDGES.values():
        assert one.zh in out
    assert "people" not in out


def test_several_files_stand_side_by_side_and_faults_are_told() -> None:
    code, out, _ = typed("band.mid", "stuck.mid")
    assert code == 0
    head = next(line for line in out.splitlines() if line.startswith("concern"))
    assert head.split()[-2:] == ["band.mid", "stuck.mid"]
    assert "! most identical bars in a row 16, people " in out
    row = next(
        line for line in out.splitlines() if line.strip().startswith(("repeats and gaps", "bars identical"))
    )
    assert row.rstrip().endswith("0.938 !")


def test_files_of_one_name_are_told_apart_by_the_shortest_end_that_differs() -> None:
    for folder, name in (("out/a", "band.mid"), ("out/b", "stuck.mid")):
        Path(folder).mkdir(parents=True)
        Path(name).rename(Path(folder, "score.mid"))
    code, out, _ = typed("out/a/score.mid", "out/b/score.mid")
    assert code == 0
    head = next(line for line in out.splitlines() if line.startswith("concern"))
    assert head.split()[-2:] == [str(Path("a/score.mid")), str(Path("b/score.mid"))]


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (("a/x.mid", "b/x.mid", "b/y.mid"), ("a/x.mid", "b/x.mid", "y.mid")),
        (("x.mid", "b/x.mid"), ("x.mid", "b/x.mid")),
        (("1/a/x.mid", "2/a/x.mid", "2/b/x.mid"), ("1/a/x.mid", "2/a/x.mid", "b/x.mid")),
        (("a/x.mid", "a/x.mid"), ("x.mid", "x.mid (2)")),
    ],
)
def test_names_are_short_and_all_different(paths: tuple[str, ...], names: tuple[str, ...]) -> None:
    found = distinct_names([Path(path) for path in paths])
    assert found == tuple(str(Path(name)) for name in names)


def test_several_files_are_ranked_with_reasons_as_rank_puts_them() -> None:
    code, out, _ = typed("stuck.mid", "band.mid", "--style", "pop")
    assert code == 0
    head = "from best to worst: fewest faults, then distance (0: the middle of people's pieces), held against: pop\n"
    text = out.split(head)[1]
    best, worst = text.splitlines()[0], next(line for line in text.splitlines() if line.startswith("2."))
    assert best.startswith("1. band.mid: distance ") and worst.startswith("2. stuck.mid: distance ")
    assert "   ! most identical bars in a row 16, people " in text.split(worst)[1]
    tree = json.loads(typed("stuck.mid", "band.mid", "--style", "pop", "--json")[1])
    scores = [load(Path(name)) for name in ("stuck.mid", "band.mid")]
    wanted = rank(scores, style="pop")
    assert tree["ranking_style"] == "pop"
    assert [row["place"] for row in tree["ranking"]] == [1, 2]
    assert [row["file"] for row in tree["ranking"]] == ["band.mid", "stuck.mid"]
    for row, one in zip(tree["ranking"], wanted, strict=True):
        assert row["distance"] == one.distance
        assert list(zip(row["reasons"], row["reasons_zh"], strict=True)) == list(one.reasons)
        assert list(zip(row["faults"], row["faults_zh"], strict=True)) == list(one.faults)


def test_the_ranking_is_told_in_chinese() -> None:
    code, out, _ = typed("stuck.mid", "band.mid", "--lang", "zh")
    assert code == 0
    text = out.split("由好到差：先看硬伤多少，再看距离（0：人写作品的中间），对照：")[1]
    assert "1. band.mid：距离 " in text and "people" not in text


def test_one_file_is_not_ranked() -> None:
    assert "from best to worst" not in typed("band.mid")[1]
    tree = json.loads(typed("band.mid", "--json")[1])
    assert (tree["ranking"], tree["ranking_style"]) == ([], None)


def test_one_bar_is_one_bar_and_nothing_is_printed_as_minus_nothing() -> None:
    save(score_of(steady([60, 60, 60, 60])), Path("one.mid"))
    code, out, _ = typed("one.mid", "--style", "pop")
    assert code == 0
    assert "1 bar, held against people's pieces of: pop" in out and "1 bars" not in out
    assert re.search(r"(?<![\w.])-0(?![.\d])", out) is None
    assert "pitch-class entropy, 1 bar  " in out  # its value is nothing: one pitch class
    values = [
        row["value"] for row in json.loads(typed("one.mid", "--json")[1])["files"][0]["measures"].values()
    ]
    assert "-0.0" not in {str(value) for value in values}


def test_json_holds_the_values_of_the_judges_and_where_people_lie() -> None:
    code, out, _ = typed("stuck.mid", "--json", "--style", "folk")
    tree = json.loads(out)
    assert code == 0
    file = tree["files"][0]
    assert (file["file"], file["bars"], file["style"]) == ("stuck.mid", 16, "folk")
    assert file["faults"] and file["faults_zh"]
    assert list(file["measures"]) == list(JUDGES) == list(tree["judges"])
    run = file["measures"]["identical-run"]
    assert (run["value"], run["bars"], run["is_unusual"]) == (16.0, [1], True)
    assert run["people"]["p10"] <= run["people"]["p50"] <= run["people"]["p90"] < 16
    assert run["percentile"] == 97.5
    breath = file["measures"]["breath"]
    assert (breath["value"], breath["not_applicable"]) == (None, "nobody sings or blows")


def test_a_style_without_norms_is_held_against_all_styles() -> None:
    code, out, _ = typed("band.mid", "--style", "rock")
    assert code == 0
    assert "16 bars, held against people's pieces of: all styles" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("none.mid",), "there must be a file at 'none.mid', found none"),
        (("band.mid", "--style", "polkadot"), "'polkadot'"),
        (("band.txt",), ".txt"),
    ],
)
def test_bad_input_ends_with_2_and_says_what_to_do(words: tuple[str, ...], message: str) -> None:
    Path("band.txt").write_text("no score", encoding="utf-8")
    code, out, err = typed(*words)
    assert (code, out) == (2, "")
    assert message in err
