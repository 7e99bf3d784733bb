"""Words for what listeners answer: labels of styles, moods, tunes in English and Chinese.

Conventions: (English, Chinese); a label without a Chinese name keeps its own, such as a composer's.
This module hears nothing.
"""

from __future__ import annotations

from zhiyin.listen.base import Finding
from zhiyin.theory.style_words import STYLE_NAMES_ZH

_LABELS: dict[str, tuple[str, str]] = {
    "excited": ("bright and stirred", "明快激昂"), "tense": ("dark and stirred", "紧张激烈"),
    "calm": ("bright and still", "平和宁静"), "sad": ("dark and still", "低沉忧伤"),
    "jig": ("jig", "吉格舞曲"), "reel": ("reel", "里尔舞曲"), "hornpipe": ("hornpipe", "号笛舞曲"),
    "strathspey": ("strathspey", "斯特拉斯佩舞曲"), "slip jig": ("slip jig", "滑步吉格"), "polka": ("polka", "波尔卡"),
    "air": ("air", "歌调"), "no dance": ("no dance", "不是舞曲"), "someone else": ("someone else", "其他人"),
}  # fmt: skip


def label_words(label: str) -> tuple[str, str]:
    """Return a label in English and Chinese.

    >>> label_words("string-quartet"), label_words("Chopin")
    (('string quartet', '弦乐四重奏'), ('Chopin', 'Chopin'))
    """
    words = label.replace("-", " ")
    if words in _LABELS:
        return _LABELS[words]
    return words, STYLE_NAMES_ZH.get(label, label)


def both_words(pair: tuple[str, str]) -> str:
    """Return both languages in one line, one word where they are the same.

    >>> both_words(("style", "风格")), both_words(("Chopin", "Chopin"))
    ('style 风格', 'Chopin')
    """
    return pair[0] if pair[0] == pair[1] else f"{pair[0]} {pair[1]}"


def answer_words(finding: Finding) -> tuple[str, str]:
    """Return what a listener answers in words, "don't know" with the reason and the likeliest guess."""
    if finding.label is not None:
        en, zh = label_words(finding.label)
        share = f"{100 * finding.confidence:.0f} %"
        return f"{en} ({share})", f"{zh}（{share}）"
    guess_en = guess_zh = ""
    if finding.labels:
        en, zh = label_words(finding.labels[0][0])
        guess_en = f"; nearest: {en} ({100 * finding.confidence:.0f} %)"
        guess_zh = f"；最接近：{zh}（{100 * finding.confidence:.0f} %）"
    return f"don't know: {finding.why[0]}{guess_en}", f"不知道：{finding.why[1]}{guess_zh}"
