"""Laws of the performance: it shapes loudness and time and never changes what is played.

Conventions: small scores made here; ticks at 10,080 a quarter.
Does not know: synths.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.errors import InvalidInput
from zhiyin.perform import humanise
from zhiyin.perform.phrases import phrase_starts
from zhiyin.score import ChordMark, Control, MetreMark, Notes, Part, Score, Section, Tempo, Timeline, quantise
from zhiyin.theory.chord import Chord
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER as Q

STEP = Q // 24


def piece(*, drums: bool = False, program: int = 0, bars: int = 8, bpm: float = 96.0) -> Score:
    tune = [(i * Q, Q, 60 + (i * 5) % 13, 76) for i in range(bars * 4)]
    chords = [(b * 4 * Q, 4 * Q, p, 70) for b in range(bars) for p in (48, 52, 55)]
    beat = [(i * Q // 2, Q // 4, 42, 64) for i in range(bars * 8)]
    parts = [Part("Tune", Notes.of(tune), "melody", program), Part("Piano", Notes.of(chords), "chords", 0)]
    if drums:
        parts.append(Part("Drums", Notes.of(beat), "drums", 0, True))
    return Score(
        parts=tuple(parts),
        tempos=(Tempo(0, bpm), Tempo(4 * 4 * Q, bpm * 1.25)),
        sections=(Section(0, "A"), Section(4 * 4 * Q, "B")),
        chords=tuple(ChordMark(b * 4 * Q, Chord(0)) for b in range(bars)),
        length_ticks=bars * 4 * Q,
    )


rows = st.tuples(st.integers(0, 400), st.integers(1, 96), st.integers(20, 108), st.integers(1, 127))


@given(
    st.lists(rows, min_size=1, max_size=60, unique_by=lambda r: (r[0], r[2])),
    st.integers(0, 127),
    st.integers(0, 99),
)
def test_any_score_keeps_its_notes_their_order_and_its_length(
    notes: list[tuple[int, ...]], program: int, seed: int
) -> None:
    written = Notes.of([(o * STEP, d * STEP, p, v) for o, d, p, v in notes])
    score = Score(parts=(Part("X", written, "melody", program),))
    played = humanise(score, seed=seed)
    again, _ = quantise(played)
    assert played.end == score.end
    assert again.parts[0].notes.onset.tolist() == written.onset.tolist()
    assert again.parts[0].notes.pitch.tolist() == written.pitch.tolist()
    before, after = Timeline.of(score).duration_s(score.end), Timeline.of(played).duration_s(played.end)
    assert after == pytest.approx(before, abs=1e-6)


def test_the_same_seed_plays_alike_and_another_seed_does_not() -> None:
    assert humanise(piece(), seed=5) == humanise(piece(), seed=5)
    assert humanise(piece(), seed=5) != humanise(piece(), seed=6)


def test_another_part_does_not_change_how_a_part_is_played() -> None:
    assert humanise(piece(drums=True), seed=1).parts[0].notes == humanise(piece(), seed=1).parts[0].notes


def test_amount_zero_plays_as_written() -> None:
    assert humanise(piece(), seed=1, amount=0.0) == piece()


def test_downbeats_are_louder_than_weak_beats_on_average() -> None:
    flat = Notes.of([(i * Q, Q, 60, 70) for i in range(128)])
    played = humanise(Score(parts=(Part("X", flat, "bass", 32),)), seed=2).parts[0].notes
    beat = np.arange(128) % 4
    assert played.velocity[beat == 0].mean() > played.velocity[beat == 1].mean() + 2


def test_a_phrase_is_loudest_past_its_middle() -> None:
    flat = Notes.of([(i * Q, Q, 60 + i % 2, 70) for i in range(16)])
    runs = [
        humanise(Score(parts=(Part("X", flat, "inner", 40),)), seed=s).parts[0].notes.velocity
        for s in range(20)
    ]
    mean = np.mean(runs, axis=0).reshape(4, 4).mean(axis=1)
    assert mean[2] == mean.max() and mean[0] == mean.min()


def test_the_melody_stands_over_the_chords() -> None:
    played = humanise(piece(), seed=3)
    gains = [
        np.mean(p.notes.velocity - w.notes.velocity) for p, w in zip(played.parts, piece().parts, strict=True)
    ]
    assert gains[0] - gains[1] > 6


def test_deviations_are_a_few_milliseconds() -> None:
    score = piece(bpm=60)
    played = humanise(score, seed=4)
    line = Timeline.of(score)
    shifts = line.ticks_to_seconds(played.parts[0].notes.onset) - line.ticks_to_seconds(
        score.parts[0].notes.onset
    )
    assert 0.001 < np.std(shifts) < 0.010
    assert np.abs(shifts).max() <= 0.0151


def test_the_tempo_slows_into_the_close_and_less_with_drums() -> None:
    plain, driven = (
        humanise(piece(), seed=1).tempos[-1].bpm,
        humanise(piece(drums=True), seed=1).tempos[-1].bpm,
    )
    assert 120 * 0.80 < plain < 120 * 0.90 < driven < 120
    # After the first section the written tempo is back, but for the little that pays for the slowing.
    assert next(t.bpm for t in humanise(piece(), seed=1).tempos if t.tick == 16 * Q) == pytest.approx(
        120, rel=0.03
    )


def test_winds_bind_notes_and_breathe_before_repeats() -> None:
    notes = Notes.of([(0, Q, 72), (Q, Q, 74), (2 * Q, Q, 74), (3 * Q, Q, 76)])
    played = humanise(Score(parts=(Part("Flute", notes, "melody", 73),)), seed=1).parts[0].notes
    assert played.offset[0] > played.onset[1]
    assert played.offset[1] < played.onset[2]
    assert played.offset[3] <= 4 * Q


def test_a_key_is_released_before_it_is_struck_again() -> None:
    notes = Notes.of([(i * Q // 2, Q // 2, 60) for i in range(32)])
    for program in (0, 48, 73):
        played = (
            humanise(Score(parts=(Part("X", notes, "melody", program),)), seed=9, amount=3.0).parts[0].notes
        )
        assert (played.offset[:-1] <= played.onset[1:]).all()


def test_the_piano_has_a_pedal_that_lifts_before_it_goes_down_again() -> None:
    pedal = [c for c in humanise(piece(), seed=1).parts[1].controls if c.number == 64]
    assert [c.value for c in pedal[:4]] == [127, 0, 127, 0]
    assert all(a.tick < b.tick for a, b in itertools.pairwise(pedal))
    # Up with each new chord, down again after it sounds.
    assert {c.tick for c in pedal if c.value == 0} == {b * 4 * Q for b in range(1, 9)}
    assert not [c for c in humanise(piece(program=73), seed=1).parts[0].controls if c.number == 64]


def test_runs_are_played_without_pedal() -> None:
    run = Notes.of([(i * Q // 4, Q // 4, 60 + i % 8) for i in range(16)])
    played = humanise(Score(parts=(Part("P", run, "melody", 0),)), seed=1).parts[0]
    assert not [c for c in played.controls if c.number == 64]


def test_a_pedal_written_by_hand_stays_the_only_one() -> None:
    own = (Control(0, 64, 127), Control(Q, 64, 0))
    score = piece()
    kept = replace(score.parts[1], controls=own)
    assert humanise(score.with_parts([score.parts[0], kept]), seed=1).parts[1].controls == own


def test_strings_swell_by_expression_and_pianos_do_not() -> None:
    played = humanise(piece(program=48), seed=1)
    levels = [c.value for c in played.parts[0].controls if c.number == 11]
    assert len(levels) > 10 and max(levels) - min(levels) > 15
    assert not [c for c in played.parts[1].controls if c.number == 11]


def test_swing_delays_off_beats_to_the_triplet_only_when_told() -> None:
    eighths = Notes.of([(i * Q // 2, Q // 2, 60) for i in range(16)])
    score = Score(parts=(Part("X", eighths, "melody", 0),))
    straight = humanise(score, seed=1, amount=0.0).parts[0].notes.onset
    swung = humanise(score, seed=1, amount=0.0, swing=1.0).parts[0].notes.onset
    assert (swung - straight).tolist() == [0, Q // 6] * 8
    waltz = replace(score, metres=(MetreMark(0, Metre(6, 8)),))
    assert (humanise(waltz, seed=1, amount=0.0, swing=1.0).parts[0].notes.onset == straight).all()


def test_phrases_are_four_bars_within_sections() -> None:
    score = replace(piece(bars=10), sections=(Section(0, "A"), Section(6 * 4 * Q, "B")))
    assert phrase_starts(score, Timeline.of(score)).tolist() == [0, 16 * Q, 24 * Q, 40 * Q]


def test_wrong_wishes_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"must be 0..3, got 4: 1 is natural"):
        humanise(piece(), seed=1, amount=4.0)
    with pytest.raises(InvalidInput, match="seed must be 0 or more, got -1"):
        humanise(piece(), seed=-1)
    with pytest.raises(InvalidInput, match=r"swing must be 0 \(straight\) .. 1 \(triplets\), got 2"):
        humanise(piece(), seed=1, swing=2.0)
