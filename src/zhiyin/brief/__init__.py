"""Briefs: sentences in Chinese or English that ask for music, read into wishes.

Conventions: grammar before statistics; what was not understood is said, never guessed.
This package does not write music: see `zhiyin.fill`.
"""

from zhiyin.brief.read import Brief, Span, read_brief

__all__ = ["Brief", "Span", "read_brief"]
