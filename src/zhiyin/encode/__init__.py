"""Encoders: scores as integers that models learn, and back.

Conventions: one encoder a file, listed in ENCODERS; grid tokens are the ones fill models use.
This package knows no tensors.
"""

from zhiyin.encode.base import Encoder
from zhiyin.encode.context import Context, context_of, open_levels
from zhiyin.encode.grid_tokens import GridEncoder, GridTokens, Segments, decode_grid, encode_grid
from zhiyin.encode.note_graph import GraphEncoder, NoteGraph, encode_graph
from zhiyin.encode.note_table import EventEncoder, NoteTable, NoteTableEncoder, note_events, note_table
from zhiyin.encode.sequence import Sequence, Window, build_sequence, stack

ENCODERS: dict[str, Encoder] = {
    "grid": GridEncoder(), "notes": NoteTableEncoder(), "events": EventEncoder(), "graph": GraphEncoder(),
}  # fmt: skip

__all__ = [
    "ENCODERS", "Context", "Encoder", "EventEncoder", "GraphEncoder", "GridEncoder", "GridTokens", "NoteGraph",
    "NoteTable", "NoteTableEncoder", "Segments", "Sequence", "Window", "build_sequence", "context_of", "decode_grid",
    "encode_graph", "encode_grid", "note_events", "note_table", "open_levels", "stack",
]  # fmt: skip
