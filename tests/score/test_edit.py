"""Laws of edits, grids and quantising: what is taken is put back, what moves is reported."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.io.scores import QUARTER, STEP, notes, playable_score
from zhiyin.errors import InvalidInput
from zhiyin.score import (
    VELOCITY_LEVELS,
    Cell,
    ChordMark,
    Grid,
    KeyMark,
    MetreMark,
    Notes,
    Part,
    Score,
    Section,
    Tempo,
    Timeline,
    map_notes,
    quantise,
    scale_tempo,
    slice_bars,
    slice_ticks,
    transpose,
)
from zhiyin.score.quantise import quantise_notes, snap, velocity_to_level
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

LINE = Notes.of([(i * QUARTER, QUARTER, 60 + i) for i in range(8)])
SONG = Score(parts=(Part("a", LINE), Part("b", LINE.with_columns(pitch=LINE.pitch - 12))))


@given(playable_score(), st.integers(-12, 12))
def test_transposing_up_then_down_returns_the_same_score(score: Score, semitones: int) -> None:
    pitches = [n.pitch for part in score.parts if not part.is_drums for n in part.notes]
    assume(all(0 <= p + semitones <= 127 for p in pitches))
    moved = transpose(score, semitones)
    back = transpose(moved, -semitones)
    assert back.parts == score.parts
    assert [m.chord for m in back.chords] == [m.chord for m in score.chords]
    assert [(m.key.tonic, m.key.mode) for m in back.keys] == [(m.key.tonic, m.key.mode) for m in score.keys]
    for before, after in zip(score.parts, moved.parts, strict=True):
        step = 0 if before.is_drums else semitones
        assert (after.notes.pitch - before.notes.pitch).tolist() == [step] * len(before.notes)


def test_transposing_moves_keys_and_chords_and_forgets_spellings() -> None:
    score = Score(
        parts=(Part("a", Notes.of([(0, 1, 60)]).with_columns(spelling=[0])),),
        keys=(KeyMark(0, Key.parse("C")),),
        chords=(ChordMark(0, Chord.parse("Am7/G")), ChordMark(5, None)),
    )
    moved = transpose(score, 2)
    assert (moved.keys[0].key.name, moved.chords[0].chord, moved.chords[1].chord) == (
        "D major",
        Chord.parse("Bm7/A"),
        None,
    )
    assert moved.parts[0].notes.spelling is None
    assert transpose(score, 0) is score


def test_transposing_out_of_midi_is_refused() -> None:
    with pytest.raises(
        InvalidInput, match=r"transposing 'a' by 100 must stay in MIDI 0\.\.127, got 160\.\.167"
    ):
        transpose(SONG, 100)


@given(st.integers(1, 8 * QUARTER - 1))
def test_two_slices_keep_every_onset_once(cut: int) -> None:
    left, right = slice_ticks(SONG, 0, cut), slice_ticks(SONG, cut, 8 * QUARTER)
    onsets = [*left.parts[0].notes.onset.tolist(), *(right.parts[0].notes.onset + cut).tolist()]
    assert onsets == LINE.onset.tolist()
    assert left.end == cut


def test_a_slice_cuts_its_notes_and_carries_its_marks() -> None:
    score = replace(
        SONG,
        tempos=(Tempo(0, 60.0), Tempo(QUARTER, 90.0), Tempo(3 * QUARTER, 100.0)),
        sections=(Section(0, "A"), Section(3 * QUARTER, "B")),
    )
    found = slice_ticks(score, 2 * QUARTER, 3 * QUARTER + 5)
    assert [tuple(n)[:3] for n in found.parts[0].notes] == [(0, QUARTER, 62), (QUARTER, 5, 63)]
    assert found.tempos == (Tempo(0, 90.0), Tempo(QUARTER, 100.0))
    assert found.sections == (Section(0, "A"), Section(QUARTER, "B"))


def test_a_slice_of_bars_starts_on_its_bar_line_after_a_pickup() -> None:
    score = replace(SONG, metres=(MetreMark(0, Metre(3, 4)),), pickup_ticks=QUARTER)
    found = slice_bars(score, 1, 1)
    assert (found.parts[0].notes.pitch.tolist(), found.pickup_ticks, found.end) == (
        [61, 62, 63],
        0,
        3 * QUARTER,
    )
    assert slice_bars(score, 0, 2).pickup_ticks == QUARTER


def test_a_slice_that_begins_inside_a_bar_has_the_rest_of_it_as_pickup() -> None:
    found = slice_ticks(SONG, 3 * QUARTER, 8 * QUARTER)
    assert found.pickup_ticks == QUARTER
    assert Timeline.of(found).bar_starts(2).tolist() == [0, QUARTER, 5 * QUARTER]


@pytest.mark.parametrize(("start", "end"), [(5, 5), (-1, 5), (7, 3)])
def test_a_slice_must_run_forward(start: int, end: int) -> None:
    with pytest.raises(InvalidInput, match=rf"slice must have 0 <= start < end, got {start}\.\.{end}"):
        slice_ticks(SONG, start, end)


def test_map_notes_and_scale_tempo_change_only_what_they_name() -> None:
    louder = map_notes(SONG, lambda part: part.notes.with_columns(velocity=part.notes.velocity + 1))
    assert louder.parts[0].notes.velocity.tolist() == [81] * 8
    assert scale_tempo(SONG, 1.5).tempos == (Tempo(0, 180.0),)
    assert replace(scale_tempo(SONG, 1.5), tempos=SONG.tempos) == SONG


def test_the_cells_of_a_grid_hold_every_note_once() -> None:
    grid = Grid.of(SONG)
    assert grid.bars == 2
    assert Notes.concat(grid.notes(Cell(0, bar)) for bar in range(2)) == LINE
    assert len(grid.block([0, 1], range(2))) == 4


@given(st.sets(st.tuples(st.integers(0, 1), st.integers(0, 1))))
def test_cells_taken_out_and_put_back_are_the_same_score(chosen: set[tuple[int, int]]) -> None:
    grid = Grid.of(SONG)
    cells = frozenset(Cell(*pair) for pair in chosen)
    taken = {
        part: Notes.concat(grid.notes(cell) for cell in sorted(cells) if cell.part == part)
        for part in range(2)
    }
    emptied = grid.replace_cells(cells, {})
    assert emptied.note_count == SONG.note_count - 4 * len(cells)
    assert Grid.of(emptied, bars=2).replace_cells(cells, taken) == SONG


def test_a_cell_outside_the_grid_is_refused() -> None:
    with pytest.raises(InvalidInput, match="must lie in 2 parts x 2 bars, got 0 x 2"):
        Grid.of(SONG).notes(Cell(0, 2))


@given(notes())
def test_quantising_twice_is_quantising_once_and_lands_on_the_grid(found: Notes) -> None:
    once = quantise_notes(found)[0]
    assert quantise_notes(once)[0] == once
    assert not np.any(once.onset % STEP) and not np.any(once.offset % STEP)
    assert set(once.velocity.tolist()) <= set(VELOCITY_LEVELS)


@given(notes())
def test_no_onset_moves_more_than_half_a_step(found: Notes) -> None:
    assert np.all(np.abs(snap(found.onset) - found.onset) <= STEP // 2)


def test_the_report_counts_what_moved_and_what_was_dropped() -> None:
    part = Part("a", Notes.of([(0, 420, 60, 80), (10, 400, 60, 80), (1000, 420, 62, 80)]))
    score, report = quantise(Score(parts=(part,), chords=(ChordMark(430, None),)))
    assert [tuple(n) for n in score.parts[0].notes] == [(0, 420, 60, 80), (840, 420, 62, 80)]
    assert (report.notes, report.moved, report.max_move_ticks, report.duplicates_dropped) == (3, 2, 160, 1)
    assert score.chords == (ChordMark(420, None),)


@given(st.integers(1, 127))
def test_a_velocity_goes_to_the_level_nearest_below_or_at_its_band(velocity: int) -> None:
    level = int(velocity_to_level(np.array([velocity]))[0])
    assert abs(VELOCITY_LEVELS[level] - velocity) <= (15 if velocity < 16 else 8)
