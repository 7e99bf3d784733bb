"""listen: what a piece is, from its notes or from its sound, told with reasons and drawn.

Conventions: a file's ending says whether it is notes or sound; every answer is a Finding, "don't know" included.
This module hears nothing itself: see `zhiyin.listen`; it draws in listen_picture.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.output import REPORT_FORMAT, REPORT_NAME, refuse_foreign, staged_folder
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.listen.base import Finding
from zhiyin.theory.key import Key

if TYPE_CHECKING:
    from zhiyin.apps.info import Info
    from zhiyin.listen.sound import SoundHeard
    from zhiyin.render.canvas import Canvas

SOUND_ENDINGS = (".wav", ".flac", ".mp3", ".ogg", ".aif", ".aiff")
PICTURES = ("listen.png", "listen.svg")
LONGEST_S = 1800.0  # half an hour; a spectrum of more fills the memory of a laptop


@dataclass(frozen=True, slots=True)
class ListenRequest:
    """Which file to listen to, notes or sound, and the folder for the pictures and the report (None: none)."""

    source: Path
    out: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Listened:
    """What was heard.

    facts: plain values by name (seconds, tempo_bpm, key ...), those of notes and of sound differ; findings: by
    listener; titles: (English, Chinese) of each listener; files: what was written; source_kind: notes or sound.
    """

    source: Path
    source_kind: str
    title: str
    facts: dict[str, Any]
    key: Key | None
    findings: dict[str, Finding]
    titles: dict[str, tuple[str, str]]
    warnings: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return all that was heard as plain values."""
        return {
            "file": str(self.source), "source": self.source_kind, "title": self.title, **self.facts,
            "key": self.key.name if self.key else None, "key_zh": self.key.name_zh if self.key else None,
            "findings": {name: finding.to_json() for name, finding in self.findings.items()},
            "warnings": list(self.warnings), "files": [str(path) for path in self.files],
        }  # fmt: skip


def run(request: ListenRequest, progress: Progress = silent) -> Listened:
    """Return what was heard, its pictures written if a folder is given.

    Raises NotFound, UnreadableFile, InvalidInput (nothing to hear), MissingExtra (sound without librosa).
    """
    if request.out is not None:
        refuse_foreign(request.out, (*PICTURES, REPORT_NAME))  # before the work, not after it
    progress("listen", 0, 0)
    heard, canvas = _of_sound(request) if is_sound(request.source) else _of_notes(request)
    if request.out is None or canvas is None:
        return heard
    progress("draw", 0, 0)
    return _written(heard, canvas, request.out)


def is_sound(path: Path) -> bool:
    """Return whether a file's ending is one of sound. Raises NotFound for an ending that is neither sound nor notes."""
    from zhiyin.io import FORMATS

    ending = path.suffix.lower()
    if ending not in SOUND_ENDINGS and ending not in FORMATS and not path.is_dir():
        known = ", ".join(sorted({*SOUND_ENDINGS, *FORMATS}))
        raise NotFound(f"a file to listen to must end in one of {known}, got {path.name!r}: convert it first")
    return ending in SOUND_ENDINGS and not path.is_dir()


def _of_sound(request: ListenRequest) -> tuple[Listened, Canvas | None]:
    from zhiyin.audio.files import read_audio
    from zhiyin.listen.sound import SOUND_LISTENERS, hear_sound

    audio = read_audio(request.source)
    if audio.duration_s > LONGEST_S:
        raise InvalidInput(
            f"sound must last {LONGEST_S:.0f} s at most to be listened to, got {audio.duration_s:.0f} s: cut it"
        )
    sound = hear_sound(audio)
    titles = {name: (one.en, one.zh) for name, one in SOUND_LISTENERS.items()}
    heard = Listened(
        request.source, "sound", request.source.stem, sound_facts(sound), sound.key.key,
        {finding.listener: finding for finding in sound.findings}, titles,
    )  # fmt: skip
    if request.out is None:
        return heard, None
    from zhiyin.apps.listen_picture import sound_picture

    return heard, sound_picture(heard, sound)


def sound_facts(sound: SoundHeard) -> dict[str, Any]:
    """Return what is measured of a sound as plain values."""
    return {
        "seconds": round(sound.duration_s, 2),
        "tempo_bpm": round(sound.tempo.bpm, 1) if sound.tempo.bpm else None,
        "tempo_clarity": round(sound.tempo.clarity, 3),
        "other_tempi_bpm": [round(bpm, 1) for bpm in sound.tempo.others],
        "key_strength": round(sound.key.strength, 3),
        "loudness_lufs": round(sound.loudness, 1),
        "brightness_hz": round(sound.brightness),
        "onsets_a_second": round(sound.onset_rate, 2),
    }


def _of_notes(request: ListenRequest) -> tuple[Listened, Canvas | None]:
    from zhiyin.apps.info import InfoRequest
    from zhiyin.apps.info import run as look
    from zhiyin.listen import LISTENERS

    info = look(InfoRequest(request.source))
    if not info.score.note_count:
        raise InvalidInput(
            f"a score must have notes to be listened to, got {str(request.source)!r} with none: is it the right file?",
            zh=f"乐谱里要有音符才听得到，{str(request.source)!r} 里一个也没有：文件没弄错吧？",
        )
    findings = {name: one.hear(info.score) for name, one in LISTENERS.items()}
    titles = {name: (one.en, one.zh) for name, one in LISTENERS.items()}
    heard = Listened(
        request.source, "notes", info.score.title.strip() or request.source.stem, notes_facts(info), info.key,
        findings, titles, info.warnings,
    )  # fmt: skip
    if request.out is None:
        return heard, None
    from zhiyin.apps.listen_picture import notes_picture

    return heard, notes_picture(heard, info)


def notes_facts(info: Info) -> dict[str, Any]:
    """Return what a score holds as plain values."""
    summary = info.summary
    return {
        "seconds": round(summary.seconds, 2), "bars": summary.bars, "notes": summary.notes,
        "parts": len(summary.parts), "tempo_bpm": round(summary.tempo_bpm, 1),
        "metre": [str(metre) for metre in summary.metres], "form": info.form,
    }  # fmt: skip


def _written(heard: Listened, canvas: Canvas, folder: Path) -> Listened:
    """Return the same with its files, written whole or not at all."""
    from dataclasses import replace

    names = (*PICTURES, REPORT_NAME)
    told = replace(heard, files=tuple(folder / name for name in names))
    tree: Mapping[str, Any] = (
        {"format": REPORT_FORMAT, "verb": "listen"} | told.to_json() | {"files": list(names)}
    )
    with staged_folder(folder) as stage:
        (stage / PICTURES[0]).write_bytes(canvas.png())
        (stage / PICTURES[1]).write_bytes(canvas.svg())
        text = json.dumps(tree, ensure_ascii=False, indent=1)
        (stage / REPORT_NAME).write_text(text + "\n", encoding="utf-8")
    return told
