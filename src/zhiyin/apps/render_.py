"""render: a score made audible and visible.

Conventions: the target's ending chooses what is made; a target without an ending is a folder that gets everything.
This module performs, then hands over: see `zhiyin.perform` and `zhiyin.render`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.bundle import (
    AUDIO_NAME,
    FIXED_NAMES,
    USUAL_LUFS,
    Sound,
    left_out_words,
    measure_sound,
)
from zhiyin.apps.files import named, read_score
from zhiyin.apps.manifests import with_manifest
from zhiyin.apps.output import (
    REPORT_FORMAT,
    REPORT_NAME,
    check_place,
    refuse_foreign,
    staged_folder,
    write_whole,
)
from zhiyin.apps.plan_ import check_seed
from zhiyin.audio.files import AUDIO_ENDINGS, audio_to_bytes, read_audio
from zhiyin.errors import InvalidInput
from zhiyin.perform import humanise
from zhiyin.render import choose_synth
from zhiyin.render.engrave import engrave
from zhiyin.render.export import KINDS, audio_tags, export_bundle
from zhiyin.render.mix import MAX_TAIL_S, render_audio
from zhiyin.render.pdf import engraving_to_pdf
from zhiyin.render.plot import piano_roll_png
from zhiyin.score import Score

MIN_LUFS, MAX_LUFS = -40.0, -6.0


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """What to render and where to.

    target: a file ending in .wav, .flac, .pdf, .svg or .png, or a folder; soundfont: None for the best found here;
    expression: 0 as written .. 3 much; lufs: integrated loudness;
    tail_s: seconds after the music in which it rings out; lang: `en` or `zh`, for what is
    told of files left out. Raises InvalidInput out of range.
    """

    source: Path
    target: Path
    soundfont: Path | None = None
    seed: int = 0
    expression: float = 1.0
    lufs: float = USUAL_LUFS
    tail_s: float = 0.0
    lang: str = "en"

    def __post_init__(self) -> None:
        check_seed(self.seed)
        if not MIN_LUFS <= self.lufs <= MAX_LUFS:
            raise InvalidInput(
                f"loudness must be {MIN_LUFS:g}..{MAX_LUFS:g} LUFS, got {self.lufs:g}: -14 is usual"
            )
        if not 0 <= self.tail_s <= MAX_TAIL_S:
            raise InvalidInput(
                f"tail must be 0..{MAX_TAIL_S:g} seconds, got {self.tail_s:g}: 0 is as long as the music, 2 rings out"
            )
        if self.target.suffix.lower() not in ("", *TARGETS):
            raise InvalidInput(
                f"the output must end in one of {', '.join(TARGETS)} or be a folder, got {self.target.name!r}"
            )


@dataclass(frozen=True, slots=True)
class Rendered:
    """The files written, the sound's measures (None without sound), what the reader warned of, files left out."""

    files: tuple[Path, ...]
    sound: Sound | None
    warnings: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the facts as plain values."""
        return {
            "files": [str(path) for path in self.files],
            "sound": self.sound.to_json() if self.sound else None,
            "warnings": list(self.warnings),
            "left_out": list(self.left_out),
        }


def run(request: RenderRequest, progress: Progress = silent) -> Rendered:
    """Write the target. Raises NotFound, UnreadableFile, InvalidInput."""
    read = named(read_score(request.source), request.source)
    check_place(request.target if not request.target.suffix else request.target.parent)
    if not read.score.note_count:
        raise InvalidInput(f"a score must have notes to be rendered, got {str(request.source)!r} with none")
    ending = request.target.suffix.lower()
    if not ending or request.target.is_dir():
        written, sound = _render_folder(read.score, request, progress)
        return Rendered(written, sound, read.warnings, left_out_words(read.score, request.lang))
    written, sound = TARGETS[ending](read.score, request, progress)
    return Rendered(written, sound, read.warnings)


def _render_folder(
    score: Score, request: RenderRequest, progress: Progress
) -> tuple[tuple[Path, ...], Sound | None]:
    """Write everything and a report that lists the files as ours, so that a second run may replace them."""
    if request.lufs != USUAL_LUFS:
        raise InvalidInput(
            f"a folder's sound is at {USUAL_LUFS:g} LUFS, got {request.lufs:g}: render to a .wav or .flac file"
        )
    synth = choose_synth(request.soundfont)
    refuse_foreign(request.target, (*FIXED_NAMES, REPORT_NAME))
    performed = humanise(score, seed=request.seed, amount=request.expression)

    def tell(kind: str, share: float) -> None:
        progress("files", round(share * len(KINDS)), len(KINDS))

    with staged_folder(request.target) as stage:
        names = sorted(
            export_bundle(
                score,
                stage,
                performed=performed,
                synth=synth,
                tail_s=request.tail_s,
                progress=tell,
                finish=with_manifest,
            )
        )
        sound = measure_sound(read_audio(stage / AUDIO_NAME), synth.name)
        files = [*names, REPORT_NAME]
        tree = {"format": REPORT_FORMAT, "verb": "render", "sound": sound.to_json(), "files": files}
        (stage / REPORT_NAME).write_text(
            json.dumps(tree, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    return tuple(request.target / name for name in files), sound


def _render_sound(
    score: Score, request: RenderRequest, progress: Progress
) -> tuple[tuple[Path, ...], Sound | None]:
    synth = choose_synth(request.soundfont)
    performed = humanise(score, seed=request.seed, amount=request.expression)
    audio = render_audio(
        performed,
        synth=synth,
        lufs=request.lufs,
        tail_s=request.tail_s,
        on_part=lambda done, parts: progress("sound", done, parts),
    )
    ending = request.target.suffix.lower()
    data = audio_to_bytes(audio, ending=ending, tags=audio_tags(score, synth))
    write_whole(request.target, with_manifest(request.target.name, data, performed))
    return (request.target,), measure_sound(audio, synth.name, wanted_lufs=request.lufs)


def _render_pdf(
    score: Score, request: RenderRequest, progress: Progress
) -> tuple[tuple[Path, ...], Sound | None]:
    write_whole(request.target, engraving_to_pdf(engrave(score)))
    return (request.target,), None


def _render_svg(
    score: Score, request: RenderRequest, progress: Progress
) -> tuple[tuple[Path, ...], Sound | None]:
    """Write one page to the target itself, several as NAME-1.svg, NAME-2.svg ..."""
    pages, target = engrave(score).pages, request.target
    numbered = [target.with_stem(f"{target.stem}-{n}") for n in range(1, len(pages) + 1)]
    paths = [target] if len(pages) == 1 else numbered
    for path, page in zip(paths, pages, strict=True):
        write_whole(path, page.encode("utf-8"))
    return tuple(paths), None


def _render_png(
    score: Score, request: RenderRequest, progress: Progress
) -> tuple[tuple[Path, ...], Sound | None]:
    write_whole(request.target, piano_roll_png(score))
    return (request.target,), None


TARGETS: dict[str, Callable[[Score, RenderRequest, Progress], tuple[tuple[Path, ...], Sound | None]]] = {
    **dict.fromkeys(AUDIO_ENDINGS, _render_sound), ".pdf": _render_pdf, ".svg": _render_svg, ".png": _render_png,
}  # fmt: skip
