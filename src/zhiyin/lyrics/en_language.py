"""English as it is sung: words to syllables with stress, openness and rhyme.

Conventions: stress 2 primary, 1 secondary, 0 none; monosyllabic words of grammar have 0, others keep theirs.
This module does not know Chinese: see `zhiyin.lyrics.languages`.
"""

from __future__ import annotations

from collections.abc import Mapping

from zhiyin.lyrics.en_dict import is_vowel
from zhiyin.lyrics.en_rhyme import rhyme_part
from zhiyin.lyrics.en_syllables import split_sounds, split_spelling
from zhiyin.lyrics.en_words import function_words, parse_sounds, plain_word, word_sounds
from zhiyin.lyrics.language import Syllable

# How open a vowel is, 0 to 1; singers hold what is at .6 or above with ease.
OPENNESS = {
    "AA": 1.0, "AE": 0.9, "AH": 0.65, "AO": 0.85, "AW": 0.95, "AY": 0.95, "EH": 0.55, "ER": 0.4, "EY": 0.6, "IH": 0.25,
    "IY": 0.1, "OW": 0.65, "OY": 0.7, "UH": 0.3, "UW": 0.1,
}  # fmt: skip
_FROM_DIGIT = {"0": 0, "1": 2, "2": 1}


def read_word(word: str, index: int, fixed: Mapping[str, str] | None = None) -> list[Syllable]:
    """Return the syllables of one English word. fixed: readings a person gave, in ARPAbet."""
    plain = plain_word(word)
    given = (fixed or {}).get(word, (fixed or {}).get(plain))
    found = None if given else word_sounds(word)
    sounds = parse_sounds(given) if given else found.sounds if found else ()
    is_sure = found.is_sure if found else True
    if not any(map(is_vowel, sounds)):
        sounds = (*sounds, "AH0")
    pieces, groups = split_spelling(word, sounds), split_sounds(sounds)
    is_content = plain not in function_words()
    rhyme = " ".join(rhyme_part(sounds))
    count = len(groups)
    found_syllables = []
    for i, (text, group) in enumerate(zip(pieces, groups, strict=True)):
        place = "single" if count == 1 else "begin" if i == 0 else "end" if i == count - 1 else "middle"
        own = _syllable(text, group, is_content or count > 1)
        found_syllables.append(
            Syllable(
                text=text, word=index, place=place, reading=" ".join(group), rhyme=own["rhyme"] if i < count - 1 else rhyme,
                stress=own["stress"], openness=own["openness"], is_content=is_content, is_sure=is_sure,
                onset=own["onset"], coda=own["coda"],
            )
        )  # fmt: skip
    return found_syllables


def _syllable(text: str, group: tuple[str, ...], may_stress: bool) -> dict:  # type: ignore[type-arg]
    """Return the parts of a syllable's sounds."""
    at = next(i for i, one in enumerate(group) if is_vowel(one))
    vowel = group[at]
    return {
        "rhyme": " ".join(one.rstrip("012") for one in group[at:]),
        "stress": _FROM_DIGIT[vowel[-1]] if may_stress else 0,
        "openness": OPENNESS[vowel[:2]],
        "onset": " ".join(group[:at]),
        "coda": " ".join(group[at + 1 :]),
    }
