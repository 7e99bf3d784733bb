"""Laws of sequences: what is given comes first, each event predicts the next of its cell, codes stay in range."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.encode.pieces import little_waltz, random_score
from zhiyin.encode import Window, build_sequence, context_of, encode_grid, stack
from zhiyin.encode.fields import DEGREE_DRUM, END, FIELD_INDEX, INPUT_FIELDS, KIND_CELL, NO_LAST, UNKNOWN
from zhiyin.encode.sequence import NO_QUALITY, NO_ROOT, Sequence
from zhiyin.errors import InvalidInput
from zhiyin.score import Notes, Part, Score, transpose
from zhiyin.units import TICKS_PER_QUARTER as QUARTER


def _window(
    score_seed: int | None = None, *, shift: int = 0, write_from: int = 2
) -> tuple[Sequence, int, int]:
    score = little_waltz() if score_seed is None else random_score(score_seed)
    tokens = encode_grid(score)
    columns, rows = np.arange(min(tokens.columns, 12)), np.arange(tokens.rows)
    write = np.zeros((columns.size, rows.size), bool)
    write[write_from:, 1:] = True
    sequence = build_sequence(tokens, context_of(tokens), Window(columns, rows, write, shift))
    return sequence, columns.size * rows.size, int(np.isin(tokens.segments.column, columns).sum())


def _field(sequence: Sequence, name: str) -> list[int]:
    values: list[int] = sequence.fields[:, FIELD_INDEX[name]].tolist()
    return values


@given(st.integers(0, 1000))
def test_every_code_is_within_its_field(seed: int) -> None:
    sequence, _, _ = _window(seed)
    for index, (name, size) in enumerate(INPUT_FIELDS.items()):
        column = sequence.fields[:, index]
        assert column.min() >= 0 and column.max() < size, name


@given(st.integers(0, 1000))
def test_a_sequence_holds_one_event_a_cell_and_one_a_segment(seed: int) -> None:
    sequence, cells, segments = _window(seed)
    assert _field(sequence, "kind").count(KIND_CELL) == cells
    assert len(sequence) == cells + segments


def test_given_cells_come_before_cells_to_write() -> None:
    sequence, _, _ = _window()
    assert np.all(np.diff(sequence.is_target.astype(int)) >= 0)
    assert sequence.is_target.any() and not sequence.is_target.all()


def test_each_event_predicts_the_next_one_of_its_cell_and_the_last_predicts_the_end() -> None:
    sequence, _, _ = _window()
    kinds, onsets, values = (_field(sequence, n) for n in ("kind", "onset", "value"))
    for i in range(len(sequence)):
        at_end = i + 1 == len(sequence) or kinds[i + 1] == KIND_CELL
        expected = [END, -1] if at_end else [onsets[i + 1], values[i + 1]]
        assert sequence.target[i, :2].tolist() == expected


def test_texture_wishes_are_told_for_cells_to_write_only() -> None:
    sequence, _, _ = _window()
    density = np.array(_field(sequence, "density"))
    cells = np.array(_field(sequence, "kind")) == KIND_CELL
    assert set(density[cells & ~sequence.is_target].tolist()) == {UNKNOWN["density"]}
    assert UNKNOWN["density"] not in density[cells & sequence.is_target][1:].tolist()


def test_transposing_the_window_equals_transposing_the_score() -> None:
    score = little_waltz()
    tokens, moved = encode_grid(score), encode_grid(transpose(score, 3))
    columns, rows = np.arange(tokens.columns), np.arange(tokens.rows)
    write = np.ones((columns.size, rows.size), bool)
    a = build_sequence(tokens, context_of(tokens), Window(columns, rows, write, 3))
    b = build_sequence(moved, context_of(moved), Window(columns, rows, write, 0))
    for name in ("fields", "target", "tonic", "chord_root", "chord_quality"):
        assert np.array_equal(getattr(a, name), getattr(b, name)), name


def test_the_chord_under_the_next_note_is_told_and_none_on_the_chord_row() -> None:
    sequence, _, _ = _window()
    rows = np.array(_field(sequence, "row"))
    follows = sequence.target[:, 1] >= 0
    assert set(sequence.chord_root[(rows == 0)].tolist()) == {NO_ROOT}
    assert set(sequence.chord_root[(rows > 0) & follows].tolist()) == {2, 7, 9}
    assert set(sequence.chord_quality[~follows].tolist()) == {NO_QUALITY}


def test_drum_rows_have_no_degrees() -> None:
    sequence, _, _ = _window(5)
    degree, row = np.array(_field(sequence, "degree")), np.array(_field(sequence, "row"))
    notes = np.array(_field(sequence, "kind")) != KIND_CELL
    assert set(degree[notes & (row == 3)].tolist()) <= {DEGREE_DRUM}


def test_padding_predicts_nothing() -> None:
    short, long = _window(write_from=2)[0], _window(3)[0]
    batch = stack([short, long])
    assert batch["fields"].shape[1] == max(len(short), len(long))
    least = min(len(short), len(long))
    shorter = 0 if len(short) < len(long) else 1
    assert np.all(batch["target"][shorter, least:] == -1)


def test_a_window_whose_mask_does_not_fit_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"write must be .*\(2, 1\), got \(1, 1\)"):
        Window(np.arange(2), np.arange(1), np.ones((1, 1), bool))


def test_each_event_knows_the_pitch_before_the_next_one_in_its_row() -> None:
    melody = Part(
        "tune", Notes.of([(0, QUARTER, 60, 80), (QUARTER, QUARTER, 64, 80), (4 * QUARTER, QUARTER, 67, 80)])
    )
    bass = Part("bass", Notes.of([(0, 4 * QUARTER, 36, 80)]), role="bass", program=32)
    tokens = encode_grid(Score(parts=(melody, bass)))
    window = Window(np.arange(2), np.arange(3), np.ones((2, 3), bool), shift=2)
    sequence = build_sequence(tokens, context_of(tokens), window)
    # chord row, tune cell and its two notes, bass cell and its note; then the second bar
    assert sequence.last.tolist() == [NO_LAST, NO_LAST, 62, 66, NO_LAST, 38, NO_LAST, 66, 69, 38]


def test_drums_stand_before_nothing() -> None:
    kit = Part("kit", Notes.of([(0, QUARTER, 36, 80), (QUARTER, QUARTER, 38, 80)]), is_drums=True)
    tokens = encode_grid(Score(parts=(kit,)))
    window = Window(np.arange(1), np.arange(2), np.ones((1, 2), bool))
    assert set(build_sequence(tokens, context_of(tokens), window).last.tolist()) == {NO_LAST}
