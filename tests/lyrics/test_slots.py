"""Laws of slots: a syllable a note, melismas, weights, rests, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from tests.lyrics.tunes import OTHER, PHRASE, Q, tune_of
from zhiyin.errors import InvalidInput
from zhiyin.lyrics.melody import find_tune
from zhiyin.lyrics.slots import Slot, accent_at, slots_of
from zhiyin.score import Notes, Part, Score
from zhiyin.theory.metre import Metre


def slots(score: Score, **how: str) -> tuple[Slot, ...]:
    return slots_of(score, find_tune(score), **how)


def test_each_note_is_a_slot_with_its_pitch_and_its_step_from_the_note_before():
    found = slots(tune_of(PHRASE))
    assert [s.pitch for s in found] == [60, 64, 62, 67, 65, 62, 64]
    assert [s.interval for s in found] == [0, 4, -2, 5, -2, -3, 2]


def test_weights_fall_from_the_downbeat_to_the_places_between_beats():
    found = slots(tune_of([(0.5, 60), (0.5, 62), (1, 64), (1, 65), (1, 67)]))
    assert [s.weight for s in found] == [3, 0, 1, 2, 1]
    assert [accent_at(Metre(6, 8), at) for at in (0, 5040, 15120)] == [1.0, 0.25, 0.5]


def test_notes_played_a_hair_beside_the_beat_weigh_as_if_on_it():
    assert accent_at(Metre(4, 4), 4 * Q - 200) == 1.0
    assert accent_at(Metre(4, 4), 150) == 1.0


def test_a_note_twice_as_long_as_usual_is_long_and_a_half_beat_of_rest_breathes():
    found = slots(tune_of([(1, 60), (0.5, 62), (0.5, 0), (1, 64), (2, 65)]))
    assert [s.is_long for s in found] == [False, False, False, True]
    assert [s.breathes for s in found] == [False, True, False, False]


def test_passing_notes_join_the_note_before_only_where_melismas_are_allowed():
    rows = [(1, 60), (0.5, 62), (0.25, 64), (0.25, 65), (1, 67), (1, 72)]
    assert [len(s.rows) for s in slots(tune_of(rows))] == [1, 1, 1, 1, 1, 1]
    joined = slots(tune_of(rows), melisma="allow")
    assert [len(s.rows) for s in joined] == [1, 3, 1, 1]
    assert (joined[1].pitch, joined[1].last_pitch) == (62, 65)


def test_a_grace_note_is_sung_with_the_note_it_leads_to():
    found = slots(tune_of([(1, 60), (0.05, 66), (0.95, 67), (1, 64)]))
    assert [s.pitch for s in found] == [60, 67, 64]
    assert found[1].rows == (1, 2)


def test_words_that_stand_there_tell_the_slots():
    score = tune_of(PHRASE)
    part = score.parts[0]
    words = np.array(["a", "", "men", "", "", "la", "la"])
    score = score.with_parts([part.with_notes(part.notes.with_columns(syllable=words))])
    assert [len(s.rows) for s in slots(score, melisma="sung")] == [2, 3, 1, 1]


def test_the_highest_voice_sings_and_it_is_said():
    chords = [(i * Q, Q, p) for i in range(4) for p in (48, 52, 60 + i)]
    score = Score("s", (Part("piano", Notes.of(chords), "melody"),))
    tune = find_tune(score)
    assert [s.pitch for s in slots_of(score, tune)] == [60, 61, 62, 63]
    assert "8 notes below the top voice" in tune.notices[0][0]


def test_one_note_and_four_hundred_notes_are_tunes():
    assert len(slots(tune_of([(1, 60)]))) == 1
    assert len(slots(tune_of([(1, 60 + i % 7) for i in range(400)]))) == 400


@pytest.mark.parametrize(
    ("score", "how", "told"),
    [
        (Score("empty", (Part("voice"),)), {}, "a song must have a tune, got no pitched note in 'empty'"),
        (tune_of(PHRASE), {"melisma": "much"}, "melisma must be one of strict, allow, sung, got 'much'"),
        (tune_of(PHRASE), {"melisma": "sung"}, "needs a melody that has words"),
    ],
)
def test_what_cannot_be_sung_is_refused(score: Score, how: dict[str, str], told: str):
    with pytest.raises(InvalidInput, match=told):
        slots(score, **how)


def test_a_part_is_named_by_number_or_name_and_another_is_refused():
    drums = Part("kit", Notes.of([(0, Q, 36)]), "drums", is_drums=True)
    flute = Part("Flute", Notes.of([(0, Q, 80), (Q, Q, 82)]))
    score = Score("s", (drums, tune_of(OTHER).parts[0], flute))
    assert find_tune(score).part == 1
    assert find_tune(score, "flute").part == 2
    with pytest.raises(
        InvalidInput, match=r"must be one that plays pitches \(2 'voice', 3 'Flute'\), got 'kit'"
    ):
        find_tune(score, "kit")
