"""A bundle: one piece as files for ears, eyes, notation programs and sequencers.

Conventions: notation comes from the written score, sound from the performed one; a bundle appears whole or
not at all. This module does not perform (`zhiyin.perform`): the caller hands both scores in.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from zhiyin.audio import Audio
from zhiyin.audio.files import audio_to_bytes
from zhiyin.errors import InvalidInput
from zhiyin.io.midi import Midi
from zhiyin.io.musicxml import MusicXml
from zhiyin.io.native import Native
from zhiyin.render.base import Synth
from zhiyin.render.engrave import CREDIT, Engraving, engrave
from zhiyin.render.mix import render_audio
from zhiyin.render.pdf import engraving_to_pdf
from zhiyin.render.plot import MAX_BARS, piano_roll_png
from zhiyin.render.readable import readable, without_idle_chords
from zhiyin.score import Score, Timeline
from zhiyin.score.hands import join_hands
from zhiyin.units import Seconds

Progress = Callable[[str, float], None]
# What is done to a file's bytes before they are written: (name, bytes, the score in it) -> bytes.
Finish = Callable[[str, bytes, Score], bytes]
# What a bundle can hold, in the order of making.
KINDS = ("midi", "musicxml", "native", "roll", "pages", "audio")
MAX_ENGRAVED_BARS = 8000  # bars times parts


@dataclass(frozen=True, slots=True)
class _Work:
    score: Score
    performed: Score
    synth: Synth
    tail_s: Seconds
    finish: Finish


def export_bundle(
    score: Score,
    folder: Path | str,
    *,
    performed: Score,
    synth: Synth,
    kinds: Collection[str] = KINDS,
    tail_s: Seconds = 0.0,
    progress: Progress | None = None,
    finish: Finish = lambda name, data, score: data,
) -> dict[str, Path]:
    """Write a piece into a folder and return {file name: path}.

    score: as written, for score.mid, score.musicxml, score.zyn, score-1.svg ..., score.pdf, roll.png;
    performed: as played, for performance.mid, audio.wav, audio.flac; tail_s: seconds after the music in which it
    rings out; kinds: names of KINDS, of which those in `too_long` are left out;
    progress: told (kind, share done 0..1); finish: what is done to each file of notes or sound before it is written.
    Everything is made aside and moved in at the end, so that a
    failure or Ctrl-C leaves the folder as it was. Raises InvalidInput for an unknown kind.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise InvalidInput(f"a bundle's kinds must be among {', '.join(KINDS)}, got {kind!r}")
    target = Path(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    work = _Work(score, performed, synth, tail_s, finish)
    try:
        left_out = too_long(score)
        chosen = [kind for kind in KINDS if kind in kinds and kind not in left_out]
        for done, kind in enumerate(chosen):
            _tell(progress, kind, done / len(chosen))
            for name, data in _MAKERS[kind](work).items():
                (aside / name).write_bytes(data)
        written = _move_in(aside, target)
        _tell(progress, "done", 1.0)
        return written
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def too_long(score: Score) -> dict[str, tuple[str, str]]:
    """Return the kinds that a bundle leaves out because the score is too long for them, and why: (English, Chinese)."""
    bars = Timeline.of(score).bar_count(score.end)
    left_out = {}
    if bars > MAX_BARS:
        left_out["roll"] = (
            f"no piano roll: it holds {MAX_BARS} bars and this piece has {bars}",
            f"没有钢琴卷帘图：它最多画 {MAX_BARS} 小节，这首有 {bars} 小节",
        )
    if bars * len(score.parts) > MAX_ENGRAVED_BARS:
        left_out["pages"] = (
            f"no pages: {bars} bars in {len(score.parts)} parts are too many; score.musicxml has them all",
            f"没有谱页：{len(score.parts)} 个声部 {bars} 小节太多；score.musicxml 里是全部",
        )
    return left_out


def audio_tags(score: Score, synth: Synth) -> tuple[tuple[str, str], ...]:
    """Return the tags of a sound file: title, artist, and the bank that played."""
    artist = next((text for kind, text in score.credits if kind == "composer"), CREDIT)
    return (("title", score.title or "Untitled"), ("artist", artist), ("comment", f"sound: {synth.name}"))


def _tell(progress: Progress | None, kind: str, share: float) -> None:
    if progress is not None:
        progress(kind, share)


def _move_in(aside: Path, target: Path) -> dict[str, Path]:
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("score-*.svg"):  # a shorter piece must not keep the pages of a longer one
        if not (aside / old.name).exists() and any(aside.glob("score-*.svg")):
            old.unlink()
    written = {}
    for path in sorted(aside.iterdir()):
        os.replace(path, target / path.name)
        written[path.name] = target / path.name
    return written


def _midi(work: _Work) -> dict[str, bytes]:
    scores = {"score.mid": work.score, "performance.mid": work.performed}
    return {name: work.finish(name, Midi().write(score).data, score) for name, score in scores.items()}


def _musicxml(work: _Work) -> dict[str, bytes]:
    score = join_hands(readable(work.score))
    return {"score.musicxml": work.finish("score.musicxml", MusicXml().write(score).data, score)}


def _native(work: _Work) -> dict[str, bytes]:
    return {f"score{Native.endings[0]}": Native().write(work.score).data}


def _roll(work: _Work) -> dict[str, bytes]:
    return {"roll.png": piano_roll_png(without_idle_chords(work.score))}


def _pages(work: _Work) -> dict[str, bytes]:
    engraving: Engraving = engrave(work.score)
    pages = {f"score-{n}.svg": page.encode("utf-8") for n, page in enumerate(engraving.pages, start=1)}
    return {**pages, "score.pdf": engraving_to_pdf(engraving)}


def _audio(work: _Work) -> dict[str, bytes]:
    audio: Audio = render_audio(work.performed, synth=work.synth, tail_s=work.tail_s)
    tags = audio_tags(work.score, work.synth)
    sounds = {f"audio{end}": audio_to_bytes(audio, ending=end, tags=tags) for end in (".wav", ".flac")}
    return {name: work.finish(name, data, work.performed) for name, data in sounds.items()}


_MAKERS: dict[str, Callable[[_Work], dict[str, bytes]]] = {
    "midi": _midi,
    "musicxml": _musicxml,
    "native": _native,
    "roll": _roll,
    "pages": _pages,
    "audio": _audio,
}
