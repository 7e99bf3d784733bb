"""The fields of an event and how many values each may take.

Conventions: every event is one row of small integers, one column a field; the last value of an input field
that can be unknown means "not told". The order and sizes are part of the checkpoint format.
This module does not encode: see `zhiyin.encode.grid_tokens` and `zhiyin.encode.sequence`.
"""

from __future__ import annotations

from zhiyin.theory.chord import QUALITY_NAMES

MAX_COLUMN_STEPS = 192  # two 4/4 bars; a longer bar is cut into several columns
END = MAX_COLUMN_STEPS  # onset value that closes a cell
PITCHES = 128
QUALITY_COUNT = len(QUALITY_NAMES)
NO_CHORD = PITCHES + 12 * QUALITY_COUNT
VALUES = NO_CHORD + 1
EXTRAS = 32  # notes: level * 4 + TIED_ON * 2 + TIED; chords: bass above root * 2 + TIED
TIED, TIED_ON = 1, 2  # continues the column before; goes on in the next column
MAX_ROWS = 16  # the chord row and up to 15 parts in one window

NO_LAST = PITCHES  # no note stands before in the row, or it plays no pitches
REACH = 25  # intervals from the last note are told apart up to two octaves; this one means farther

KIND_PAD, KIND_CELL, KIND_NOTE, KIND_CHORD = range(4)
PROGRAM_DRUMS, PROGRAM_CHORDS = 128, 129
DEGREE_NONE, DEGREE_DRUM = 12, 13
LIKE_NONE, LIKE_FAR, LIKE_UNTOLD = 0, 33, 34
TEMPO_EDGES_BPM = (50, 60, 70, 80, 90, 100, 112, 126, 144, 168, 200)
MODE_MAJOR, MODE_MINOR, MODE_OTHER, MODE_UNKNOWN = range(4)
STYLE_SLOTS = 48  # room for styles to come; the last one means "not told"
METRE_SLOTS = 32
METRES: tuple[tuple[int, int], ...] = (
    (4, 4), (3, 4), (2, 4), (6, 8), (2, 2), (3, 8), (9, 8), (12, 8), (3, 2), (4, 2), (6, 4), (5, 4), (2, 8),
    (4, 8), (5, 8), (7, 8), (1, 4), (1, 8), (7, 4), (8, 8), (4, 1), (9, 4), (1, 2), (6, 16), (3, 16), (12, 16),
)  # fmt: skip

# name -> number of values; the model sums one embedding a field.
INPUT_FIELDS: dict[str, int] = {
    "kind": 4,
    "onset": MAX_COLUMN_STEPS + 1,
    "beat": 25,
    "value": VALUES + 1,
    "degree": 14,
    "duration": MAX_COLUMN_STEPS + 1,
    "extra": EXTRAS + 1,
    "row": MAX_ROWS,
    "role": 8,
    "program": 130,
    "target": 2,
    "style": STYLE_SLOTS,
    "mood": 6,
    "tempo": 13,
    "metre": METRE_SLOTS,
    "length": MAX_COLUMN_STEPS + 1,
    "mode": 4,
    "density": 9,
    "polyphony": 7,
    "register": 9,
    "section_pos": 18,
    "section_left": 18,
    "piece_pos": 10,
    "piece_left": 10,
    "like": 35,
}
PLAIN_FIELDS = len(INPUT_FIELDS)  # a model may be told these alone, or its own step and the echoes too
NO_STEP = 2 * REACH + 1
INPUT_FIELDS["step"] = NO_STEP + 1  # from the note before in the row to this one
# What the row did next at this place in the bar before ("echo") and in the bar it resembles ("recall").
INPUT_FIELDS |= {
    f"{which}_{name}": size
    for which in ("echo", "recall")
    for name, size in (
        ("onset", MAX_COLUMN_STEPS + 2), ("value", VALUES + 1), ("step", NO_STEP + 1),
        ("duration", MAX_COLUMN_STEPS + 1),
    )
}  # fmt: skip
FIELD_NAMES: tuple[str, ...] = tuple(INPUT_FIELDS)
FIELD_INDEX: dict[str, int] = {name: index for index, name in enumerate(FIELD_NAMES)}
UNKNOWN: dict[str, int] = {
    "onset": MAX_COLUMN_STEPS, "beat": 24, "value": VALUES, "degree": DEGREE_NONE, "duration": 0,
    "extra": EXTRAS, "style": STYLE_SLOTS - 1, "mood": 5, "tempo": 12, "metre": METRE_SLOTS - 1,
    "length": 0, "mode": MODE_UNKNOWN, "density": 8, "polyphony": 6, "register": 8,
    "section_pos": 17, "section_left": 17, "piece_pos": 9, "piece_left": 9, "like": LIKE_UNTOLD,
    "step": NO_STEP,
    "echo_onset": END + 1, "echo_value": VALUES, "echo_step": NO_STEP, "echo_duration": 0,
    "recall_onset": END + 1, "recall_value": VALUES, "recall_step": NO_STEP, "recall_duration": 0,
}  # fmt: skip
ECHO_FIELDS: tuple[str, ...] = FIELD_NAMES[PLAIN_FIELDS + 1 :]
TARGET_SIZES: dict[str, int] = {
    "onset": MAX_COLUMN_STEPS + 1,
    "value": VALUES,
    "duration": MAX_COLUMN_STEPS + 1,
    "extra": EXTRAS,
}
