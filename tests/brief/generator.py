# ruff: noqa: E501 - word tables keep one row a line

"""Briefs made by rule, each with what it must be read as: numbers in many notations, things refused in many frames.

Conventions: numerals are spelled here by their own rules, independent of the reader; a seed gives the same briefs.
Does not know: how briefs are read.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

_ZH, _FORMAL = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


@dataclass(frozen=True, slots=True)
class Made:
    """A brief: its text, the numbers it must give by field, and what it must refuse and want."""

    text: str
    tempo: float | None = None
    seconds: float | None = None
    bars: int | None = None
    refused: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    kind: str = "instruments"


def zh_numeral(value: int, digits: str = _ZH, units: str = "十百") -> str:
    """Return a number 1..999 in Chinese.

    >>> zh_numeral(120), zh_numeral(105), zh_numeral(16)
    ('一百二十', '一百零五', '十六')
    """
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    text = f"{digits[hundreds]}{units[1]}" if hundreds else ""
    if tens:
        text += f"{'' if tens == 1 and not hundreds and digits is _ZH else digits[tens]}{units[0]}"
    elif hundreds and ones:
        text += digits[0]
    return text + (digits[ones] if ones else "")


def zh_spoken(value: int) -> str:
    """Return a round number of hundreds and tens as people say it: 一百二 for 120."""
    return f"{_ZH[value // 100]}百{_ZH[value // 10 % 10]}"


def en_words(value: int) -> str:
    """Return a number 1..999 in English words.

    >>> en_words(132), en_words(90)
    ('one hundred and thirty-two', 'ninety')
    """
    if value >= 100:
        rest = value % 100
        return f"{_ONES[value // 100]} hundred" + (f" and {en_words(rest)}" if rest else "")
    if value < 20:
        return _ONES[value]
    return _TENS[value // 10] + (f"-{_ONES[value % 10]}" if value % 10 else "")


def _wide(text: str) -> str:
    return "".join(chr(ord(mark) + 0xFEE0) if "!" <= mark <= "~" else mark for mark in text)


# Eight notations of a number, Chinese and English.
NOTATIONS: dict[str, Callable[[int], str]] = {
    "digits": str,
    "wide": lambda value: _wide(str(value)),
    "chinese": zh_numeral,
    "spoken": lambda value: (
        zh_spoken(value) if value >= 110 and value % 10 == 0 and value % 100 else zh_numeral(value)
    ),
    "formal": lambda value: zh_numeral(value, _FORMAL, "拾佰"),
    "words": en_words,
    "words apart": lambda value: en_words(value).replace("-", " "),
    "short words": lambda value: en_words(value).replace(" and ", " "),
}
_ENGLISH = ("words", "words apart", "short words")
_TEMPO_ZH = ("每分钟{}拍", "速度{}", "{}拍", "{}BPM", "速度是{}", "拍速：{}", "{} bpm", "节奏速度{}")
_TEMPO_EN = (
    "{} bpm",
    "{} BPM",
    "tempo {}",
    "{} beats per minute",
    "at {} bpm",
    "tempo: {}",
    "a tempo of {}",
    "{}bpm",
)
_LENGTH_ZH = ("{}秒", "时长{}秒", "{}秒钟", "长度为{}秒", "总长{}秒")
_LENGTH_EN = ("{} seconds", "{} sec", "{} seconds long", "lasting {} seconds", "{}-second")
_BARS_ZH = ("{}小节", "共{}小节", "{}个小节")
_BARS_EN = ("{} bars", "{} measures", "{} bars long")
_TOPICS_ZH = (
    "忧伤的钢琴",
    "欢快的民谣",
    "古筝独奏",
    "爵士",
    "一首摇滚",
    "写一首中国风的曲子",
    "请来一段电子乐",
    "温暖的吉他曲",
)
_TOPICS_EN = ("sad piano", "an upbeat folk tune", "solo guzheng", "jazz", "a rock song", "please write a calm waltz",
              "some electronic music", "a warm guitar piece")  # fmt: skip
_PLAYERS = {
    "drums": ("鼓", "drums"), "piano": ("钢琴", "piano"), "strings": ("弦乐", "strings"), "violin": ("小提琴", "violin"),
    "trumpet": ("小号", "trumpet"), "flute": ("长笛", "flute"), "electric_guitar": ("电吉他", "electric guitar"),
    "guzheng": ("古筝", "guzheng"), "erhu": ("二胡", "erhu"), "synth": ("合成器", "synths"), "choir": ("合唱团", "choir"),
    "cello": ("大提琴", "cello"), "brass": ("铜管", "brass"), "harp": ("竖琴", "harp"), "accordion": ("手风琴", "accordion"),
}  # fmt: skip
_MOODS = {"sad": ("悲伤", "sad"), "happy": ("欢快", "happy"), "tense": ("紧张", "tense"), "calm": ("平静", "calm"),
          "scary": ("恐怖", "scary"), "romantic": ("浪漫", "romantic"), "angry": ("愤怒", "angry")}  # fmt: skip
_STYLES = {"jazz": ("爵士", "jazz"), "rock": ("摇滚", "rock"), "folk": ("民谣", "folk"), "techno": ("科技舞曲", "techno"),
           "hiphop": ("嘻哈", "hip hop"), "metal": ("重金属", "heavy metal"), "waltz": ("圆舞曲", "waltz")}  # fmt: skip
_NO_ZH = (
    "不要{}",
    "不用{}",
    "别用{}",
    "没有{}",
    "去掉{}",
    "不要有任何{}",
    "{}不要",
    "避免{}",
    "拒绝{}",
    "不能有{}",
)
_NO_EN = ("no {}", "without {}", "don't use {}", "avoid {}", "leave out the {}", "without any {}", "absolutely no {}",
          "please don't add any {}", "{} not wanted", "exclude {}")  # fmt: skip
_NO_MOOD_ZH = ("不要{}", "不要太{}", "别太{}", "不是{}的", "避免{}", "不要那么{}")
_NO_MOOD_EN = (
    "not {}",
    "not too {}",
    "nothing {}",
    "don't make it {}",
    "it must not be {}",
    "nothing too {}",
)
_NO_STYLE_ZH = ("不要{}", "不是{}", "除了{}什么风格都行", "别来{}", "避免{}")
_NO_STYLE_EN = ("no {}", "not {}", "anything but {}", "avoid {}", "anything except {}")


def make_briefs(count: int, *, seed: int) -> list[Made]:
    """Return so many briefs: half of them about numbers, half about what is refused."""
    rng = random.Random(seed)
    return [_numbered(rng) if index % 2 else _refusing(rng) for index in range(count)]


def _numbered(rng: random.Random) -> Made:
    """Return a brief with a tempo, and sometimes a length or bars, in one notation each."""
    name = rng.choice(list(NOTATIONS))
    is_zh = name not in _ENGLISH and (name not in ("digits", "wide") or rng.random() < 0.5)
    spell = NOTATIONS[name]
    bpm = rng.randrange(40, 221)
    tempo = rng.choice(_TEMPO_ZH if is_zh else _TEMPO_EN[: 7 if name in _ENGLISH else 8]).format(spell(bpm))
    parts = [rng.choice(_TOPICS_ZH if is_zh else _TOPICS_EN), tempo]
    seconds = bars = None
    kind = rng.randrange(3)
    if kind == 1:
        seconds = rng.randrange(5, 300)
        parts.append(rng.choice(_LENGTH_ZH if is_zh else _LENGTH_EN).format(spell(seconds)))
    elif kind == 2:
        bars = rng.randrange(4, 129)
        parts.append(rng.choice(_BARS_ZH if is_zh else _BARS_EN).format(spell(bars)))
    refused: tuple[str, ...] = ()
    if rng.random() < 0.4:
        player = rng.choice(["drums", "brass", "choir", "synth"])
        parts.append(rng.choice(_NO_ZH if is_zh else _NO_EN).format(_PLAYERS[player][not is_zh]))
        refused = (player,)
    head, *rest = parts
    if rng.random() < 0.5:
        rng.shuffle(rest)
    return Made(("，" if is_zh else ", ").join([head, *rest]), float(bpm), seconds, bars, refused)


def _refusing(rng: random.Random) -> Made:
    """Return a brief that refuses one or two things, and wants another."""
    is_zh = rng.random() < 0.5
    kind = rng.choice(["instruments", "instruments", "moods", "styles"])
    table = {"instruments": _PLAYERS, "moods": _MOODS, "styles": _STYLES}[kind]
    frames = {
        "instruments": (_NO_EN, _NO_ZH), "moods": (_NO_MOOD_EN, _NO_MOOD_ZH), "styles": (_NO_STYLE_EN, _NO_STYLE_ZH),
    }[kind][is_zh]  # fmt: skip
    first, second, liked = rng.sample(list(table), 3)
    frame = rng.choice(frames)
    words = [table[name][not is_zh] for name in (first, second)]
    names: tuple[str, ...] = (first,)
    thing = words[0]
    if rng.random() < 0.4 and kind != "moods" and "除了" not in frame:
        thing = (
            rng.choice(["{}和{}", "{}、{}", "{}或者{}"]) if is_zh else rng.choice(["{} or {}", "{} and {}"])
        ).format(*words)
        names = (first, second)
    refusal = frame.format(thing)
    own = table[liked][not is_zh]
    wish = {
        "instruments": ("要有{}", "with {}"), "moods": ("{}一点", "make it {}"), "styles": ("来一首{}", "I'd like {}"),
    }[kind][not is_zh].format(own)  # fmt: skip
    wanted: tuple[str, ...] = ()
    parts = [refusal]
    if rng.random() < 0.6 and "除了" not in frame and "anything" not in frame:
        parts, wanted = rng.choice([[wish, refusal], [refusal, wish]]), (liked,)
    bpm = rng.randrange(50, 180) if rng.random() < 0.5 else None
    if bpm is not None:
        parts.append(f"{bpm} BPM")
    return Made(("，" if is_zh else ", ").join(parts), bpm, refused=names, wanted=wanted, kind=kind)
