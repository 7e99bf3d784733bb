"""What changed between two scores, as sentences in English and Chinese.

Conventions: bars count from 1; one sentence a part and run of bars; nothing is said that the comparison does not hold.
This module compares nothing: see `zhiyin.analysis.compare`.
"""

from __future__ import annotations

from collections.abc import Iterator

from zhiyin.analysis.compare import LOUDER, Comparison, HarmonyChange, MarkChange, SpanChange
from zhiyin.analysis.key import find_key
from zhiyin.io.spelling import chord_name
from zhiyin.score import Score
from zhiyin.theory.chord import Chord

Line = tuple[str, str]

_MARKS = {
    "tempo": ("tempo", "速度"),
    "metre": ("metre", "拍号"),
    "key": ("key", "调号"),
    "section": ("section", "段落"),
}
_NONE = ("none", "无")


def diff_lines(before: Score, after: Score, found: Comparison) -> tuple[Line, ...]:
    """Return the sentences of a comparison: parts, length, marks, then bars in order, then how far apart."""
    if found.is_equal:
        return (("Nothing changed.", "没有变化。"),)
    lines = [*_part_lines(found), *(_mark_line(mark) for mark in found.marks)]
    lines += [_span_line(span) for span in found.spans]
    lines += [_harmony_line(before, after, one) for one in found.harmony]
    distance = found.distance
    numbers = (distance.pitch, distance.rhythm, distance.harmony, distance.overall)
    english, chinese = (
        "Distance, 0 equal to 1 nothing shared: pitch {:.2f}, rhythm {:.2f}, harmony {:.2f}, overall {:.2f}.",
        "差距（0 为相同，1 为毫无共同之处）：音高 {:.2f}，节奏 {:.2f}，和声 {:.2f}，总体 {:.2f}。",
    )
    return (*lines, (english.format(*numbers), chinese.format(*numbers)))


def bars_text(first: int, last: int) -> Line:
    """Return a run of bars (from 0) as people say it.

    >>> bars_text(4, 7)
    ('bars 5-8', '第 5–8 小节')
    """
    if first == last:
        return f"bar {first + 1}", f"第 {first + 1} 小节"
    return f"bars {first + 1}-{last + 1}", f"第 {first + 1}–{last + 1} 小节"


def _part_lines(found: Comparison) -> Iterator[Line]:
    for pair, notes in zip(found.pairs, found.notes, strict=True):
        if pair.before is None:
            yield (
                f"Part added: {pair.name} ({_count(len(notes))}).",
                f"新增声部：{pair.name}（{len(notes)} 个音）。",
            )
        elif pair.after is None:
            yield (
                f"Part removed: {pair.name} ({_count(len(notes))}).",
                f"删去声部：{pair.name}（{len(notes)} 个音）。",
            )
    before, after = found.bars
    if before != after:
        yield f"Length: {before} -> {after} bars.", f"长度：{before} → {after} 小节。"
    if found.gap is not None:
        where = bars_text(found.gap.bar, found.gap.bar + found.gap.count - 1)
        if found.gap.is_inserted:
            yield f"Inserted: {where[0]}; all others are as before.", f"插入了{where[1]}，其余不变。"
        else:
            yield (
                f"Removed: {where[0]} of the first score; all others are as before.",
                f"删去了原来的{where[1]}，其余不变。",
            )


def _count(notes: int) -> str:
    return f"{notes} note" if notes == 1 else f"{notes} notes"


def _mark_line(mark: MarkChange) -> Line:
    english, chinese = _MARKS[mark.what]
    where = bars_text(mark.bar, mark.bar)
    return (
        f"{_upper(where[0])}: {english} {mark.before or _NONE[0]} -> {mark.after or _NONE[0]}.",
        f"{where[1]}：{chinese} {mark.before or _NONE[1]} → {mark.after or _NONE[1]}。",
    )


