"""Optional packages: asked for before the work, so that the command to install them is named at once.

Conventions: a check looks for the package without importing it.
This module installs nothing.
"""

from __future__ import annotations

from importlib.util import find_spec

from zhiyin.errors import MissingExtra


def need_pyarrow() -> None:
    """Raise MissingExtra when pyarrow is not installed."""
    if find_spec("pyarrow") is None:
        raise MissingExtra("the corpus", "data")


def need_optuna() -> None:
    """Raise MissingExtra when optuna is not installed."""
    if find_spec("optuna") is None:
        raise MissingExtra("searching for settings", "tune")


def need_torch() -> None:
    """Raise MissingExtra when torch is not installed."""
    if find_spec("torch") is None:
        raise MissingExtra("training", "train")
