"""Laws of teams and proposals: what is proposed is written, masks still hold, others are the helper's and say so."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.apps.model import open_model
from zhiyin.encode.fields import PITCHES, PROGRAM_DRUMS
from zhiyin.fill.constraints import InKey
from zhiyin.fill.decode import fill
from zhiyin.fill.request import Request
from zhiyin.fill.team import Team
from zhiyin.models.proposal import ProposedState
from zhiyin.models.proposed import CellRolls, Proposed
from zhiyin.score import Cell, KeyMark, MetreMark, Notes, Part, Score, Tempo
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER

Q = TICKS_PER_QUARTER


def two_parts(bars: int = 2) -> Score:
    """Return two empty parts of some bars of 4/4 in C major."""
    return Score(
        parts=(Part("tune", Notes(), role="melody", program=73), Part("low", Notes(), role="bass", program=32)),
        tempos=(Tempo(0, 100.0),), metres=(MetreMark(0, Metre(4, 4)),), keys=(KeyMark(0, Key(0, "major")),),
        length_ticks=bars * 4 * Q,
    )  # fmt: skip


def rolls(notes: list[tuple[int, int, int]]) -> CellRolls:
    """Return sure rolls of (first sixteenth, sixteenths, pitch) notes."""
    strike, hold = np.zeros((16, PITCHES), np.float32), np.zeros((16, PITCHES), np.float32)
    for first, length, pitch in notes:
        strike[first, pitch] = 1.0
        hold[first + 1 : first + length, pitch] = 1.0
    return CellRolls(strike, hold, np.full(16, 4.0, np.float32), is_mono=True)


TUNE = [(0, 4, 60), (4, 4, 64), (8, 2, 67), (10, 6, 65)]


def written(notes: list[tuple[int, int, int]], *constraints: object, seed: int = 1) -> Score:
    proposed = Proposed({(bar, 1): rolls(notes) for bar in range(2)}, name="told", version="1")
    cells = frozenset(Cell(p, b) for p in range(2) for b in range(2))
    request = Request(two_parts(), cells, constraints=tuple(constraints), seed=seed)  # type: ignore[arg-type]
    return fill(request, Team(proposed, open_model()))[0].score


def test_sure_proposals_are_written_note_for_note() -> None:
    notes = written(TUNE).parts[0].notes
    bar = [(f * Q // 4, n * Q // 4, p) for f, n, p in TUNE]
    expected = [(o + b * 4 * Q, d, p) for b in range(2) for o, d, p in bar]
    assert [(n.onset, n.duration, n.pitch) for n in notes] == expected


def test_a_wish_wins_over_a_proposal_and_takes_a_neighbour() -> None:
    notes = written([(0, 8, 61), (8, 8, 66)], InKey(Key(0, "major"))).parts[0].notes
    assert {int(p) % 12 for p in notes.pitch} <= {0, 2, 4, 5, 7, 9, 11}
    assert all(abs(int(p) - asked) <= 5 for p, asked in zip(notes.pitch[:2], (61, 66), strict=True))


def test_rows_that_are_not_served_are_the_helpers_and_say_so() -> None:
    score = written(TUNE)
    names = [o.name for o in score.provenance]
    by_part = [{names[i] for i in np.asarray(part.notes.origin)} for part in score.parts]
    assert by_part[0] == {"told"} and by_part[1] == {open_model().name}


def test_chances_of_a_roll_are_those_of_its_answers() -> None:
    """One sixteenth with chance 0.3 of a note: END is asked 0.7 of the time, and the note lasts as hold says."""
    from zhiyin.encode import Window, context_of, encode_grid
    from zhiyin.encode.scene import scene_of
    from zhiyin.encode.sequence import build_sequence
    from zhiyin.models import Under

    strike, hold = np.zeros((16, PITCHES), np.float32), np.zeros((16, PITCHES), np.float32)
    strike[4, 60], hold[5, 60], hold[6, 60] = 0.3, 0.5, 0.5
    made = Proposed({(0, 1): CellRolls(strike, hold, np.full(16, 4.0, np.float32))}, name="told", version="1")
    tokens = encode_grid(two_parts(1))
    window = Window(np.array([0]), np.array([1]), np.ones((1, 1), bool))
    scene = scene_of(tokens, context_of(tokens), window)
    state = ProposedState(scene, made.propose(scene, np.random.default_rng(0)))
    sequence = build_sequence(tokens, context_of(tokens), window)
    state.feed(sequence.fields, sequence.time)
    onset = np.exp(state.onset())
    assert onset[24] == pytest.approx(0.3, abs=0.01) and onset[192] == pytest.approx(0.7, abs=0.01)
    assert np.argmax(state.value(24, Under(0, 12, 0))) == 60
    duration = np.exp(state.duration(60))
    assert duration[6] == pytest.approx(0.5, abs=0.01) and duration[12] == pytest.approx(0.25, abs=0.01)
    for answer in (onset, duration, np.exp(state.extra(6))):
        assert answer.sum() == pytest.approx(1.0)


def test_a_proposer_serves_what_it_holds() -> None:
    made = Proposed({(0, 2): rolls(TUNE)}, name="told", version="1")
    assert made.serves_row(2) and not made.serves_row(1) and made.serves(0, PROGRAM_DRUMS)
