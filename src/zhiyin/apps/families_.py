"""families: who can write, which acts each serves, which parts it writes itself and what its weights weigh.

Conventions: the table is `zhiyin.apps.families.FAMILIES`. This module opens no weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.families import capabilities


@dataclass(frozen=True, slots=True)
class FamiliesRequest:
    """Nothing to choose."""


@dataclass(frozen=True, slots=True)
class FamilyList:
    """Every family with its acts, its parts and its weights."""

    families: list[dict[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """Return the families as plain values."""
        return {"families": self.families}


def run(request: FamiliesRequest, progress: Progress = silent) -> FamilyList:
    """Return the table of families."""
    return FamilyList(capabilities())
