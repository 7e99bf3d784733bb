"""The space of a search: which settings of a recipe are tried, over what, at which equal cost.

Conventions: a TOML file with a [search] table and one table a recipe table, each setting a range or a list of values.
This module neither trains nor chooses.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Protocol

from zhiyin.errors import InvalidInput, NotFound
from zhiyin.train.recipe import DataSettings, ModelSettings, OptimiserSettings, Recipe

HEAD_WIDTH = 32
_TABLES: dict[str, type[Any]] = {"model": ModelSettings, "data": DataSettings, "optimiser": OptimiserSettings}


class Chooser(Protocol):
    """What offers values: an Optuna trial is one."""

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        """Return a number in a range."""
        ...

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int:
        """Return a whole number in a range."""
        ...

    def suggest_categorical(self, name: str, choices: Any) -> Any:
        """Return one of the choices."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """One setting that is tried: its table and name, and a list of values or a range (log: even in ratio)."""

    table: str
    name: str
    values: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0
    log: bool = False

    def __post_init__(self) -> None:
        if not self.values and not self.low < self.high:
            raise InvalidInput(
                f"{self.label} must have values or low below high, got low {self.low} and high {self.high}"
            )
        if self.log and self.low <= 0:
            raise InvalidInput(f"{self.label} with log must have low above 0, got {self.low}")

    @property
    def label(self) -> str:
        """Return the setting as it is told, e.g. 'optimiser.learning_rate'."""
        return f"{self.table}.{self.name}"

    def ask(self, chooser: Chooser) -> Any:
        """Return the value that is tried next."""
        if self.values:
            return chooser.suggest_categorical(self.label, list(self.values))
        if isinstance(self.low, int) and isinstance(self.high, int):
            return chooser.suggest_int(self.label, self.low, self.high, log=self.log)
        return chooser.suggest_float(self.label, self.low, self.high, log=self.log)


@dataclass(frozen=True, slots=True)
class Space:
    """What is searched.

    events: training events a trial, padding included, the same for all; checks: validations a trial, after each of
    which it may be given up; parameters: when set, the width follows from the layers so that every trial has about
    so many weights.
    """

    choices: tuple[Choice, ...]
    events: int = 600_000
    checks: int = 6
    parameters: int = 0

    def __post_init__(self) -> None:
        if not self.choices:
            raise InvalidInput("a space must name 1 setting or more to try, got none: add e.g. [optimiser]")
        if self.events < 1 or self.checks < 1:
            raise InvalidInput(f"events and checks must be 1 or more, got {self.events} and {self.checks}")

    def variant(self, recipe: Recipe, chooser: Chooser) -> Recipe:
        """Return the recipe with the chooser's values, its length set to the space's events."""
        chosen: dict[str, dict[str, Any]] = {name: {} for name in _TABLES}
        for choice in self.choices:
            chosen[choice.table][choice.name] = choice.ask(chooser)
        model = replace(recipe.model, **chosen["model"])
        if self.parameters:
            model = shaped(model, self.parameters)
        optimiser = replace(recipe.optimiser, **chosen["optimiser"])
        steps = max(self.events // optimiser.events_a_batch, self.checks)
        warmup = min(optimiser.warmup_steps, max(steps // 10, 1))
        return replace(
            recipe, model=model, data=replace(recipe.data, **chosen["data"]),
            optimiser=replace(optimiser, steps=steps, warmup_steps=warmup),
            schedule=replace(recipe.schedule, validate_every=max(steps // self.checks, 1), stop_after=10**6),
        )  # fmt: skip


def shaped(model: ModelSettings, parameters: int) -> ModelSettings:
    """Return the model with the width, heads and hidden width that come nearest to so many weights in its layers.

    >>> shaped(ModelSettings(layers=4), 4 * 12 * 128**2).width
    128
    """
    widths = range(HEAD_WIDTH, 2049, HEAD_WIDTH)
    width = min(widths, key=lambda w: abs(12 * w * w * model.layers - parameters))
    hidden = round(8 / 3 * width / 16) * 16
    return replace(model, width=width, heads=max(width // HEAD_WIDTH, 1), hidden=hidden, inner=width)


def load_space(path: Path) -> Space:
    """Return the space of a TOML file.

    Raises NotFound when the file is missing, InvalidInput when a setting is not one of a recipe's.
    """
    if not path.is_file():
        raise NotFound(f"a space must be a TOML file that exists, got {str(path)!r}: see recipes/tune/")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"a space must be TOML, got an error in {str(path)!r}: {error}") from error
    search = raw.pop("search", {})
    unknown = sorted(set(search) - {"events", "checks", "parameters"})
    if unknown:
        raise InvalidInput(f"[search] must hold events, checks or parameters, got {', '.join(unknown)}")
    choices = [
        _choice(table, name, told) for table, settings in raw.items() for name, told in settings.items()
    ]
    return Space(tuple(choices), **search)


def _choice(table: str, name: str, told: Any) -> Choice:
    known = {f.name for f in fields(_TABLES[table])} if table in _TABLES else set()
    if name not in known:
        where = ", ".join(sorted(known)) or f"the tables {', '.join(_TABLES)}"
        raise InvalidInput(f"settings to try must be among {where}, got {table}.{name}")
    allowed = {"values", "low", "high", "log"}
    if not isinstance(told, dict) or not told or set(told) - allowed:
        raise InvalidInput(
            f"{table}.{name} must be a table with values, or low and high (and log), got {told!r}"
        )
    values = tuple(told.get("values", ()))
    return Choice(
        table, name, values, told.get("low", 0.0), told.get("high", 0.0), bool(told.get("log", False))
    )
