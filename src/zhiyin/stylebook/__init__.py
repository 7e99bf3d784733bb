"""The style book: fifteen modern styles as readable files, played by rule with real voice leading.

Conventions: `arrange(plan, style, rng)` writes a score; `sketch(style, rng)` draws a plan from a style alone.
This package does not know wishes, models or corpora.
"""

from __future__ import annotations

from zhiyin.stylebook.arrange import arrange, assign_books
from zhiyin.stylebook.book import PlayerBook, Style
from zhiyin.stylebook.form import Sketch, default_players, fit_form, place_sections, sketch
from zhiyin.stylebook.groove import with_groove
from zhiyin.stylebook.harmony import write_progressions
from zhiyin.stylebook.read import load_style, read_style, style_names

__all__ = [
    "PlayerBook", "Sketch", "Style", "arrange", "assign_books", "default_players", "fit_form", "load_style",
    "place_sections", "read_style", "sketch", "style_names", "with_groove", "write_progressions",
]  # fmt: skip
