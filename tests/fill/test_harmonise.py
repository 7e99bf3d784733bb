"""Laws of chords for a tune: the notes stay, chords change on beats, the table and the answers say what they say."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.analysis.columns import beats_of
from zhiyin.errors import InvalidInput
from zhiyin.fill.harmonise import HarmonyHow, harmonise, main_key, named, shares_of, top_line
from zhiyin.fill.tune_chords import (
    OTHER,
    STATES,
    best_path,
    chord_path,
    features_of,
    home_of,
    state_of,
    tune_table,
)
from zhiyin.models import load_checkpoint
from zhiyin.models.runtimes import make_runtime
from zhiyin.score import ChordMark, KeyMark, Notes, Part, Score
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key

Q = 10_080
SCALE = [60, 64, 67, 64, 65, 69, 72, 69, 67, 71, 74, 65, 64, 62, 60, 60]  # C, F, G7, C, a bar each
TUNE = Score(
    "Tune",
    (
        Part("Voice", Notes.of([(i * Q, Q, p, 61 + i) for i, p in enumerate(SCALE)])),
        Part("Drums", Notes.of([(0, Q, 36)]), is_drums=True),
    ),
    keys=(KeyMark(0, Key.parse("C")),),
    chords=(ChordMark(0, Chord(6)),),
)


@pytest.fixture(scope="module")
def model():
    return make_runtime(load_checkpoint())


def test_the_notes_come_back_as_they_are_and_the_chords_change_on_beats(model):
    take = harmonise(TUNE, model=model, how=HarmonyHow(answers=1))
    assert take.score.parts == TUNE.parts
    assert all(mark.tick % Q == 0 for mark in take.score.chords)
    assert take.score.chords[0].tick == 0
    assert take.report.is_kept
    assert (take.score.provenance[-1].kind, take.score.provenance[-1].name) == ("model", "small")


def test_arpeggios_get_the_chords_that_they_spell(model):
    """C E G E | F A C A | G B D F | E D C C in C major, by the table alone."""
    take = harmonise(TUNE, model=model, how=HarmonyHow(answers=0))
    roots = [
        next(m.chord.root for m in reversed(take.score.chords) if m.tick <= bar * 4 * Q) for bar in (0, 1, 2)
    ]
    assert roots == [0, 5, 7]
    assert take.score.chords[-1].chord.root == 0


def test_a_transposed_tune_gets_its_chords_transposed():
    beats = beats_of(TUNE)
    notes = TUNE.parts[0].notes
    higher = notes.with_columns(pitch=notes.pitch + 3)
    assert chord_path(notes, beats, Key.parse("C")) == chord_path(higher, beats, Key.parse("Eb"))


def test_one_seed_gives_one_row_of_chords(model):
    one, same = (harmonise(TUNE, model=model, seed=5, how=HarmonyHow(answers=2)).score for _ in range(2))
    assert one.chords == same.chords


def test_an_unknown_key_is_found(model):
    take = harmonise(Score("Tune", TUNE.parts[:1]), model=model, how=HarmonyHow(answers=0))
    assert take.score.chords[-1].chord == Chord(0)


@pytest.mark.parametrize(
    ("part", "message"), [(1, "got none in part 1 \\('Drums'\\)"), (4, r"must be 0\.\.1, got 4")]
)
def test_a_part_without_a_tune_is_refused(model, part: int, message: str):
    with pytest.raises(InvalidInput, match=message):
        harmonise(TUNE, model=model, melody_part=part)


def test_numbers_out_of_range_are_refused():
    with pytest.raises(InvalidInput, match=r"answers must be 0\.\.32, got 33"):
        HarmonyHow(answers=33)
    with pytest.raises(InvalidInput, match=r"weight must be 0\.\.2, got 3"):
        HarmonyHow(weight=3)


def test_states_count_from_the_relative_major():
    """In A minor home is C: Am is 12 + 9, E7 is 4, B half-diminished 24 + 11; suspended chords have none."""
    home = home_of(Key.parse("Am"))
    assert home == 0
    found = [state_of(Chord.parse(s), home) for s in ("Am", "E7", "Bm7b5", "Gsus4")]
    assert found == [21, 4, 35, OTHER]
    assert state_of(None, home) == OTHER


def test_the_best_path_stays_where_a_move_costs_more_than_it_gains():
    """Middle beat: state 1 gains 0.5 more, two moves cost 1 each: stay; at 0.2 each: go."""
    gains = np.array([[1.0, 0.0], [0.0, 0.5], [1.0, 0.0]])
    for cost, path in ((1.0, [0, 0, 0]), (0.2, [0, 1, 0])):
        assert best_path(gains, np.array([[[0, -cost], [-cost, 0]]] * 3)) == path


def test_answers_are_counted_by_triad_and_the_commonest_name_of_the_path_is_kept():
    """Two of three say G7 or G7/B on beat 0, one C: the path's G is called G7, as two beats say; D nobody says."""
    beats = beats_of(Score(parts=(Part("a", Notes.of([(0, 4 * Q, 60)])),)))
    rows = [
        (ChordMark(0, Chord.parse("G7")),), (ChordMark(0, Chord.parse("G7/B")), ChordMark(Q, Chord.parse("G7"))),
        (ChordMark(0, Chord.parse("C")),),
    ]  # fmt: skip
    shares = shares_of(rows, beats, 0)
    assert shares[0, [7, 0]] == pytest.approx([2 / 3, 1 / 3])
    assert [m.chord for m in named([7, 7, 2, 2], rows, beats, home=0)] == [
        Chord.parse("G7"),
        Chord.parse("D"),
    ]


def test_the_top_line_is_the_highest_note_of_each_onset_and_the_main_key_the_longest():
    assert top_line(Notes.of([(0, Q, 60), (0, Q, 64), (Q, Q, 62)])).pitch.tolist() == [64, 62]
    score = Score(parts=TUNE.parts, keys=(KeyMark(0, Key.parse("C")), KeyMark(4 * Q, Key.parse("G"))))
    assert main_key(score) == Key.parse("G")


def test_the_table_has_a_row_for_every_feature():
    table = tune_table()
    features = features_of(TUNE.parts[0].notes, beats_of(TUNE), Key.parse("Am"))
    assert features.shape == (16, len(table.weights))
    assert table.moves.shape == (2, STATES, STATES)
    assert np.exp(table.moves).sum(-1) == pytest.approx(np.ones((2, STATES)), abs=0.02)
