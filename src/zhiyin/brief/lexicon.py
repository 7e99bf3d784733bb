# ruff: noqa: E501 - word tables keep one row a line
"""Fixed words: what each surface form, Chinese or English, stands for, and where one stands in a text.

Conventions: surfaces are folded (lower case, hyphens as spaces); operators are fields in capitals; the tables are in
the `words_*` modules. This module does not know grammar: negation and scope live in `zhiyin.brief.scope`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from zhiyin.brief.match import Folded, Match
from zhiyin.brief.typos import near_words, zh_slips
from zhiyin.brief.words_control import OPERATORS, control_rows, tempo_words
from zhiyin.brief.words_moods import more_mood_words, scene_words
from zhiyin.brief.words_players import finer_players, singing_words
from zhiyin.brief.words_styles import BESIDE, finer_styles
from zhiyin.theory.families import FAMILY_WORDS
from zhiyin.theory.moods import mood_words
from zhiyin.theory.usages import usage_words

SATB = ("soprano", "alto", "tenor", "bass-voice")
_PLAYERS: dict[tuple[str, ...], tuple[str, ...]] = {
    SATB: ("satb", "四部合唱", "混声四部", "混声四部合唱", "四部混声合唱", "四部混声", "混声合唱", "four part choir"),
    ("violin", "violin", "viola", "cello"): ("two violins, viola and cello", "两把小提琴、中提琴和大提琴"),
    ("electric-guitar", "bass-guitar", "drums"): ("power trio",),
    ("piano", "upright-bass", "drums"): ("jazz trio", "爵士三重奏"),
    ("violin", "cello", "piano"): ("piano trio", "钢琴三重奏"),
    ("guitar", "bass-guitar", "drums"): ("band", "乐队", "小乐队"),
    ("trumpet", "french-horn", "trombone", "tuba", "drums"): ("brass band", "marching band", "铜管乐队", "军乐队"),
}  # fmt: skip
_SAID_PLAYERS = {SATB: "choir", ("trumpet", "french-horn", "trombone", "tuba", "drums"): "brass_band",
                 ("violin", "cello", "piano"): "piano_trio"}  # fmt: skip
# Who a band is in a style where it is not the plain one.
BANDS = {
    "rock": ("electric-guitar", "bass-guitar", "drums"),
    "jazz": ("piano", "upright-bass", "drums"),
    "swing": ("piano", "upright-bass", "drums"),
}
PLAIN_BAND = ("guitar", "bass-guitar", "drums")
_DUETS = ("男女声二重唱", "男女声对唱", "男女对唱", "男女二重唱", "男女声", "soprano and tenor duet")
_SOLO_ZH = ("独唱", "演唱", "领唱", "主唱", "清唱", "歌唱", "歌手", "唱")
# Sets that name no fixed players: named players beside them take their place.
OPEN_SETS = frozenset(
    (
        ("piano", "upright-bass", "drums"),
        ("electric-guitar", "bass-guitar", "drums"),
        ("guitar", "bass-guitar", "drums"),
        ("trumpet", "french-horn", "trombone", "tuba", "drums"),
    )
)
# The style that a set of players brings with it when no other is named.
PLAYERS_STYLES = {
    ("piano", "upright-bass", "drums"): "jazz",
    ("electric-guitar", "bass-guitar", "drums"): "rock",
    ("trumpet", "french-horn", "trombone", "tuba", "drums"): "march",
}
# A form of notation: it brings jazz to mind where no style is named.
_STYLE_HINTS = ("lead sheet", "lead sheets")
_LYRICAL = ("抒情", "lyrical", "lyric")
# Words for kinds of music that are too wide for a style.
_NO_STYLES = ("song", "歌曲", "歌谣", "ballad song", "parlour song", "choir", "合唱曲集")


class Entry(NamedTuple):
    """What a surface form stands for: a field, its value, and the finer name that the words say."""

    field: str
    value: object
    said: str = ""


@cache
def entries() -> dict[str, Entry]:
    """Return every surface form with its entry; instruments win over styles, styles over moods."""
    table: dict[str, Entry] = {word: Entry("hint", mood, word) for word, mood in scene_words().items()}
    table |= {word: Entry("usage", name, name) for word, name in usage_words().items()}
    table |= {word: Entry("mood", name, name) for word, name in more_mood_words().items()}
    table |= {word: Entry("mood", name, name) for word, name in mood_words().items()}
    table |= {word: Entry("mood", "tender", "tender") for word in _LYRICAL}
    for word, (said, style) in finer_styles().items():
        if word not in _NO_STYLES:
            table[word] = Entry("style", style, said)
    table |= dict.fromkeys(_STYLE_HINTS, Entry("style_hint", "jazz"))
    table |= {word: Entry("instrument", (name,), said) for word, (said, name) in finer_players().items()}
    table |= {
        word: Entry("instrument", (name,), name) for name, words in FAMILY_WORDS.items() for word in words
    }
    table |= {word: Entry("instrument", players, "voice") for word, players in _singers()}
    for players, words in _PLAYERS.items():
        table |= dict.fromkeys(words, Entry("instrument", players, _SAID_PLAYERS.get(players, "")))
    table |= {word: Entry("tempo_word", word) for word in tempo_words()}
    for field, value, words in control_rows():
        table |= dict.fromkeys(words, Entry(field, value))
    for operator, words in OPERATORS.items():
        for word in words:
            is_known = word.replace("-", " ") in table if operator == "FREE" else word in OPERATORS["NOT"]
            if operator not in ("FREE", "NOT_LATER") or not is_known:
                table[word] = Entry(operator, None)
    return {word.replace("-", " "): entry for word, entry in table.items()}


@cache
def lexicon() -> dict[str, tuple[str, object]]:
    """Return every surface form with its field and value.

    >>> lexicon()["古筝"], lexicon()["bossa nova"]
    (('instrument', ('guzheng',)), ('style', 'bossa-nova'))
    """
    return {word: (entry.field, entry.value) for word, entry in entries().items()}


def _singers() -> Iterator[tuple[str, tuple[str, ...]]]:
    for word in singing_words():
        yield word, ("voice",)
        if not word.isascii() and not word.endswith(_SOLO_ZH):
            yield from ((word + alone, ("voice",)) for alone in _SOLO_ZH)
    high = {"soprano": ("女高音", "花腔女高音", "抒情女高音", "female soprano"), "alto": ("女中音", "女低音"),
            "tenor": ("男高音", "抒情男高音", "male tenor"), "bass-voice": ("男中音", "男低音")}  # fmt: skip
    for name, words in high.items():
        for word in words:
            yield from ((word + alone, (name,)) for alone in ("", *_SOLO_ZH) if alone or not word.isascii())
    yield from ((word, ("soprano", "tenor")) for word in _DUETS)


# A scene or a mood of one character counts only where it stands alone: 海 is the sea, but not in 上海.
_BEFORE_LONE = (
    r"(?:(?<![\u3400-\u9fff])|(?<=[的在和与看听到有像如是秋春夏冬夜小大很点太更不最要较又挺偏略些超别]))"
)
_AFTER_LONE = r"(?:(?![\u3400-\u9fff])|(?=[的边里上中面天夜与和后前时一感点些]))"
# What may not stand beside a word, or what must: 鼓组成 is not a drum kit, 18位 is not an 8-bit machine.
_BIT = (r"(?<![\d.十百千])", r"(?=机|的|风|音|游戏|电子|芯片|像素|[^\u3400-\u9fffa-z\d]|$)")
_BESIDE = {
    "慢慢": ("", "(?![变加推减转升走展进])"),
    "鼓组": ("", "(?!成)"), "摇滚乐": ("", "(?!队)"), "爵士乐": ("", "(?![队团])"), "抒情": ("", "(?!诗)"),
    "8位": _BIT, "八位": _BIT, "8位机": (_BIT[0], ""), "八位机": (_BIT[0], ""), "女生": ("", "(?=[独演领主清歌]?唱)"),
    "男生": ("", "(?=[独演领主清歌]?唱)"), "鼓": ("(?<![鼓敲打])", "(?![励舞掌吹起楼浪])"), "流行": ("", "(?![病性])"),
    "笛": ("(?<![汽鸣警])", ""), "箫": ("", "(?!条)"),
    "金属": ("(?<![贵稀重])", "(?![片丝管制])"), "电子": ("", "(?![邮版书表])"), "慢": ("(?<![傲怠])", "(?!慢)"),
    "快": ("(?<![凉痛爽赶尽愉轻欢勤明畅愉])", "(?![乐递餐活意慰要])"), "陷阱": ("", "(?![里中])"), "氛围": ("", "(?![感里])"),
    "背景": ("", "(?!板|图|色|墙|知识|里|故事)"), "纯": ("(?<![单清])", "(?![真洁净粹属种])"),
    "无": ("", "(?![聊论数限法疑奈助线]|人(?![声唱]))"), "别": ("(?<![特分区性个离告级类派])", "(?![人的致扭墅名处])"), "没": ("", "(?![事关问落收])"),
    "不": ("", "(?![过同断停少久])"), "除": ("(?<![消解清排扣])", "(?![夕法])"), "但": ("(?<![不])", ""),
    "戏曲": ("", ""), "小号": ("", "(?![字衣])"), "大号": ("", "(?![字衣])"), "管子": ("", "(?![里上])"),
    "印度": ("", "(?!尼)"), "工业": ("", "(?![革园区部])"), "蒙古": ("", "(?!包)"), "实验": ("", "(?![室报])"),
    "用": ("(?<![使采利运作应费信])", "(?![户途来处法力完心])"), "却": ("(?<![冷忘])", ""), "管乐": ("(?<!铜)", "(?![队团])"),
    "work": (r"(?<!to )(?<!doesn't )(?<!don't )", ""), "pad": (r"(?<!i)", ""), "horn": ("", ""), "bass": ("", "(?! (?:clef|line of))"),
    "hearts": ("", ""), "free": ("", ""), "fun": ("", ""), "trap": ("", ""), "use": ("", "(?! (?:case|of))"),
    "solo": ("", "(?! (?:traveller|traveler|trip))"), "major": ("", "(?! (?:key )?(?:label|event|update|change|role|problem|issue))"),
    "minor": ("", "(?! (?:key )?(?:change|tweak|issue|problem|detail|adjustment))"),
}  # fmt: skip
_SUFFIX = {"instrument": r"(?:e?s)?", "style": "s?", "section": "s?", "hint": "s?", "usage": "s?"}


@cache
def _pattern(surface: str) -> re.Pattern[str]:
    entry = entries()[surface]
    body = re.escape(surface)
    is_emoji = not any(mark.isalnum() for mark in surface) and not surface.isascii()
    beside = _BESIDE.get(surface) or ("", "")
    if entry.field == "tempo_word" and surface[0] in "快慢":  # 欢快一点 is a mood
        beside = (_BESIDE[surface[0]][0], beside[1])
    if len(surface) == 1 and entry.field in ("hint", "mood") and not is_emoji:
        return re.compile(f"{_BEFORE_LONE}{body}{_AFTER_LONE}")
    if not surface.isascii():
        return re.compile(f"(?:{beside[0]}){body}{beside[1]}")
    if not surface[0].isalnum():
        return re.compile(body)
    return re.compile(rf"{beside[0]}(?<![a-z0-9]){body}{_SUFFIX.get(entry.field, '')}{beside[1]}(?![a-z0-9])")


def even(text: Folded) -> str:
    """Return the lower-case text with hyphens and underscores as spaces, place for place."""
    return re.sub("[-_]", " ", text.lower)


def word_matches(text: Folded) -> Iterator[Match]:
    """Yield every place where a word of the lexicon stands, overlaps and likely misspellings included."""
    plain = even(text)
    for surface, (field, value, said) in entries().items():
        if surface in plain:
            for found in _pattern(surface).finditer(plain):
                rank = 1 if found.end() - found.start() == len(surface) else 0
                yield Match(found.start(), found.end(), field, value, rank=rank, said=said)
    for surface, player in BESIDE.items():
        for found in re.finditer(surface, plain):
            yield Match(found.start(), found.end(), "beside", (player,), rank=-1, said=player)
    yield from _misspelled(plain)


@cache
def _slips() -> dict[str, str]:
    words = [
        word for word, entry in entries().items()
        if not word.isascii() and entry.field in ("style", "instrument", "mood", "usage", "tempo_word", "section", "metre")
    ]  # fmt: skip
    return zh_slips(words)


def _misspelled(plain: str) -> Iterator[Match]:
    table = entries()
    for slip, word in _slips().items():
        if slip in plain:
            for found in re.finditer(re.escape(slip), plain):
                entry = table[word]
                yield Match(found.start(), found.end(), entry.field, entry.value, -1, entry.said, None, 0.8)
    for found in re.finditer(r"(?<![a-z0-9'])[a-z]{4,16}(?![a-z0-9'])", plain):
        near = {table[word] for word in near_words(found.group(0), _correctable())}
        if len({(entry.field, entry.value) for entry in near}) == 1:
            entry = min(near, key=lambda one: one.said)
            yield Match(found.start(), found.end(), entry.field, entry.value, -1, entry.said, None, 0.8)


@cache
def _correctable() -> frozenset[str]:
    """Return the single English words of five letters and more that a misspelling may stand for."""
    fields = ("style", "instrument", "mood", "usage", "tempo_word", "section", "mode", "is_loop", "dynamics")
    return frozenset(
        word
        for word, entry in entries().items()
        if entry.field in fields and re.fullmatch("[a-z]{5,16}", word)
    )
