# ruff: noqa: E501 - word tables keep one row a line
"""Patterns with a name inside: metre, key, chords, form, title, and bars beside a section's name.

Conventions: a pattern's reader returns the value, or None to decline.
This module does not know numbers with units (`zhiyin.brief.quantities`) nor fixed words (`zhiyin.brief.lexicon`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from zhiyin.brief.match import Folded, Match
from zhiyin.brief.numbers import parse_number
from zhiyin.brief.quantities import BARS, N
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

Reader = Callable[[re.Match[str]], object]
_SECTION_NAMES = {
    "pre-chorus": "pre-chorus", "pre chorus": "pre-chorus", "verse": "verse", "chorus": "chorus", "bridge": "bridge",
    "intro": "intro", "introduction": "intro", "outro": "outro", "interlude": "interlude", "coda": "outro",
    "refrain": "chorus", "hook": "chorus", "尾声": "outro", "引子": "intro", "导歌": "pre-chorus",
    "主歌": "verse", "副歌": "chorus", "桥段": "bridge", "前奏": "intro", "尾奏": "outro", "间奏": "interlude",
}  # fmt: skip
_SECTION_BARS = (
    rf"(?<![a-z])({'|'.join(_SECTION_NAMES)})\s*(?:[:：=]|of|有|占|是|为)?\s*[(]?\s*{N}(?:{BARS})?\s*[)]?"
    r"(?!\s*(?:bpm|beats?|sec|min|s(?![a-z])|times|秒|分|拍|个小节|小节|遍|次|[:/.]?\d))"
)


def _section_told(match: re.Match[str]) -> tuple[str, int] | None:
    bars, words = parse_number(match.group(2)), match.group(0)
    if bars != int(bars) or bars < 1:
        return None
    is_numbered = bars <= 3 and not re.search("bar|measure|小节|[(:=]", words)  # verse 1, verse 2
    return (_SECTION_NAMES[match.group(1)], 0 if is_numbered else int(bars))


_BAD_METRE = re.compile(r"(?<![\d/])(\d{1,3})\s*/\s*(\d{1,3})(?![\d/])\s*(?:拍子?|time|met(?:re|er)|beat)")
_LETTER_SECTION = re.compile(
    r"(?<![a-z])([a-d])(?:段(?:落)?|\s+(?:section|part)(?![a-z]))|(?<![a-z])(?:section|part) ([a-d])(?![a-z])"
)
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


def _spelled_metre(match: re.Match[str]) -> Metre:
    return Metre(int(parse_number(match.group(1))), {"quarter": 4, "eighth": 8, "half": 2}[match.group(2)])


_METRES: tuple[tuple[str, Reader], ...] = (
    (
        r"(?<![\d/])(\d{1,2}\s*/\s*(?:2|4|8|16))(?![\d/])(?:\s*(?:拍子?|time))?",
        lambda m: Metre.parse(m.group(1)),
    ),
    (r"(?<![零〇一二两三四五六七八九十百])([二四八])([二两三四五六七八九]|十二(?=拍子))拍子?", _zh_metre),
    (r"(?<![零〇一二两三四五六七八九十百])(十二|[三五六七九])([四八])拍子?", _zh_metre_said_over),
    (rf"([二四八])分之({_ZH_TOP})拍?子?", _zh_metre),
    (rf"(?<![零〇一二两三四五六七八九十百分之])({_ZH_TOP}|\d)拍子", _pulses),
    (r"\b(two|three|four|five|six|seven|nine|twelve)[ -](four|eight|two)(?: time)?\b", _english_metre),
    (
        r"\bin (two|three|four|five|six|seven|nine|twelve|2|3|4|5|6|7|9|12)(?=\s*(?:time)?\s*(?:[,;.!)]|$|and |with |at ))(?![.:]\d)",
        _pulses,
    ),
    (r"(?<![\d/])(\d{1,2}) ?- ?(4|8) time\b", lambda m: Metre(int(m.group(1)), int(m.group(2)))),
    (r"\b(two|three|four|five|six|seven|nine|twelve)[ -](quarter|eighth|half)s?(?: time)\b", _spelled_metre),
)
_MODES_ZH = {
    "大调": "major", "小调": "minor", "自然小调": "minor", "和声小调": "harmonic minor", "旋律小调": "melodic minor",
    "多利亚": "dorian", "弗里吉亚": "phrygian", "利底亚": "lydian", "混合利底亚": "mixolydian", "宫": "gong",
    "商": "shang", "角": "jue", "徵": "zhi", "羽": "yu", "洛克里亚": "locrian", "多里安": "dorian", "弗里几亚": "phrygian",
    "爱奥利亚": "minor", "伊奥尼亚": "major", "大调五声": "major pentatonic", "小调五声": "minor pentatonic",
    "布鲁斯音阶": "blues", "五声": "major pentatonic",
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
    rf"(?<![A-Za-z'])(?:in )?(?:the key of )?{_LETTER}[ -]?({_ANY_MODE_EN})(?![a-z])"
    r"(?!\s+(?:second|third|sixth|seventh|interval|triad|ninth|tenth))",
    re.IGNORECASE,
)
_KEY_SHORT = re.compile(r"(?<![A-Za-z0-9#-])([A-G][#♯b♭]?m)(?![A-Za-z0-9#♯'-])")
_KEY_BARE = re.compile(r"1\s*=\s*([A-G][#♯b♭]?)(?![A-Za-z0-9#♯'/-])")
_TONIC_BARE = re.compile(r"(?:\b[Ii]n|[Kk]ey(?: of|:)?)\s*([A-G][#♯b♭]?)(?![A-Za-z0-9#♯'/-])")
_KEY_CAPITAL = re.compile(r"\bIN ([A-G][#♯♭]?)(?=\s*(?:[,.;!)]|$))")
_MARKED_ZH = r"([升降♯♭#]?)\s*([A-Ga-g])\s*([#♯b♭升降]?)(?![A-Za-z])"
_TONIC_ZH = (
    re.compile(rf"主音\s*(?:是|为|在|定为|定在|用|取|[:=])?\s*{_MARKED_ZH}(?:音)?"),
    re.compile(rf"以?\s*{_MARKED_ZH}\s*(?:音)?\s*(?:为|作|做|当)\s*主音"),
)
_TONIC_MODE_ZH = re.compile(
    rf"以\s*{_MARKED_ZH}\s*(?:音)?\s*(?:为|作|做)\s*([宫商角徵羽])(?:音)?(?:的?调式?)?"
)
_TONIC_EN = re.compile(
    r"(?<![A-Za-z])(?:[Tt]onic(?: note)?(?: is| of| on|:)?|[Rr]ooted on|[Cc]ent(?:er|re)d on)\s+([A-G])([#♯b♭]|[ -](?i:sharp|flat))?(?![A-Za-z0-9#♯'-])"
    r"|(?<![A-Za-z])([A-G])([#♯b♭]|[ -](?i:sharp|flat))? as (?:its |the |a )?tonic"
)
_KEY_LONE = re.compile(r"(?:^|[,;])\s*([A-G][#♯b♭])(?=\s*(?:[,;.]|$))")
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


def metre_matches(text: Folded) -> Iterator[Match]:
    """Yield every match of bars beside sections, and of metres."""
    yield from _read(text.lower, re.compile(_SECTION_BARS), "section_told", _section_told)
    for found in _LETTER_SECTION.finditer(text.lower):
        yield Match(found.start(), found.end(), "section", (found.group(1) or found.group(2)).upper(), 3)
    for found in _BAD_METRE.finditer(text.lower):
        if int(found.group(2)) not in (1, 2, 4, 8, 16, 32) or not 1 <= int(found.group(1)) <= 32:
            yield Match(found.start(), found.end(), "metre_bad", f"{found.group(1)}/{found.group(2)}", 4)
    for pattern, reader in _METRES:
        yield from _read(text.lower, re.compile(pattern), "metre", reader)


def named_matches(text: Folded) -> Iterator[Match]:
    """Yield every match of key, chord, form and title patterns."""
    yield from _read(text.cased, _KEY_ZH, "key", _key_zh)
    yield from _read(text.cased, _KEY_EN, "key", _key_en)
    yield from _read(text.lower, _ARTICLE_MODE, "mode", lambda m: m.group(1))
    yield from _read(text.cased, _KEY_SHORT, "key", lambda m: Key.parse(m.group(1)))
    yield from _read(text.cased, _KEY_BARE, "key", lambda m: Key.parse(m.group(1)))
    yield from _read(text.cased, _KEY_LONE, "key", lambda m: Key.parse(m.group(1)))
    for bare in (_KEY_CAPITAL, _TONIC_BARE):
        yield from _read(text.cased, bare, "tonic", lambda m: Key.parse(m.group(1)))
    yield from _read(text.cased, _KEY_SPELLED, "tonic", _key_spelled)
    for told in _TONIC_ZH:
        yield from _read(
            text.cased, told, "tonic", lambda m: _make_key(m.group(1), m.group(2), m.group(3), "major")
        )
    yield from _read(
        text.cased, _TONIC_EN, "tonic",
        lambda m: _make_key(None, m.group(1) or m.group(3), m.group(2) or m.group(4), "major"),
    )  # fmt: skip
    yield from _read(
        text.cased, _TONIC_MODE_ZH, "key",
        lambda m: _make_key(m.group(1), m.group(2), m.group(3), _MODES_ZH[m.group(4)]),
    )  # fmt: skip
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
