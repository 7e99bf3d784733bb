"""`zhiyin doctor`: what this machine has and lacks.

Conventions: a lack comes with what to do about it.
This module only formats: see `zhiyin.apps.doctor`.
"""

from __future__ import annotations

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang
from zhiyin.cli.screen import Screen


@command("doctor", examples=("zhiyin doctor", "zhiyin doctor --json"))
def doctor(*, lang: Lang = None, is_json: Json = False, debug: Debug = False) -> None:
    """Check what this machine has."""
    from zhiyin.apps.doctor import DoctorRequest, run

    screen = Screen(lang=lang, is_json=is_json)
    found = run(DoctorRequest())

    def show() -> None:
        for one in found.findings:
            mark = screen.say("fine" if one.is_fine else "missing")
            screen.line(f"{mark:<8} {one.name}: {one.found}" + ("" if one.is_fine else f" - {one.remedy}"))

    screen.answer(found.to_json(), show)
