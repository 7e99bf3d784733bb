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
from zhiyin.lyrics.en_dict import readings, syllable_count
from zhiyin.lyrics.en_words import plain_word
from zhiyin.lyrics.fit import find_profile
from zhiyin.lyrics.languages import LANGUAGES
from zhiyin.lyrics.line_models import open_line_model
from zhiyin.lyrics.safety import slur_kind
from zhiyin.lyrics.write_lexicon import Lexicon
from zhiyin.lyrics.write_line import Tools
from zhiyin.units import BoolArray, FloatArray

DOUBT = 3.0  # nats
MOST_COPIED = {"zh": 7, "en": 6}


@cache
def open_lexicon(lang: str, model: str = "auto") -> Lexicon:
    """Return the lexicon of a model in a language, read once."""
    return Lexicon.of(LANGUAGES[lang], open_line_model(lang, model))


@cache
def _decent(lang: str, model: str) -> BoolArray:
    """Return (units,) which units may be sung at all: no slurs, nothing coarse."""
    lexicon = open_lexicon(lang, model)
    pairs = zip(lexicon.units, lexicon.size.tolist(), strict=True)
    return np.array(
        [n > 0 and not slur_kind(u) and (lang == "zh" or _is_said_so(u, n)) for u, n in pairs], bool
    )


def _is_said_so(word: str, size: int) -> bool:
    """Return whether a dictionary gives a word as many syllables as it is sung on; a poet's desire may have two."""
    if len(word) == 1 and word.lower() not in "aio":
        return False  # names of letters
    told = {syllable_count(one) for one in readings(plain_word(word))}
    return not told or size in told


@cache
def _doubts(lang: str, model: str) -> FloatArray:
    """Return (units,) nats off for English words whose first reading has another number of syllables."""
    lexicon = open_lexicon(lang, model)
    found = np.zeros(len(lexicon.units))
    for unit, (word, size) in enumerate(zip(lexicon.units, lexicon.size.tolist(), strict=True)):
        told = readings(plain_word(word)) if lang == "en" and size else ()
        if told and syllable_count(told[0]) != size:
            found[unit] = -DOUBT
    return found


@cache
def _clear_ends(lang: str, model: str) -> BoolArray:
    """Return (units,) which characters another reader says alike, tone and all: only these end rhymed lines."""
    lexicon = open_lexicon(lang, model)
    if lang != "zh":
        return np.ones(len(lexicon.units), bool)
    from pypinyin import Style, lazy_pinyin  # a third of a second

    found = np.zeros(len(lexicon.units), bool)
    for unit, syllables in enumerate(lexicon.syllables):
        if syllables:
            told = lazy_pinyin(lexicon.units[unit], style=Style.TONE3, neutral_tone_with_five=True)[0]
            plain = told.replace("v", "ü")
            found[unit] = plain == f"{syllables[0].reading}{syllables[0].tone}"
    return found


def open_tools(
    lang: str,
    *,
    profile: str = "国风",
    table: str = "",
    banned: Iterable[str] = (),
    said: Mapping[str, str] | None = None,
    model: str = "auto",
) -> Tools:
    """Return the tools of a language: `zh` or `en`.

    profile: how far tones bind; table: of rhymes, "" the language's own; banned: words that may not come; said:
    readings of words, a person's. Raises InvalidInput, NotFound.
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
        allowed, open_copies(lang), mine, dict(said or {}),
        MOST_COPIED[lang], doubts=_doubts(lang, model),
        clear_ends=_clear_ends(lang, model),
    )  # fmt: skip
