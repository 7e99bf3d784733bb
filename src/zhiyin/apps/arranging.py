"""Arranging: what arrange, orchestrate and reduce share — the request, the files and the report.

Conventions: a target with a score's ending takes the score alone, anything else is a folder with sound and pages.
This module gives nobody notes: see `zhiyin.arrange`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin import __version__
from zhiyin.apps.acting_files import is_file_target, is_in_played_time, refuse_ending
from zhiyin.apps.arranging_played import GivenBack, arranged
from zhiyin.apps.base import Progress
from zhiyin.apps.beats_ import beats_lines, beats_tree
from zhiyin.apps.bundle import Bundling, Made, left_out_words, refuse_early, write_pieces
from zhiyin.apps.files import named, owned, read_score
from zhiyin.apps.manifests import with_manifest, written_with_manifest
from zhiyin.apps.output import REPORT_FORMAT, check_place, write_whole
from zhiyin.apps.report_text import said_lines
from zhiyin.arrange import Arrangement
from zhiyin.arrange.faults import KINDS
from zhiyin.arrange.story import remarks, stories
from zhiyin.errors import InvalidInput
from zhiyin.io import FORMATS
from zhiyin.io.musicxml_write import write_score
from zhiyin.perform import humanise
from zhiyin.render import choose_synth
from zhiyin.render.readable import readable
from zhiyin.score import Score, Timeline
from zhiyin.score.hands import join_hands
from zhiyin.theory.instruments import written_to_sounding

WRITTEN_NAME = "score-written.musicxml"


@dataclass(frozen=True, kw_only=True)
class ArrangingRequest:
    """What the three verbs share: a score, where to write, and how.

    source: a score of any format; out: a folder, or a file with a score's ending; is_written: MusicXML also in the
    pitch that transposing players read.
    """

    source: Path
    out: Path = Path("out")
    is_written: bool = False
    soundfont: Path | None = None
    is_silent: bool = False
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class Arranged:
    """Where it was written, the arrangement, and the report."""

    out: Path
    made: Arrangement
    report: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the report and the place as plain values."""
        folder = self.out.parent if is_file_target(self.out) else self.out
        return {"folder": str(folder), **self.report}


def perform_arranging(
    verb: str, request: ArrangingRequest, *, make: Callable[[Score], Arrangement], progress: Progress
) -> Arranged:
    """Make an arrangement and write its files; nothing is written unless it stands.

    Raises InvalidInput, NotFound, UnreadableFile.
    """
    read = owned(named(read_score(request.source), request.source), request.source)
    bundling = Bundling(request.out, synth=choose_synth(request.soundfont), is_silent=request.is_silent)
    _refuse_place(request, bundling)
    progress("write", 0, 1)
    back = arranged(read.score, make)
    made = back.made
    progress("write", 1, 1)
    if is_file_target(request.out):
        lost = _write_file(back, request)
        report = _report(verb, request, back, warnings=read.warnings, lost=lost)
        return Arranged(request.out, made, report | {"files": [request.out.name]})
    left_out = left_out_words(back.score, request.lang, page=made.score)

    def tell(pieces: list[Made]) -> dict[str, Any]:
        tree = _report(verb, request, back, warnings=read.warnings, left_out=left_out)
        sound = pieces[0].sound
        return tree | {"sound": sound.to_json() if sound else None}

    report = write_pieces(
        [(back.score, back.score if back.desk else humanise(made.score, seed=0))], bundling, report=tell,
        pages=[made.score], progress=progress, text=arranging_text,
        more=lambda folder: _write_written(made, request, folder),
    )  # fmt: skip
    return Arranged(request.out, made, report)


def _refuse_place(request: ArrangingRequest, bundling: Bundling) -> None:
    refuse_ending(request.out)
    if not is_file_target(request.out):
        refuse_early(bundling, 1)
        return
    check_place(request.out.parent)
    if request.out.exists() and request.out.samefile(request.source):
        raise InvalidInput(f"the target must be another file than the source, got {str(request.out)!r} twice")
    if request.is_written and request.out.suffix.lower() not in (".musicxml", ".xml"):
        raise InvalidInput(
            f"written pitch needs a MusicXML file, got {request.out.name!r}: name a .musicxml or leave --written out"
        )


def transpositions_of(made: Arrangement, score: Score) -> tuple[int, ...]:
    """Return the semitones from written to sounding for each part of a page made of the arrangement."""
    shifts = {
        name: written_to_sounding(player.instrument.name)
        for name, player in made.players
        if not player.instrument.is_drums
    }
    return tuple(shifts.get(part.name, 0) for part in score.parts)


def _written_page(made: Arrangement) -> bytes:
    score = join_hands(readable(made.score))
    return write_score(score, transpositions=transpositions_of(made, score)).data


