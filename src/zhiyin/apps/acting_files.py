"""The files of an act: a folder with everything, or one score file, and the report of it.

Conventions: a target with a score's ending takes the best take alone (`song.mid`), and the others beside it
(`song-take-2.mid`), each under its take's number; anything else is a folder. This module writes no notes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhiyin.apps.base import Progress
from zhiyin.apps.bundle import Bundling, Made, left_out_words, refuse_early, write_pieces
from zhiyin.apps.manifests import written_with_manifest
from zhiyin.apps.output import check_place, write_whole
from zhiyin.apps.report import ReportSource, report_tree
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.fill.request import Take
from zhiyin.io import FORMATS, writable_format_of
from zhiyin.judge.rank import Ranked, rank
from zhiyin.perform import humanise
from zhiyin.render import choose_synth
from zhiyin.score import Score

if TYPE_CHECKING:
    from zhiyin.apps.acting import ActRequest

TIMED_ENDINGS = (".mid", ".midi", ".zyn")


def is_file_target(out: Path) -> bool:
    """Return whether a target names a score file rather than a folder."""
    return out.suffix.lower() in FORMATS and not out.is_dir()


def is_in_played_time(out: Path) -> bool:
    """Return whether a score file holds when notes were played; the others are pages, in beats and note values."""
    return out.suffix.lower() in TIMED_ENDINGS


def take_path(out: Path, index: int) -> Path:
    """Return where a take lies that is not the best, index from 0.

    >>> take_path(Path("song.mid"), 0).name
    'song-take-1.mid'
    """
    return out.with_name(f"{out.stem}-take-{index + 1}{out.suffix}")


def refuse_ending(out: Path) -> None:
    """Raise NotFound for a file of no format and InvalidInput for one that is only read; a folder passes."""
    if not out.is_dir() and re.fullmatch(r"\.[a-z]\w{1,8}", out.suffix.lower()):
        writable_format_of(out)


def refuse_place(request: ActRequest) -> None:
    """Raise InvalidInput before the long work when the answer cannot be written where it was asked."""
    refuse_ending(request.out)
    if is_file_target(request.out):
        others = (
            [take_path(request.out, index) for index in range(request.takes)] if request.takes > 1 else []
        )
        for place in (request.out, *others):
            if place.exists() and place.samefile(request.source):
                raise InvalidInput(
                    f"the answer must be another file than the source, got {str(place)!r} twice: name another file"
                )
        check_place(request.out.parent)
        return
    bundling = Bundling(request.out, synth=choose_synth(request.soundfont), is_silent=request.is_silent)
    refuse_early(bundling, request.takes)


def ranked(takes: tuple[Take, ...], style: str | None) -> tuple[Ranked, ...]:
    """Return several takes from best to worst as the judges see them; nothing for one."""
    if len(takes) < 2:
        return ()
    scores = [take.score for take in takes]
    try:
        return rank(scores, style=style)
    except NotFound:  # a style that people have left too few pieces of
        return rank(scores)


def write_answers(source: ReportSource, request: ActRequest, progress: Progress) -> dict[str, Any]:
    """Write the takes of an act and return the report, files and all."""
    source = replace(source, ranking=ranked(source.takes, source.takes[0].request.style))
    if is_file_target(request.out):
        return _write_scores(source, request.out)
    bundling = Bundling(request.out, synth=choose_synth(request.soundfont), is_silent=request.is_silent)
    pairs = [
        (take.score, _performed(take.score, source, request.seed + n)) for n, take in enumerate(source.takes)
    ]
    pages = [source.page_of(take) for take in source.takes]
    left_out = left_out_words(pairs[0][0], request.lang, page=pages[0])
    source = replace(source, left_out=left_out)
    return write_pieces(
        pairs, bundling, report=lambda made: report_tree(source, made), pages=pages, progress=progress
    )


def _performed(score: Score, source: ReportSource, seed: int) -> Score:
    """Return the score as played: a performance that came in is left as it was played."""
    return score if source.is_performed else humanise(score, seed=seed)


def _write_scores(source: ReportSource, out: Path) -> dict[str, Any]:
    order = [one.index for one in source.ranking] or [0]
    names = [out.name, *(take_path(out, index).name for index in order[1:])]
    form = FORMATS[out.suffix.lower()]
    lost: list[str] = []
    data = []
    for index, name in zip(order, names, strict=True):
        take = source.takes[index]
        score = take.score if is_in_played_time(out) else source.page_of(take)
        written = written_with_manifest(form, score, name=name)
        lost += written.lost
        data.append(written.data)
    for name, content in zip(names, data, strict=True):
        write_whole(out.parent / name, content)
    told = replace(source, lost=tuple(dict.fromkeys(lost)))
    made = [Made((names[order.index(n)],), None) for n in range(len(source.takes))]
    tree = report_tree(told, made)
    for take, one in zip(tree["takes"], made, strict=True):
        take["folder"], take["files"] = "", list(one.files)
    return tree | {"files": names}
