"""Laws of the piano roll on the clock of sound, on notes whose frames are counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.encode.roll import piano_roll, roll_chroma
from zhiyin.errors import InvalidInput
from zhiyin.score import Notes, Part, Score, Tempo
from zhiyin.units import TICKS_PER_QUARTER as Q

# 120 BPM: a quarter lasts half a second, five frames of a tenth.
TUNE = Part("tune", Notes.of([(0, Q, 60, 80), (Q, 2 * Q, 64, 100)]))
BASS = Part("bass", Notes.of([(0, 4 * Q, 48, 50), (0, Q, 60, 127)]))
SCORE = Score(parts=(TUNE, BASS), tempos=(Tempo(0, 120.0),), length_ticks=4 * Q)


def test_notes_fill_their_frames_with_their_velocity() -> None:
    roll = piano_roll(SCORE, hop_s=0.1)
    assert roll.values.shape == (128, 21)
    assert np.flatnonzero(roll.values[64]).tolist() == list(range(5, 15))
    assert set(roll.values[64, 5:15].tolist()) == {100.0}
    assert np.flatnonzero(roll.values[48]).tolist() == list(range(20))


def test_where_two_parts_sound_one_pitch_the_louder_counts() -> None:
    assert piano_roll(SCORE, hop_s=0.1).values[60, 0] == 127.0


def test_a_note_shorter_than_a_frame_is_not_lost() -> None:
    short = Score(
        parts=(Part("p", Notes.of([(0, Q // 16, 72, 90)])),), tempos=(Tempo(0, 120.0),), length_ticks=Q
    )
    assert np.flatnonzero(piano_roll(short, hop_s=0.1).values[72]).tolist() == [0]


def test_a_slower_tempo_makes_a_longer_roll() -> None:
    slow = Score(parts=SCORE.parts, tempos=(Tempo(0, 60.0),), length_ticks=4 * Q)
    assert piano_roll(slow, hop_s=0.1).frames == 41


def test_drums_are_left_out() -> None:
    kit = Part("kit", Notes.of([(0, Q, 38, 100)]), is_drums=True)
    assert not piano_roll(Score(parts=(kit,), length_ticks=Q)).values.any()


def test_the_chroma_of_a_roll_adds_octaves_and_is_silent_in_rests() -> None:
    chroma = roll_chroma(piano_roll(SCORE, hop_s=0.1))
    np.testing.assert_allclose(chroma.values[[0, 4], 0], [1.0, 0.0])
    np.testing.assert_allclose(chroma.values[[0, 4], 7], [0.5, 1.0])  # 50 against 100
    assert not chroma.values[:, 20].any()


def test_frames_are_those_of_the_sound_features_unless_told() -> None:
    assert piano_roll(SCORE).hop_s == pytest.approx(512 / 22_050)


def test_a_frame_of_no_length_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"a frame must last 0\.001\.\.1 s, got 0\.0"):
        piano_roll(SCORE, hop_s=0.0)
