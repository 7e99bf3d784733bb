"""Text for matching, and what a match is.

Conventions: folded text keeps one place per kept character, and a map back into the original text.
This module does not know music words: see `zhiyin.brief.lexicon` and `zhiyin.brief.patterns`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# Traditional characters of words for music, and their simplified twins.
_TRADITIONAL = dict(
    zip(
        "鋼風樂調節長開關靜溫愛悲歡輕慢緊張戰鬥術電聲鼓無與請寫個國傳統緩夢遊戲廣結婚禮從後漸爆發終環繞"
        "復雜彈簫絃弦號銅響憂傷憤優雅壯嚴莊暖陽燦爛熱鬧慶節鐘時間秒兩萬億貳參陸強弱漢華爾茲藍搖滾爵龍鳳"
        "馬頭門窗車場為聽點別沒過對應當這樣種類給總單獨雙層複園學習專門題詩詞歡戀線諧譜雲霧飛鳥魚軍進曲"
        "徵羽宮商笙笛紋續貫變換換換樸師範圍圓舞動機會議隻僅衹純換減慢俩",
        "钢风乐调节长开关静温爱悲欢轻慢紧张战斗术电声鼓无与请写个国传统缓梦游戏广结婚礼从后渐爆发终环绕"
        "复杂弹箫弦弦号铜响忧伤愤优雅壮严庄暖阳灿烂热闹庆节钟时间秒两万亿贰参陆强弱汉华尔兹蓝摇滚爵龙凤"
        "马头门窗车场为听点别没过对应当这样种类给总单独双层复园学习专门题诗词欢恋线谐谱云雾飞鸟鱼军进曲"
        "徵羽宫商笙笛纹续贯变换换换朴师范围圆舞动机会议只仅只纯换减慢两",
        strict=True,
    )
)
_TAG = re.compile(r"<[!/a-zA-Z][^<>]{0,300}>")
_QUOTES = str.maketrans("‘’‚‛′“”„‟″「」『』", '\'\'\'\'\'"""""""""')
_DROPPED = ("Cf", "Mn", "Cn", "Co", "Cs")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made even: full-width to half-width, and a lower-case twin; `places` maps into the original.

    cased: normalised text; lower: the same in lower case; places: (len + 1) original indices.
    """

    cased: str
    lower: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it was told: from `low` to `high` (None: open), about it or not; one number has low == high.

    quarters: length in quarters of the note that a metronome mark counts, None where none was told.
    """

    low: float | None
    high: float | None
    is_about: bool = False
    unit: str = ""
    quarters: float | None = None

    @property
    def value(self) -> float | None:
        """Return the one number that was told, None for a range or a bound."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of folded text that was understood: where, as which field, and its value.

    said: the finer name that the words say, "" for the value's own; amount: the number as it was told;
    confidence: 0..1, below 1 for a corrected spelling or a number without a unit.
    """

    start: int
    end: int
    field: str
    value: object
    rank: int = 0
    said: str = ""
    amount: Amount | None = None
    confidence: float = 1.0


def fold(text: str) -> Folded:
    """Return the folded text: signs that show nothing and markup become spaces or go, quotes become plain.

    >>> fold("８０ＢＰＭ").lower, fold("鋼琴").lower
    ('80bpm', '钢琴')
    """
    marks: list[str] = []
    places: list[int] = []
    tagged = {index for found in _TAG.finditer(text) for index in range(*found.span())}
    for index, mark in enumerate(text):
        for piece in " " if index in tagged else unicodedata.normalize("NFKC", mark):
            kind = unicodedata.category(piece)
            if kind in _DROPPED:
                continue
            marks.append(" " if kind == "Cc" and piece not in "\n\t" else _TRADITIONAL.get(piece, piece))
            places.append(index)
    cased = "".join(marks).translate(_QUOTES)
    lower = "".join(mark.lower() if len(mark.lower()) == 1 else mark for mark in cased)
    return Folded(cased, lower, (*places, len(text)))


def longest_first(matches: Iterable[Match]) -> list[Match]:
    """Return the matches that stay when longer ones go first and no character is used twice, in text order."""
    taken: set[int] = set()
    kept: list[Match] = []
    for match in sorted(matches, key=lambda item: (item.start - item.end, -item.rank, item.start)):
        span = range(match.start, match.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(match)
    return sorted(kept, key=lambda item: item.start)
