"""Chinese verse: lyrics to tunes (ci), arias (qu), poems (shi) and the old songs, as lines of simplified characters.

Conventions: a line is a clause between marks; `、` does not end one; what is spoken on stage, stage directions, notes
and lines with a lost character are left out. Needs the `data` extra (OpenCC tables) to make characters simplified.
This module does not know which characters a model writes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from zhiyin.data.base import files_of
from zhiyin.data.reading import read_text
from zhiyin.data.texts_chinese import ChinesePoetry, poem_of_entry
from zhiyin.data.verse import Stanza, split_at
from zhiyin.errors import MissingExtra, NotFound

SET = "chinese_poetry"
MOST_CHARACTERS = 12  # a longer clause is prose, or has lost its marks
_KINDS = {
    "宋词": "ci", "五代诗词": "ci", "纳兰性德": "ci", "元曲": "qu", "全唐诗": "shi", "水墨唐诗": "shi",
    "曹操诗集": "shi", "诗经": "shijing", "楚辞": "shijing",
}  # fmt: skip
_MARKED = re.compile(r"[(（［\[〔<【](.*?)[)）］\]〕>】]")
_SPOKEN = re.compile(r"云|白|道|诗|念|介|问|科")
_PARTS = re.compile(r"([，。！？；：,.!?;:…\s]+)")
_HELD = re.compile("[、\"'“”‘’《》〈〉「」『』·・—\\-]")
_PLAIN = re.compile(r"[\u4e00-\u9fff]+")


def read_poems(root: Path) -> Iterator[list[Stanza]]:
    """Yield the poems of the collection, in the order of paths. Raises NotFound or MissingExtra."""
    folder = root / SET
    if not folder.is_dir():
        raise NotFound(f"no {SET} under {str(root)!r}: run  zhiyin corpus fetch {SET}")
    simplify = simplifier()
    for path in files_of(folder, ChinesePoetry.files):
        if "preface" in path or "author" in path:
            continue
        entries = json.loads(read_text(folder / path))
        for entry in entries if isinstance(entries, list) else []:
            text = poem_of_entry(entry, kind="")
            if text is None:
                continue
            kind = _KINDS[path.split("/")[0]]
            poem = poem_of([simplify(line) for line in text.lines], kind=kind)
            if poem is not None:
                work = (
                    f"{text.author} {text.title.split('・')[0]}" if kind == "qu" else "".join(poem.lines[0])
                )
                yield without_gaps(poem, work=work)


def simplifier() -> Callable[[str], str]:
    """Return what makes characters simplified. Raises MissingExtra without the tables."""
    try:
        from opencc import OpenCC
    except ImportError as error:
        raise MissingExtra("making characters simplified", "data") from error
    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def poem_of(lines: list[str], *, kind: str) -> Stanza | None:
    """Return a poem's clauses as one stanza, lost ones empty; None where it has none.

    >>> poem_of(["（正末唱）今宵酒醒何处？杨柳岸、晓风残月。"], kind="qu").lines[1]
    ('杨', '柳', '岸', '晓', '风', '残', '月')
    """
    clauses: list[tuple[str, ...]] = []
    joins: list[bool] = []
    for line in sung(lines):
        parts = _PARTS.split(line)
        for clause, mark in zip(parts[::2], [*parts[1::2], ""], strict=True):
            plain = _HELD.sub("", clause)
            if not plain:
                continue
            is_kept = bool(_PLAIN.fullmatch(plain)) and 2 <= len(plain) <= MOST_CHARACTERS
            clauses.append(tuple(plain) if is_kept else ())
            joins.append(mark.strip() in ("，", ","))
    if not any(clauses):
        return None
    first = next(i for i, clause in enumerate(clauses) if clause)
    return Stanza("", kind, SET, tuple(clauses[first:]), tuple(joins[first:]))


def sung(lines: list[str]) -> Iterator[str]:
    """Yield the sung parts of lines: marks such as (云) begin speech, (唱) ends it."""
    is_spoken = False
    for line in lines:
        kept, place = [], 0
        for mark in _MARKED.finditer(line):
            kept += [line[place : mark.start()]] if not is_spoken else []
            place = mark.end()
            if "唱" in mark[1] or "合" in mark[1]:
                is_spoken = False
            elif _SPOKEN.search(mark[1]):
                is_spoken = True
        kept += [line[place:]] if not is_spoken else []
        yield "".join(kept)


def without_gaps(poem: Stanza, *, work: str) -> list[Stanza]:
    """Return the runs of a poem's lines between the lost ones, under a work's name."""
    whole = Stanza(work, poem.kind, poem.set_name, poem.lines, poem.joins)
    return split_at(whole, [not line for line in poem.lines])
