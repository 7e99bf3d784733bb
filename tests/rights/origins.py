"""Scores with origins, for the tests of provenance.

Conventions: three origins, one of each kind; -1 is unknown.
Does not know: how anything is counted, hashed or embedded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.io.scores import playable_score
from zhiyin.score import Notes, Origin, Part, Score, Section

QUARTER = 10_080
ANN = Origin("person", "Ann 李")
SONG = Origin("file", "song ~ 1.mid", "sha256=00ff")
SMALL = Origin("model", "small", "0123456789abcdef seed=7 take=0 request=9f9f")
TABLE = (ANN, SONG, SMALL)

# Four quarters and a half note by Ann, the model and nobody; a drum stroke of the file.
PIECE = Score(
    title="Té <a&b> ]]>",
    parts=(
        Part(
            "Melody",
            Notes.of([
                (0, QUARTER, 60), (QUARTER, QUARTER, 62), (2 * QUARTER, QUARTER, 64), (3 * QUARTER, QUARTER, 65),
                (4 * QUARTER, 2 * QUARTER, 67),
            ]).with_columns(origin=[0, 0, 2, 2, -1]),
        ),
        Part("Kit", Notes.of([(0, QUARTER // 2, 36)]).with_columns(origin=[1]), "drums", 0, True),
    ),
    sections=(Section(2 * QUARTER, "A"), Section(4 * QUARTER, "B")),
    provenance=TABLE,
)  # fmt: skip


@st.composite
def known_score(draw: Any, *, step: int = 1) -> Score:
    """Draw a playable score whose notes have origins of TABLE or none."""
    score = draw(playable_score(step=step))
    parts = []
    for part in score.parts:
        size = len(part.notes)
        origin = draw(st.lists(st.integers(-1, 2), min_size=size, max_size=size))
        parts.append(part.with_notes(part.notes.with_columns(origin=np.array(origin, np.int64))))
    return replace(score, parts=tuple(parts), provenance=TABLE)


def by_note(score: Score) -> list[tuple[int, int, int, int, int]]:
    """Return (part, onset, length, pitch, origin) of every note; parts without notes are not counted."""
    sounding = [part for part in score.parts if len(part.notes)]
    return sorted(
        (index, *row)
        for index, part in enumerate(sounding)
        for row in zip(
            part.notes.onset.tolist(), part.notes.duration.tolist(), part.notes.pitch.tolist(),
            np.full(len(part.notes), -1).tolist() if part.notes.origin is None else part.notes.origin.tolist(),
            strict=True,
        )
    )  # fmt: skip
