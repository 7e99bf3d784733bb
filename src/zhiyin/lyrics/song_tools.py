"""What a song is written with, opened by name: language, model, lexicon, rhyme table, copies, banned words.

Conventions: tools of one language are read once a process, which takes a second; a person's own words and readings
are added each time. This module writes nothing: see `zhiyin.lyrics.song_write`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.copies import open_copies
from zhiyin.lyrics.fit import find_profile
from zhiyin.lyrics.languages import LANGUAGES
from zhiyin.lyrics.line_models import open_line_model
from zhiyin.lyrics.safety import slur_kind
from zhiyin.lyrics.write_lexicon import Lexicon
from zhiyin.lyrics.write_line import Tools
from zhiyin.units import BoolArray

MOST_COPIED = {"zh": 7, "en": 6}


@cache
def open_lexicon(lang: str, model: str = "auto") -> Lexicon:
    """Return the lexicon of a model in a language, read once."""
    return Lexicon.of(LANGUAGES[lang], open_line_model(lang, model))


@cache
def _decent(lang: str, model: str) -> BoolArray:
    """Return (units,) which units may be sung at all: no slurs, nothing coarse."""
    lexicon = open_lexicon(lang, model)
    return np.array(
        [n > 0 and not slur_kind(u) for u, n in zip(lexicon.units, lexicon.size, strict=True)], bool
    )


def open_tools(
    lang: str,
    *,
    profile: str = "国风",
    table: str = "",
    banned: Iterable[str] = (),
    readings: Mapping[str, str] | None = None,
    model: str = "auto",
) -> Tools:
    """Return the tools of a language: `zh` or `en`.

    profile: how far tones bind; table: of rhymes, "" the language's own; banned: words that may not come; readings:
    of words, a person's. Raises InvalidInput, NotFound.
    """
    if lang not in LANGUAGES:
        raise InvalidInput(
            f"the words must be in one of {', '.join(LANGUAGES)}, got {lang!r}: choose one",
            zh=f"歌词语言应为 {'、'.join(LANGUAGES)}，得到 {lang!r}",
        )
    language, lexicon = LANGUAGES[lang], open_lexicon(lang, model)
    tables = language.rhyme_tables()
    if table and table not in tables:
        raise InvalidInput(
            f"the rhyme table must be one of {', '.join(tables)}, got {table!r}: choose one",
            zh=f"韵表应为 {'、'.join(tables)}，得到 {table!r}",
        )
    mine = frozenset(word.strip().lower() for word in banned if word.strip())
    allowed = _decent(lang, model).copy()
    allowed[[lexicon.index[word] for word in mine if word in lexicon.index]] = False
    return Tools(
        language, open_line_model(lang, model), lexicon, find_profile(profile)[1], table or tables[0],
        allowed, open_copies(lang), mine, dict(readings or {}),
        MOST_COPIED[lang],
    )  # fmt: skip
