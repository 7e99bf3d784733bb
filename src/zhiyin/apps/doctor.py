"""doctor: what this machine has, and what to do about what it lacks.

Conventions: a finding is fine or comes with a remedy; nothing is installed or changed.
This module makes no sound and no score.
"""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any

from zhiyin import __version__
from zhiyin.apps.base import Progress, silent
from zhiyin.apps.model import open_model
from zhiyin.errors import ZhiyinError
from zhiyin.render import find_soundfont
from zhiyin.render.fluid import is_available
from zhiyin.render.fonts import cjk_fonts


@dataclass(frozen=True, slots=True)
class DoctorRequest:
    """Nothing is asked: everything is checked."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing checked: its name, whether it is there, what was found, and what to do if it is not."""

    name: str
    is_fine: bool
    found: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """All things checked."""

    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the findings as plain values."""
        return {"findings": [asdict(finding) for finding in self.findings]}


def run(request: DoctorRequest, progress: Progress = silent) -> Findings:
    """Return what was found."""
    python = Finding("python", True, f"{platform.python_version()}, zhiyin {__version__}")
    return Findings((python, _checkpoint(), _fluidsynth(), _soundfont(), _fonts(), _extra("data", "pyarrow"),
                     _extra("train", "torch")))  # fmt: skip


def _checkpoint() -> Finding:
    try:
        model = open_model()
    except ZhiyinError as error:
        return Finding("checkpoint", False, str(error), "reinstall zhiyin: the weights are part of it")
    return Finding("checkpoint", True, f"{model.name} {model.version}")


def _fluidsynth() -> Finding:
    remedy = "install fluidsynth (scripts/install-system); until then the small built-in bank plays"
    return Finding("fluidsynth", is_available(), "found" if is_available() else "not found", remedy)


def _soundfont() -> Finding:
    try:
        found = find_soundfont()
    except ZhiyinError as error:
        return Finding("soundfont", False, str(error), "correct ZHIYIN_SOUNDFONT or unset it")
    remedy = "install MuseScore_General_Lite (scripts/install-system) or give --soundfont FILE"
    return Finding("soundfont", found is not None, str(found) if found else "not found", remedy)


def _fonts() -> Finding:
    fonts = cjk_fonts()
    remedy = "install a font with Chinese, e.g. fonts-noto-cjk; without one Chinese is left out of pictures"
    return Finding("chinese font", bool(fonts), str(fonts[0]) if fonts else "not found", remedy)


def _extra(extra: str, package: str) -> Finding:
    there = find_spec(package) is not None
    return Finding(f"extra {extra}", there, package if there else f"{package} is not installed",
                   f"only if you need it: pip install 'zhiyin[{extra}]'")  # fmt: skip
