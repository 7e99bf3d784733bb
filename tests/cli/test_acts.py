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
from zhiyin.io.musicxml import MusicXml
from zhiyin.score import Score


@pytest.fixture
def song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(acting, "open_family", lambda family, checkpoint=None: untrained())
    monkeypatch.chdir(tmp_path)
    save(little_waltz(), tmp_path / "song.zyn")
    return tmp_path / "song.zyn"


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*words, "--lang", "en"])
    return done.exit_code, done.output


def test_a_score_file_is_the_best_take_and_others_stand_beside_it(song: Path) -> None:
    code, said = run("infill", str(song), "--bars", "3-4", "--takes", "3", "-o", "new.mid")
    assert code == 0, said
    assert len(list(song.parent.glob("new*"))) == 3
    assert "place 1" in said and "from people's music" in said


@pytest.mark.parametrize("seed", range(3))
def test_the_file_asked_for_is_the_take_ranked_first_and_every_file_tells_its_take(
    song: Path, seed: int
) -> None:
    words = ("infill", str(song), "--bars", "3-4", "--takes", "2", "--seed", str(seed))
    tree = json.loads(run(*words, "-o", "new.mid", "--json")[1])
    best, second = (one["take"] for one in tree["ranking"])
    assert tree["files"] == ["new.mid", f"new-take-{second}.mid"]
    alone = [
        run(*words, "--no-audio", "-o", "folder")[0],
        load(song.parent / f"folder/take-{best}/score.mid"),
    ]
    assert alone[0] == 0 and rows(load(song.parent / "new.mid")) == rows(alone[1])
    _, said = run(*words, "-o", "new.mid")
    assert f"new.mid (take {best})" in said and f"new-take-{second}.mid (take {second})" in said


def rows(score: Score) -> list[tuple[int, int, int]]:
    return [(n.onset, n.duration, n.pitch) for part in score.parts for n in part.notes]


def test_a_take_never_lands_on_the_source(song: Path) -> None:
    save(little_waltz(), song.parent / "new-take-2.mid")
    code, said = run("infill", "new-take-2.mid", "--bars", "3", "--takes", "2", "-o", "new.mid")
    assert code == 2 and "must be another file than the source" in said


LABELS = {"en": ("while reading", "not in this format"), "zh": ("读入时", "此格式存不下")}


@pytest.mark.parametrize("lang", LABELS)
@pytest.mark.parametrize(
    "words",
    [
        ("infill", "told.musicxml", "--bars", "1", "-o", "new.abc"),
        ("accept", "told.musicxml", "told.musicxml", "-o", "new.abc"),
    ],
)
def test_what_was_read_and_what_could_not_be_written_are_told_apart(
    song: Path, words: tuple[str, ...], lang: str
) -> None:
    page = MusicXml().write(little_waltz()).data.decode()
    grace = "<note><grace/><pitch><step>D</step><octave>5</octave></pitch></note>"
    (song.parent / "told.musicxml").write_text(page.replace("<note>", grace + '<note dynamics="30">', 1))
    read, lost = LABELS[lang]
    done = CliRunner().invoke(app, [*words, "--lang", lang])
    lines = [" ".join(line.split()) for line in done.output.splitlines()]
    assert done.exit_code == 0, done.output
    assert f"{read} 1 grace note was left out" in lines
    assert [line for line in lines if line.startswith(read)] == [f"{read} 1 grace note was left out"]
    assert any(line.startswith(lost) and "velocities" in line for line in lines), lines


def test_a_report_tells_reading_and_notices_apart(song: Path) -> None:
    text = song.parent / "tune.abc"
    text.write_text("X:1\nT:t\nM:3/4\nL:1/4\nK:C\n{d}c d e | f g a | c d e | c3 |\n")
    code, said = run("infill", "tune.abc", "--bars", "2", "--no-audio", "-o", "folder")
    assert code == 0, said
    assert "- While reading: 1 grace notes were dropped" in (song.parent / "folder/report.md").read_text()


@pytest.mark.parametrize(
    ("takes", "notice"), [(1, "nothing changed: "), (2, "nothing changed in takes 1, 2: ")]
)
def test_an_answer_that_is_what_stood_there_says_so(song: Path, takes: int, notice: str) -> None:
    held = ("--lock", "melody 3-4 pitch", "--lock", "melody 3-4 rhythm")
    words = (
        "infill",
        str(song),
        "--bars",
        "3-4",
        "--parts",
        "melody",
        "--takes",
        str(takes),
        "-o",
        "new.zyn",
    )
    code, said = run(*words, *held)
    assert code == 0, said
    assert notice + "the answer is what stood there before" in " ".join(said.split())
    assert "nothing changed" not in run(*words[:-1], "other.zyn")[1]


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
    assert f"accepted {kept.parts[0].name}: bar 3" in [" ".join(line.split()) for line in said.splitlines()]
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
