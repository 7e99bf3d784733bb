"""Laws of grid tokens: exact for every quantised score, refused for others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.encode.pieces import QUARTER, STEP, little_waltz, random_score
from zhiyin.encode import ENCODERS, decode_grid, encode_grid
from zhiyin.encode.fields import NO_CHORD, TIED, TIED_ON
from zhiyin.encode.grid_tokens import chord_to_value, value_to_chord
from zhiyin.errors import InvalidInput
from zhiyin.score import ChordMark, MetreMark, Notes, Part, Score
from zhiyin.theory.chord import QUALITY_NAMES, Chord
from zhiyin.theory.metre import Metre


@given(st.integers(0, 10_000))
def test_every_quantised_score_comes_back_note_for_note(seed: int) -> None:
    score = random_score(seed)
    assert decode_grid(encode_grid(score)) == score


def test_every_encoder_of_the_table_that_claims_to_be_exact_is_exact() -> None:
    score = little_waltz()
    for name, encoder in ENCODERS.items():
        assert encoder.name == name
        if encoder.is_exact:
            assert encoder.decode(encoder.encode(score)) == score


def test_a_note_over_the_bar_line_becomes_two_tied_segments() -> None:
    notes = Notes.of([(3 * QUARTER, 2 * QUARTER, 60, 80)])
    seg = encode_grid(Score(parts=(Part("a", notes),))).segments
    assert seg.column.tolist() == [0, 1]
    assert seg.onset.tolist() == [72, 0]
    assert seg.duration.tolist() == [24, 24]
    assert (seg.extra % 4).tolist() == [TIED_ON, TIED]


def test_two_notes_on_one_pitch_that_meet_at_a_bar_line_keep_their_own_ends() -> None:
    notes = Notes.of([(0, 4 * QUARTER, 60, 80), (QUARTER, 5 * QUARTER, 60, 80)])
    score = Score(parts=(Part("a", notes),))
    assert decode_grid(encode_grid(score)).parts[0].notes == notes


def test_a_bar_longer_than_192_steps_is_cut_into_columns_of_one_bar() -> None:
    score = Score(metres=(MetreMark(0, Metre(3, 1)),), length_ticks=12 * QUARTER)
    tokens = encode_grid(score)
    assert tokens.starts.tolist() == [0, 192, 288]
    assert tokens.bars.tolist() == [0, 0]


def test_a_tied_segment_without_a_note_before_it_becomes_an_attack() -> None:
    tokens = encode_grid(Score(parts=(Part("a", Notes.of([(0, QUARTER, 60, 80)])),)))
    tokens.segments.extra[0] += TIED
    assert [n.onset for n in decode_grid(tokens).parts[0].notes] == [0]


def test_chord_values_name_every_chord_once() -> None:
    values = {chord_to_value(Chord(r, q)) for r in range(12) for q in QUALITY_NAMES}
    assert len(values) == 12 * len(QUALITY_NAMES) and NO_CHORD not in values
    assert value_to_chord(chord_to_value(Chord(9, "m7", 0)), 3) == Chord(9, "m7", 0)


def test_no_chord_is_kept_as_a_mark() -> None:
    marks = (ChordMark(0, Chord(0)), ChordMark(QUARTER, None), ChordMark(2 * QUARTER, Chord(7, "7")))
    assert decode_grid(encode_grid(Score(chords=marks, length_ticks=4 * QUARTER))).chords == marks


def test_notes_off_the_grid_are_refused_with_the_remedy() -> None:
    score = Score(parts=(Part("viola", Notes.of([(1, QUARTER, 60, 80)])),))
    with pytest.raises(InvalidInput, match=r"onset 1 .* 'viola'.*quantise first"):
        encode_grid(score)


def test_a_velocity_between_levels_is_refused_with_the_remedy() -> None:
    score = Score(parts=(Part("viola", Notes.of([(0, QUARTER, 60, 81)])),))
    with pytest.raises(InvalidInput, match=r"velocity must be one of .* got 81 .*quantise first"):
        encode_grid(score)


def test_segments_are_sorted_by_column_row_onset_and_value() -> None:
    seg = encode_grid(random_score(3)).segments
    key = ((seg.column * 8 + seg.row) * 256 + seg.onset) * 512 + seg.value
    assert np.all(np.diff(key) >= 0)
    assert STEP * 24 == QUARTER