def _span_line(span: SpanChange) -> Line:
    where = bars_text(span.first, span.last)
    told = [*_MANNERS[span.manner](span)]
    if abs(span.louder) >= LOUDER and span.manner not in ("new", "silenced"):
        told.append(_loudness(span.louder))
    english, chinese = (
        mark.join(words) for mark, words in zip((", ", "，"), zip(*told, strict=True), strict=True)
    )
    return f"{_upper(where[0])} {span.pair.name}: {english}.", f"{where[1]} {span.pair.name}：{chinese}。"


def _new(span: SpanChange) -> Iterator[Line]:
    count = span.counts["added"]
    yield f"{_count(count)} where there were none", f"原来没有音，现有 {count} 个"


def _silenced(span: SpanChange) -> Iterator[Line]:
    count = span.counts["removed"]
    yield f"all {_count(count)} gone", f"{count} 个音全部删去"


def _pitch(span: SpanChange) -> Iterator[Line]:
    yield "rhythm kept", "节奏不变"
    yield from _repitched(span)


def _repitched(span: SpanChange) -> Iterator[Line]:
    total, changed, octaves = span.notes_before, span.counts["repitched"], span.counts["revoiced"]
    if changed:
        yield f"{changed} of {total} pitches changed", f"{total} 个音中 {changed} 个改了音高"
    if octaves:
        yield f"{octaves} of {total} moved by octaves", f"{total} 个音中 {octaves} 个移了八度"
    if changed or octaves:
        yield f"mean {_signed(span.interval)} semitones", f"平均 {_signed(span.interval)} 个半音"


def _rhythm(span: SpanChange) -> Iterator[Line]:
    yield "pitches kept", "音高不变"
    yield from _moves(span)


def _moves(span: SpanChange) -> Iterator[Line]:
    total, moved = span.notes_before, span.counts["moved"]
    if moved:
        yield f"{moved} of {total} notes moved in time", f"{total} 个音中 {moved} 个移了位置"


def _both(span: SpanChange) -> Iterator[Line]:
    total = span.notes_before
    yield f"{span.counts['same']} of {total} notes kept", f"{total} 个音中保留 {span.counts['same']} 个"
    yield from _moves(span)
    yield from _repitched(span)
    if span.counts["added"]:
        yield f"{span.counts['added']} added", f"新增 {span.counts['added']} 个"
    if span.counts["removed"]:
        yield f"{span.counts['removed']} removed", f"删去 {span.counts['removed']} 个"


def _lengths(span: SpanChange) -> Iterator[Line]:
    yield "the same notes with other lengths", "音相同，时值不同"


def _releases(span: SpanChange) -> Iterator[Line]:
    yield "the same notes, let go a little sooner or later", "音相同，收音略早或略晚"


def _dynamics(span: SpanChange) -> Iterator[Line]:
    if abs(span.louder) < LOUDER:
        yield "the same notes, other accents", "音相同，轻重不同"
    else:
        yield "the same notes", "音相同"


_MANNERS = {
    "new": _new, "silenced": _silenced, "pitch": _pitch, "rhythm": _rhythm, "both": _both, "lengths": _lengths,
    "releases": _releases,
    "dynamics": _dynamics,
}  # fmt: skip


def _loudness(change: float) -> Line:
    amount = round(abs(change))
    return (
        (f"louder by {amount}", f"力度加 {amount}")
        if change > 0
        else (f"softer by {amount}", f"力度减 {amount}")
    )


def _harmony_line(before: Score, after: Score, change: HarmonyChange) -> Line:
    where = bars_text(change.first, change.last)
    old, new = _chords(before, change.before), _chords(after, change.after)
    return f"{_upper(where[0])} harmony: {old} -> {new}.", f"{where[1]} 和声：{old} → {new}。"


def _chords(score: Score, bars: tuple[tuple[Chord | None, ...], ...]) -> str:
    fifths = find_key(score).fifths
    return " | ".join(" ".join(chord_name(c, fifths) if c else "-" for c in bar) or "-" for bar in bars)


def _signed(value: float) -> str:
    text = f"{value:+.1f}".removesuffix(".0")
    return "0" if text in ("+0", "-0") else text


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]
