"""The report of a song's words: plain values, and the Markdown of them.

Conventions: lines and syllables count from 1; shares are 0..1, None where nothing was decided; the same request, seed
and model give the same report. This module measures nothing: see `zhiyin.lyrics.fit`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhiyin import __version__
from zhiyin.apps.lyrics_make import Written
from zhiyin.apps.output import REPORT_FORMAT
from zhiyin.apps.report_text import said_lines
from zhiyin.lyrics.check import CheckedLine, Fault
from zhiyin.lyrics.fit import LineFit
from zhiyin.lyrics.scheme import scheme_of
from zhiyin.lyrics.sheet import marks_of
from zhiyin.lyrics.song import SungLine
from zhiyin.lyrics.write_line import words_across
from zhiyin.score import Timeline

if TYPE_CHECKING:
    from zhiyin.apps.lyrics_ import LyricsRequest


def lyrics_tree(
    request: LyricsRequest,
    written: Written,
    *,
    warnings: tuple[str, ...],
    lost: tuple[str, ...] = (),
    left_out: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return the report as plain values that `json.dumps` takes."""
    line = Timeline.of(written.score)
    lines = written.lyrics.lines if written.lyrics else ()
    model = written.tools.model
    return {
        "format": REPORT_FORMAT, "zhiyin": __version__, "verb": "lyrics", "lang": request.lang,
        "title": written.score.title, "seed": request.seed, "source": str(request.source),
        "warnings": list(warnings), "lost": list(lost), "left_out": list(left_out),
        "notices": [{"en": en, "zh": zh} for en, zh in written.notices],
        "words": request.words, "style": written.style, "profile": written.profile, "theme": list(written.theme),
        "part": written.score.parts[written.tune.part].name, "melisma": written.melisma,
        "rhyme_table": written.tools.table, "scheme": scheme_of([plan.rhyme for plan in written.plans]),
        "sections": list(written.song.sections), "notes": len(written.tune.rows),
        "syllables": sum(plan.phrase.size for plan in written.plans),
        "lines": [
            _line(written, i, one) | {"bar": int(line.bar_of(written.plans[i].phrase.slots[0].onset)) + 1}
            for i, one in enumerate(lines)
        ],
        "fit": None if written.lyrics is None else _fit(written.lyrics.fit),
        "checked": [_checked(i, one) for i, one in enumerate(written.checked)],
        "alternatives": [
            {"text": one.text, "marks": marks_of(one.syllables, request.words), "rhyme_class": one.rhyme_class,
             "fit": _fit(one.fit)} for one in written.others
        ],
        "line": request.alternatives,
        "model": {"name": model.name, "digest": model.version, "proposer": request.model_url or None},
        "sound": None,
    }  # fmt: skip


def _line(written: Written, index: int, line: SungLine) -> dict[str, Any]:
    plan = written.plans[index]
    return {
        "number": index + 1, "text": line.text, "marks": marks_of(line.syllables, written.tools.language.name),
        "syllables": [s.text for s in line.syllables], "section": written.song.sections[plan.phrase.section],
        "stanza": plan.stanza + 1, "rhyme": line.rhyme or None, "rhyme_class": line.rhyme_class,
        "keywords": list(line.keywords), "by": line.by, "again": plan.copy_of + 1 if plan.copy_of >= 0 else None,
        "nats_a_unit": round(-line.nats, 3) if line.nats else None, "longest_known_run": line.copied,
        "words_across_rests": words_across(written.tools, line.text, plan.phrase), "fit": _fit(line.fit),
    }  # fmt: skip


def _fit(fit: LineFit) -> dict[str, Any]:
    share = fit.agreement
    openness = fit.openness
    return {
        "agree": fit.agree, "clash": fit.clash, "oblique": fit.oblique, "alarms": fit.alarms,
        "agreement": None if share is None else round(share, 3),
        "openness": None if openness is None else round(openness, 3),
        "content_on_strong": f"{fit.strong_content}/{fit.content}",
        "small_words_on_downbeats": f"{fit.down_function}/{fit.function}",
    }  # fmt: skip


def _checked(index: int, line: CheckedLine) -> dict[str, Any]:
    return {
        "number": index + 1, "text": line.text, "syllables": len(line.syllables), "slots": line.slots,
        "fit": None if line.fit is None else _fit(line.fit), "rhyme_class": line.rhyme_class,
        "faults": [_fault(fault) for fault in line.faults],
    }  # fmt: skip


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "kind": fault.kind, "syllable": fault.place + 1 if fault.place >= 0 else None, "grave": fault.is_grave,
        "en": fault.en, "zh": fault.zh,
    }  # fmt: skip


# key: (English, Chinese)
_TEXT: dict[str, tuple[str, str]] = {
    "head": (
        "Words for `{source}`, by Zhiyin {version}, seed {seed}.", "为 `{source}` 填词，知音 {version}，种子 {seed}。",
    ),
    "size": (
        "{lines} lines, {syllables} syllables on {notes} notes of {part}; style {style}, profile {profile}, "
        "scheme {scheme} in {table}.",
        "{lines} 句 {syllables} 个音节，配 {part} 的 {notes} 个音；风格 {style}，配字 {profile}，"
        "韵式 {scheme}（{table}）。",
    ),
    "words": ("Words", "歌词"), "numbers": ("How they sit on the notes", "字与音"),
    "tone": (
        "tones agree with the tune: {agree} of {decided}, {alarms} heard clashes",
        "声调与旋律相合：{agree}/{decided}，倒字 {alarms}",
    ),
    "stress": ("stresses agree with the beats: {agree} of {decided}", "重音与节拍相合：{agree}/{decided}"),
    "model": ("Lines by {name} ({digest}).", "行文模型 {name}（{digest}）。"),
    "files": ("Files: {files}.", "文件：{files}。"),
    "yours": ("What you write with Zhiyin is yours.", "你用知音写出的作品归你所有。"),
}  # fmt: skip


def lyrics_text(tree: dict[str, Any], *, lang: str) -> str:
    """Return the Markdown of a report of words."""
    zh = lang == "zh"

    def say(key: str, **values: Any) -> str:
        return _TEXT[key][zh].format(**values)

    lines = [
        f"# {tree['title']}",
        "",
        say("head", source=tree["source"], version=tree["zhiyin"], seed=tree["seed"]),
    ]
    lines += ["", say("size", **tree | {"lines": len(tree["lines"]), "table": tree["rhyme_table"]}), ""]
    lines += said_lines(tree, lang)
    lines += ["", f"## {say('words')}", ""]
    for one in tree["lines"]:
        lines.append(f"{one['number']}. {one['text']}  ")
    fit = tree["fit"]
    pair = "tone" if tree["words"] == "zh" else "stress"
    lines += ["", f"## {say('numbers')}", "", "- " + say(pair, **fit, decided=fit["agree"] + fit["clash"])]
    lines += ["", say("model", **tree["model"]), "", say("yours"), ""]
    lines += [say("files", files=", ".join(f"[{name}]({name})" for name in tree["files"])), ""]
    return "\n".join(lines)
