"""Acts at the command line: a score file or a folder, bars told as they stand, refusals that name the remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.encode.pieces import little_waltz
from tests.fill.band import untrained
from zhiyin.apps import acting
from zhiyin.cli.commands import app
from zhiyin.io import load, save


@pytest.fixture
def song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(acting, "open_model", lambda path=None: untrained())
    monkeypatch.chdir(tmp_path)
    save(little_waltz(), tmp_path / "song.zyn")
    return tmp_path / "song.zyn"


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*words, "--lang", "en"])
    return done.exit_code, done.output


def test_a_score_file_is_the_best_take_and_others_stand_beside_it(song: Path) -> None:
    code, said = run("infill", str(song), "--bars", "3-4", "--takes", "3", "-o", "new.mid")
    assert code == 0, said
    assert sorted(p.name for p in song.parent.glob("new*")) == ["new-take-2.mid", "new-take-3.mid", "new.mid"]
    assert "place 1" in said and "from people's music" in said


def test_machines_get_the_ranking_the_reasons_and_the_proof(song: Path) -> None:
    code, said = run("vary", str(song), "--bars", "3-4", "--takes", "2", "-o", "new.mid", "--json")
    tree = json.loads(said)
    assert code == 0 and [one["take"] for one in tree["ranking"]] in ([1, 2], [2, 1])
    assert all({"en", "zh"} <= set(reason) for take in tree["takes"] for reason in take["reasons"])
    assert all(take["verdicts"][-1]["name"] == "untouched" for take in tree["takes"])


def test_bars_are_streamed_one_line_each(song: Path) -> None:
    code, said = run("continue", str(song), "--bars", "3", "--stream", "-o", "new.mid")
    told = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert code == 0 and [(one["take"], one["bar"]) for one in told] == [(1, 9), (1, 10), (1, 11)]
    assert all(len(one["notes"]) == 3 for one in told)


def test_a_lock_typed_at_the_command_line_holds(song: Path) -> None:
    code, _ = run("infill", str(song), "--bars", "1-8", "--lock", "3-4", "-o", "new.zyn")
    before, after = load(song), load(song.parent / "new.zyn")
    bar = 3 * 10_080
    assert code == 0
    for own, new in zip(before.parts, after.parts, strict=True):
        assert list(own.notes.between(2 * bar, 4 * bar)) == list(new.notes.between(2 * bar, 4 * bar))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--bars", "9"), "bars must lie in 1..8 and run forwards, got '9'"),
        (("--parts", "oboe"), "parts must be named by number, name, role or instrument, got 'oboe'"),
        (("--bars", "2", "--from", "3:1"), "a scope must be bars or places"),
        (("--wish", "colour blue"), "a wish must be KIND VALUE @ BARS PARTS, got 'colour blue'"),
        (("--lock", "1-8"), "something of the scope must be free, all of it is locked"),
    ],
)
def test_wrong_words_are_refused_and_nothing_is_written(
    song: Path, words: tuple[str, ...], message: str
) -> None:
    code, said = run("infill", str(song), *words, "-o", "new.mid")
    assert code == 2 and message in " ".join(said.split())
    assert not (song.parent / "new.mid").exists()


def test_part_of_a_take_is_accepted(song: Path) -> None:
    assert run("infill", str(song), "--bars", "3-6", "-o", "new.zyn")[0] == 0
    code, said = run("accept", str(song), "new.zyn", "--bars", "3", "--parts", "1", "-o", "kept.zyn")
    before, take, kept = (load(song.parent / name) for name in ("song.zyn", "new.zyn", "kept.zyn"))
    bar = 3 * 10_080
    assert code == 0, said
    assert list(kept.parts[0].notes.between(2 * bar, 3 * bar)) == list(
        take.parts[0].notes.between(2 * bar, 3 * bar)
    )
    assert list(kept.parts[0].notes.between(3 * bar, 9 * bar)) == list(
        before.parts[0].notes.between(3 * bar, 9 * bar)
    )
    assert list(kept.parts[1].notes) == list(before.parts[1].notes)


def test_wishes_that_exclude_each_other_are_refused_in_the_language_asked_for(song: Path) -> None:
    words = ["infill", str(song), "--bars", "3-4", "-o", "new.mid"]
    words += ["--wish", "range C4-C5 @ 3-4 1", "--wish", "range C6-C7 @ 3-4 1"]
    told = {lang: CliRunner().invoke(app, [*words, "--lang", lang]) for lang in ("en", "zh")}
    assert told["en"].exit_code == told["zh"].exit_code == 2
    assert "wishes must be able to hold together, got 1 pair that cannot" in told["en"].output
    assert "出错: 各项要求须能同时做到，现有 1 对不能：“" in told["zh"].output
    assert "在第3、4小节不能同时满足" in told["zh"].output and "wishes" not in told["zh"].output


@pytest.mark.parametrize("command", ["infill", "arrange", "edit", "accept", "convert"])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("new.krn", "and Humdrum kern can only be read"),
        ("new.xyz", "must end in one of .abc .json .kar .mid"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_the_work(
    song: Path, monkeypatch: pytest.MonkeyPatch, command: str, name: str, reason: str
) -> None:
    words = {
        "infill": ("--bars", "3", "-o", name),
        "arrange": ("--for", "string quartet", "-o", name),
        "edit": ("drop part 1", "-o", name, "--yes"),
        "accept": (str(song), "-o", name),
        "convert": (name,),
    }[command]
    monkeypatch.setattr(acting, "perform_act", lambda *given, **named: pytest.fail("the work was begun"))
    monkeypatch.setattr(
        "zhiyin.apps.arrange_.arrange", lambda *given, **named: pytest.fail("work"), raising=False
    )
    code, said = run(command, str(song), *words)
    assert code == 2 and reason in " ".join(said.split()), said
    assert ".krn" not in said.replace(name, "") and not (song.parent / name).exists()
