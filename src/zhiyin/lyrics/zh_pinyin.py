"""Pinyin as sounds: a written syllable taken apart into initial, final and tone.

Conventions: tones 1..4, 5 neutral; "ü" is written ü, and v or u: are read as ü; finals are full ones ("iou", not "iu";
"-i" after z, c, s, zh, ch, sh, r). This module does not know characters: see `zhiyin.lyrics.zh_readings`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from zhiyin.errors import InvalidInput

_MARKS = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0300": 4}
_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcs")
_SHORT = {"iu": "iou", "ui": "uei", "un": "uen"}
_SPELLED_WITH_Y = {
    "y": "i",
    "yu": "ü",
    "yue": "üe",
    "yuan": "üan",
    "yun": "ün",
    "you": "iou",
    "yong": "iong",
    "yo": "io",
}
_SPELLED_WITH_W = {"wu": "u", "wei": "uei", "wen": "uen", "weng": "ueng"}

# How open the main vowel is, 0 closed to 1 wide; a singer holds what is at .6 or above with ease.
OPENNESS = {
    "a": 1.0, "ia": 1.0, "ua": 1.0, "ai": 0.9, "uai": 0.9, "ao": 0.9, "iao": 0.9, "an": 0.85, "uan": 0.85,
    "ang": 0.95, "iang": 0.95, "uang": 0.95, "ian": 0.6, "üan": 0.65, "o": 0.6, "uo": 0.6, "io": 0.6, "e": 0.55,
    "ie": 0.55, "üe": 0.55, "ê": 0.55, "ou": 0.6, "iou": 0.5, "ei": 0.5, "uei": 0.45, "en": 0.45, "uen": 0.4,
    "eng": 0.5, "ueng": 0.45, "ong": 0.4, "iong": 0.35, "er": 0.5, "in": 0.2, "ing": 0.25, "ün": 0.15, "i": 0.0,
    "u": 0.1, "ü": 0.0, "-i": 0.05, "m": 0.0, "n": 0.0, "ng": 0.0,
}  # fmt: skip
FINALS = tuple(OPENNESS)


@dataclass(frozen=True, slots=True)
class Pinyin:
    """One syllable: base as written without tone ("zhuang"), initial ("zh"), final ("uang"), tone 1..5.

    is_r: an r was joined to it (花儿 as one syllable, "huar"); the final is that of the syllable without it.
    """

    base: str
    initial: str
    final: str
    tone: int
    is_r: bool = False

    @property
    def coda(self) -> str:
        """Return the consonants after the vowel: "n", "ng", "r" or none."""
        nasal = re.search(r"ng?$", self.final)
        joined = "r" if self.is_r or self.final == "er" else ""
        return (nasal.group() if nasal and self.final not in ("n", "ng") else "") + joined

    def with_tone(self, tone: int) -> Pinyin:
        """Return the same syllable in another tone."""
        return Pinyin(self.base, self.initial, self.final, tone, self.is_r)


@lru_cache(maxsize=4096)
def parse_pinyin(text: str) -> Pinyin:
    """Return a written syllable taken apart, the tone as a digit at the end or as a mark.

    Raises InvalidInput for what is no syllable of Mandarin.
    >>> parse_pinyin("lüe4").final, parse_pinyin("zhī").final, parse_pinyin("yan2").final, parse_pinyin("ju").final
    ('üe', '-i', 'ian', 'ü')
    """
    plain, tone = _split_tone(text)
    try:
        return _parts(plain, tone)
    except KeyError:
        pass
    if plain.endswith("r") and plain != "r":
        try:
            base = _parts(plain[:-1], tone)
        except KeyError:
            base = None
        if base is not None:
            return Pinyin(plain, base.initial, base.final, tone, is_r=True)
    raise InvalidInput(
        f"a reading must be one pinyin syllable such as 'zhang3', got {text!r}: spell it like that"
    )


def _split_tone(text: str) -> tuple[str, int]:
    """Return the letters and the tone of a written syllable."""
    tone, letters = 5, []
    for mark in unicodedata.normalize("NFD", text.strip().lower()):
        if mark in _MARKS:
            tone = _MARKS[mark]
        else:
            letters.append(mark)
    plain = unicodedata.normalize("NFC", "".join(letters)).replace("u:", "ü").replace("v", "ü")
    if plain[-1:].isdigit():
        digit = plain[-1]
        if digit not in "012345":
            raise InvalidInput(f"a tone must be 1..5 (5 neutral), got {text!r}: write for example 'zhang3'")
        plain, tone = plain[:-1], int(digit) or 5
    return plain, tone


def _parts(plain: str, tone: int) -> Pinyin:
    """Return the syllable of plain letters; KeyError where there is none."""
    if plain[:1] in ("y", "w"):
        final = _without_glide(plain)
        if final not in OPENNESS:
            raise KeyError(plain)
        return Pinyin(plain, "", final, tone)
    initial = next((one for one in _INITIALS if plain.startswith(one) and len(plain) > len(one)), "")
    if plain in ("m", "n", "ng"):
        initial = ""
    final = plain[len(initial) :]
    final = _SHORT.get(final, final)
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = "ü" + (final[1:] if final != "uen" else "n")
    if final == "i" and initial in ("zh", "ch", "sh", "r", "z", "c", "s"):
        final = "-i"
    if final == "ue":
        final = "üe"
    if final not in OPENNESS:
        raise KeyError(plain)
    return Pinyin(plain, initial, final, tone)


def _without_glide(plain: str) -> str:
    """Return the final of a syllable that is spelled with y or w."""
    if plain in _SPELLED_WITH_Y:
        return _SPELLED_WITH_Y[plain]
    if plain in _SPELLED_WITH_W:
        return _SPELLED_WITH_W[plain]
    if plain.startswith("y"):
        rest = plain[1:]
        return rest if rest.startswith("i") else "i" + rest
    return "u" + plain[1:]
