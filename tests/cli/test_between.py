"""Laws of the commands between pieces: weights in a row, a map's files, refusals with value, rule and remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhiyin.apps.map_ import MAX_FILES, labels_of
from zhiyin.apps.map_picture import own_colour
from zhiyin.cli.acts import _pieces_and_weights
from zhiyin.cli.commands import app
from zhiyin.io import save
from zhiyin.score import Notes, Part, Score

TUNE = "X:1\nT:{name}\nM:{metre}\nL:1/4\nK:C\n{bars}|\n"


def tune(folder: Path, name: str, bars: str, *, metre: str = "4/4") -> Path:
    path = folder / f"{name}.abc"
    path.write_text(TUNE.format(name=name, metre=metre, bars=bars), encoding="utf-8")
    return path


def test_numbers_behind_a_weight_are_weights_and_other_words_files() -> None:
    assert _pieces_and_weights(["b.mid", ".7"], [0.3]) == {"others": (Path("b.mid"),), "weights": (0.3, 0.7)}
    assert _pieces_and_weights(["b.mid", "7"], []) == {
        "others": (Path("b.mid"), Path("7"))
    }  # a file of that name


def test_a_blend_is_written_and_its_report_tells_the_weights(tmp_path: Path) -> None:
    a, b = tune(tmp_path, "a", "CDEF|GABc"), tune(tmp_path, "b", "gfed|cBAG")
    words = ["blend", str(a), str(b), "--weights", ".25", ".75", "-o", str(tmp_path / "out.mid"), "--json"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    verdicts = {v["name"]: v for v in json.loads(result.stdout)["takes"][0]["verdicts"]}
    assert "Weights 0.25 : 0.75" in verdicts["between"]["text_en"]
    assert (tmp_path / "out.mid").is_file()


def test_a_piece_by_two_writers_names_both_in_its_report(tmp_path: Path) -> None:
    a = tmp_path / "a.abc"
    a.write_text(
        "X:1\nT:a\nM:4/4\nL:1/4\nK:C\nV:1\nV:2\nV:3\n[V:1]cdef|gabc'|\n[V:2]EFGA|cdef|\n[V:3]C,D,E,F,|G,A,B,C|\n",
        encoding="utf-8",
    )
    b = tune(tmp_path, "b", "gfed|cBAG")
    for given, count in ((a, 2), (b, 1)):
        words = [
            "blend",
            str(given),
            str(tune(tmp_path, "c", "GABc|defg")),
            "-o",
            str(tmp_path / "o.mid"),
            "--json",
        ]
        tree = json.loads(CliRunner().invoke(app, words).stdout)
        model = tree["model"]
        assert model["name"].startswith("vae") and len(model["name"].split(" + ")) == count
        assert len(model["digest"].split(" + ")) == count
        wrote = {name for part in tree["takes"][0]["parts"] for name in part["by"]} - {given.name}
        assert wrote == set(model["name"].split(" + "))


def test_other_metres_are_refused_with_the_rule_that_would_help(tmp_path: Path) -> None:
    a, b = tune(tmp_path, "a", "CDEF|GABc"), tune(tmp_path, "b", "gfe|dcB", metre="3/4")
    result = CliRunner().invoke(
        app, ["interpolate", str(a), str(b), "--bars", "2", "-o", str(tmp_path / "out.mid")]
    )
    assert result.exit_code == 2
    assert "got 16 and 12 sixteenths in bar 1: use --stretch" in " ".join(result.output.split())


def test_a_map_has_a_picture_and_values(tmp_path: Path) -> None:
    a = tune(tmp_path, "a", "CDEF|GABc")
    result = CliRunner().invoke(app, ["map", str(a), "-o", str(tmp_path / "map"), "--json"])
    assert result.exit_code == 0, result.output
    tree = json.loads((tmp_path / "map" / "map.json").read_text(encoding="utf-8"))
    assert [(p["first_bar"], p["bars"]) for p in tree["own"]] == [(1, 2)]
    assert len(tree["people"]) == 400 and {"piece", "style", "x", "y"} == set(tree["people"][0])
    assert (tmp_path / "map" / "map.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize("word", ["blend", "interpolate", "map"])
def test_help_is_there_in_both_languages(word: str) -> None:
    for lang, said in (("en", "Usage"), ("zh", "Usage")):
        result = CliRunner().invoke(app, [word, "--help"], env={"ZHIYIN_LANG": lang})
        assert result.exit_code == 0 and said in result.output


def test_a_piece_without_notes_lies_nowhere_on_a_map_and_is_refused(tmp_path: Path) -> None:
    a, rests = tune(tmp_path, "a", "CDEF|GABc"), tune(tmp_path, "rest", "z4|z4")
    result = CliRunner().invoke(app, ["map", str(a), str(rests), "-o", str(tmp_path / "map")])
    assert result.exit_code == 2
    assert "must have notes, got none in part 1 of 'rest': name another part" in " ".join(
        result.output.split()
    )
    assert not (tmp_path / "map").exists()


@pytest.mark.parametrize("verb", ["blend", "interpolate"])
@pytest.mark.parametrize("bars", ["0", "65"])
def test_bars_that_meet_are_1_to_64(tmp_path: Path, verb: str, bars: str) -> None:
    a, b = tune(tmp_path, "a", "CDEF|GABc"), tune(tmp_path, "b", "gfed|cBAG")
    result = CliRunner().invoke(
        app, [verb, str(a), str(b), "--bars", bars, "-o", str(tmp_path / "o.mid"), "--json"]
    )
    assert result.exit_code == 2 and f"1..64, got {bars}" in result.output + result.stderr


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    folk, hymn = tmp_path / "folk", tmp_path / "hymn"
    folk.mkdir()
    hymn.mkdir()
    words = ["map", str(tune(folk, "score", "CDEF|GABc")), str(tune(hymn, "score", "cBAG|FEDC")), "--json"]
    result = CliRunner().invoke(app, [*words, "-o", str(tmp_path / "map")])
    assert result.exit_code == 0, result.output
    tree = json.loads(result.stdout)
    assert [p["name"] for p in tree["own"]] == ["folk/score", "hymn/score"]
    assert "folk/score has 2 bars, fewer than a phrase of 8" in tree["warnings"][0]["en"]
    page = (tmp_path / "map" / "map.svg").read_text(encoding="utf-8")
    assert "folk/score" in page and "hymn/score" in page


def test_labels_are_as_short_as_sets_them_apart_and_colours_are_one_a_file() -> None:
    asked = [Path("x/folk/a.mid"), Path("y/folk/a.mid"), Path("c.abc"), Path("c.mid"), Path("c.mid")]
    assert labels_of(asked) == ["x/folk/a", "y/folk/a", "c.abc", "c.mid", "c.mid (2)"]
    assert len({own_colour(number) for number in range(MAX_FILES)}) == MAX_FILES


@pytest.mark.parametrize(
    ("bars", "said"), [("c4", "4 notes or more, got 1 in 'little'"), ("", "drums alone in 'kit'")]
)
def test_what_is_too_little_to_lie_on_a_map_is_refused(tmp_path: Path, bars: str, said: str) -> None:
    path = tune(tmp_path, "little", bars)
    if not bars:
        path = tmp_path / "kit.mid"
        hits = Notes.of([(i * 10_080, 5_040, 36 + 2 * (i % 2), 90) for i in range(16)])
        save(Score("kit", (Part("Drums", hits, role="drums", is_drums=True),)), path)
    result = CliRunner().invoke(app, ["map", str(path), "-o", str(tmp_path / "map")])
    assert result.exit_code == 2 and said in " ".join(result.output.split())
    assert not (tmp_path / "map").exists()
