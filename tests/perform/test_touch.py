"""Laws of touch: loudness, length and freedom bar by bar, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.perform import Touch, humanise
from zhiyin.score import Notes, Part, Score, Tempo, Timeline
from zhiyin.units import TICKS_PER_QUARTER as Q

BARS = 8


def piece(*, program: int = 0, share: float = 1.0) -> Score:
    tune = [(i * Q, int(Q * share), 60 + (i * 5) % 13, 64) for i in range(BARS * 4)]
    return Score(
        parts=(Part("Tune", Notes.of(tune), "melody", program),),
        tempos=(Tempo(0, 100.0),),
        length_ticks=BARS * 4 * Q,
    )


def touched(score: Score, **values: float) -> Notes:
    touch = Touch(**{name: np.full(BARS, value) for name, value in values.items()})
    return humanise(score, seed=1, touch=touch).parts[0].notes


def test_an_even_touch_changes_nothing() -> None:
    assert humanise(piece(), seed=1, touch=Touch()) == humanise(piece(), seed=1)


def test_steps_are_added_to_every_note_of_their_bars() -> None:
    steps = np.zeros(BARS)
    steps[4:] = 30.0
    plain = humanise(piece(), seed=1).parts[0].notes
    louder = humanise(piece(), seed=1, touch=Touch(velocity=steps)).parts[0].notes
    assert (louder.velocity - plain.velocity).tolist() == [0] * 16 + [30] * 16


@pytest.mark.parametrize("program", [0, 40, 56])
def test_detached_notes_sound_half_as_long(program: int) -> None:
    plain, short = (
        humanise(piece(program=program), seed=1).parts[0].notes,
        touched(piece(program=program), articulation=0.5),
    )
    ratio = short.duration / plain.duration
    assert np.median(ratio) == pytest.approx(0.5, abs=0.05)
    assert short.onset.tolist() == plain.onset.tolist() and short.pitch.tolist() == plain.pitch.tolist()


def test_bound_notes_reach_the_next_attack_and_hardly_past_it() -> None:
    score = piece(share=0.6)
    plain, bound = humanise(score, seed=1).parts[0].notes, touched(score, articulation=1.25)
    gaps = np.diff(score.parts[0].notes.onset)
    assert (plain.duration[:-1] / gaps).max() < 0.7
    assert (bound.duration[:-1] / gaps).min() > 0.9 and (bound.duration[:-1] / gaps).max() < 1.1


def test_free_music_slows_more_into_its_end_and_keeps_its_length() -> None:
    played = {
        rubato: humanise(piece(), seed=1, touch=Touch(rubato=np.full(BARS, rubato)))
        for rubato in (-1.0, 0.0, 1.0)
    }
    lowest = [min(t.bpm for t in played[rubato].tempos) for rubato in (1.0, 0.0, -1.0)]
    assert lowest == sorted(lowest) and lowest[0] < lowest[-1] - 5
    for score in played.values():
        assert Timeline.of(score).duration_s(score.end) == pytest.approx(BARS * 4 * 0.6, abs=1e-6)


def test_detached_pianos_are_played_without_pedal() -> None:
    dry = humanise(piece(), seed=1, touch=Touch(articulation=np.full(BARS, 0.5)))
    wet = humanise(piece(), seed=1, touch=Touch(articulation=np.full(BARS, 1.1)))
    assert not dry.parts[0].controls and wet.parts[0].controls
