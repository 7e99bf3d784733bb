"""Wishes as one line of text, in English or Chinese: `scale D dorian @ 5-8 melody`, `音阶 D多利亚 @ 5-8 旋律`.

Conventions: KIND VALUE, then perhaps `@` and bars (from 1) or a section, then parts; `soft` or `尽量` in front makes a
wish soft; lengths are in quarters. This module does not plan and does not write: see docs/wishes.md for every kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from zhiyin.errors import InvalidInput, NotFound
from zhiyin.fill.constraints import Constraint
from zhiyin.fill.constraints.avoid import Avoid
from zhiyin.fill.constraints.cadence_wish import cadence
from zhiyin.fill.constraints.chord_tones import chords_on
from zhiyin.fill.constraints.contour import SHAPES, Contour, contour
from zhiyin.fill.constraints.in_scale import InScale
from zhiyin.fill.constraints.playable import Playable
from zhiyin.fill.constraints.quote_motif import QuoteMotif, motif_of
from zhiyin.fill.constraints.register_wish import RegisterWish
from zhiyin.fill.constraints.rhythm_template import rhythm
from zhiyin.fill.constraints.similar_to import SimilarTo, example_of
from zhiyin.fill.constraints.span import Span
from zhiyin.fill.constraints.syncopation import LESS, MORE, Syncopation
from zhiyin.fill.constraints.tension import TensionCurve
from zhiyin.fill.constraints.texture_wishes import DensityWish, LongestNote, PolyphonyWish
from zhiyin.score import Score, Timeline
from zhiyin.score.find_parts import find_parts
from zhiyin.theory.chord_words import read_chords
from zhiyin.theory.instruments import DRUM_KEYS, find_instrument
from zhiyin.theory.pitch import parse_pitch, parse_pitch_class
from zhiyin.theory.scale_words import read_scale
from zhiyin.units import TICKS_PER_QUARTER, TICKS_PER_STEP, Ticks

_SOFT, _HARD = ("soft ", "prefer ", "尽量", "最好"), ("hard ", "must ", "必须", "一定")
_BARS = re.compile(
    r"^(?:bars?\s*)?第?\s*(\d+)\s*(?:(-|–|~|到|至)\s*(\d+)?)?\s*(?:小节)?(?=\s|$|[^\d\s])\s*(.*)$",
    re.IGNORECASE,
)
_EVERYWHERE = ("all", "everywhere", "全曲", "全部")
_VALUES: dict[str, str] = {
    "whole": "4", "half": "2", "quarter": "1", "eighth": "1/2", "sixteenth": "1/4", "全音符": "4",
    "二分音符": "2", "四分音符": "1", "八分音符": "1/2", "十六分音符": "1/4", "全": "4", "二分": "2", "四分": "1",
    "八分": "1/2", "十六分": "1/4",
}  # fmt: skip
_DENSITIES = {
    "sparse": (0.25, 1.0),
    "稀疏": (0.25, 1.0),
    "medium": (0.75, 2.0),
    "适中": (0.75, 2.0),
    "dense": (2.0, 6.0),
    "密集": (2.0, 6.0),
}
_SHAPES = {name: name for name in SHAPES} | {
    "上行": "rising", "下行": "falling", "拱形": "arch", "谷形": "valley", "up": "rising", "down": "falling",
}  # fmt: skip
_CADENCES = {
    "authentic": "authentic", "perfect": "authentic", "half": "half", "plagal": "plagal", "deceptive": "deceptive",
    "正格": "authentic", "正格终止": "authentic", "完全": "authentic", "完全终止": "authentic", "半": "half",
    "半终止": "half", "变格": "plagal", "变格终止": "plagal", "阻碍": "deceptive", "阻碍终止": "deceptive",
}  # fmt: skip
_WAYS = {"more": MORE, "less": LESS, "多": MORE, "多一点": MORE, "少": LESS, "少一点": LESS}
_INTERVALS = {
    "unison": 0, "m2": 1, "M2": 2, "m3": 3, "M3": 4, "P4": 5, "tritone": 6, "P5": 7, "m6": 8, "M6": 9, "m7": 10,
    "M7": 11, "octave": 12, "同度": 0, "小二度": 1, "大二度": 2, "小三度": 3, "大三度": 4, "纯四度": 5, "三全音": 6,
    "纯五度": 7, "小六度": 8, "大六度": 9, "小七度": 10, "大七度": 11, "八度": 12,
}  # fmt: skip
_PARALLELS = ("parallels", "parallel fifths", "parallel octaves", "平行五度", "平行八度", "平行五八度")
_DRUMS_ZH = {"底鼓": 36, "军鼓": 38, "闭镲": 42, "开镲": 46, "叮叮镲": 51, "吊镲": 49}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a wish read from text holds.

    is_named: whether bars were named; text: the whole wish, for errors.
    """

    score: Score
    span: Span
    is_named: bool
    text: str

    def one_part(self, kind: str) -> Place:
        """Return the place with one pitched part: the one named, or the only melody. Raises InvalidInput else."""
        parts = self.span.parts_in(self.score, drums=False)
        if self.span.parts is None:
            tunes = [i for i in parts if self.score.parts[i].role == "melody"]
            parts = tunes if len(tunes) == 1 else parts
        if len(parts) != 1:
            names = ", ".join(repr(self.score.parts[i].name) for i in parts) or "no pitched part"
            raise InvalidInput(
                f"{kind} must be asked of one pitched part, got {names} in {self.text!r}: name one part"
            )
        return replace(self, span=replace(self.span, parts=frozenset(parts)))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of wish in text: its words, how it is read, and an example in each language."""

    words: tuple[str, ...]
    read: Callable[[str, Place], Any]
    example_en: str
    example_zh: str


def read_wishes(texts: Iterable[str], *, score: Score, bars: int = 0) -> tuple[Constraint, ...]:
    """Return the wishes of texts for a score with these parts and bars.

    bars: the length it is to grow to, where that is more. Raises InvalidInput naming the value, the rule and a remedy.
    """
    if bars:
        score = replace(score, length_ticks=max(score.end, Timeline.of(score).bar_start(bars)))
    return _drawn_within([read_wish(text, score=score) for text in texts])


def _drawn_within(wishes: list[Constraint]) -> tuple[Constraint, ...]:
    """Return the wishes with each contour drawn inside the ranges that are asked where it stands."""
    told: list[Constraint] = []
    for wish in wishes:
        if isinstance(wish, Contour):
            for other in wishes:
                if (
                    isinstance(other, RegisterWish)
                    and _covers(other.span, wish.span)
                    and other.low < other.high
                ):
                    low, high = max(wish.low, other.low), min(wish.high, other.high)
                    wish = (
                        replace(wish, low=low, high=high)
                        if low < high
                        else replace(wish, low=other.low, high=other.high)
                    )
        told.append(wish)
    return tuple(told)


def _covers(outer: Span, inner: Span) -> bool:
    same = outer.parts is None or (inner.parts is not None and inner.parts <= outer.parts)
    ends = outer.last_bar == -1 or (inner.last_bar != -1 and inner.last_bar <= outer.last_bar)
    return same and ends and outer.first_bar <= inner.first_bar


def read_wish(text: str, *, score: Score) -> Constraint:
    """Return the wish of one text."""
    line = text.strip().replace("＠", "@")
    said, line = _softness(line)
    head, _, tail = line.partition("@")
    kind, value = _kind(head.strip(), text)
    place = _place(tail.strip(), score, text)
    if not value:
        raise InvalidInput(f"a wish must name a value, got {text!r}: write e.g. {kind.example_en!r}")
    try:
        wish = kind.read(value, place)
    except ZeroDivisionError as error:
        raise InvalidInput(
            f"a length must not divide by zero, got {text!r}: write e.g. {kind.example_en!r}"
        ) from error
    if said is None or said == wish.is_hard:
        return wish  # type: ignore[no-any-return]
    if isinstance(wish, TensionCurve):
        raise InvalidInput(f"a tension curve can only be soft, got {text!r}: leave 'hard' out")
    return replace(wish, is_hard=said)  # type: ignore[no-any-return]


def _softness(line: str) -> tuple[bool | None, str]:
    for words, is_hard in ((_SOFT, False), (_HARD, True)):
        for word in words:
            if line.casefold().startswith(word):
                return is_hard, line[len(word) :].strip()
    return None, line


def _kind(head: str, text: str) -> tuple[Kind, str]:
    folded = head.casefold()
    for word, kind in sorted(((w, k) for k in KINDS for w in k.words), key=lambda pair: -len(pair[0])):
        rest = head[len(word) :]
        is_whole = not word.isascii() or not rest or not rest[0].isalpha() or not rest[0].isascii()
        if folded.startswith(word) and is_whole:
            return kind, rest.strip(" :：")
    known = ", ".join(f"{kind.words[0]} ({kind.words[-1]})" for kind in KINDS)
    raise InvalidInput(
        f"a wish must be KIND VALUE @ BARS PARTS, got {text!r}: kinds are {known}; write e.g. {KINDS[0].example_en!r}"
    )


# -- where ---------------------------------------------------------------------------------------------------


def _place(tail: str, score: Score, text: str) -> Place:
    bars, count = Timeline.of(score).bar_count(score.end), len(score.parts)
    if not tail:
        return Place(score, Span(), False, text)
    first, last, rest, is_named = 0, -1, tail, False
    section = next((s for s in score.sections if tail == s.name or tail.startswith(s.name + " ")), None)
    match = _BARS.match(tail)
    if section is not None:
        first, last = _section(section.name, score)
        rest, is_named = tail[len(section.name) :], True
    elif match is not None:
        first = int(match.group(1)) - 1
        last = first if not match.group(2) else int(match.group(3)) - 1 if match.group(3) else -1
        rest, is_named = match.group(4), True
        if not 0 <= first <= (last if last >= 0 else bars - 1) or last >= bars or first >= bars:
            raise InvalidInput(
                f"bars must lie in 1..{bars} and run forwards, got {text!r}: name bars of the piece"
            )
    else:
        word = next((w for w in _EVERYWHERE if tail.casefold().startswith(w)), "")
        rest = tail[len(word) :]
    parts = _parts(rest.strip(" ,，的"), score, text) if rest.strip(" ,，的") else None
    return Place(
        score, Span(None if parts is None or len(parts) == count > 1 else parts, first, last), is_named, text
    )


def _section(name: str, score: Score) -> tuple[int, int]:
    line = Timeline.of(score)
    index = next(i for i, s in enumerate(score.sections) if s.name == name)
    first = int(line.bar_of(score.sections[index].tick))
    following = score.sections[index + 1 : index + 2]
    end = following[0].tick if following else score.end
    return first, max(int(line.bar_of(max(end - 1, 0))), first)


def _parts(words: str, score: Score, text: str) -> frozenset[int]:
    """Return the parts named, each word one part unless it says all."""
    found: set[int] = set()
    for word in re.split(r"[,，、;；]|\s+and\s+|和|与", words):
        exact = {i for i, part in enumerate(score.parts) if part.name == word.strip()}
        mine = exact or set(find_parts(score, word.strip()))
        if len(mine) > 1 and word.strip().casefold() not in _EVERYWHERE:
            names = ", ".join(f"{i + 1} {score.parts[i].name!r}" for i in sorted(mine))
            raise InvalidInput(
                f"a part must be named without doubt, got {word.strip()!r} in {text!r} for {names}: name it by number"
            )
        found |= mine
    return frozenset(found)


# -- what ----------------------------------------------------------------------------------------------------


def _scale(value: str, place: Place) -> Any:
    return InScale(place.span, read_scale(value))


def _chords(value: str, place: Place) -> Any:
    keys = place.score.keys
    start = place.span.edges(place.score)[0]
    inside = [mark.key for mark in keys if mark.tick <= start] or [mark.key for mark in keys[:1]]
    return chords_on(place.span, read_chords(value, inside[-1] if inside else None), place.score)


def _contour(value: str, place: Place) -> Any:
    place = place.one_part("a contour")
    shape = _SHAPES.get(value.casefold())
    return contour(place.span, shape or _levels(value, place), place.score)


def _levels(value: str, place: Place) -> tuple[float, ...]:
    try:
        return tuple(float(Fraction(word)) for word in re.split(r"[\s,，]+", value))
    except ValueError as error:
        raise InvalidInput(
            f"a curve must be one of {', '.join(_SHAPES)} or numbers from 0 to 1, got {value!r} in {place.text!r}: "
            "write e.g. 'arch' or '0 0.5 1 0.3'"
        ) from error


def _motif(value: str, place: Place) -> Any:
    place = place.one_part("a motif")
    (part,) = place.span.parts or frozenset()
    line, score = Timeline.of(place.score), place.score
    match = re.fullmatch(r"(?:bars?\s*)?第?(\d+)(?:\s*-\s*(\d+))?(?:小节)?", value)
    pitch = None
    if match:
        first, last = int(match.group(1)) - 1, int(match.group(2) or match.group(1)) - 1
        if not 0 <= first <= last < line.bar_count(score.end):
            raise InvalidInput(
                f"a motif must be quoted from bars of the piece, got {value!r} in {place.text!r}"
            )
        start = line.bar_start(first)
        found = score.parts[part].notes.between(start, line.bar_start(last + 1))
        notes, late = motif_of(found), int(found.onset[0]) - start
    else:
        notes, pitch, late = (*_motif_notes(value, place), 0)
    start = line.bar_start(place.span.first_bar) + late
    end_bar = int(line.bar_of(start + notes[-1][0] + notes[-1][1] - 1))
    return QuoteMotif(Span(place.span.parts, place.span.first_bar, end_bar), start, notes, pitch)


def _motif_notes(value: str, place: Place) -> tuple[tuple[tuple[Ticks, Ticks, int], ...], int | None]:
    """Return the motif of `C4:1 D4:1/2 ...` and its first pitch where it begins with `=`."""
    rows, at = list[tuple[Ticks, Ticks, int]](), 0
    words = value.lstrip("=").replace(",", " ").split()
    for word in words:
        name, _, length = word.partition(":")
        ticks = _ticks(length or "1", place)
        if name not in ("r", "-", "0"):
            rows.append((at, ticks, parse_pitch(name)))
        at += ticks
    if not rows:
        raise InvalidInput(
            f"a motif must hold notes, got {value!r} in {place.text!r}: write e.g. 'C4:1 D4:1/2 E4:1/2'"
        )
    first = rows[0]
    notes = tuple((tick - first[0], length, pitch - first[2]) for tick, length, pitch in rows)
    return notes, first[2] if value.startswith("=") else None


def _ticks(word: str, place: Place) -> Ticks:
    """Return the ticks of a length in quarters, such as `1`, `1/2`, `0.75`, `half`, `八分音符`."""
    try:
        quarters = Fraction(_VALUES.get(word.strip().casefold(), word.strip()))
    except ValueError as error:
        raise InvalidInput(
            f"a length must be quarters or one of {', '.join(_VALUES)}, got {word!r} in {place.text!r}: write e.g. 1/2"
        ) from error
    ticks = quarters * TICKS_PER_QUARTER
    if ticks <= 0 or ticks % TICKS_PER_STEP:
        raise InvalidInput(
            f"a length must be a multiple of 1/24 quarter, got {word!r} in {place.text!r}: write e.g. 1/2 or 1/3"
        )
    return int(ticks)


def _rhythm(value: str, place: Place) -> Any:
    pattern, at = list[tuple[Ticks, Ticks]](), 0
    line, first = Timeline.of(place.score), place.span.first_bar
    bar = line.bar_start(first + 1) - line.bar_start(first)
    grid = value.replace(" ", "").replace("|", "")
    if re.fullmatch(r"[xX.\-]+", grid):
        if bar % len(grid) or (bar // len(grid)) % TICKS_PER_STEP:
            raise InvalidInput(
                f"a rhythm of x and . must split the bar evenly, got {len(grid)} places in {place.text!r}: "
                "use 4, 8, 12 or 16"
            )
        pattern = [(i * bar // len(grid), 0) for i, sign in enumerate(grid) if sign in "xX"]
    else:
        for word in re.split(r"[\s,，]+", value):
            ticks = _ticks(word.lstrip("r"), place)
            if not word.startswith("r"):
                pattern.append((at, ticks))
            at += ticks
        if at > bar:
            raise InvalidInput(
                f"a rhythm must fit one bar, got {at / TICKS_PER_QUARTER:g} quarters in {place.text!r}"
            )
    return rhythm(place.span, tuple(pattern), place.score, text=value)


def _bounds(value: str, place: Place, *, least: float) -> tuple[float, float] | float:
    """Return (low, high) of `1-2`, `<2`, `>1`, or one number."""
    match = re.fullmatch(r"([<>≤≥]=?)?\s*(\d+(?:\.\d+)?)(?:\s*-\s*(\d+(?:\.\d+)?))?", value)
    if match is None:
        raise InvalidInput(
            f"a number or a range must stand there, got {value!r} in {place.text!r}: write e.g. 2 or 1-2"
        )
    sign, number = (match.group(1) or "")[:1], float(match.group(2))
    if match.group(3):
        return number, float(match.group(3))
    if sign:
        return (least, number) if sign in "<≤" else (number, 16.0)
    return number


def _density(value: str, place: Place) -> Any:
    bounds = _DENSITIES.get(value.casefold()) or _bounds(value, place, least=0.0)
    low, high = bounds if isinstance(bounds, tuple) else (bounds * 0.75, bounds * 1.25)
    return DensityWish(place.span, low, high)


def _polyphony(value: str, place: Place) -> Any:
    bounds = _bounds(value, place, least=1.0)
    low, high = bounds if isinstance(bounds, tuple) else (1.0, bounds)
    return PolyphonyWish(place.span, int(high), int(low))


def _register(value: str, place: Place) -> Any:
    match = re.fullmatch(r"([A-Ga-g][#b♯♭]*-?\d|\d+)\s*(?:-|–|\.\.|到|至)\s*([A-Ga-g][#b♯♭]*-?\d|\d+)", value)
    if match is None:
        raise InvalidInput(
            f"a range must be two pitches, got {value!r} in {place.text!r}: write e.g. C4-G5 or 60-79"
        )
    low, high = (int(word) if word.isdigit() else parse_pitch(word) for word in match.groups())
    return RegisterWish(place.span, low, high)


def _syncopation(value: str, place: Place) -> Any:
    return Syncopation(place.span, _of(_WAYS, value, place, "syncopation"))


def _cadence(value: str, place: Place) -> Any:
    return cadence(place.span, _of(_CADENCES, value, place, "a cadence"), place.score)


def _of(table: dict[str, str], value: str, place: Place, what: str) -> str:
    if value.casefold() not in table:
        raise InvalidInput(
            f"{what} must be one of {', '.join(table)}, got {value!r} in {place.text!r}: write one of them"
        )
    return table[value.casefold()]


def _tension(value: str, place: Place) -> Any:
    shape = _SHAPES.get(value.casefold())
    levels = SHAPES[shape] if shape else _levels(value, place)
    return TensionCurve(place.span, len(place.span.bars(place.score)), levels)


def _longest(value: str, place: Place) -> Any:
    return LongestNote(place.span, _ticks(value, place))


def _avoid(value: str, place: Place) -> Any:
    classes, keys, steps, parallels = set[int](), set[int](), set[int](), frozenset[int]()
    names = (
        {name: key for key, name in DRUM_KEYS.items()} | _DRUMS_ZH | {"snare": 38, "kick": 36, "hi-hat": 42}
    )
    for word in (w.strip() for w in re.split(r"[,，、]", value)):
        if word.casefold() in _PARALLELS:
            parallels = frozenset(place.span.parts_in(place.score, drums=False))
        elif word in _INTERVALS or word.casefold() in _INTERVALS:
            steps.add(_INTERVALS.get(word, _INTERVALS.get(word.casefold(), 0)))
        elif word.casefold() in names:
            keys.add(names[word.casefold()])
        elif re.fullmatch(r"key\s*\d+", word):
            keys.add(int(re.sub(r"\D", "", word)))
        elif re.fullmatch(r"[A-G][#b♯♭]*", word):
            classes.add(parse_pitch_class(word))
        else:
            raise InvalidInput(
                f"what to avoid must be a note name, an interval ({', '.join(_INTERVALS)}), a drum or 'key 38', or "
                f"'parallels', got {word!r} in {place.text!r}: correct that word"
            )
    return Avoid(place.span, frozenset(classes), frozenset(keys), frozenset(steps), parallels, text=value)


def _playable(value: str, place: Place) -> Any:
    try:
        return Playable(place.span, find_instrument(value).name)
    except NotFound as error:
        raise InvalidInput(f"{error} (in the wish {place.text!r})") from error


def _similar(value: str, place: Place) -> Any:
    place = place.one_part("likeness")
    match = re.fullmatch(r"(?:bars?\s*)?第?(\d+)(?:\s*-\s*(\d+))?(?:小节)?(?:\s+(\d*\.?\d+))?", value)
    line, score = Timeline.of(place.score), place.score
    if match is None or not 1 <= int(match.group(1)) <= line.bar_count(score.end):
        raise InvalidInput(
            f"likeness must name bars of the piece and perhaps a number to 1, got {value!r} in {place.text!r}: "
            "write e.g. '1-4 0.7'"
        )
    first = int(match.group(1)) - 1
    bars = place.span.bars(score)
    last = int(match.group(2)) - 1 if match.group(2) else first + len(bars) - 1
    (part,) = place.span.parts or frozenset()
    start = line.bar_start(first)
    length = min(line.bar_start(last + 1) - start, line.bar_start(bars[-1] + 1) - line.bar_start(bars[0]))
    notes = score.parts[part].notes.between(start, start + length)
    least = float(match.group(3)) if match.group(3) else 0.6
    return SimilarTo(place.span, line.bar_start(bars[0]), example_of(notes, start), least, first)


KINDS: tuple[Kind, ...] = (
    Kind(("scale", "mode", "调式", "音阶"), _scale, "scale D dorian @ 5-8 melody", "音阶 D多利亚 @ 5-8 旋律"),
    Kind(("chords", "chord", "和弦"), _chords, "chords Am7 | D7b9 G7 | Cmaj7 @ 1-3", "和弦 ii7 | 属七 | 主和弦 @ 1-3"),
    Kind(("contour", "轮廓", "旋律线"), _contour, "contour arch @ 1-4 melody", "旋律线 拱形 @ 1-4 旋律"),
    Kind(("motif", "动机"), _motif, "motif C4:1 D4:1/2 E4:1/2 @ 9 melody", "动机 第1-2小节 @ 9 旋律"),
    Kind(("rhythm", "节奏"), _rhythm, "rhythm x..x..x. @ 1-4 bass", "节奏 1 1/2 1/2 2 @ 1-4 低音"),
    Kind(("density", "疏密", "密度"), _density, "density 1-2 @ 5-8", "密度 稀疏 @ 5-8"),
    Kind(("polyphony", "同时发音", "复音"), _polyphony, "polyphony 2-4 @ 1-8 piano", "复音 2-4 @ 1-8 钢琴"),
    Kind(("range", "register", "音域", "音区"), _register, "range C4-G5 @ 1-8 melody", "音区 C4-G5 @ 1-8 旋律"),
    Kind(("syncopation", "切分"), _syncopation, "syncopation more @ 5-8", "切分 多 @ 5-8"),
    Kind(("cadence", "终止"), _cadence, "cadence half @ 8", "终止 半终止 @ 8"),
    Kind(("tension", "张力", "紧张度"), _tension, "tension 0.2 0.5 1 0.3 @ 1-8", "紧张度 拱形 @ 1-8"),
    Kind(("longest note", "longest", "no note longer than", "音不长于", "最长音"), _longest, "longest note half @ 1-8",
         "最长音 二分音符 @ 1-8"),
    Kind(("avoid", "no", "不要", "避免"), _avoid, "avoid F#, tritone @ 1-8 melody", "避免 三全音、平行五度 @ 1-8"),
    Kind(("playable on", "playable", "可演奏"), _playable, "playable violin @ 1-8 melody", "可演奏 小提琴 @ 1-8 旋律"),
    Kind(("like", "similar to", "similar", "像", "相似"), _similar, "like 1-4 0.7 @ 9-12 melody",
         "相似 1-4 0.7 @ 9-12 旋律"),
)  # fmt: skip
