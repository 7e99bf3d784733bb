"""Words of `zhiyin brief` in English and Chinese.

Conventions: key: (English, Chinese).
This module says nothing itself: see `zhiyin.cli.words`.
"""

from __future__ import annotations

BRIEF_WORDS: dict[str, tuple[str, str]] = {
    "opt.brief_model_url": (
        "ask a language model at this address for what the words leave open",
        "句中没说的，向这个地址的语言模型询问",
    ),
    "opt.brief_model_name": ("its model's name", "它的模型名"),
    "opt.no_guess": ("no learned guesses where no word names a style or a mood", "没有说风格和情绪时也不猜"),
    "place": ("place", "位置"),
    "sure": ("sure", "把握"),
    "problem": ("note", "注意"),
}
