"""The rhyme a person asks for: a class by name, by a final, or by a word that has it.

Conventions: several are given with commas, in order of the rhyme groups. This module chooses none itself.
"""

from __future__ import annotations

import re

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.write_line import Tools
from zhiyin.lyrics.zh_rhyme import find_class


def classes_asked(tools: Tools, text: str) -> tuple[str, ...]:
    """Return the rhyme classes of a text such as `江阳`, `ang, 言前` or `night, day`, none for an empty one.

    Raises InvalidInput for what is no class, no final and no word that can be read.
    """
    return tuple(_class(tools, item) for item in re.split(r"[\s,，、;；]+", text.strip()) if item)


def _class(tools: Tools, item: str) -> str:
    if tools.language.name == "zh":
        return find_class(item, tools.table)
    known = set(tools.lexicon.rhyme_classes(tools.table).tolist())
    if item in known:
        return item
    syllables = tools.read(item)
    own = tools.language.rhyme_class(syllables, tools.table) if syllables else ""
    if own not in known or not own:
        raise InvalidInput(
            f"the rhyme must be a word such as night, got {item!r}, which rhymes with nothing known: take another",
            zh=f"韵应是一个词，如 night，得到 {item!r}，没有可押的词：换一个",
        )
    return own