def _write_written(made: Arrangement, request: ArrangingRequest, folder: Path) -> None:
    if request.is_written:
        (folder / WRITTEN_NAME).write_bytes(with_manifest(WRITTEN_NAME, _written_page(made), made.score))


def _write_file(back: GivenBack, request: ArrangingRequest) -> tuple[str, ...]:
    made, name = back.made, request.out.name
    if request.is_written:
        write_whole(request.out, with_manifest(name, _written_page(made), made.score))
        return ()
    score = back.score if is_in_played_time(request.out) else join_hands(readable(made.score))
    written = written_with_manifest(FORMATS[request.out.suffix.lower()], score, name=name)
    write_whole(request.out, written.data)
    return written.lost


def _report(
    verb: str,
    request: ArrangingRequest,
    back: GivenBack,
    *,
    warnings: tuple[str, ...],
    lost: tuple[str, ...] = (),
    left_out: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return the report as plain values that `json.dumps` takes."""
    made, score = back.made, back.score
    page, line = Timeline.of(made.score), Timeline.of(score)
    return {
        "format": REPORT_FORMAT, "zhiyin": __version__, "verb": verb, "lang": request.lang, "title": score.title,
        "source": str(request.source), "beats": beats_tree(back.desk) if back.desk else None,
        "warnings": list(warnings), "lost": list(dict.fromkeys(lost)),
        "left_out": list(left_out),
        "ensemble": {"en": made.ensemble.name, "zh": made.ensemble.zh},
        "notes": score.note_count, "bars": page.bar_count(made.score.end),
        "seconds": round(line.duration_s(score.end), 3),
        "kept": made.kept, "added": made.added, "tune": len(made.reading.lead), "tune_left_out": made.simplified,
        "parts": [story.to_json() for story in stories(made)],
        "remarks": [{"en": en, "zh": zh} for en, zh in remarks(made)],
        "faults": [fault.to_json() for fault in made.faults], "sound": None,
    }  # fmt: skip


# key: (English, Chinese)
_TEXT: dict[str, tuple[str, str]] = {
    "head": (
        "For {ensemble}, from `{source}`, by Zhiyin {version}.",
        "为{ensemble}改编自 `{source}`，知音 {version}。",
    ),
    "size": ("{notes} notes in {bars} bars, {seconds:.1f} s.", "{bars} 小节 {notes} 个音，{seconds:.1f} 秒。"),
    "players": ("Who plays what", "谁奏什么"), "faults": ("Playability", "可演奏性"),
    "part": ("part", "声部"), "range": ("range", "音域"), "plays": ("plays", "内容"), "count": ("notes", "音数"),
    "none": ("Nothing that players would complain of.", "没有难奏之处。"),
    "fault": ("{part}: {text} ({value:g}{severe}){bars}", "{part}：{text}（{value:g}{severe}）{bars}"),
    "severe": (", cannot be played", "，无法演奏"), "bars": (", bars {bars}", "，第 {bars} 小节"),
    "files": ("Files: {files}.", "文件：{files}。"),
}  # fmt: skip


def arranging_text(tree: dict[str, Any], *, lang: str) -> str:
    """Return the Markdown of a report of these verbs."""
    zh = lang == "zh"

    def say(key: str, **values: Any) -> str:
        return _TEXT[key][zh].format(**values)

    key = "zh" if zh else "en"
    lines = [f"# {tree['title']}", ""]
    lines += [
        say("head", ensemble=tree["ensemble"][key], source=tree["source"], version=tree["zhiyin"]),
        "",
        say("size", **tree),
    ]
    lines += ["", *(one[key] for one in tree["remarks"]), *said_lines(tree, lang)]
    lines += beats_lines(tree.get("beats"), lang)
    lines += [
        "",
        f"## {say('players')}",
        "",
        "| " + " | ".join(say(k) for k in ("part", "count", "range", "plays")) + " |",
    ]
    lines.append("|---|---|---|---|")
    for part in tree["parts"]:
        reach = f"{part['lowest']}-{part['highest']}" if part["lowest"] else ""
        lines.append(f"| {part['name']} | {part['notes']} | {reach} | {part['text_' + key]} |")
    lines += ["", f"## {say('faults')}", ""]
    lines += [f"- {fault_words(fault, lang)}" for fault in tree["faults"]] or [say("none")]
    lines += ["", say("files", files=", ".join(f"[{name}]({name})" for name in tree["files"])), ""]
    return "\n".join(lines)


def fault_words(fault: dict[str, Any], lang: str) -> str:
    """Return a fault of a report in one line."""
    zh = lang == "zh"
    bars = _TEXT["bars"][zh].format(bars=", ".join(map(str, fault["bars"]))) if fault["bars"] else ""
    severe = _TEXT["severe"][zh] if fault["severe"] else ""
    text = KINDS[fault["kind"]][zh]
    return _TEXT["fault"][zh].format(
        part=fault["part"], text=text, value=fault["value"], severe=severe, bars=bars
    )
