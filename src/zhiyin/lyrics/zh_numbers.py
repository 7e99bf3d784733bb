"""Digits in Chinese lines, written out as they are sung.

Conventions: up to 16 digits are read as a number, longer ones, years before 年 and those that start with 0 digit by
digit. This module does not choose readings.
"""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_SMALL = ("", "十", "百", "千")
_GREAT = ("", "万", "亿", "兆")


def number_characters(text: str, *, is_year: bool = False) -> str:
    """Return a number in Chinese characters.

    >>> number_characters("23"), number_characters("1050"), number_characters("1999", is_year=True)
    ('二十三', '一千零五十', '一九九九')
    """
    if text.endswith("%"):
        return "百分之" + number_characters(text[:-1])
    if ":" in text:
        return "点".join(number_characters(part) for part in text.split(":") if part)
    whole, _, rest = text.replace(",", "").partition(".")
    spoken = _one_by_one(whole) if is_year or len(whole) > 16 or _is_code(whole) else _counted(whole)
    return spoken + ("点" + _one_by_one(rest) if rest else "")


def _is_code(digits: str) -> bool:
    """Return whether digits name something instead of counting (007)."""
    return len(digits) > 1 and digits.startswith("0")


def _one_by_one(digits: str) -> str:
    """Return digits read singly."""
    return "".join(_DIGITS[int(one)] for one in digits if one.isdigit())


def _counted(digits: str) -> str:
    """Return digits read as a count."""
    value = int(digits)
    if value == 0:
        return "零"
    groups: list[int] = []
    while value:
        groups.append(value % 10_000)
        value //= 10_000
    spoken = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group:
            is_after_gap = bool(spoken) and (group < 1000 or groups[place + 1] == 0)
            spoken += ("零" if is_after_gap else "") + _below_ten_thousand(group) + _GREAT[place]
    return spoken.removeprefix("一") if spoken.startswith("一十") else spoken


def _below_ten_thousand(value: int) -> str:
    """Return 1..9999 in characters."""
    spoken, is_gap = "", False
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit:
            spoken += ("零" if is_gap else "") + _DIGITS[digit] + _SMALL[place]
        is_gap = not digit and bool(spoken)
    return spoken
