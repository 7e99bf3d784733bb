"""Rhyme classes of Mandarin: the thirteen tracks, the fourteen of the New Rhymes, the sixteen of the national norm.

Conventions: a class is a set of finals as `zhiyin.lyrics.zh_pinyin` names them; tones play no part.
This module does not choose readings.

Sources: 十三辙 as used in northern opera; 中华新韵 (2005); 中华通韵 (language norm in force 1 November 2019).
"""

from __future__ import annotations

from functools import cache

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.zh_pinyin import FINALS

THIRTEEN, NEW, NATIONAL = "十三辙", "中华新韵", "中华通韵"

_CLASSES = {
    THIRTEEN: (
        "发花 a ia ua | 梭坡 o e uo io | 乜斜 ê ie üe | 姑苏 u | 一七 i ü er -i | 怀来 ai uai | 灰堆 ei uei | "
        "遥条 ao iao | 由求 ou iou | 言前 an ian uan üan | 人辰 en in uen ün n m | 江阳 ang iang uang | "
        "中东 eng ing ueng ong iong ng"
    ),
    NEW: (
        "麻 a ia ua | 波 o e uo io | 皆 ê ie üe | 开 ai uai | 微 ei uei | 豪 ao iao | 尤 ou iou | "
        "寒 an ian uan üan | 文 en in uen ün n m | 唐 ang iang uang | 庚 eng ing ueng ong iong ng | 齐 i ü er | "
        "支 -i | 姑 u"
    ),
    NATIONAL: (
        "啊 a ia ua | 喔 o uo io | 鹅 e ê ie üe | 衣 i -i | 乌 u | 迂 ü | 哀 ai uai | 欸 ei uei | 熬 ao iao | "
        "欧 ou iou | 安 an ian uan üan | 恩 en in uen ün n m | 昂 ang iang uang | 英 eng ing ueng ng | "
        "雍 ong iong | 儿 er"
    ),
}
RHYME_TABLES = tuple(_CLASSES)


@cache
def classes(table: str) -> dict[str, tuple[str, ...]]:
    """Return the classes of a table with their finals.

    Raises InvalidInput for an unknown table.
    >>> classes("十三辙")["江阳"]
    ('ang', 'iang', 'uang')
    """
    if table not in _CLASSES:
        raise InvalidInput(
            f"a Chinese rhyme table must be one of {', '.join(_CLASSES)}, got {table!r}: name one"
        )
    rows = (row.split() for row in _CLASSES[table].split("|"))
    return {name: tuple(finals) for name, *finals in rows}


@cache
def _by_final(table: str) -> dict[str, str]:
    """Return the class of every final."""
    return {final: name for name, finals in classes(table).items() for final in finals}


def class_of_final(final: str, table: str) -> str:
    """Return the class that a final belongs to.

    >>> class_of_final("uang", "十三辙"), class_of_final("ong", "中华通韵")
    ('江阳', '雍')
    """
    found = _by_final(table).get(final)
    if found is None:
        raise InvalidInput(f"a final must be one of {' '.join(FINALS)}, got {final!r}: write one of these")
    return found


def find_class(asked: str, table: str) -> str:
    """Return the class a person asked for: by its name ("江阳", "江阳辙", "十一寒"), or by a final ("ang").

    Raises InvalidInput with the list of classes.
    >>> find_class("江阳辙", "十三辙"), find_class("iu", "十三辙"), find_class("lv", "中华通韵")
    ('江阳', '由求', '迂')
    """
    names = classes(table)
    plain = asked.strip().removesuffix("辙").removesuffix("韵")
    if plain in names:
        return plain
    single = plain[-1:]
    if single in names and all(mark in "一二三四五六七八九十" for mark in plain[:-1]):
        return single
    found = _by_final(table).get(_as_final(plain.lower()))
    if found is None:
        raise InvalidInput(
            f"a rhyme of {table} must be one of {'、'.join(names)} or a final such as 'ang', got {asked!r}: name one"
        )
    return found


def _as_final(text: str) -> str:
    """Return a final from how a person writes it: "iu", "v", "yang", "-ang"."""
    from zhiyin.lyrics.zh_pinyin import parse_pinyin

    if text in FINALS:
        return text
    text = text.lstrip("-").replace("v", "ü")
    short = {"iu": "iou", "ui": "uei", "un": "uen"}.get(text, text)
    if short in FINALS:
        return short
    try:
        return parse_pinyin(text).final
    except InvalidInput:
        return ""
