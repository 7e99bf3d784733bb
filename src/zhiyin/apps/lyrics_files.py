"""The files of a song with words: score, sound, page, lyric sheet and report, or one score file.

Conventions: pages stand on the beats found where a person played apart from the written ones; sound keeps their time.
This module writes no words: see `zhiyin.apps.lyrics_make`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from zhiyin.apps.acting_files import is_file_target, is_in_played_time, refuse_ending
from zhiyin.apps.base import Progress
from zhiyin.apps.bundle import Bundling, Made, left_out_words, refuse_early, write_pieces
from zhiyin.apps.lyrics_make import Written
from zhiyin.apps.lyrics_report import lyrics_text, lyrics_tree
from zhiyin.apps.manifests import written_with_manifest
from zhiyin.apps.output import check_place, write_whole
from zhiyin.errors import InvalidInput
from zhiyin.fill.desk import Desk
from zhiyin.io import FORMATS
from zhiyin.lyrics.sheet import sheet_md, sheet_txt
from zhiyin.lyrics.song import with_words
from zhiyin.perform import humanise
from zhiyin.render import choose_synth
from zhiyin.score import Score

if TYPE_CHECKING:
    from zhiyin.apps.lyrics_ import LyricsRequest

SHEET_NAME, WORDS_NAME = "lyrics.md", "lyrics.txt"


def refuse_lyrics_place(request: LyricsRequest) -> None:
    """Raise InvalidInput before the long work when the answer cannot be written where it was asked."""
    refuse_ending(request.out)
    if is_file_target(request.out):
        if request.out.exists() and request.out.samefile(request.source):
            raise InvalidInput(
                f"the answer must be another file than the source, got {str(request.out)!r} twice: name another file"
            )
        check_place(request.out.parent)
        return
    refuse_early(_bundling(request), 1)


def _bundling(request: LyricsRequest) -> Bundling:
    return Bundling(request.out, synth=choose_synth(request.soundfont), is_silent=request.is_silent)


def write_lyrics(
    request: LyricsRequest, written: Written, *, warnings: tuple[str, ...], progress: Progress
) -> dict[str, Any]:
    """Write what was made and return the report; a check and alternatives write nothing."""
    if written.lyrics is None or written.others:
        return lyrics_tree(request, written, warnings=warnings)
    page = with_words(written.score, written.tune, written.lyrics)
    own = page if written.desk is None else _in_own_time(written.desk, page, part=written.tune.part)
    if is_file_target(request.out):
        form = FORMATS[request.out.suffix.lower()]
        score = own if is_in_played_time(request.out) else page
        file = written_with_manifest(form, score, name=request.out.name)
        write_whole(request.out, file.data)
        tree = lyrics_tree(request, written, warnings=warnings, lost=tuple(dict.fromkeys(file.lost)))
        return tree | {"files": [request.out.name]}
    left_out = left_out_words(own, request.lang, page=page)

    def tell(pieces: list[Made]) -> dict[str, Any]:
        sound = pieces[0].sound
        tree = lyrics_tree(request, written, warnings=warnings, left_out=left_out)
        return tree | {"sound": sound.to_json() if sound else None}

    played = own if written.desk is not None else humanise(own, seed=request.seed)
    return write_pieces(
        [(own, played)], _bundling(request), report=tell, pages=[page], progress=progress, text=lyrics_text,
        more=lambda folder: _write_sheets(request, written, folder),
    )  # fmt: skip


def _write_sheets(request: LyricsRequest, written: Written, folder: Path) -> None:
    assert written.lyrics is not None, "a check writes no sheet"
    title = written.score.title or request.source.stem
    sheet = sheet_md(written.lyrics, written.plans, title=title, lang=request.lang)
    (folder / SHEET_NAME).write_text(sheet, encoding="utf-8")
    (folder / WORDS_NAME).write_text(sheet_txt(written.lyrics, written.plans, title=title), encoding="utf-8")


def _in_own_time(desk: Desk, page: Score, *, part: int) -> Score:
    """Return the person's own score with the page's words: each on the note that was played nearest to its place."""
    own, there = desk.own.parts[part].notes, page.parts[part].notes
    assert there.syllable is not None, "words were put there"
    placed = np.asarray(desk.warp.to_frame(own.onset), np.float64)
    sung = [""] * len(own)
    for row in np.flatnonzero(there.syllable != "").tolist():
        away = np.abs(placed - int(there.onset[row])) + 1e9 * (own.pitch != there.pitch[row])
        away += np.array([1e12 * bool(text) for text in sung])
        sung[int(np.argmin(away))] = str(there.syllable[row])
    notes = own.with_columns(syllable=np.array(sung, np.str_))
    parts = [p.with_notes(notes) if i == part else p for i, p in enumerate(desk.own.parts)]
    return desk.own.with_parts(parts)
