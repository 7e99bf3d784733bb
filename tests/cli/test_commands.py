"""Laws of the command line: exit codes, one JSON object for machines, words in the person's language."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Typed
from zhiyin.apps.report_text import REPORT_WORDS
from zhiyin.cli.words import WORDS, language
from zhiyin.render import SmallBank

Zhiyin = Callable[..., Typed]
CLI = Path(__file__).resolve().parents[2] / "src" / "zhiyin" / "cli"

# words typed: what the complaint must say
REFUSED = {
    ("compose",): "nothing was asked: write a sentence or an option",
    ("compose", ""): "the sentence must say something, got ''",
    ("compose", "qwertz uiop"): "nothing in 'qwertz uiop' was understood as a wish",
    ("compose", "a waltz", "--bars", "0"): "bars must be 1..512, got 0",
    (
        "compose",
        "a waltz",
        "--style",
        "march",
    ): "the sentence says “waltz”, and the option --style says march",
    ("compose", "a waltz", "--players", "theremin9"): "instrument must be a known name, got 'theremin9'",
    ("compose", "a waltz", "--style", "polkka"): "style must be a known name, got 'polkka'",
    ("compose", "a waltz", "--mood", "hapy"): "did you mean happy",
    ("compose", "a waltz", "--key", "H7"): "key must be a note and a mode, got 'H7'",
    ("compose", "a march", "--metre", "3"): "metre must look like 3/4, got '3'",
    ("plan", "a waltz", "--dynamics", "huge"): "dynamics must be one of soft, loud",
    ("compose", "a march", "--metre", "4/3"): "got 3: write e.g. 3/4",
    ("compose", "a march", "--seconds", "0.5"): "got 0.5: give a length in that range",
    ("info", "."): "a score must be a file, got the folder '.'",
    ("compose", "a waltz", "--tempo", "9000"): "tempo must be 20..300 BPM, got 9000",
    ("compose", "a waltz", "--chords", "Am X"): "got 'X'",
    ("compose", "a waltz", "--players", " , "): "players must be names with commas between",
    ("compose", "a waltz", "--mode", "loud"): "mode must be one of",
    ("compose", "a waltz", "--title", " "): "a title must have 1..200 characters, got 0",
    ("compose", "a waltz", "--seed", "-1"): "seed must be 0 or more",
    ("compose", "a waltz", "--takes", "99"): "takes must be 1..8, got 99",
    ("compose", "a waltz", "--lang", "fr"): "language must be one of en, zh, got 'fr'",
    ("compose", "a waltz", "--soundfont", "none.sf2"): "soundfont must be a file, got 'none.sf2'",
    ("compose", "--plan", "none.json"): "a plan must be a file that exists, got 'none.json'",
    ("continue", "none.mid"): "there must be a file at 'none.mid'",
    ("continue", "none.mid", "--bars", "0"): "bars to add must be 1..256, got 0",
    ("render", "none.mid"): "there must be a file at 'none.mid'",
    ("render", "a.mid", "-o", "a.mp3"): "the output must end in one of .wav",
    ("convert", "none.mid", "a.abc"): "there must be a file at 'none.mid'",
    ("info", "none.doc"): "must end in one of",
    ("plan", "a waltz", "--seconds", "0"): "length must be 1..1800 seconds, got 0",
    ("brief", " "): "the sentence must say something",
    ("corpus", "fetch", "nope"): "data set must be one of",
    (
        "corpus",
        "fetch",
        "nottingham",
        "--from",
        "nowhere",
    ): "--from must be a folder that exists, got 'nowhere'",
    ("train", "none.toml"): "a recipe must be a TOML file that exists",
}


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_wrong_input_is_exit_2_with_the_value_and_no_trace(
    words: tuple[str, ...], zhiyin: Zhiyin, tmp_path: Path
) -> None:
    done = zhiyin(*words)
    assert (done.code, done.out) == (2, "")
    assert REFUSED[words] in done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [("sing",), ("info",), ("compose", "--bars", "many"), ("info", "a.mid", "--loud")]
)
def test_words_that_no_command_knows_are_exit_2(words: tuple[str, ...], zhiyin: Zhiyin) -> None:
    assert zhiyin(*words).code == 2


def test_a_machine_gets_errors_as_one_json_object_too(zhiyin: Zhiyin) -> None:
    done = zhiyin("info", "none.mid", "--json")
    assert done.code == 2
    assert done.tree["error"]["kind"] == "NotFound"
    assert "none.mid" in done.tree["error"]["message"] and "none.mid" in done.err


@pytest.mark.parametrize("words", [("sing",), ("info",), ("info", "a.mid", "--loud"), ("corpus", "sing")])
def test_a_machine_gets_errors_of_usage_as_one_json_object_too(
    words: tuple[str, ...], zhiyin: Zhiyin
) -> None:
    done = zhiyin(*words, "--json")
    assert (done.code, done.tree["error"]["exit_code"]) == (2, 2)
    assert done.tree["error"]["message"] and done.err


def test_a_failure_of_ours_is_exit_1_and_shows_its_traceback_only_when_asked(
    zhiyin: Zhiyin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: object, progress: object = None) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("zhiyin.apps.brief_.run", broken)
    done = zhiyin("brief", "a waltz")
    assert done.code == 1
    assert "something unforeseen (RuntimeError: a bug)" in done.err and "Traceback" not in done.err
    assert "Traceback" in zhiyin("brief", "a waltz", "--debug").err


def test_ctrl_c_is_exit_130(zhiyin: Zhiyin, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(request: object, progress: object = None) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("zhiyin.apps.brief_.run", stopped)
    done = zhiyin("brief", "a waltz")
    assert (done.code, done.out) == (130, "")
    assert "stopped" in done.err


def test_compose_writes_and_tells_on_one_screen(zhiyin: Zhiyin, tmp_path: Path) -> None:
    done = zhiyin("compose", "a sad waltz for flute, 4 bars, zzyzx", "--seed", "3", "--no-audio", "-o", "out")
    assert done.code == 0, done.err
    for word in (
        "A sad waltz for flute",
        "understood",
        "not understood  zzyzx",
        "waltz",
        "3/4",
        "wishes kept",
    ):
        assert word in done.out
    assert re.search(r"(\d+) of \1 wishes kept", done.out)
    assert len(done.out.splitlines()) < 25
    assert (tmp_path / "out" / "score.pdf").exists()
    assert not (tmp_path / "out" / "audio.wav").exists()


def test_without_a_soundfont_the_small_bank_plays_and_says_so(
    zhiyin: Zhiyin, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhiyin.apps.compose.choose_synth", lambda soundfont: SmallBank())
    monkeypatch.setattr("zhiyin.apps.render_.choose_synth", lambda soundfont: SmallBank())
    for words in (("compose", "a waltz for flute, 2 bars", "-o", "a"), ("render", "song.mid", "-o", "a.wav")):
        done = zhiyin(*words)
        assert done.code == 0, done.err
        assert "No SoundFont was found, so the small built-in bank played" in done.out
        assert "--soundfont FILE" in done.out


def test_without_o_an_earlier_piece_is_never_replaced(zhiyin: Zhiyin, tmp_path: Path) -> None:
    words = ("compose", "a waltz for flute, 2 bars", "--no-audio", "--json")
    assert [zhiyin(*words).tree["folder"] for _ in range(3)] == ["out", "out-2", "out-3"]
    assert zhiyin(*words, "-o", "out").tree["folder"] == "out"
    assert (tmp_path / "out" / "score.mid").read_bytes() == (tmp_path / "out-3" / "score.mid").read_bytes()


def test_a_chinese_sentence_is_answered_in_chinese(zhiyin: Zhiyin) -> None:
    assert "没听懂" in zhiyin("brief", "忧伤的圆舞曲").out
    assert "not understood" in zhiyin("brief", "忧伤的圆舞曲", "--lang", "en").out


def test_json_is_one_object_and_nothing_else(zhiyin: Zhiyin, song: Path, tmp_path: Path) -> None:
    for words in (
        ("compose", "--style", "waltz", "--bars", "2", "--players", "flute", "--no-audio", "--takes", "2"),
        ("continue", "song.mid", "--bars", "1", "--no-audio", "-o", "more"),
        ("info", "song.mid"),
        ("convert", "song.mid", "song.abc"),
        ("render", "song.mid", "-o", "song.png"),
        ("plan", "a waltz"),
        ("brief", "a waltz"),
        ("corpus", "list"),
        ("doctor",),
    ):
        done = zhiyin(*words, "--json")
        assert (done.code, done.err) == (0, ""), words
        assert done.tree, words


def test_a_plan_printed_as_json_is_what_compose_reads(zhiyin: Zhiyin, tmp_path: Path) -> None:
    shown = zhiyin("plan", "a waltz for flute, 2 bars", "--json").out
    (tmp_path / "plan.json").write_text(shown, encoding="utf-8")
    done = zhiyin("compose", "--plan", "plan.json", "--no-audio", "--json")
    assert done.code == 0, done.err
    assert done.tree["plan"]["bars"] == json.loads(shown)["bars"] == 2


def test_info_and_plan_are_readable(zhiyin: Zhiyin, song: Path) -> None:
    shown = zhiyin("info", "song.mid")
    assert shown.code == 0
    for word in ("Small song", "D minor", "4/4", "4 bars, 8.0 s", "flute", "C#4-A4"):
        assert word in shown.out
    plan = zhiyin("plan", "--style", "waltz", "--key", "Dm", "--bars", "8", "-o", "plan.json")
    assert "D minor | 3/4" in plan.out
    assert "zhiyin compose --plan plan.json" in plan.out


def test_the_version_is_told(zhiyin: Zhiyin) -> None:
    from zhiyin import __version__

    assert zhiyin("--version").out == f"{__version__}\n"


def said_keys(path: Path) -> set[str]:
    """Return the keys that a module asks words for, where they are written out."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", getattr(node.func, "attr", "")) == "say"
            and node.args
        ):
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return found


def test_every_key_asked_for_has_words_in_both_languages() -> None:
    asked = set().union(*(said_keys(path) for path in CLI.glob("*.py")))
    assert asked - set(WORDS) == set()
    for key, (english, chinese) in (WORDS | REPORT_WORDS).items():
        places = [sorted(re.findall(r"{(\w+)", text)) for text in (english, chinese)]
        assert english and chinese and places[0] == places[1], key


@pytest.mark.parametrize(("environment", "expected"), [
    ({"LANG": "zh_CN.UTF-8"}, "zh"), ({"LANG": "en_GB.UTF-8"}, "en"), ({}, "en"),
    ({"LANG": "zh_CN", "LC_ALL": "C"}, "en"), ({"LANG": "C", "ZHIYIN_LANG": "zh"}, "zh"),
])  # fmt: skip
def test_the_language_comes_from_the_environment(environment: dict[str, str], expected: str) -> None:
    assert language(None, environment) == expected
