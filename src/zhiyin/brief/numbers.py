# ruff: noqa: SIM905 - word lists read better as one string
"""Numbers in Chinese and English: digits, 一百二, 壹佰贰拾, 两三, ninety-two, one-twenty.

Conventions: `NUMBER` is a pattern without groups that matches one number in folded text.
This module does not know units: see `zhiyin.brief.quantities`.
"""

from __future__ import annotations

import re

from zhiyin.errors import InvalidInput

_ZH_DIGITS: dict[str, int] = dict(
    zip(
        "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖",
        (0, 0, 1, 2, 2, *range(3, 10), *range(1, 10)),
        strict=True,
    )
)
_ZH_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_EN_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
EN_VALUES: dict[str, int] = dict(zip(_EN_SMALL, range(20), strict=True)) | {
    word: 10 * (index + 2) for index, word in enumerate(_EN_TENS)
}
EN_VALUES["fourty"] = 40
_EN_WORD = "(?:" + "|".join(sorted([*EN_VALUES, "hundred", "thousand"], key=len, reverse=True)) + ")"
_ARABIC = r"(?<![\d.])\d+(?:\.\d+)?"
_ZH = "[零〇一二两三四五六七八九十百千廿卅壹贰叁肆伍陆柒捌玖拾佰仟]+(?:点[零一二三四五六七八九]+)?"
_EN = (
    rf"(?<![a-z])(?:an? (?:hundred|thousand)|{_EN_WORD})(?:[ -](?:(?:and|oh|o) )?{_EN_WORD})*"
    rf"(?: point (?:{'|'.join(_EN_SMALL[:10])}))?(?![a-z])"
)
NUMBER = f"(?:{_ARABIC}|{_ZH}|{_EN})"


def parse_number(text: str) -> float:
    """Return the value of a number; colloquial 一百二 is 120, 两三 ('two or three') is 2.5.

    Raises InvalidInput if the text is no number.
    >>> parse_number("一百二"), parse_number("ninety-two"), parse_number("三十二"), parse_number("one-twenty")
    (120.0, 92.0, 32.0, 120.0)
    """
    text = text.strip().casefold()
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    if re.fullmatch(_ZH, text):
        return _parse_zh(text)
    words = re.split(r"[ -]+", text)
    known = ("hundred", "thousand", "and", "a", "an", "oh", "o", "point")
    if words and all(word in EN_VALUES or word in known for word in words):
        return _parse_en(words)
    raise InvalidInput(
        f"a number must be digits or number words, got {text!r}: write e.g. 80, 八十 or eighty"
    )


def zh_ranges(text: str) -> tuple[float, float] | None:
    """Return the two ends of a Chinese number that names two neighbours, None for another number.

    >>> zh_ranges("两三"), zh_ranges("七八十"), zh_ranges("一百二三十"), zh_ranges("十五六"), zh_ranges("八十")
    ((2.0, 3.0), (70.0, 80.0), (120.0, 130.0), (15.0, 16.0), None)
    """
    found = re.fullmatch(r"(.*?)([一二两三四五六七八九])([一二两三四五六七八九])(十|百|千)?", text)
    if found is None:
        return None
    head, first, last, unit = found.groups()
    if _ZH_DIGITS[last] != _ZH_DIGITS[first] + 1 or (head and head[-1] not in _ZH_UNITS):
        return None
    return _parse_zh(head + first + (unit or "")), _parse_zh(head + last + (unit or ""))


def _parse_zh(text: str) -> float:
    text = text.replace("廿", "二十").replace("卅", "三十")
    whole, _, decimals = text.partition("点")
    if decimals:
        return _parse_zh(whole) + float("0." + "".join(str(_ZH_DIGITS[mark]) for mark in decimals))
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
    """Return the value of English number words; "one twenty" and "one oh five" are spoken hundreds."""
    whole, decimals = words, ""
    if "point" in words:
        at = words.index("point")
        whole, decimals = words[:at], "".join(str(EN_VALUES[word]) for word in words[at + 1 :])
    total = 0
    values = [word for word in whole if word not in ("and", "a", "an")]
    spoken = len(values) > 1 and "hundred" not in values and "thousand" not in values
    for index, word in enumerate(values):
        if word in ("hundred", "thousand"):
            total = max(total, 1) * (100 if word == "hundred" else 1000)
        elif word in ("oh", "o"):
            total *= 10 if total < 10 else 1
            total *= 10 if spoken and total < 100 else 1
        else:
            value = EN_VALUES[word]
            is_hundreds = spoken and index and 0 < total < 10 and value >= 10
            total = total * 100 + value if is_hundreds else total + value
    return float(f"{total}.{decimals}") if decimals else float(total)
