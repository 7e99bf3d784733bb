"""Laws of notes and events in a row: time order, two events a note, every note given back."""

from __future__ import annotations

import numpy as np
import pytest

from tests.encode.pieces import QUARTER, little_waltz, random_score
from zhiyin.encode.note_table import (
    NOTE_OFF,
    NOTE_ON,
    EventList,
    events_to_score,
    note_events,
    note_table,
    table_to_score,
)
from zhiyin.errors import InvalidInput
from zhiyin.score import Notes, Part, Score


def two_bars() -> Score:
    """Return a repeated C4 (quarters, levels 5 and 4) over an F3 half note in another part."""
    tune = Notes.of([(0, QUARTER, 60, 96), (QUARTER, QUARTER, 60, 80)])
    return Score(parts=(Part("tune", tune), Part("bass", Notes.of([(0, 2 * QUARTER, 53)]))))


def test_a_note_table_is_what_one_reads_off_the_page() -> None:
    assert note_table(two_bars()).rows.tolist() == [
        [0, 24, 60, 5, 0, -1],
        [0, 48, 53, 4, 1, -1],
        [24, 24, 60, 4, 0, -1],
    ]


def test_events_end_a_note_before_they_strike_it_again() -> None:
    assert note_events(two_bars()).rows.tolist() == [
        [0, NOTE_ON, 0, 60, 5],
        [0, NOTE_ON, 1, 53, 4],
        [24, NOTE_OFF, 0, 60, 0],
        [24, NOTE_ON, 0, 60, 4],
        [48, NOTE_OFF, 0, 60, 0],
        [48, NOTE_OFF, 1, 53, 0],
    ]


def test_events_give_a_piece_without_overlaps_on_a_key_back() -> None:
    for score in (two_bars(), little_waltz()):
        assert events_to_score(note_events(score)) == score


@pytest.mark.parametrize("seed", range(3))
def test_events_are_two_a_note_in_time_order_and_keep_every_onset(seed: int) -> None:
    score = random_score(seed)
    events = note_events(score)
    assert len(events) == 2 * score.note_count
    assert np.all(np.diff(events.rows[:, 0]) >= 0)
    back = events_to_score(events)
    for mine, theirs in zip(score.parts, back.parts, strict=True):
        assert np.array_equal(mine.notes.onset, theirs.notes.onset)
        assert mine.notes.duration.sum() == theirs.notes.duration.sum()


def test_the_table_keeps_overlaps_and_voices() -> None:
    held = Notes.of([(0, 4 * QUARTER, 60), (QUARTER, QUARTER, 60)]).with_columns(voice=[1, 0])
    score = Score(parts=(Part("piano", held), Part("silent")))
    assert table_to_score(note_table(score)) == score


def test_an_end_without_a_note_is_refused_with_the_remedy() -> None:
    events = note_events(two_bars())
    with pytest.raises(InvalidInput, match=r"got 3 begins and 2 ends .* give both for each note"):
        events_to_score(EventList(events.frame, events.rows[:-1]))
