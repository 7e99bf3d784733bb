"""Requests for words that others wrote: told apart from themes, and refused with a way out.

Conventions: a request is refused when it names an existing song's words, or asks for someone's words unchanged; new
words in somebody's manner, to a tune, about a book or a film are no copies. Songs long in the public domain
(`tables/songs_free.txt`) may be asked for. This module does not read melodies.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from zhiyin.errors import RightsError

_TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """What a request wants copied: the words that say so, and what they name."""

    said: str
    named: str


@cache
def _names(file: str) -> frozenset[str]:
    """Return the names of a table, one a line, lower case."""
    lines = (_TABLES / file).read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if line.strip() and not line.startswith("#"))


def find_copy_request(text: str) -> CopyRequest | None:
    """Return what a request wants copied, or None for a request for new words.

    >>> find_copy_request("写周杰伦《青花瓷》的歌词").named, find_copy_request("lyrics about my house by the sea")
    ('青花瓷', None)
    """
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").replace("“", '"').replace("”", '"')
    found = _chinese(plain) or _english(plain)
    if found is None or _is_free(found.named) or _is_own(plain):
        return None
    return found


def refuse_copies(text: str) -> None:
    """Raise RightsError if a request asks for the words of an existing song."""
    found = find_copy_request(text)
    if found is None:
        return
    named = f" ({found.named})" if found.named else ""
    raise RightsError(
        f"the words of an existing song{named} belong to who wrote them, got {found.said!r}: "
        "name a theme, a mood or a manner, and new words will be written",
        zh=f"已有歌曲的歌词{f'《{found.named}》' if found.named else ''}属于其作者，读到 {found.said!r}："
        "请说主题、情绪或风格，这里会写新的词",
    )


def _is_free(title: str) -> bool:
    """Return whether a title is of a song in the public domain."""
    return title.lower().strip() in _names("songs_free.txt")


_OWN = re.compile(
    r"我(?:自己)?(?:写|作|填)的|我的歌|我自己的|自己写的|原创|歌名(?:叫|是|为)|题为|标题|名叫|名为|"
    r"新词|重新填词|另填|填新|新的(?:歌)?词|改写成|仿(?:写|照)|"
    r"\b(?:my own (?:song|lyrics|words)|i wrote|my song|titled|called|entitled|new (?:words|lyrics))\b",
    re.IGNORECASE,
)


def _is_own(text: str) -> bool:
    """Return whether a request says that the words are the person's own, or to be new."""
    return (
        _OWN.search(text) is not None
        and re.search(r"原词|原歌词|一字不|照抄|verbatim|word for word", text) is None
    )


_ZH_LYRICS = r"(?:完整|全部|全|原|整首)?(?:的)?(?:原)?(?:歌词|唱词|原词)"
_ZH_TITLED = re.compile(
    rf"([\u4e00-\u9fffA-Za-z·. ]{{0,12}}?)的?(?:那首|这首|歌曲|歌)?《([^》]{{1,30}})》(?:这首歌|那首歌)?的?{_ZH_LYRICS}"
)
_ZH_BEFORE = re.compile(r"(?:歌词|原词)[:：]?\s*《([^》]{1,30})》")
_ZH_COPY = re.compile(
    r"(?:默写|背出|背诵|照抄|抄写|抄一[遍份]|复制|照搬|原封不动|一字不[差改落]|逐字|完整歌词|歌词原文|原歌词|全部歌词|歌词全文)"
)
_ZH_SAME = re.compile(r"[和跟与同](.{1,16}?)(?:一样|相同|同样|一模一样)的(?:歌)?词(?!式|格)")
_ZH_PART = re.compile(
    r"第[一二三四五六七八九十\d]+[段句节行遍]|副歌|主歌|上[一面]?[段句]|前[一面]?[段句]|开头|结尾|刚才"
)


def _chinese(text: str) -> CopyRequest | None:
    """Return what a Chinese request wants copied."""
    match = _ZH_TITLED.search(text)
    if match and (_is_known_song(match[2]) or _names_person(match[1]) or _ZH_COPY.search(text)):
        return CopyRequest(match[0], match[2])
    match = _ZH_BEFORE.search(text)
    if match and (_is_known_song(match[1]) or _ZH_COPY.search(text)):
        return CopyRequest(match[0], match[1])
    match = _ZH_SAME.search(text)
    if match and not _ZH_PART.search(match[1]) and not re.search(r"以前|平时|别人不|我", match[1]):
        return CopyRequest(match[0], match[1].strip("《》"))
    match = _ZH_COPY.search(text)
    is_of_song = re.search(r"歌|词|《", text) or any(one in text.lower() for one in _names("songs_known.txt"))
    if match and is_of_song and not _ZH_PART.search(text):
        quoted = re.search(r"《([^》]{1,30})》", text)
        return CopyRequest(match[0], quoted[1] if quoted else "")
    for name in _names("singers.txt"):
        match = (
            re.search(rf"{re.escape(name)}的?([\u4e00-\u9fff]{{1,10}})的{_ZH_LYRICS}", text)
            if name in text
            else None
        )
        if match and not re.search(r"风格|式|类型|感觉|那样", match[1]):
            return CopyRequest(match[0], match[1])
    match = re.search(rf"([\u4e00-\u9fffA-Za-z' ]{{2,20}}?)的{_ZH_LYRICS}", text)
    if match and not re.search(r"关于|主题|有关|带有|像", match[1]):
        title = next((one for one in _names("songs_known.txt") if match[1].lower().endswith(one)), "")
        return CopyRequest(match[0], title) if title else None
    return None


