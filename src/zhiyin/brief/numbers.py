# ruff: noqa: SIM905 - word lists read better as one string
"""Numbers in Chinese and English: digits, 一百二, 两三, ninety-two.

Conventions: `NUMBER` is a pattern without groups that matches one number in folded text.
This module does not know units: see `zhiyin.brief.patterns`.
"""

from __future__ import annotations

import re

from zhiyin.errors import InvalidInput

_ZH_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_ZH_UNITS = {"十": 10, "百": 100, "千": 1000}
_EN_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
EN_VALUES: dict[str, int] = dict(zip(_EN_SMALL, range(20), strict=True)) | {
    word: 10 * (index + 2) for index, word in enumerate(_EN_TENS)
}
_EN_WORD = "(?:" + "|".join(sorted([*EN_VALUES, "hundred"], key=len, reverse=True)) + ")"
_ARABIC = r"(?<![\d.])\d+(?:\.\d+)?"
_ZH = "[零〇一二两三四五六七八九十百千廿]+"
_EN = rf"(?<![a-z])(?:a hundred|{_EN_WORD})(?:[ -](?:and )?{_EN_WORD})*(?![a-z])"
NUMBER = f"(?:{_ARABIC}|{_ZH}|{_EN})"


def parse_number(text: str) -> float:
    """Return the value of a number; colloquial 一百二 is 120, 两三 ('two or three') is 2.5.

    Raises InvalidInput if the text is no number.
    >>> parse_number("一百二"), parse_number("ninety-two"), parse_number("三十二")
    (120.0, 92.0, 32.0)
    """
    text = text.strip().casefold()
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    if re.fullmatch(_ZH, text):
        return _parse_zh(text)
    words = re.split(r"[ -]+", text)
    if words and all(word in EN_VALUES or word in ("hundred", "and", "a") for word in words):
        return _parse_en(words)
    raise InvalidInput(
        f"a number must be digits or number words, got {text!r}: write e.g. 80, 八十 or eighty"
    )


def _parse_zh(text: str) -> float:
    text = text.replace("廿", "二十")
    if not any(mark in _ZH_UNITS for mark in text):
        digits = [_ZH_DIGITS[mark] for mark in text]
        if len(digits) == 2 and digits[1] == digits[0] + 1:
            return (digits[0] + digits[1]) / 2  # 两三 means two or three
        return float("".join(map(str, digits)))
    total, digit, unit = 0, -1, 1
    for mark in text:
        if mark in _ZH_DIGITS:
            digit = _ZH_DIGITS[mark]
            unit = 1 if digit == 0 else unit
        else:
            unit = _ZH_UNITS[mark]
            total += unit * (1 if digit < 0 else digit)
            digit = -1
    if digit > 0:
        total += digit * (unit // 10 if unit >= 100 else 1)
    return float(total)


def _parse_en(words: list[str]) -> float:
    total = 0
    for word in words:
        if word == "hundred":
            total = max(total, 1) * 100
        elif word in EN_VALUES:
            total += EN_VALUES[word]
    return float(total)
