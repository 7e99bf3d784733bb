"""`zhiyin families`: who can write and what each can do.

Conventions: one line a family, its acts below it.
This module only formats: see `zhiyin.apps.families_`.
"""

from __future__ import annotations

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang
from zhiyin.cli.screen import Screen


@command("families", examples=("zhiyin families", "zhiyin families --json"))
def families(*, lang: Lang = None, is_json: Json = False, debug: Debug = False) -> None:
    """List the families."""
    from zhiyin.apps.families_ import FamiliesRequest, run

    screen = Screen(lang=lang, is_json=is_json)
    found = run(FamiliesRequest())

    def show() -> None:
        for row in found.families:
            size = f", {row['bytes'] / 1e6:.1f} MB" if row["bytes"] else ""
            screen.line(f"{row['family']:<14} {row['writes'][screen.lang]}{size}")
            screen.line(f"{'':<14} {', '.join(row['acts'])}")

    screen.answer(found.to_json(), show)