def _is_known_song(title: str) -> bool:
    """Return whether a title is of a well-known song that is under copyright."""
    return title.lower().strip() in _names("songs_known.txt")


_ZH_NOT_A_PERSON = re.compile(
    r"(?:关于|主题|小说|电影|诗|古诗|唐诗|宋词|读|看|根据|以|为|像|书|成语|故事|名著|词牌|曲牌|歌名|歌|题目|一首|叫|按|按照|给|写|把|戏|曲)$"
)


def _names_person(before: str) -> bool:
    """Return whether what stands before a title looks like who sang it."""
    plain = re.sub(
        r"^(?:请|帮我|帮|给我|我要|我想要|写出|写|要|来|发|找|提供|输出|生成|列出|唱|把|将|一下)+",
        "",
        before.strip(),
    )
    if plain.lower() in _names("singers.txt"):
        return True
    return (
        2 <= len(plain) <= 4
        and _ZH_NOT_A_PERSON.search(plain) is None
        and plain not in ("我们", "一首", "这首", "那首")
    )


_EN_LYRICS = r"(?:lyrics?|words|text)"
_EN_OF = re.compile(
    rf"\b{_EN_LYRICS}\s+(?:of|to|from|for)\s+(?:the\s+(?:song|hit|track)\s+)?(?P<title>[^,.;!?\n]{{1,60}})",
    re.IGNORECASE,
)
_EN_BY = re.compile(r"^(?P<title>.+?)\s+by\s+(?P<who>.+)$", re.IGNORECASE)
_EN_COPY = re.compile(
    rf"\b(?:word[- ]for[- ]word|verbatim|exact(?: same)? {_EN_LYRICS}|original {_EN_LYRICS}|"
    rf"(?:full|complete|actual|entire) {_EN_LYRICS}|"
    rf"(?:copy|reproduce|recite|transcribe|quote|type out|write out)\b.{{0,20}}\b{_EN_LYRICS})",
    re.IGNORECASE,
)
_EN_SAME = re.compile(
    rf"\bsame {_EN_LYRICS} (?:as|of|from|that)\s+(?P<title>[^,.;!?\n]{{1,60}})", re.IGNORECASE
)
_EN_PART = re.compile(
    r"\b(?:verse|chorus|refrain|bridge|line|stanza|section|first|second|third|last|previous|before|above|opening|"
    r"hook|mine|my)\b",
    re.IGNORECASE,
)
_EN_PLACE = re.compile(
    r"^(?:the |a |an |my |our |your )?(?:old |quiet |open |wide |cold )?(?:sea|seaside|river|lake|fire|fireside|"
    r"window|shore|road|roadside|ocean|water|sunset|sunrise|moon|moonlight|door|bed|harbou?r|stream|brook|hand|night|"
    r"day|noon|tomorrow|friday|monday|me|myself|candlelight|heart|side|campfire|tree|grave|bay|beach|pond|well|train|"
    r"car|bus|name|chance|accident|mistake)\b",
    re.IGNORECASE,
)


def _english(text: str) -> CopyRequest | None:
    """Return what an English request wants copied."""
    match = _EN_SAME.search(text)
    if match and not _EN_PART.search(match["title"]):
        return CopyRequest(match[0], _title(match["title"]))
    match = _EN_COPY.search(text)
    if match and not _EN_PART.search(text):
        of = _EN_OF.search(text)
        return CopyRequest(match[0], _title(of["title"]) if of else "")
    match = _EN_OF.search(text)
    if match and _is_existing(match["title"]):
        return CopyRequest(match[0], _title(match["title"]))
    return _before_lyrics(text)


def _is_existing(title: str) -> bool:
    """Return whether what follows "lyrics of" is a song: known, quoted, or with who made it."""
    by = _EN_BY.match(title)
    if by and not _EN_PLACE.match(by["who"].strip()):
        return True
    plain = _title(title).lower()
    if any(plain.startswith(f"{name}'s ") or plain.startswith(f"{name}' ") for name in _names("singers.txt")):
        return True
    return _is_known_song(plain) or re.match(r"""^["'][^"']+["']""", title.strip()) is not None


def _before_lyrics(text: str) -> CopyRequest | None:
    """Return a known song named before the word lyrics (Hotel California lyrics)."""
    match = re.search(rf"\b([\w' ]{{3,60}}?)['\"]?\s+{_EN_LYRICS}\b", text, re.IGNORECASE)
    if match is None:
        return None
    named = match[1].lower()
    title = next((one for one in _names("songs_known.txt") if len(one) > 6 and named.endswith(one)), "")
    return CopyRequest(match[0], title) if title else None


def _title(text: str) -> str:
    """Return a title without quotes, its maker and politeness."""
    plain = re.sub(r"\s+by\s+.+$", "", text.strip(), flags=re.IGNORECASE).strip("\"' ")
    return re.sub(r"\s+(?:please|for me|again)$", "", plain, flags=re.IGNORECASE)
