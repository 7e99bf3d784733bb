"""The acts that a sentence of edits may order, each with the function that carries it out.

Conventions: a runner takes (score, order, seed) and returns the whole score; bars and parts outside the order stay.
An act without a runner here is refused by name before anything is changed.
"""

from __future__ import annotations

from zhiyin.brief.edit_apply import ActRunner

ACT_RUNNERS: dict[str, ActRunner] = {}
