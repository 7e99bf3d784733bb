"""The command line as a person types it, with a tiny model behind it.

Conventions: `zhiyin` runs inside this process; answers, complaints and the exit code come back.
Does not know: any law.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.apps.conftest import checkpoint, song
from zhiyin.apps.model import CHECKPOINT_ENVIRONMENT_NAME
from zhiyin.cli.words import LANGUAGE_NAME

__all__ = ["checkpoint", "song"]


@dataclass(frozen=True, slots=True)
class Typed:
    """What came of a command: the exit code, stdout and stderr."""

    code: int
    out: str
    err: str

    @property
    def tree(self) -> dict[str, Any]:
        """Return stdout as one JSON object."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


@pytest.fixture
def zhiyin(checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Typed]:
    """Return a function that types a command in an empty folder, in English, with the tiny model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(CHECKPOINT_ENVIRONMENT_NAME, str(checkpoint))
    monkeypatch.setenv(LANGUAGE_NAME, "en")

    def type_words(*words: str) -> Typed:
        from zhiyin.cli.commands import app

        done = CliRunner().invoke(app, [str(word) for word in words])
        return Typed(done.exit_code, done.stdout, done.stderr)

    return type_words
