"""Patterns with a number or a name inside: tempo, length, bars, metre, key, chords, form, title.

Conventions: tempo is quarter notes a minute; a range of tempo stays a range, one of length is read as its middle.
This module does not know fixed words: see `zhiyin.brief.lexicon`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from zhiyin.brief.match import Folded, Match
from zhiyin.brief.numbers import NUMBER, parse_number
from zhiyin.errors import InvalidInput
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

_N = f"({NUMBER})"
_TO = r"\s*(?:-|–|—|~|到|至|to)\s*"
_BPM = r"\s*-?(?:bpm|拍每分钟|拍/分钟?|beats? (?:per|a|every) minute|qpm)"
_MINUTE = r"[ -]?(?:minutes?|mins?|min)(?![a-z])"
_SECOND = r"[ -]?(?:seconds?|secs?|sec)(?![a-z])"
_BARS = r"\s*-?(?:bars?|measures?|个?小节)(?![a-z])"
# Length of the note that a metronome mark counts, in quarters.
_BEAT_UNITS = {
    "附点四分": 1.5, "dotted quarter": 1.5, "dotted crotchet": 1.5, "♩.": 1.5, "二分": 2.0, "half": 2.0, "minim": 2.0,
    "八分": 0.5, "eighth": 0.5, "quaver": 0.5, "♪": 0.5, "四分": 1.0, "quarter": 1.0, "crotchet": 1.0, "♩": 1.0,
    "1/4": 1.0,
}  # fmt: skip
_UNIT = "(" + "|".join(map(re.escape, _BEAT_UNITS)) + r")(?:-| )?(?:notes?|音符)?\s*[=≈]\s*" + _N

Reader = Callable[[re.Match[str]], object]


def _first(match: re.Match[str]) -> float:
    return parse_number(match.group(1))


def _range(match: re.Match[str]) -> tuple[float, float] | None:
    low, high = parse_number(match.group(1)), parse_number(match.group(2))
    return (low, high) if low < high else None


def _zh_range(match: re.Match[str]) -> tuple[float, float] | None:
    found = _range(match)
    return found if found is not None and found[0] >= 30 else None  # 三到四拍 is a length, not a tempo


def _middle(match: re.Match[str]) -> float | None:
    low, high = parse_number(match.group(1)), parse_number(match.group(2))
    return (low + high) / 2 if low < high else None  # ninety-two is no range


def _middle_minutes(match: re.Match[str]) -> float | None:
    middle = _middle(match)
    return None if middle is None else 60 * middle


def _metronome(match: re.Match[str]) -> float:
    return parse_number(match.group(2)) * _BEAT_UNITS[match.group(1)]


def _zh_beats(match: re.Match[str]) -> float | None:
    value = parse_number(match.group(1))
    return value if value >= 30 else None  # 两拍 is a length, not a tempo


def _bar_count(match: re.Match[str]) -> int:
    value = _first(match)
    if value != int(value):
        raise InvalidInput(f"bars must be a whole number, got {match.group(0)!r}: write e.g. 8 bars")
    return int(value)


def _clock(match: re.Match[str]) -> float:
    return 60.0 * int(match.group(1)) + int(match.group(2))


def _plain_seconds(match: re.Match[str]) -> float | None:
    value, rest = float(match.group(1)), match.string[match.end() :].lstrip()
    is_year = 1900 <= value <= 2090 and value % 10 == 0
    is_decade = (
        value in (20, 30, 40, 50, 60, 70, 80, 90) and rest[:1].isalnum() and not rest.startswith("long")
    )
    return None if is_decade or is_year else value


_DECADES = {
    "twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960, "seventies": 1970,
    "eighties": 1980, "nineties": 1990,
}  # fmt: skip


def _decade(century: str, years: str) -> int | None:
    year = int(century + years)
    return year if 1900 <= year <= 2020 else None


def _zh_decade(match: re.Match[str]) -> int | None:
    years = int(parse_number(match.group(2)))
    century = match.group(1) if (match.group(1) or "").isdigit() else ("20" if years < 20 else "19")
    return _decade(str(century), f"{years:02d}")


# In folded lower-case text; a reader that returns None declines.
_NUMERIC: tuple[tuple[str, str, Reader], ...] = (
    ("tempo_range", rf"{_N}{_TO}{_N}{_BPM}", _range),
    ("tempo_range", rf"{_N}{_TO}{_N}\s*拍(?!子)", _zh_range),
    ("tempo_range", rf"between {_N} and {_N}{_BPM}", _range),
    ("tempo_bpm", rf"{_N}{_BPM}", _first),
    ("tempo_bpm", rf"(?:每分钟?|一分钟)\s*{_N}\s*拍", _first),
    ("tempo_bpm", rf"{_N}\s*拍(?!子)", _zh_beats),
    ("tempo_range", rf"(?:tempo|bpm|speed|速度|拍速)\s*(?:of|at|is|为|是|[:=])?\s*{_N}{_TO}{_N}", _range),
    ("tempo_bpm", rf"(?:tempo|bpm|speed|速度|拍速)\s*(?:of|at|is|为|是|[:=])?\s*{_N}", _first),
    ("tempo_bpm", _UNIT, _metronome),
    ("seconds", rf"{_N}{_TO}{_N}\s*分钟?(?![之音])", _middle_minutes),
    ("seconds", rf"{_N}{_TO}{_N}\s*秒钟?", _middle),
    ("seconds", rf"{_N}\s*分钟?\s*{_N}\s*秒钟?", lambda m: 60 * _first(m) + parse_number(m.group(2))),
    ("seconds", rf"{_N}\s*(?:分半钟?|个半分钟|分钟半)", lambda m: 60 * _first(m) + 30),
    ("seconds", rf"{_N}\s*分钟?(?![之音])", lambda m: 60 * _first(m)),
    ("seconds", "半分钟", lambda m: 30.0),
    ("seconds", rf"{_N}\s*秒钟?", _first),
    ("seconds", rf"{_N}{_TO}{_N}{_MINUTE}", _middle_minutes),
    ("seconds", rf"{_N}{_TO}{_N}{_SECOND}", _middle),
    (
        "seconds",
        rf"{_N}{_MINUTE},?\s*(?:and\s+)?{_N}{_SECOND}",
        lambda m: 60 * _first(m) + parse_number(m.group(2)),
    ),
    ("seconds", rf"{_N}(?: minutes?)? and a half(?: minutes?)?", lambda m: 60 * _first(m) + 30),
    ("seconds", r"\ba minute and a half\b", lambda m: 90.0),
    ("seconds", r"\bhalf[ -]a[ -]minute\b|\bhalf[ -]minute\b", lambda m: 30.0),
    ("seconds", rf"{_N}{_MINUTE}", lambda m: 60 * _first(m)),
    ("seconds", r"(?<!beats )(?<!beat )\ba minute\b", lambda m: 60.0),
    ("seconds", rf"{_N}{_SECOND}", _first),
    ("seconds", r"(?<![\d.])(\d+) ?s(?![a-z])", _plain_seconds),
    ("seconds", r"(?<![\d:])(?<!at )(?<!from )(\d{1,2}):([0-5]\d)(?![\d:])", _clock),
    ("seconds", r"(?<!\d)(\d{1,2})'([0-5]?\d)(?:\"|'')", _clock),
    ("bars", rf"{_N}{_BARS}", _bar_count),
    ("decade", r"(?<!\d)(?:19|20)([0-9]0)\s*'?s(?![a-z])", lambda m: _decade(m.group(0)[:2], m.group(1))),
    ("decade", r"(?<![\d:.])'?([2-9]0)'?s(?![a-z])(?!\s*long)", lambda m: _decade("19", m.group(1))),
    (
        "decade",
        r"(?<!\d)(?:(19|20|二十世纪|上世纪|上个世纪))?\s*([0-9]0|[二三四五六七八九]十)\s*年代",
        _zh_decade,
    ),
    (
        "decade",
        r"\b(twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b",
        lambda m: _DECADES[m.group(1)],
    ),
)
_SECTION_NAMES = {
    "pre-chorus": "pre-chorus", "pre chorus": "pre-chorus", "verse": "verse", "chorus": "chorus", "bridge": "bridge",
    "intro": "intro", "outro": "outro", "interlude": "interlude", "coda": "outro", "导歌": "pre-chorus",
    "主歌": "verse", "副歌": "chorus", "桥段": "bridge", "前奏": "intro", "尾奏": "outro", "间奏": "interlude",
}  # fmt: skip
_SECTION_BARS = (
    rf"(?<![a-z])({'|'.join(_SECTION_NAMES)})\s*[:：=]?\s*{_N}(?:{_BARS})?"
    r"(?!\s*(?:bpm|beats?|sec|min|s(?![a-z])|times|秒|分|拍|个小节|小节|遍|次|[:/.]?\d))"
)


def _section_told(match: re.Match[str]) -> tuple[str, int] | None:
    bars = parse_number(match.group(2))
    return (_SECTION_NAMES[match.group(1)], int(bars)) if bars == int(bars) and bars >= 1 else None


_ZH_METRE = {"二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十二": 12}
_ZH_TOP = "十二|[二两三四五六七八九]"
_PULSES = {2: (2, 4), 3: (3, 4), 4: (4, 4), 5: (5, 4), 6: (6, 8), 7: (7, 8), 9: (9, 8), 12: (12, 8)}


def _zh_metre(match: re.Match[str]) -> Metre:
    return Metre(_ZH_METRE[match.group(2)], _ZH_METRE[match.group(1)])


def _zh_metre_said_over(match: re.Match[str]) -> Metre:
    return Metre(_ZH_METRE[match.group(1)], _ZH_METRE[match.group(2)])


def _pulses(match: re.Match[str]) -> Metre | None:
    value = int(parse_number(match.group(1)))
    return Metre(*_PULSES[value]) if value in _PULSES else None


def _english_metre(match: re.Match[str]) -> Metre:
    return Metre(int(parse_number(match.group(1))), {"four": 4, "eight": 8, "two": 2}[match.group(2)])


_METRES: tuple[tuple[str, Reader], ...] = (
    (
        r"(?<![\d/])(\d{1,2}\s*/\s*(?:2|4|8|16))(?![\d/])(?:\s*(?:拍子?|time))?",
        lambda m: Metre.parse(m.group(1)),
    ),
    (rf"(?<![零〇一二两三四五六七八九十百])([二四八])({_ZH_TOP})拍子?", _zh_metre),
    (r"(?<![零〇一二两三四五六七八九十百])(十二|[三五六七九])([四八])拍子?", _zh_metre_said_over),
    (rf"([二四八])分之({_ZH_TOP})拍?子?", _zh_metre),
    (rf"(?<![零〇一二两三四五六七八九十百分之])({_ZH_TOP}|\d)拍子", _pulses),
    (r"\b(two|three|four|five|six|seven|nine|twelve)[ -](four|eight|two)(?: time)?\b", _english_metre),
    (r"\bin (two|three|four|five|six|seven|2|3|4|5|6|7)(?![\d/:.]|[ -]?[a-z]|\s*/)", _pulses),
)
_MODES_ZH = {
    "大调": "major", "小调": "minor", "自然小调": "minor", "和声小调": "harmonic minor", "旋律小调": "melodic minor",
    "多利亚": "dorian", "弗里吉亚": "phrygian", "利底亚": "lydian", "混合利底亚": "mixolydian", "宫": "gong",
    "商": "shang", "角": "jue", "徵": "zhi", "羽": "yu",
}  # fmt: skip
_MODES_EN = {
    "major": "major", "minor": "minor", "maj": "major", "min": "minor", "dorian": "dorian", "phrygian": "phrygian",
    "lydian": "lydian", "mixolydian": "mixolydian", "pentatonic": "major pentatonic",
    "locrian": "locrian", "harmonic minor": "harmonic minor",
    "melodic minor": "melodic minor", "major pentatonic": "major pentatonic", "gong": "gong", "shang": "shang",
    "minor pentatonic": "minor pentatonic", "blues": "blues", "aeolian": "minor", "ionian": "major", "yu": "yu",
    "jue": "jue", "zhi": "zhi",
}  # fmt: skip
_LETTER = r"([A-Ga-g])\s?(#|♯|b|♭|[ -]sharp|[ -]flat)?"
_ANY_MODE_ZH = "|".join(sorted(_MODES_ZH, key=len, reverse=True))
_ANY_MODE_EN = "|".join(sorted(_MODES_EN, key=len, reverse=True))
_MARK_BEFORE = r"([升降♯♭#]|(?<![A-Za-z])b(?=[A-G]))"
_KEY_ZH = re.compile(rf"{_MARK_BEFORE}?\s*([A-Ga-g])\s*([#♯b♭升降]?)\s*({_ANY_MODE_ZH})(?:调式|调|式)?")
_KEY_EN = re.compile(
    rf"(?<![A-Za-z'])(?:in )?(?:the key of )?{_LETTER}[ -]?({_ANY_MODE_EN})(?![a-z])", re.IGNORECASE
)
_KEY_SHORT = re.compile(r"(?<![A-Za-z0-9#-])([A-G][#♯b♭]?m)(?![A-Za-z0-9#♯'-])")
_KEY_BARE = re.compile(r"(?:\b[Ii]n|[Kk]ey(?: of|:)?|1\s*=)\s*([A-G][#♯b♭]?)(?![A-Za-z0-9#♯'/-])")
_KEY_BARE_ZH = re.compile(rf"{_MARK_BEFORE}?([A-G])([#♯b♭升降]?)调(?!式)")
# Accidentals spelled out, and marks before the letter, with no word for the mode; a B flat clarinet is no key.
_NO_PITCHED = r"(?!\s+(?:bass |alto )?(?:clarinet|trumpet|cornet|horn|sax|tuba|chord|bugle))"
_KEY_SPELLED = re.compile(
    rf"(?:\b[Ii]n|\b[Kk]ey(?: of|:)?)\s+([A-Ga-g])(#|♯|♭|b|[ -](?i:sharp|flat))(?![A-Za-z0-9#♯'/-]){_NO_PITCHED}"
    rf"|(?<![A-Za-z'#♯♭-])(?:([B-G])[ -]|([A-Ga-g])-)((?i:sharp|flat))(?![A-Za-z0-9'/-]){_NO_PITCHED}"
)
_KEY_MARKED = re.compile(r"([升降])\s*([A-Ga-g])(?![A-Za-z0-9#♯♭])(?!\s*(?:和弦|音|单簧管|小号|萨克斯|圆号))")
_KEY_NUMBERED = re.compile(r"1\s*=\s*([升降♯♭#b])\s*([A-G])(?![A-Za-z0-9#♯♭])")
# German names: H is B natural.
_GERMAN_MODES = {
    "minor": "minor",
    "moll": "minor",
    "小调": "minor",
    "major": "major",
    "dur": "major",
    "大调": "major",
}
_KEY_GERMAN = re.compile(rf"(?<![A-Za-z])[Hh][ -]?({'|'.join(_GERMAN_MODES)})(?![a-z])", re.IGNORECASE)
_ARTICLE_MODE = re.compile(
    r"\ba (major|minor)(?= (?:key|mode|mood|feel|feeling|tune|piece|song|melody|scale|chord))"
)
_CHORD = (
    r"[A-G][#b♯♭]?(?:maj7|maj9|m7b5|mmaj7|madd9|m7|m9|m6|m|dim7|dim|aug7|aug|add9|7sus4|sus4|sus2|7b9|13|6|7|9)?"
    r"(?:/[A-G][#b♯♭]?)?(?![A-Za-z0-9])"
)
_CHORDS = re.compile(rf"(?<![A-Za-z]){_CHORD}(?:\s*(?:-|–|—|→|>|\||,)\s*{_CHORD}){{2,}}")
_CHORDS_TOLD = re.compile(
    rf"(?:和弦(?:进行)?|(?i:chords?(?: progression)?))\s*[:是为]?\s*({_CHORD}(?:[\s,|–-]+{_CHORD})+)"
)
_CHORDS_BEFORE = re.compile(
    rf"(?<![A-Za-z])({_CHORD}(?:[\s,|–-]+{_CHORD})+)\s*(?:的)?(?:和弦|(?i:chords?(?![a-z])))"
)
_FORM = re.compile(r"(?<![A-Za-z])(A[A-D]{2,7})(?![A-Za-z])|(?<![A-Za-z])(AB)(?=\s?(?:form|曲式|结构|式))")
_TITLE = re.compile(
    r"(?:题为|名为|名叫|叫做|叫作|叫|标题|题目|曲名|(?i:titled|called|named|title))\s*[:是为]?\s*"
    r"[《\"“「'‘]([^》\"”」'’]{1,80})[》\"”」'’]"
)


def numeric_matches(text: Folded) -> Iterator[Match]:
    """Yield every match of tempo, length, bars and metre patterns."""
    for field, pattern, reader in _NUMERIC:
        yield from _read(text.lower, re.compile(pattern), field, reader)
    yield from _read(text.lower, re.compile(_SECTION_BARS), "section_told", _section_told)
    for pattern, reader in _METRES:
        yield from _read(text.lower, re.compile(pattern), "metre", reader)


def named_matches(text: Folded) -> Iterator[Match]:
    """Yield every match of key, chord, form and title patterns."""
    yield from _read(text.cased, _KEY_ZH, "key", _key_zh)
    yield from _read(text.cased, _KEY_EN, "key", _key_en)
    yield from _read(text.lower, _ARTICLE_MODE, "mode", lambda m: m.group(1))
    yield from _read(text.cased, _KEY_SHORT, "key", lambda m: Key.parse(m.group(1)))
    yield from _read(text.cased, _KEY_BARE, "key", lambda m: Key.parse(m.group(1)))
    yield from _read(text.cased, _KEY_SPELLED, "key", _key_spelled)
    for marked in (_KEY_MARKED, _KEY_NUMBERED):
        yield from _read(
            text.cased, marked, "key", lambda m: _make_key(m.group(1), m.group(2), None, "major")
        )
    yield from _read(
        text.cased, _KEY_BARE_ZH, "key", lambda m: _make_key(m.group(1), m.group(2), m.group(3), "major")
    )
    yield from _read(text.cased, _CHORDS, "chords", lambda m: _chord_names(m.group(0)))
    yield from _read(text.cased, _CHORDS_TOLD, "chords", lambda m: _chord_names(m.group(1)))
    yield from _read(text.cased, _CHORDS_BEFORE, "chords", lambda m: _chord_names(m.group(1)))
    yield from _read(text.cased, _KEY_GERMAN, "key", lambda m: Key(5, _GERMAN_MODES[m.group(1).lower()]))
    yield from _read(text.cased, _FORM, "form", _form_letters)
    yield from _read(text.cased, _TITLE, "title", lambda m: m.group(1).strip())


def _read(text: str, pattern: re.Pattern[str], field: str, reader: Reader) -> Iterator[Match]:
    rank = 3 if field == "metre" else 2  # 四三拍 is three-four time before it is 43 beats a minute
    for found in pattern.finditer(text):
        value = reader(found)
        if value is not None:
            yield Match(found.start(), found.end(), field, value, rank)


_MARKS = {"升": "#", "降": "b", "sharp": "#", "flat": "b"}


def _make_key(prefix: str | None, letter: str, accidental: str | None, mode: str) -> Key:
    mark = "".join(_MARKS.get(said, said) for said in (prefix or "", (accidental or "").strip(" -").lower()))
    return Key(Key.parse(letter.upper() + mark).tonic_fifths, mode)


def _key_spelled(match: re.Match[str]) -> Key | None:
    after_in, mark, *alone, word = match.groups()
    goes_on = re.match(r"\s*(?!for|with|and|at)[A-Za-z]", match.string[match.end() :])
    if after_in == "a" and mark.startswith(" ") and goes_on:
        return None  # in a sharp contrast
    return _make_key(None, after_in or alone[0] or alone[1], mark or word, "major")


def _key_zh(match: re.Match[str]) -> Key:
    return _make_key(match.group(1), match.group(2), match.group(3), _MODES_ZH[match.group(4)])


def _key_en(match: re.Match[str]) -> Key | None:
    letter, accidental, mode = match.group(1), match.group(2), _MODES_EN[match.group(3).lower()]
    is_article = letter == "a" and accidental is None and " " in match.group(0).removeprefix("in ").strip()
    if is_article and (
        mode not in ("major", "minor") or _ARTICLE_MODE.search(match.string[match.start() :][:24])
    ):
        return None
    return _make_key(None, letter, accidental, mode)


def _chord_names(text: str) -> tuple[str, ...]:
    names = tuple(re.findall(_CHORD, text))
    for name in names:
        Chord.parse(name)
    return names


def _form_letters(match: re.Match[str]) -> tuple[str, ...] | None:
    letters = match.group(1) or match.group(2)
    firsts = "".join(dict.fromkeys(letters))
    return tuple(letters) if firsts == "ABCD"[: len(firsts)] and len(firsts) < len(letters) + 1 else None
