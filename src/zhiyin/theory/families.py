"""Families of players: what words such as strings, brass, woodwinds and percussion stand for.

Conventions: a family's name stands for a few players where it is wanted, for every member where it is refused.
This module does not read sentences: see `zhiyin.brief`.
"""

from __future__ import annotations

from collections.abc import Iterable

from zhiyin.theory.instruments import INSTRUMENTS

_KINDS: dict[str, tuple[str, ...]] = {
    "strings": ("bowed",), "brass": ("brass",), "woodwinds": ("reed", "flute"), "percussion": ("percussion",),
}  # fmt: skip
_MORE: dict[str, tuple[str, ...]] = {
    "strings": ("double-bass",),
    "percussion": ("glockenspiel", "marimba", "xylophone", "tubular-bells", "vibraphone", "steel-drums"),
}
_WANTED: dict[str, tuple[str, ...]] = {
    "strings": ("strings",), "brass": ("brass",), "woodwinds": ("flute", "oboe", "clarinet", "bassoon"),
    "percussion": ("drums",),
}  # fmt: skip
FAMILY_WORDS: dict[str, tuple[str, ...]] = {
    "woodwinds": ("woodwind", "woodwinds", "wood winds", "woodwind section", "木管", "木管乐", "木管乐器", "木管组"),
    "percussion": ("percussion", "percussions", "percussion instruments", "打击乐", "打击乐器"),
    "strings": ("string instruments", "stringed instruments", "弦乐器"),
    "brass": ("brass instruments", "铜管乐器"),
}  # fmt: skip


def family_players(name: str) -> tuple[str, ...]:
    """Return the players that a name stands for where it is wanted; an instrument stands for itself.

    >>> family_players("woodwinds"), family_players("piano")
    (('flute', 'oboe', 'clarinet', 'bassoon'), ('piano',))
    """
    return _WANTED.get(name, (name,))


def family_members(name: str) -> tuple[str, ...]:
    """Return every instrument that a name stands for where it is refused; an instrument stands for itself.

    >>> family_members("brass")[:3], family_members("piano")
    (('trumpet', 'muted-trumpet', 'trombone'), ('piano',))
    """
    if name not in _KINDS:
        return (name,)
    kinds = _KINDS[name]
    return (*(n for n, item in INSTRUMENTS.items() if item.family in kinds), *_MORE.get(name, ()))


def all_members(names: Iterable[str]) -> tuple[str, ...]:
    """Return every instrument that refused names stand for, each once."""
    return tuple(dict.fromkeys(member for name in names for member in family_members(name)))
