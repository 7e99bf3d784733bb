"""The files of one piece or of several takes, written into a folder whole or not at all.

Conventions: loudness and peak are measured on the file that was written, not on what was meant.
This module makes no sound and no page itself: see `zhiyin.render.export`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress
from zhiyin.apps.manifests import with_manifest
from zhiyin.apps.output import REPORT_NAME, check_folder, refuse_foreign, staged_folder
from zhiyin.apps.report_text import report_text
from zhiyin.audio import Audio
from zhiyin.audio.files import read_audio
from zhiyin.audio.loudness import loudness_lufs
from zhiyin.fill.plan import Plan, plan_to_json
from zhiyin.render.base import Synth
from zhiyin.render.export import KINDS, export_bundle, too_long
from zhiyin.score import Score

USUAL_LUFS = -14.0
PRINTED = ("musicxml", "pages")  # kinds that a page of its own is made into
PLAN_NAME, REPORT_TEXT_NAME, AUDIO_NAME = "plan.json", "report.md", "audio.wav"
FIXED_NAMES = (
    "score.mid", "performance.mid", "score.musicxml", "score.zyn", "score-1.svg", "score.pdf", "roll.png",
    AUDIO_NAME, "audio.flac",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sound:
    """What a sound measures: the bank that played, length, integrated loudness, sample peak, rate and channels.

    wanted_lufs: the loudness asked for; the peak ceiling may keep the sound below it.
    """

    bank: str
    seconds: float
    lufs: float
    peak_dbfs: float
    sample_rate: int
    channels: int
    wanted_lufs: float = USUAL_LUFS

    @property
    def below_target_lu(self) -> float:
        """Return how far the sound stays under the loudness asked for, 0.0 within half a unit."""
        below = self.wanted_lufs - self.lufs
        return round(below, 1) if below > 0.5 else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the measures as plain values."""
        return asdict(self) | {"below_target_lu": self.below_target_lu}


@dataclass(frozen=True, slots=True)
class Bundling:
    """Where the files go, who plays them, and whether sound files are left out."""

    folder: Path
    synth: Synth
    is_silent: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of files to make."""
        return tuple(kind for kind in KINDS if kind != "audio" or not self.is_silent)


@dataclass(frozen=True, slots=True)
class Made:
    """The files of one take by their bare names, and its sound if any."""

    files: tuple[str, ...]
    sound: Sound | None


def measure_sound(audio: Audio, bank: str, *, wanted_lufs: float = USUAL_LUFS) -> Sound:
    """Return what a sound measures."""
    return Sound(
        bank, round(audio.duration_s, 3), round(loudness_lufs(audio), 2), round(audio.peak_db, 2),
        audio.sample_rate, audio.channels, wanted_lufs,
    )  # fmt: skip


def left_out_words(score: Score, lang: str, *, page: Score | None = None) -> tuple[str, ...]:
    """Return what a bundle leaves out because the score, or what stands on its pages, is too long, in sentences."""
    kinds = _sheets(score, page, KINDS)
    found = {kind: why for one, chosen in kinds for kind, why in too_long(one).items() if kind in chosen}
    return tuple(reason[lang == "zh"] for reason in found.values())


def _sheets(
    score: Score, page: Score | None, kinds: tuple[str, ...]
) -> tuple[tuple[Score, tuple[str, ...]], ...]:
    """Return what is made of the score, and what of its page where that is another one."""
    if page is None or page is score:
        return ((score, kinds),)
    printed = tuple(kind for kind in kinds if kind in PRINTED)
    return ((score, tuple(kind for kind in kinds if kind not in PRINTED)), (page, printed))


def take_folders(takes: int) -> list[str]:
    """Return the folder of each take: the output itself for one, take-1, take-2 ... for several."""
    return [""] if takes == 1 else [f"take-{number}" for number in range(1, takes + 1)]


def refuse_early(bundling: Bundling, takes: int) -> None:
    """Raise InvalidInput before the long work when the folder cannot be written or holds a file not ours."""
    check_folder(bundling.folder)
    names = [f"{folder}/{name}".lstrip("/") for folder in take_folders(takes) for name in FIXED_NAMES]
    refuse_foreign(bundling.folder, [*names, PLAN_NAME, REPORT_NAME, REPORT_TEXT_NAME])


def write_pieces(
    pairs: Sequence[tuple[Score, Score]],
    bundling: Bundling,
    *,
    report: Callable[[list[Made]], dict[str, Any]],
    pages: Sequence[Score] | None = None,
    plan: Plan | None = None,
    progress: Progress,
    text: Callable[..., str] = report_text,
    more: Callable[[Path], None] | None = None,
) -> dict[str, Any]:
    """Write the files of (written, performed) scores, then the plan and the report, and return the report.

    report: makes the report of what was made; the list of all files is added to it; pages: what the pages of each pair
    hold where it is not what is written; text: the Markdown of it;
    more: writes what else belongs into the folder.
    """
    with staged_folder(bundling.folder) as stage:
        made = [
            _write_take(
                pair,
                stage / folder,
                bundling,
                partial(_tell_files, progress, number, len(pairs)),
                page=pages[number] if pages else None,
            )
            for number, (pair, folder) in enumerate(zip(pairs, take_folders(len(pairs)), strict=True))
        ]
        if more is not None:
            more(stage)
        if plan is not None:
            (stage / PLAN_NAME).write_text(plan_to_json(plan) + "\n", encoding="utf-8")
        tree = report(made)
        written = sorted(p.relative_to(stage).as_posix() for p in stage.rglob("*") if p.is_file())
        tree["files"] = sorted({*written, REPORT_NAME, REPORT_TEXT_NAME})
        (stage / REPORT_NAME).write_text(
            json.dumps(tree, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        (stage / REPORT_TEXT_NAME).write_text(text(tree, lang=str(tree["lang"])), encoding="utf-8")
    return tree


def _tell_files(progress: Progress, take: int, takes: int, share: float) -> None:
    progress("files", round(100 * (take + share)), 100 * takes)


def _write_take(
    pair: tuple[Score, Score],
    folder: Path,
    bundling: Bundling,
    tell: Callable[[float], None],
    *,
    page: Score | None = None,
) -> Made:
    written: dict[str, Path] = {}
    for score, kinds in _sheets(pair[0], page, bundling.kinds):
        written |= export_bundle(
            score, folder, performed=pair[1], synth=bundling.synth, kinds=kinds,
            progress=lambda kind, share: tell(share), finish=with_manifest,
        )  # fmt: skip
    sound = (
        measure_sound(read_audio(written[AUDIO_NAME]), bundling.synth.name) if AUDIO_NAME in written else None
    )
    return Made(tuple(sorted(written)), sound)
