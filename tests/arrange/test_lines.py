"""Laws of lines, hands, filling and fitting on cases worked out by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.arrange.pieces import alberti, line
from zhiyin.arrange.ensembles import ENSEMBLES
from zhiyin.arrange.filling import Seat, Slot, fill
from zhiyin.arrange.fitting import Clock, thinned, with_breaths
from zhiyin.arrange.hands import FRETTED, Wanted, fits_frets, hands_of, pack
from zhiyin.arrange.lines import Pool, Tone, lines_of_part, separate
from zhiyin.arrange.reading import read
from zhiyin.score import Notes, Part, Score, Tempo, Timeline
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import INSTRUMENTS
from zhiyin.units import TICKS_PER_QUARTER as Q


def tones(rows: list[tuple[int, int, int]]) -> list[Tone]:
    """Return tones of (onset, end, pitch) in quarters."""
    return [Tone(a * Q, b * Q, p, 80, a * Q, i) for i, (a, b, p) in enumerate(rows)]


def clock(bpm: float = 60.0) -> Clock:
    return Clock(Timeline.of(Score(tempos=(Tempo(0, bpm),))), np.arange(0, 200 * Q, Q))


def test_two_crossing_free_voices_are_found_again() -> None:
    upper, lower = (72, 74, 76, 77, 79), (60, 59, 57, 55, 52)
    mixed = tones([(i, i + 1, p) for i in range(5) for p in (lower[i], upper[i])])
    assert sorted([t.pitch for t in found] for found in separate(mixed)) == [list(lower), list(upper)]


def test_a_held_bass_and_its_moving_voice_are_two_lines() -> None:
    mixed = tones([(0, 4, 48), (0, 1, 64), (1, 2, 62), (2, 3, 60), (3, 4, 59)])
    assert sorted([t.pitch for t in found] for found in separate(mixed)) == [[48], [64, 62, 60, 59]]


def test_written_voices_are_taken_as_they_are() -> None:
    notes = Notes.concat([line((60, 72)), line((67, 55))]).with_columns(voice=[0, 1, 1, 0])
    pool = Pool.of(Score("V", (Part("Organ", notes),)))
    assert [[t.pitch for t in one] for one in lines_of_part(pool, 0)] == [[60, 72], [67, 55]]


def test_a_piano_is_read_as_tune_and_broken_chords() -> None:
    found = read(alberti())
    assert [t.pitch for t in found.lead][:4] == [72, 74, 76, 77]
    assert [t.pitch for t in found.bass][:4] == [48, 55, 52, 55]
    assert found.inner == () and not found.is_bare


def test_every_pitched_note_stands_in_one_layer() -> None:
    found = read(alberti())
    layers = [t.source for one in (found.lead, found.bass, *found.inner) for t in one]
    assert sorted(layers) == list(range(80))


@pytest.mark.parametrize(
    ("pitches", "fits"),
    [((40, 47, 52, 55, 59, 64), True), ((48, 52, 55, 60, 64), True), ((40, 41), False), ((43, 81), False)],
)  # fmt: skip
def test_guitar_grips(pitches: tuple[int, ...], fits: bool) -> None:
    # Em and C in open position can be held; E and F both need the lowest string; frets 3 and 17 lie too far apart.
    assert fits_frets(pitches, FRETTED["guitar"]) is fits


def test_a_hand_lets_go_of_a_bass_that_it_cannot_keep() -> None:
    piano = ENSEMBLES["piano solo"].players[0]
    wanted = Wanted(tones([(0, 4, 76)]), tones([(0, 4, 36), (1, 2, 60)]), [])
    upper, lower = pack(hands_of(piano), wanted, clock())
    assert [(t.onset // Q, t.end // Q, t.pitch) for t in upper] == [(0, 4, 76)]
    assert [(t.onset // Q, t.end // Q, t.pitch) for t in lower] == [(0, 1, 36), (1, 2, 60)]


def test_octave_doublings_give_way_to_chord_tones() -> None:
    piano = ENSEMBLES["piano solo"].players[0]
    inner = tones([(0, 1, 48), (0, 1, 60), (0, 1, 64), (0, 1, 67), (0, 1, 70)])
    packed = pack(hands_of(piano), Wanted(tones([(0, 1, 84)]), tones([(0, 1, 36)]), inner), clock())
    sounding = {t.pitch % 12 for hand in packed for t in hand}
    assert {0, 4, 7, 10} <= sounding


def slot(start: int, symbol: str, *, top: int, bottom: int) -> Slot:
    chord = Chord.parse(symbol)
    weights = np.array([float(pc in chord.pitch_classes) for pc in range(12)])
    return Slot(start * Q, (start + 1) * Q, chord, (0, 1), top, bottom, (top, bottom), weights)


def test_filled_voices_complete_the_chords_without_parallels() -> None:
    outer = [("C", 76, 48), ("F", 77, 53), ("G7", 74, 55), ("C", 72, 48)]
    seats = [Seat(INSTRUMENTS["violin"], 67.0), Seat(INSTRUMENTS["viola"], 60.0)]
    found = fill([slot(i, c, top=t, bottom=b) for i, (c, t, b) in enumerate(outer)], seats)
    voices = [[t for _, t, _ in outer], *([p for _, p in line] for line in found), [b for _, _, b in outer]]
    for number, (symbol, _, _) in enumerate(outer):
        sounding = {voice[number] % 12 for voice in voices}
        assert {Chord.parse(symbol).root, (Chord.parse(symbol).root + 4) % 12} <= sounding
        assert voices[0][number] >= voices[1][number] >= voices[2][number] >= voices[3][number]
    for one in range(4):
        for two in range(one):
            for i in range(3):
                was, now = (
                    (voices[two][i] - voices[one][i]) % 12,
                    (voices[two][i + 1] - voices[one][i + 1]) % 12,
                )
                moves = voices[one][i] != voices[one][i + 1] and voices[two][i] != voices[two][i + 1]
                assert not (moves and was == now and was in (0, 7)), (one, two, i)


def test_a_tuba_plays_the_beats_of_a_running_bass() -> None:
    run = [Tone(i * Q // 4, (i + 1) * Q // 4, 36 + i % 3, 80, i * Q // 4, i) for i in range(16)]
    slow = thinned(run, INSTRUMENTS["tuba"], clock(120.0))  # eight notes a second asked, five are comfortable
    assert [t.onset * 2 / Q for t in slow] == [0, 1, 2, 3, 4, 5, 6, 7]
    assert all(t.end == t.onset + Q // 2 for t in slow)
    assert thinned(run, INSTRUMENTS["violin"], clock(120.0)) == run


def test_a_flute_breathes_and_a_violin_need_not() -> None:
    long = tones([(i, i + 1, 72) for i in range(30)])
    assert with_breaths(long, INSTRUMENTS["violin"], clock()) == long
    breathed = with_breaths(long, INSTRUMENTS["flute"], clock())
    rests = [i for i, t in enumerate(breathed) if t.end < (i + 1) * Q]
    assert rests and max(np.diff([-1, *rests])) <= 10
    assert all((i + 1) * Q - breathed[i].end == Q // 2 for i in rests)  # an eighth
    assert [t.onset for t in breathed] == [t.onset for t in long]


def test_an_endless_run_leaves_out_a_few_notes_to_breathe() -> None:
    run = [Tone(i * Q // 8, (i + 1) * Q // 8, 72 + i % 2, 80, i * Q // 8, i) for i in range(400)]
    flute = with_breaths(run, INSTRUMENTS["flute"], clock(60.0))  # eight notes a second for 50 s
    assert 390 <= len(flute) < 400
    silence = [b.onset - a.end for a, b in pairwise(flute)]
    assert sum(gap >= 0.16 * Q for gap in silence) >= 2
