"""Laws of readable notation: written music stays, played music comes onto a grid, hits leave no forest of rests."""

from __future__ import annotations

import numpy as np
import pytest

from tests.render.conftest import make_song
from zhiyin.perform import humanise
from zhiyin.render.readable import readable
from zhiyin.score import MetreMark, Notes, Part, Score, Tempo
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER as Q

GRID = {*range(0, Q + 1, Q // 4), *range(0, Q + 1, Q // 3)}


def one(notes: Notes, *, is_drums: bool = False, program: int = 73) -> Score:
    return Score(parts=(Part("X", notes, program=program, is_drums=is_drums),))


def rows(score: Score) -> list[tuple[int, int, int]]:
    return [(n.onset, n.duration, n.pitch) for n in score.parts[0].notes]


def test_a_written_score_is_unchanged() -> None:
    fine = [(0, Q // 8, 60), (Q // 8, Q // 8, 62), (Q // 4, Q // 4, 64), (Q // 2, Q // 2, 65)]
    triplets = [(Q + i * Q // 3, Q // 3, 67) for i in range(3)]
    score = one(Notes.of([*fine, *triplets, (2 * Q, Q // 4, 60), (3 * Q, Q, 60)]))
    assert readable(score) is score


def test_short_gates_close_up_to_the_next_note() -> None:
    score = one(
        Notes.of([(i * Q // 2, Q * 43 // 100, 60 + i) for i in range(7)] + [(4 * Q, Q * 9 // 10, 72)])
    )
    assert rows(readable(score))[:6] == [(i * Q // 2, Q // 2, 60 + i) for i in range(6)]
    assert rows(readable(score))[-1] == (4 * Q, Q, 72)


def test_a_real_rest_stays() -> None:
    score = one(Notes.of([(0, Q * 45 // 100, 60), (Q, Q * 45 // 100, 62), (3 * Q, Q, 64)]))
    assert rows(readable(score)) == [(0, Q // 2, 60), (Q, Q // 2, 62), (3 * Q, Q, 64)]


@pytest.mark.parametrize("steps", [(0, 1, 2, 3), (0, 2), (0, 4 / 3, 8 / 3)])
def test_played_onsets_come_back_to_what_was_meant(steps: tuple[float, ...]) -> None:
    meant = np.array([round((beat + step / 4) * Q) for beat in range(8) for step in steps])
    off = np.random.default_rng(3).integers(-Q // 30, Q // 30, len(meant))
    played = Notes(
        np.maximum(meant + off, 0), np.full(len(meant), Q // 5), np.arange(len(meant)) % 12 + 60, off % 9 + 60
    )
    assert readable(one(played)).parts[0].notes.onset.tolist() == meant.tolist()


def test_a_performance_ends_and_begins_on_the_grid() -> None:
    score = humanise(make_song(), seed=3, amount=2.0)
    for part in readable(score).parts:
        if not part.is_drums:
            assert {int(t) % Q for t in (*part.notes.onset, *part.notes.offset)} <= GRID


def test_drum_hits_last_to_the_next_hit_or_the_end_of_the_beat() -> None:
    score = one(
        Notes.of([(0, 99, 36), (0, 99, 42), (Q // 2, 99, 42), (Q, 99, 38), (2 * Q + Q // 4, 99, 36)]),
        is_drums=True,
    )
    lasting = [(n.onset, n.duration) for n in readable(score).parts[0].notes]
    half = Q // 2
    assert lasting == [(0, half), (0, half), (half, half), (Q, Q), (2 * Q + Q // 4, 3 * Q // 4)]


def test_compound_beats_are_read_in_sixteenths() -> None:
    meant = [i * Q // 2 for i in range(12)]
    played = Notes.of([(t + 137, Q // 3, 60) for t in meant])
    score = Score(parts=(Part("X", played),), metres=(MetreMark(0, Metre(6, 8)),))
    assert readable(score).parts[0].notes.onset.tolist() == meant


def test_a_performance_prints_only_tempo_changes_that_matter() -> None:
    played = Notes.of([(i * Q + 137, Q // 3, 60) for i in range(8)])
    tempos = (*(Tempo(i * Q // 4, 100.0 + i % 3) for i in range(16)), Tempo(4 * Q, 140.0))
    shown = readable(Score(parts=(Part("X", played),), tempos=tempos)).tempos
    assert [mark.bpm for mark in shown] == [100.0, 140.0]


def test_drums_alone_print_no_chord_symbols() -> None:
    song = make_song()
    assert readable(song).chords == song.chords
    assert readable(song.with_parts(song.parts[-1:])).chords == ()
