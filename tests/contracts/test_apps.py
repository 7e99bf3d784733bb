"""The contract of every application: a frozen request, one function, a command of its name that explains itself.

Conventions: walks APPS; a new line in the table is tested without asking.
Does not know: what an application does.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhiyin.apps import APPS
from zhiyin.errors import InvalidInput, NotFound, ZhiyinError

ROOT = Path(__file__).resolve().parents[2]
# A request of each application that its constructor or its run must refuse, and what the refusal says.
WRONG: dict[str, tuple[dict[str, object], type[ZhiyinError], str]] = {
    "compose": ({"text": " "}, InvalidInput, "the sentence must say something, got ' '"),
    "continue": ({"source": Path("song.mid"), "bars": 0}, InvalidInput, "bars to add must be 1..256, got 0"),
    "extend-to": (
        {"source": Path("none.mid"), "bars": 8},
        NotFound,
        "there must be a file at 'none.mid', found none",
    ),
    "infill": ({"source": Path("none.mid"), "takes": 9}, InvalidInput, "takes must be 1..8, got 9"),
    "transfer": ({"source": Path("none.mid")}, InvalidInput, "a transfer must be told a style, got none"),
    "vary": ({"source": Path("none.mid")}, NotFound, "there must be a file at 'none.mid', found none"),
    "blend": (
        {"source": Path("none.mid")},
        InvalidInput,
        "a blend needs 1..7 other files, got 0: name the pieces one after another",
    ),
    "interpolate": (
        {"source": Path("none.mid"), "others": (Path("none.mid"),)},
        NotFound,
        "there must be a file at 'none.mid', found none",
    ),
    "map": ({"sources": ()}, InvalidInput, "files on a map must be 1..12, got 0: name some"),
    "harmonise": (
        {"source": Path("none.mid"), "kind": "jazz"},
        InvalidInput,
        "kind must be one of chords, satb, got",
    ),
    "melodise": ({"source": Path("none.mid")}, NotFound, "there must be a file at 'none.mid', found none"),
    "accompany": ({"source": Path("none.mid")}, NotFound, "there must be a file at 'none.mid', found none"),
    "counterpoint": (
        {"source": Path("none.mid")},
        NotFound,
        "there must be a file at 'none.mid', found none",
    ),
    "drums": (
        {"source": Path("none.mid"), "tap": Path("tap.mid")},
        NotFound,
        "a file at 'tap.mid', found none",
    ),
    "reply": ({"source": Path("none.mid")}, NotFound, "there must be a file at 'none.mid', found none"),
    "develop": ({"source": Path("none.mid")}, NotFound, "there must be a file at 'none.mid', found none"),
    "accept": (
        {"source": Path("a.mid"), "take": Path("b.mid"), "out": Path("c.mid"), "aspect": "colour"},
        InvalidInput,
        "aspect must be one of all, rhythm, pitch, harmony, got 'colour'",
    ),
    "lyrics": ({"source": Path("none.mid")}, NotFound, "there must be a file at 'none.mid', found none"),
    "arrange": (
        {"source": Path("song.mid"), "players": "kazoo9"},
        NotFound,
        "an ensemble must be a known name",
    ),
    "orchestrate": ({"source": Path("none.mid")}, NotFound, "there must be a file at 'none.mid'"),
    "reduce": (
        {"source": Path("song.mid"), "span": 30},
        InvalidInput,
        "a hand's span must be 8..16 semitones, got 30",
    ),
    "render": (
        {"source": Path("song.mid"), "target": Path("song.mp3")},
        InvalidInput,
        "the output must end in one of .wav, .flac, .pdf, .svg, .png or be a folder, got 'song.mp3'",
    ),
    "convert": ({"source": Path("none.mid"), "target": Path("a.abc")}, NotFound, "none.mid"),
    "edit": (
        {"source": Path("song.mid"), "text": " "},
        InvalidInput,
        "the sentence must say what to change, got ' '",
    ),
    "judge": ({"sources": ()}, InvalidInput, "files to judge must be 1..32, got 0"),
    "diff": (
        {"before": Path("none.mid"), "after": Path("none.mid"), "bars": (0,)},
        InvalidInput,
        "bars to compare must be 1 or more, got (0,): count from 1, as people do",
    ),
    "info": ({"source": Path("none.mid")}, NotFound, "there must be a file at 'none.mid', found none"),
    "listen": ({"source": Path("none.mid")}, NotFound, "there must be a file at 'none.mid', found none"),
    "originality": (
        {"sources": (Path("none.mid"),)},
        NotFound,
        "there must be a file at 'none.mid', found none",
    ),
    "originality build": ({"corpus": Path("none")}, NotFound, "no corpus in 'none'"),
    "provenance": ({"source": Path("none.mid")}, NotFound, "there must be a file at 'none.mid', found none"),
    "plan": ({"text": "asdf"}, InvalidInput, "nothing in 'asdf' was understood as a wish"),
    "brief": (
        {"text": "a waltz", "model_url": "ftp://x"},
        InvalidInput,
        "a model's address must begin with http:// or https://, got 'ftp://x'",
    ),
    "corpus fetch": ({"name": "nope"}, NotFound, "data set must be one of"),
    "corpus build": ({"workers": 0}, InvalidInput, "workers must be 1..64, got 0"),
    "corpus stats": ({"folder": Path("none")}, NotFound, "no corpus in 'none'"),
    "tune": ({}, InvalidInput, "a search must have a RECIPE and a --space, got none"),
    "train": (
        {"recipe": Path("none.toml")},
        NotFound,
        "a recipe must be a TOML file that exists, got 'none.toml'",
    ),
}
TAKES_NOTHING = {"corpus list", "doctor", "families"}


@pytest.mark.parametrize("name", APPS)
def test_the_request_is_a_frozen_documented_dataclass(name: str) -> None:
    request = APPS[name].request
    assert dataclasses.is_dataclass(request)
    assert request.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert request.__name__ == "".join(word.title() for word in re.split("[ -]", name)) + "Request"
    assert request.__doc__ and not request.__doc__.startswith(request.__name__)  # not the generated one


@pytest.mark.parametrize("name", APPS)
def test_the_module_offers_run_of_a_request_and_progress(name: str) -> None:
    run = importlib.import_module(APPS[name].module).run
    assert run.__doc__
    assert list(inspect.signature(run).parameters) == ["request", "progress"]
    assert inspect.signature(run, eval_str=True).parameters["request"].annotation is APPS[name].request
    result = inspect.signature(run, eval_str=True).return_annotation
    assert dataclasses.is_dataclass(result) and callable(result.to_json)


@pytest.mark.parametrize("name", [name for name in APPS if name not in TAKES_NOTHING])
def test_a_wrong_request_is_refused_with_what_came(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "corpus stats":
        pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    fields, kind, message = WRONG[name]
    with pytest.raises(kind, match=re.escape(message)):
        APPS[name].run(APPS[name].request(**fields))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", APPS)
def test_a_command_of_the_same_name_explains_itself_with_examples(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIYIN_LANG", "en")
    from zhiyin.cli.commands import app

    shown = CliRunner().invoke(app, [*name.split(), "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"})
    text = " ".join(shown.output.split())
    assert shown.exit_code == 0
    assert any(line in text for line in (APPS[name].help_en.capitalize(), APPS[name].help_zh))
    assert re.search(rf"(Examples:|例如：) zhiyin {name}", text)


def test_help_lines_stand_in_both_languages() -> None:
    for app in APPS.values():
        assert app.help_en.isascii()
        assert any("\u4e00" <= sign <= "\u9fff" for sign in app.help_zh)


def test_the_table_costs_no_heavy_import() -> None:
    code = "import sys, zhiyin.apps; print(sorted({'numpy', 'verovio', 'scipy', 'torch'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src")},
        check=True,
    )
    assert done.stdout == "[]\n"
