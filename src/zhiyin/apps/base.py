"""The seam for applications: a frozen request in, a result out, progress told on the way.

Conventions: `progress(stage, done, all)` is called with all = 0 while the end is not known; results give plain JSON.
This module knows no application; the table is `zhiyin.apps.APPS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, TypeAlias

Progress: TypeAlias = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Take no notice of progress."""


class Result(Protocol):
    """What an application gives back."""

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain values that `json.dumps` takes."""
        ...


@dataclass(frozen=True, slots=True)
class App:
    """One verb of a musician.

    name: the words typed after `zhiyin`; module: where `run` and the request live, imported on first use so that
    one verb does not pay for another's libraries; request_name: the frozen dataclass it takes; help: (en, zh).
    """

    name: str
    module: str
    request_name: str
    help_en: str
    help_zh: str

    @property
    def request(self) -> type[Any]:
        """Return the request's class."""
        found: type[Any] = getattr(import_module(self.module), self.request_name)
        return found

    def run(self, request: Any, progress: Progress = silent) -> Result:
        """Return the result of a request; `progress` hears how far it is."""
        found: Result = import_module(self.module).run(request, progress)
        return found
