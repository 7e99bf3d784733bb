"""Laws of phrases: what is written down in codes is what sounds; fragments and distances worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.encode import Window, context_of, encode_grid
from zhiyin.encode.scene import scene_of
from zhiyin.models import gan_measures as measures
from zhiyin.models.gan_rolls import (
    BASS,
    DRUMS,
    HARMONY,
    LOW,
    MELODY,
    SLICES,
    STEPS,
    WIDTH,
    Phrases,
    folded,
    lengths,
    shift_to_white,
    sounding,
)
from zhiyin.models.gan_scene import given_cells, phrase_of, pieces_of, stretches
from zhiyin.score import KeyMark, MetreMark, Notes, Part, Score, Tempo
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER

S = TICKS_PER_QUARTER // 4


def phrase(notes: list[tuple[int, int, int]], *, track: int = MELODY, bar: int = 16) -> Phrases:
    """Return one phrase of (sixteenth, length, pitch) notes of one line in bars of so many sixteenths."""
    codes = np.zeros((1, STEPS, WIDTH), np.uint8)
    valid = np.tile(np.arange(16) < bar, 4)
    block = codes[0][:, SLICES[track]]
    block[valid, 0] = 1
    place = np.flatnonzero(valid)
    for first, length, pitch in notes:
        block[place[first : first + length], 0] = 0
        block[place[first], 2 + pitch - LOW[track]] = 1
        block[place[first + 1 : first + length], 1] = 1
    return Phrases(
        codes, valid[None], np.zeros((1, STEPS, 12), bool), np.full((1, STEPS), 12), np.zeros(1, int),
        np.zeros(1, int), np.zeros(1, int), np.array([[t == track for t in range(4)]]),
    )  # fmt: skip


def found(p: Phrases, track: int = MELODY) -> list[tuple[int, int, int]]:
    strike, sound = sounding(p.codes, p.valid, track)
    last = lengths(strike, sound, p.valid)
    return [(s, int(last[0, s, k]), k + LOW[track]) for s, k in np.argwhere(strike[0]).tolist()]


def test_notes_come_back_as_they_were_written_also_over_bar_lines_of_shorter_bars() -> None:
    assert found(phrase([(0, 4, 60), (6, 2, 72), (14, 5, 67)])) == [(0, 4, 60), (6, 2, 72), (14, 5, 67)]
    # In 3/4 the twelfth sixteenth is followed by the next bar's first: slots 12..15 do not exist.
    assert found(phrase([(10, 5, 64)], bar=12)) == [(10, 5, 64)]


@pytest.mark.parametrize(
    ("tonic", "mode", "shift"), [(0, 0, 0), (7, 0, 5), (5, 0, -5), (9, 1, 0), (0, 1, -3), (12, 0, 0)]
)
def test_pieces_are_moved_to_c_or_a_minor(tonic: int, mode: int, shift: int) -> None:
    assert shift_to_white(tonic, mode) == shift


def test_notes_outside_a_span_come_in_by_octaves() -> None:
    assert (folded(20, BASS), folded(64, BASS), folded(40, BASS)) == (32, 52, 40)


def test_long_bars_are_cut_into_equal_pieces() -> None:
    assert pieces_of([0, 12, 30]) == [(0, 12, 0), (12, 9, 1), (21, 9, 1)]


def band() -> Score:
    """Return two bars of 4/4 in G: a tune, a chord of two notes, a bass note tied over, a kick and a snare."""
    q = 4 * S

    def part(name: str, role: str, notes: list[tuple[int, int, int]], **more: object) -> Part:
        onset, duration, pitch = (np.array(c) for c in zip(*notes, strict=True))
        return Part(name, Notes(onset, duration, pitch, np.full(len(notes), 80)), role=role, **more)  # type: ignore[arg-type]

    return Score(
        parts=(
            part("tune", "melody", [(0, q, 67), (q, 2 * S, 69), (4 * q, 4 * q, 71)], program=73),
            part("keys", "chords", [(0, 4 * q, 59), (0, 4 * q, 62)], program=0),
            part("low", "bass", [(2 * q, 4 * q, 43)], program=32),
            part("kit", "drums", [(0, S, 36), (q, S, 38)], is_drums=True),
        ),
        tempos=(Tempo(0, 100.0),), metres=(MetreMark(0, Metre(4, 4)),), keys=(KeyMark(0, Key(1, "major")),),
        length_ticks=8 * q,
    )  # fmt: skip


def test_a_scene_becomes_the_phrase_that_one_reads_in_the_score() -> None:
    tokens = encode_grid(band())
    write = np.zeros((2, 5), bool)
    write[1, 1] = True
    scene = scene_of(tokens, context_of(tokens), Window(np.arange(2), np.arange(5), write))
    stretch = stretches(scene)[0]
    assert stretch.shift == 5  # G up to C
    p = phrase_of(scene, stretch)
    assert found(p) == [(0, 4, 72), (4, 2, 74)]  # the second bar is to be written: not seen
    assert found(p, BASS) == [(8, 16, 48)]
    assert found(p, HARMONY) == [(0, 16, 64), (0, 16, 67)]
    assert np.argwhere(p.codes[0][:, SLICES[DRUMS]]).tolist() == [[0, 0], [4, 1]]
    given = given_cells(scene, stretch)
    assert given[:2, MELODY].tolist() == [True, False] and given[:2, BASS].all() and not given[2:].any()


def test_fragments_are_short_notes_and_those_cut_out_of_longer_ones() -> None:
    """Of 4 + 1|3 (same pitch, touching) + 2 + 1: only the first and the 2 are whole: 2 of 5."""
    p = phrase([(0, 4, 60), (4, 1, 64), (5, 3, 64), (8, 2, 60), (12, 1, 62)])
    assert measures.qualified_notes(p, MELODY)[0] == pytest.approx(2 / 5)
    # Repeated eighths are no fragments: they touch, and none is a sixteenth.
    assert measures.qualified_notes(phrase([(0, 2, 60), (2, 2, 60)]), MELODY)[0] == 1.0


def test_empty_bars_and_pitch_classes_count_bars() -> None:
    p = phrase([(0, 4, 60), (4, 4, 72), (8, 4, 64), (32, 2, 62)])
    assert measures.empty_bars(p, MELODY)[0] == 0.5
    assert measures.pitch_classes(p, MELODY)[0] == pytest.approx((2 + 1) / 2)
    assert np.isnan(measures.empty_bars(p, BASS)[0])


def test_the_tonal_distance_of_a_fifth_and_of_a_tritone_by_hand() -> None:
    """Harte, Sandler & Gasser: points at angles 7pi/6, 3pi/2 and 2pi/3 a semitone, radii 1, 1, 0.5.

    A fifth: 7 * 7pi/6 = 49pi/6 = pi/6 past a turn, chord 2 sin(pi/12); 7 * 3pi/2 = pi/2, chord sqrt 2;
    7 * 2pi/3 = 2pi/3, chord 0.5 sqrt 3: sqrt(0.26795 + 2 + 0.75) = 1.7372.
    """
    both = phrase([(0, 16, 60)])
    low = phrase([(0, 16, 31)], track=BASS)
    together = Phrases(
        both.codes + low.codes, *(getattr(both, n) for n in list(Phrases.__dataclass_fields__)[1:])
    )
    assert measures.tonal_distance(together, MELODY, BASS)[0] == pytest.approx(1.7372, abs=1e-3)


def test_a_set_is_at_no_distance_from_itself_and_a_shift_counts_squared_in_deviations() -> None:
    x = np.random.default_rng(0).standard_normal((400, 3)) * [1.0, 5.0, 0.1]
    assert measures.frechet(x, x) == pytest.approx(0.0, abs=1e-6)
    moved = x + np.array([2 * x[:, 0].std(), 0.0, 0.0])
    assert measures.frechet(x, moved) == pytest.approx(4.0, rel=1e-6)
