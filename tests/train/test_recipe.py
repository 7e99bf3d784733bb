"""Laws of recipes: every number from the file, unknown settings refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiyin.errors import InvalidInput, NotFound
from zhiyin.train.recipe import load_recipe


def test_every_recipe_of_the_repository_loads(root: Path) -> None:
    names = [load_recipe(path).name for path in sorted((root / "recipes").glob("*.toml"))]
    assert "fill-small" in names and "smoke" in names


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
