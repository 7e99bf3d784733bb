"""The score: notes, parts, marks, timeline, grid and edits.

Conventions: ticks at 10,080 a quarter everywhere; values are frozen and an edit returns a new one.
This package does not read files (`zhiyin.io`) and does not sound (`zhiyin.render`).
"""

from zhiyin.score.edit import map_notes, scale_tempo, slice_bars, slice_ticks, transpose
from zhiyin.score.grid import CHORD_ROW, Cell, Grid
from zhiyin.score.note import DEFAULT_VELOCITY, Note, Notes
from zhiyin.score.provenance import Origin
from zhiyin.score.quantise import VELOCITY_LEVELS, QuantiseReport, quantise
from zhiyin.score.score import (
    LOCK_ASPECTS,
    ROLES,
    ChordMark,
    Control,
    KeyMark,
    Lock,
    MetreMark,
    Part,
    Score,
    Section,
    Tempo,
)
from zhiyin.score.timeline import Timeline
from zhiyin.score.warp import Warp
from zhiyin.score.wishes import Change, Wishes

__all__ = [
    "CHORD_ROW", "DEFAULT_VELOCITY", "LOCK_ASPECTS", "ROLES", "VELOCITY_LEVELS", "Cell", "ChordMark", "Control", "Grid",
    "Change", "KeyMark", "Lock", "MetreMark", "Note", "Notes", "Origin", "Part", "QuantiseReport", "Score", "Section",
    "Tempo", "Timeline", "Warp", "Wishes", "map_notes", "quantise", "scale_tempo", "slice_bars", "slice_ticks",
    "transpose",
]  # fmt: skip
