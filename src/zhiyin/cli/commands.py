"""The table of commands: every application of `zhiyin.apps.APPS` under its name.

Conventions: importing a command's module registers it here; help lines come from APPS.
This module does nothing else.
"""

from __future__ import annotations

from zhiyin.cli import (  # noqa: F401
    accept,
    acts,
    arranging,
    brief,
    compose,
    convert,
    corpus,
    diff,
    doctor,
    edit,
    families,
    info,
    judge,
    listen,
    lyrics,
    map,
    originality,
    plan,
    provenance,
    render,
    train,
    tune,
)
from zhiyin.cli.app import app

__all__ = ["app"]
