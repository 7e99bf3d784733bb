"""Laws of the harmony benchmarks: floors and measures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.chord_floors import ChordHmm, chord_at, constant_tonic, family
from benchmarks.harmonise import agreement
from benchmarks.satb import cadence_of, grid_of, soprano_score
from zhiyin.score import ChordMark, Notes, Part, Score
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key

Q = 10_080


def row(*symbols: str) -> tuple[ChordMark, ...]:
    return tuple(ChordMark(i * 4 * Q, Chord.parse(s)) for i, s in enumerate(symbols))


def test_agreement_is_the_share_of_time_with_the_same_root_and_with_the_same_triad():
    """C Dm Gsus4 C against C D G Am: roots 3 of 4; triads, the suspended bar left out, 1 of 3."""
    score = Score(parts=(Part("a", Notes.of([(0, 16 * Q, 60)])),))
    assert agreement(row("C", "Dm", "Gsus4", "C"), row("C", "D", "G", "Am"), score) == pytest.approx(
        (3 / 4, 1 / 3)
    )


def test_the_constant_tonic_is_minor_in_minor():
    assert constant_tonic(Key.parse("Am"))[0].chord == Chord(9, "m")


def test_a_hidden_markov_model_gives_back_what_it_was_counted_on():
    notes = Notes.of([(i * Q, Q, p) for i, p in enumerate([60, 64, 67, 64, 67, 71, 74, 71, 60, 64, 67, 60])])
    score = Score(parts=(Part("a", notes),), chords=row("C", "G", "C"))
    hmm = ChordHmm.count([(score, 0, Key.parse("C"))] * 20)
    found = hmm.decode(score, 0, Key.parse("C"))
    assert [chord_at(found, tick).root for tick in (0, 4 * Q, 8 * Q)] == [0, 7, 0]
    assert family(found[0].chord) == 0


def test_a_chorale_soprano_becomes_notes_and_a_grid_again():
    chorale = np.array([[67, 60, 55, 48]] * 2 + [[69, 60, 53, 53]] * 3 + [[-1, -1, -1, -1]])
    assert grid_of(soprano_score(chorale), 6)[:, 0].tolist() == [67, 67, 69, 69, 69, -1]


@pytest.mark.parametrize(
    ("before", "last", "found"),
    [
        ([74, 71, 67, 43], [72, 72, 64, 48], (True, True)),  # B rises to C
        ([74, 71, 67, 43], [72, 67, 64, 48], (True, False)),  # B falls to G
        ([72, 69, 65, 41], [72, 67, 64, 48], (True, None)),  # no leading note
        ([74, 71, 67, 43], [72, 69, 64, 45], (False, False)),
    ],
)
def test_a_cadence_ends_on_the_tonic_and_its_leading_note_rises_or_not(before, last, found):
    assert cadence_of(np.array([before, last]), 0) == found
