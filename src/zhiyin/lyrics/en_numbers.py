"""Digits in English lines, written out as they are sung.

Conventions: up to 15 digits are read as a number; longer ones, and those that start with 0, digit by digit.
This module does not know how words sound.
"""

from __future__ import annotations

_SMALL_NAMES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_SMALL = _SMALL_NAMES.split()
_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_GREAT = ("", "thousand", "million", "billion", "trillion")


def number_words(text: str) -> tuple[str, ...]:
    """Return the words of a number.

    >>> number_words("23"), number_words("1,050"), number_words("3.5"), number_words("50%")
    (('twenty-three',), ('one', 'thousand', 'fifty'), ('three', 'point', 'five'), ('fifty', 'percent'))
    """
    if text.endswith("%"):
        return (*number_words(text[:-1]), "percent")
    if ":" in text:
        return tuple(
            word for part in text.split(":") if part.strip("0") for word in number_words(part.lstrip("0"))
        )
    whole, _, rest = text.replace(",", "").partition(".")
    is_code = len(whole) > 15 or (len(whole) > 1 and whole.startswith("0"))
    spoken = _singly(whole) if is_code else _counted(int(whole))
    return (*spoken, *(("point", *_singly(rest)) if rest else ()))


def _singly(digits: str) -> tuple[str, ...]:
    """Return digits read one by one."""
    return tuple(_SMALL[int(one)] for one in digits if one.isdigit())


def _counted(value: int) -> tuple[str, ...]:
    """Return the words of a count."""
    if value == 0:
        return (_SMALL[0],)
    words: list[str] = []
    for place in range(len(_GREAT) - 1, -1, -1):
        group = value // 1000**place % 1000
        if group:
            words += [*_below_thousand(group), *([_GREAT[place]] if place else [])]
    return tuple(words)


def _below_thousand(value: int) -> list[str]:
    """Return 1..999 in words."""
    words = [_SMALL[value // 100], "hundred"] if value >= 100 else []
    value %= 100
    if value >= 20:
        words.append(_TENS[value // 10] + (f"-{_SMALL[value % 10]}" if value % 10 else ""))
    elif value:
        words.append(_SMALL[value])
    return words
