"""Laws of recipes: every number from the file, unknown settings refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from zhiyin.errors import InvalidInput, NotFound
from zhiyin.train.recipe import load_recipe
from zhiyin.train.tune_space import load_space

# What lies among the recipes and is not of the fill trainer: each is loaded by its own reader below.
CHORALE, SPACE = "chorale.toml", "tune/space.toml"
OWN_READER = ("chorale", "frames")  # what begins so is read by a module of its own


def test_every_recipe_of_the_repository_loads(root: Path) -> None:
    folder = root / "recipes"
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.toml"))}
    assert paths.keys() >= {
        CHORALE,
        SPACE,
        "base.toml",
        "small.toml",
        "compare/beat.toml",
        "tune/recipe.toml",
    }
    names = [
        load_recipe(path).name
        for name, path in paths.items()
        if not name.startswith(OWN_READER) and name != SPACE
    ]
    assert "small" in names and "smoke" in names


def test_the_recipe_of_the_chorales_loads_by_its_own_reader(root: Path) -> None:
    pytest.importorskip("torch", reason="the train extra is not installed")
    from zhiyin.train.chorale import load_chorale_recipe

    path = root / "recipes" / CHORALE
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    recipe = load_chorale_recipe(path)
    assert (recipe.minutes, recipe.model.width) == (written["minutes"], written["model"]["width"])


def test_the_space_of_the_search_loads_by_its_own_reader(root: Path) -> None:
    path = root / "recipes" / SPACE
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert load_space(path).checks == written["search"]["checks"]


def test_settings_come_from_the_file_and_the_rest_from_defaults(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('seed = 7\n[model]\nwidth = 64\nheads = 2\n[data]\nsets = ["groove"]\n', encoding="utf-8")
    recipe = load_recipe(path)
    assert (recipe.name, recipe.seed, recipe.model.width, recipe.data.sets) == ("mine", 7, 64, ("groove",))
    assert recipe.model.layers == 6


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[model]\ndepth = 3\n", r"settings of \[model\] must be among .* got depth"),
        ("[magic]\nx = 1\n", "recipe tables must be among .* got 'magic'"),
        ("seed = \n", "recipe must be TOML"),
        ('[schedule]\nprecision = "fp16"\n', "precision must be 'bf16' or 'fp32', got 'fp16'"),
        ("[optimiser]\nsteps = 0\n", "steps must be 1 or more, got 0"),
    ],
)
def test_bad_recipes_are_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=message):
        load_recipe(path)


def test_a_missing_recipe_names_the_path(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no recipe at .*none\.toml"):
        load_recipe(tmp_path / "none.toml")
