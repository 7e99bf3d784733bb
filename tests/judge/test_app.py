"""Laws of `zhiyin judge`: one file beside people, several side by side, JSON, and refusals.

Conventions: runs in this process in an empty folder; files are written by `zhiyin.io`.
Does not know: what the judges find.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.pieces import piece
from tests.judge.scores import score_of, steady
from zhiyin.cli.words import LANGUAGE_NAME
from zhiyin.io import save
from zhiyin.judge import JUDGES, judge


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
