"""Recipes: one training run written down in a TOML file.

Conventions: times in steps, lengths in events; every number that shapes the result is in the recipe.
This module does not train.
"""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from zhiyin.errors import InvalidInput, NotFound
from zhiyin.models.beat_sizes import CycleganSettings, TransferData, VaeTransferSettings
from zhiyin.models.gan_config import GanData, GanSettings
from zhiyin.models.vae_config import VaeConfig, VaeDataSettings
from zhiyin.models.verse_config import VerseData, VerseSettings


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """The family, its sizes and its layout: see `zhiyin.models.FillConfig`.

    echo: whether events are told what the row did at their place in earlier bars.
    """

    family: str = "transformer"
    width: int = 256
    layers: int = 6
    heads: int = 8
    hidden: int = 704
    inner: int = 256
    dropout: float = 0.1
    layout: str = "compound"
    order: str = "bar"
    columns: str = "bar"
    clocks: str = "both"
    norm_qk: bool = False
    steps: bool = False
    echo: bool = False


@dataclass(frozen=True, slots=True)
class DataSettings:
    """Which sets are learned from and how windows are cut.

    sets: empty for all that may ship. max_events: events a window; weights: set name -> factor.
    likeness: whether cells are told which earlier column they resemble. style_evenness: a style's share grows with
    its size to this power: 1 as the corpus is, 0 all styles alike.
    """

    sets: tuple[str, ...] = ()
    max_events: int = 512
    max_columns: int = 24
    max_rows: int = 7
    weights: dict[str, float] = field(default_factory=dict)
    likeness: bool = True
    style_evenness: float = 0.65


@dataclass(frozen=True, slots=True)
class OptimiserSettings:
    """Warm-up and decay of the rate; lowered further when validation stalls.

    name: "adamw", or "muon" for the matrices inside the layers (Jordan et al., 2024) and AdamW for the rest, at one
    rate. decay: "cosine", or "linear" over the last decay_share of the steps after a level stretch. momentum: the
    first of AdamW's, lower where nets work against each other.
    """

    name: str = "adamw"
    decay: str = "cosine"
    decay_share: float = 0.5
    learning_rate: float = 1e-3
    final_fraction: float = 0.05
    momentum: float = 0.9
    warmup_steps: int = 200
    weight_decay: float = 0.05
    clip_norm: float = 1.0
    events_a_batch: int = 8192
    steps: int = 4000
    given_weight: float = 0.25
    ema: float = 0.998


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """How often to measure and save, and when to lower the rate or stop.

    patience: validations without gain before the rate is halved; stop_after: before the run stops. workers: processes
    that draw batches, 0 for this one. compile: whether the model is compiled, for batches in few lengths.
    max_minutes: the run's length on the clock, 0 for none: the rate comes down by whichever of steps and minutes is
    further on, so that a run that is cut short has had its decay.
    """

    validate_every: int = 250
    validation_windows: int = 256
    patience: int = 3
    stop_after: int = 8
    precision: str = "bf16"
    threads: int = 2
    workers: int = 0
    compile: bool = False
    max_minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """One training run.

    model: the settings of the family it names; data: those of the family's task (see SETTINGS).
    """

    name: str
    seed: int = 1
    model: Any = ModelSettings()
    data: Any = DataSettings()
    optimiser: OptimiserSettings = OptimiserSettings()
    schedule: ScheduleSettings = ScheduleSettings()

    def __post_init__(self) -> None:
        if self.schedule.precision not in ("bf16", "fp32"):
            raise InvalidInput(
                f"schedule.precision must be 'bf16' or 'fp32', got {self.schedule.precision!r}"
            )
        if self.optimiser.name not in ("adamw", "muon"):
            raise InvalidInput(f"optimiser.name must be 'adamw' or 'muon', got {self.optimiser.name!r}")
        if self.optimiser.decay not in ("cosine", "linear"):
            raise InvalidInput(f"optimiser.decay must be 'cosine' or 'linear', got {self.optimiser.decay!r}")
        if self.schedule.workers < 0 or self.schedule.max_minutes < 0:
            raise InvalidInput(
                f"schedule.workers and max_minutes must be 0 or more, got {self.schedule.workers} and "
                f"{self.schedule.max_minutes}"
            )
        if self.optimiser.steps < 1:
            raise InvalidInput(f"optimiser.steps must be 1 or more, got {self.optimiser.steps}")

    @property
    def family(self) -> str:
        """Return the model family that the recipe trains."""
        return str(self.model.family)

    def to_dict(self) -> dict[str, Any]:
        """Return the recipe as plain values, for the card and the log."""
        return asdict(self)


# Family -> (settings of [model], settings of [data]); every [model] has a `family`.
SETTINGS: dict[str, tuple[type[Any], type[Any]]] = {
    "transformer": (ModelSettings, DataSettings),
    "lstm": (ModelSettings, DataSettings),
    "gan": (GanSettings, GanData),
    "vae": (VaeConfig, VaeDataSettings),
    "cyclegan": (CycleganSettings, TransferData),
    "vae-transfer": (VaeTransferSettings, TransferData),
    "verse": (VerseSettings, VerseData),
}


def _tables(family: str) -> dict[str, type[Any]]:
    if family not in SETTINGS:
        raise InvalidInput(
            f"[model] family must be one of {', '.join(SETTINGS)}, got {family!r}: choose one of those"
        )
    model, data = SETTINGS[family]
    return {"model": model, "data": data, "optimiser": OptimiserSettings, "schedule": ScheduleSettings}


def load_flat_recipe(path: Path, kind: type[Any], *, model: type[Any], example: str) -> Any:
    """Return a recipe whose settings stand outside tables, but for those of [model].

    kind, model: dataclasses of the recipe and of its model; example: the path of one, for the message. Raises NotFound
    when the file is missing, InvalidInput when a setting is unknown.
    """
    raw = _read(path, example=example)
    shape = raw.pop("model", {})
    _refuse_unknown(raw, kind, "the recipe")
    _refuse_unknown(shape, model, "[model]")
    return kind(**raw, model=model(**shape))


def _read(path: Path, *, example: str) -> dict[str, Any]:
    if not path.exists():
        raise NotFound(f"no recipe at {str(path)!r}: give the path of a TOML file such as {example}")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"recipe must be TOML, got an error in {str(path)!r}: {error}") from error


def _refuse_unknown(values: dict[str, Any], kind: type[Any], place: str) -> None:
    known = sorted(one.name for one in fields(kind))
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise InvalidInput(f"settings of {place} must be among {', '.join(known)}, got {', '.join(unknown)}")


def load_recipe(path: Path) -> Recipe:
    """Return the recipe in a TOML file; its name is the file's stem.

    Raises NotFound when the file is missing, InvalidInput when a setting is unknown.
    """
    raw = _read(path, example="recipes/small.toml")
    seed = raw.pop("seed", 1)
    tables = _tables(raw.get("model", {}).get("family", "transformer"))
    parts: dict[str, Any] = {"model": tables["model"](), "data": tables["data"]()}
    for table, values in raw.items():
        if table not in tables:
            raise InvalidInput(
                f"recipe tables must be among {', '.join(tables)}, got {table!r} in {str(path)!r}"
            )
        parts[table] = _settings(tables[table], values, table)
    return Recipe(path.stem, seed, **parts)


def _settings(kind: type[Any], values: dict[str, Any], table: str) -> Any:
    _refuse_unknown(values, kind, f"[{table}]")
    return kind(**{name: tuple(v) if isinstance(v, list) else v for name, v in values.items()})
