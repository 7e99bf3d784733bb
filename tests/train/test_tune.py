"""Laws of the search: equal cost, the same trials however often it is stopped, every trial on record."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from tests.train.test_sampler import waltz_piece
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.train.recipe import (
    DataSettings,
    ModelSettings,
    OptimiserSettings,
    Recipe,
    ScheduleSettings,
    load_recipe,
)
from zhiyin.train.tune_space import Choice, Space, load_space, shaped

pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("optuna", reason="the tune extra is not installed")

from zhiyin.train import tune

RECIPE = Recipe(
    "tiny",
    model=ModelSettings(width=32, layers=1, heads=1, hidden=48, inner=24, dropout=0.0),
    data=DataSettings(max_events=96, max_columns=4),
    optimiser=OptimiserSettings(warmup_steps=4, events_a_batch=256),
    schedule=ScheduleSettings(validation_windows=8, threads=1, precision="fp32"),
)
SPACE = Space((Choice("optimiser", "learning_rate", low=1e-6, high=1e-2, log=True),), events=1536, checks=3)


class First:
    """A chooser that takes the first value, or the low end."""

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        return low

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int:
        return low

    def suggest_categorical(self, name: str, choices: Any) -> Any:
        return choices[0]


def test_every_variant_costs_the_same_events_whatever_its_batch() -> None:
    for batch in (256, 512):
        space = Space((Choice("optimiser", "events_a_batch", values=(batch,)),), events=10_240, checks=4)
        variant = space.variant(RECIPE, First())
        assert variant.optimiser.steps * variant.optimiser.events_a_batch == 10_240
        assert variant.schedule.validate_every * 4 == variant.optimiser.steps


@pytest.mark.parametrize("layers", [2, 4, 8])
def test_the_width_keeps_the_weights_of_the_layers_within_a_fifth_of_what_was_asked(layers: int) -> None:
    model = shaped(ModelSettings(layers=layers), 1_500_000)
    weights = layers * (4 * model.width**2 + 3 * model.width * model.hidden)
    assert abs(weights / 1_500_000 - 1) < 0.2
    assert model.width % model.heads == 0 and model.inner == model.width


def test_a_space_file_gives_ranges_and_lists_of_any_setting_of_a_recipe(tmp_path: Path) -> None:
    path = tmp_path / "space.toml"
    path.write_text(
        "[search]\nevents = 5000\n[model]\nlayers = { values = [2, 3] }\n[optimiser]\n"
        "learning_rate = { low = 1e-4, high = 1e-2, log = true }\n",
        encoding="utf-8",
    )
    space = load_space(path)
    assert (space.events, space.checks) == (5000, 6)
    assert [c.label for c in space.choices] == ["model.layers", "optimiser.learning_rate"]
    assert space.variant(RECIPE, First()).optimiser.learning_rate == 1e-4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a space must name 1 setting or more to try, got none"),
        ("[model]\ndepth = { values = [1] }\n", "settings to try must be among .*, got model.depth"),
        ("[magic]\nx = { values = [1] }\n", "among the tables model, data, optimiser, got magic.x"),
        ("[model]\nlayers = 3\n", "model.layers must be a table with values, or low and high .*, got 3"),
        ("[model]\ndropout = { low = 0.3, high = 0.1 }\n", "low below high, got low 0.3 and high 0.1"),
        ("[model]\ndropout = { low = 0.0, high = 0.1, log = true }\n", "must have low above 0, got 0.0"),
        ("[search]\ntime = 3\n[model]\nlayers = { values = [1] }\n", "must hold events, .*, got time"),
        ("[search\n", "a space must be TOML"),
    ],
)
def test_bad_spaces_are_refused_with_the_value(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "space.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=message):
        load_space(path)


def test_a_missing_space_is_told() -> None:
    with pytest.raises(NotFound, match=r"must be a TOML file that exists, got 'none.toml'"):
        load_space(Path("none.toml"))


def search(folder: Path, monkeypatch: pytest.MonkeyPatch, report: Any = lambda line: None) -> tune.Search:
    monkeypatch.setattr(tune, "load_pieces", lambda corpus, **chosen: [waltz_piece()])
    clock = itertools.count()
    return tune.Search(
        RECIPE, SPACE, corpus=Path("corpus"), folder=folder, report=report, now_s=lambda: float(next(clock))
    )


def test_a_search_stopped_twice_tries_what_one_in_one_go_tries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search(tmp_path / "whole", monkeypatch).run(3)
    search(tmp_path / "parts", monkeypatch).run(1)

    def stop(line: dict[str, Any]) -> None:
        if "valid" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search(tmp_path / "parts", monkeypatch, report=stop).run(3)
    search(tmp_path / "parts", monkeypatch).run(3)
    whole, parts = tune.read_record(tmp_path / "whole"), tune.read_record(tmp_path / "parts")
    tried = {row["settings"]["optimiser.learning_rate"] for row in whole}
    again = {row["settings"]["optimiser.learning_rate"] for row in parts}
    assert len(whole) == len(parts) == 3
    assert len(tried & again) >= 2  # the stopped trial is tried again; later ones have other numbers


def test_the_record_holds_every_trial_best_first_and_makes_a_table_and_a_recipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search(tmp_path, monkeypatch).run(6)
    rows = tune.read_record(tmp_path)
    assert sorted(row["number"] for row in rows) == list(range(6))
    whole = [row["bits_a_note"] for row in rows if row["state"] == "whole"]
    assert whole == sorted(whole) and len(whole) >= tune.FIRST_WHOLE
    assert all(len(row["checks"]) == 3 for row in rows if row["state"] == "whole")
    table = tune.record_table(rows).splitlines()
    assert table[0].startswith("| trial | bits/note |") and len(table) == 8
    best = tune.best_recipe(RECIPE, rows)
    path = tmp_path / "best.toml"
    path.write_text(tune.recipe_to_toml(best), encoding="utf-8")
    loaded = load_recipe(path)
    assert loaded.optimiser == best.optimiser and loaded.model == best.model and loaded.data == best.data
    assert loaded.optimiser.learning_rate == rows[0]["settings"]["optimiser.learning_rate"]


def test_a_line_of_the_record_is_json_with_the_whole_recipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search(tmp_path, monkeypatch).run(1)
    line = json.loads((tmp_path / tune.RECORD).read_text(encoding="utf-8"))
    assert line["recipe"]["optimiser"]["steps"] == 6 and line["state"] == "whole"
