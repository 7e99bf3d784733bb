"""Laws of four-part harmonisation: the tune stays, rules hold by an independent count, tunes off the grid are met."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from benchmarks.chorale_rules import count_faults, parallels_between
from zhiyin.errors import InvalidInput
from zhiyin.fill.satb import SatbHow, harmonise_satb
from zhiyin.fill.satb_close import close_of
from zhiyin.fill.satb_grid import attacks_of, step_of, tune_of
from zhiyin.fill.satb_rules import LEVELS, room_of
from zhiyin.models.chorale_recall import PITCHES
from zhiyin.models.chorale_runtime import ChoraleRuntime, load_chorale_runtime
from zhiyin.score import KeyMark, MetreMark, Notes, Part, Score
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

Q = 10_080
QUICK = SatbHow(candidates=4)


@pytest.fixture(scope="module")
def model() -> ChoraleRuntime:
    return load_chorale_runtime()


def line(*notes: tuple[float, int], start: float = 0.0) -> Notes:
    """Return notes of (quarters, pitch) one after another, pitch 0 a rest."""
    rows, at = [], start
    for length, pitch in notes:
        if pitch:
            rows.append((round(at * Q), round(length * Q), pitch, 70 + len(rows) % 20))
        at += length
    return Notes.of(rows)


def score_of(notes: Notes, **marks) -> Score:
    return Score("Tune", (Part("Voice", notes, role="melody", program=53),), **marks)


MAJOR = score_of(
    line((1, 67), (1, 71), (1, 74), (1, 71), (1, 72), (0.5, 71), (0.5, 69), (2, 67), (1, 69), (1, 71), (1, 69),
         (1, 66), (4, 67)),
    keys=(KeyMark(0, Key.parse("G")),),
)  # fmt: skip
MINOR = score_of(
    line(
        (1, 69),
        (1, 71),
        (1, 72),
        (1, 71),
        (1, 69),
        (1, 68),
        (2, 69),
        (1, 76),
        (1, 74),
        (1, 72),
        (1, 71),
        (4, 69),
    )
)
WALTZ = score_of(
    line((1, 62), (2, 67), (1, 71), (2, 69), (1, 67), (2, 66), (1, 64), (3, 62), (1, 66), (1, 69), (1, 67), (3, 67)),
    metres=(MetreMark(0, Metre(3, 4)),), pickup_ticks=Q,
)  # fmt: skip
TRIPLETS = score_of(
    line(
        (1 / 3, 72), (1 / 3, 74), (1 / 3, 76), (1, 77), (0.125, 76), (0.125, 77), (0.75, 76), (1, 74), (2, 72)
    )
)
RESTS = score_of(
    line((1, 65), (0.5, 67), (0.5, 0), (2, 69), (4, 0), (1, 70), (1, 69), (1, 67), (1, 65), (3, 65))
)
ALL = {"major": MAJOR, "minor": MINOR, "waltz": WALTZ, "triplets": TRIPLETS, "rests": RESTS}


def moments(score: Score) -> list[list[int]]:
    """Return what each part sounds between all neighbouring note edges, -1 a rest."""
    edges = sorted({t for p in score.parts for n in p.notes for t in (n.onset, n.onset + n.duration)})
    return [
        [
            max((n.pitch for n in p.notes if n.onset <= a < n.onset + n.duration), default=-1)
            for p in score.parts
        ]
        for a in edges[:-1]
    ]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("seed", [0, 1])
def test_the_tune_comes_back_as_it_is_and_no_rule_is_broken(model, name: str, seed: int):
    given = ALL[name]
    take = harmonise_satb(given, model=model, seed=seed, how=QUICK)
    assert take.score.parts[0] == given.parts[0]
    assert [part.name for part in take.score.parts] == ["Voice", "Alto", "Tenor", "Bass"]
    assert (take.score.metres, take.score.keys, take.score.pickup_ticks) == (
        given.metres,
        given.keys,
        given.pickup_ticks,
    )
    steps = moments(take.score)
    faults = count_faults([steps])
    assert take.relaxed == 0
    assert (faults.parallels, faults.crossed) == (0, 0)
    for soprano, alto, tenor, bass in (s for s in steps if min(s) >= 0):
        assert soprano - alto <= 12 and alto - tenor <= 12 and tenor - bass <= 19
    low_high = ((53, 74), (48, 67), (40, 60))
    for part, (low, high) in zip(take.score.parts[1:], low_high, strict=True):
        assert part.notes.pitch.min() >= low and part.notes.pitch.max() <= high


@pytest.mark.parametrize(
    ("name", "tonic", "third"), [("major", 7, 11), ("minor", 9, 0), ("waltz", 7, 11), ("rests", 5, 9)]
)
def test_the_last_chord_is_the_tonic_with_its_third_over_its_root(model, name: str, tonic: int, third: int):
    take = harmonise_satb(ALL[name], model=model, seed=3, how=QUICK)
    last = moments(take.score)[-1]
    assert last[3] % 12 == tonic
    assert {pitch % 12 for pitch in last} <= {tonic, third, (tonic + 7) % 12}
    assert third in {pitch % 12 for pitch in last}


@pytest.mark.parametrize(("name", "tonic"), [("major", 7), ("minor", 9), ("waltz", 7), ("rests", 5)])
def test_the_first_chord_is_the_tonic_over_its_root(model, name: str, tonic: int):
    """The waltz begins on its fifth, D in G; all others on their tonic."""
    first = moments(harmonise_satb(ALL[name], model=model, seed=3, how=QUICK).score)[0]
    assert first[3] % 12 == tonic
    assert len({pitch % 12 for pitch in first} - {tonic, (tonic + 7) % 12}) == 1


def test_a_tune_that_ends_off_the_tonic_chord_ends_as_it_likes():
    open_end = score_of(line((1, 67), (1, 71), (1, 74), (2, 69)), keys=(KeyMark(0, Key.parse("G")),))
    assert close_of(open_end, 0, tune_of(open_end, 0)) is None


def test_one_seed_gives_one_harmonisation_and_another_another(model):
    one, same, other = (harmonise_satb(MAJOR, model=model, seed=s, how=QUICK).score for s in (4, 4, 5))
    assert one == same
    assert one.parts[1:] != other.parts[1:]


def test_what_is_written_names_its_model_and_the_tune_keeps_its_own_origin(model):
    take = harmonise_satb(MAJOR, model=model, seed=4, how=QUICK)
    source = take.score.provenance[int(take.score.parts[1].notes.origin[0])]
    assert (source.kind, source.name) == ("model", "chorale")
    assert "seed=4 style=chorale" in source.detail
    assert take.score.parts[0].notes.origin is None


def test_a_beat_of_triplets_is_heard_as_the_pitch_that_fills_most_of_each_sixteenth():
    """C D E in a quarter: sixteenths hold C; 1/3 C, 2/3 D; 2/3 D, 1/3 E; E."""
    tune = tune_of(TRIPLETS, 0)
    assert (tune.ids[:4] + 35).tolist() == [72, 74, 74, 76]
    # The thirty-seconds: the sixteenth begins with E and ends with F, so E F E arrives at E and leaves F behind.
    assert (tune.enter[8] + 35, tune.leave[9] + 35, tune.lowest[8] + 35) == (76, 77, 76)


def test_a_breath_is_held_and_a_bar_of_rest_is_silent_in_all_voices(model):
    tune = tune_of(RESTS, 0)
    assert tune.is_breath.sum() == 2 and not tune.is_rest.any()
    assert len(tune) == 4 + 4 + 8 + 4 + 4 + 4 + 4 + 12
    assert tune.clock[15:17].tolist() == [15, 32]
    take = harmonise_satb(RESTS, model=model, how=QUICK)
    for part in take.score.parts[1:]:
        ends = part.notes.onset + part.notes.duration
        assert not ((part.notes.onset < 8 * Q) & (ends > 4 * Q)).any()
        assert ((part.notes.onset <= 1.5 * Q) & (ends > 1.5 * Q)).sum() == 1


def test_an_odd_rest_keeps_the_pairs_of_the_reader():
    """Five sixteenths of rest: one is heard, held, and silent in the result."""
    tune = tune_of(score_of(line((1, 65), (1.25, 0), (0.75, 67), (2, 69))), 0)
    assert tune.is_rest.sum() == 1
    assert tune.clock[3:7].tolist() == [3, 4, 9, 10]


@pytest.mark.parametrize(
    ("notes", "step"),
    [
        (line((1, 60), (1, 62)), 2520),
        (line((2, 60), (2, 62), (4, 60)), 5040),
        (line((0.25, 60), (0.25, 62), (0.5, 64)), 1260),
    ],
)
def test_a_frame_is_a_quarter_of_the_beat_that_the_tune_moves_in(notes: Notes, step: int):
    assert step_of(notes) == step


def test_a_whistled_tune_is_harmonised_as_a_choir_would_sing_it(model):
    high = score_of(MAJOR.parts[0].notes.with_columns(pitch=MAJOR.parts[0].notes.pitch + 24), keys=MAJOR.keys)
    take = harmonise_satb(high, model=model, seed=1, how=QUICK)
    assert take.score.parts[0] == high.parts[0]
    assert take.score.parts[1].notes.pitch.max() <= 74
    assert tune_of(high, 0).octaves == -2  # 98 less one octave is 86, above C6 (84)


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        (line((1, 48), (1, 50)), r"from G3 up within 29 semitones, got C3 to D3: move the tune up"),
        (line((1, 60), (1, 100)), r"got C4 to E7"),
        (Notes(), r"must have pitched notes to be harmonised, got none in part 0 \('Voice'\)"),
    ],
)
def test_what_is_no_soprano_is_refused_with_a_way_out(model, notes: Notes, message: str):
    with pytest.raises(InvalidInput, match=message):
        harmonise_satb(score_of(notes), model=model)


def test_unknown_styles_parts_and_numbers_are_refused(model):
    with pytest.raises(InvalidInput, match="style must be one of chorale, got 'jazz'"):
        harmonise_satb(MAJOR, model=model, style="jazz")
    with pytest.raises(InvalidInput, match=r"melody part must be 0\.\.0, got 3"):
        harmonise_satb(MAJOR, model=model, melody_part=3)
    with pytest.raises(InvalidInput, match=r"candidates must be 1\.\.64, got 65"):
        SatbHow(candidates=65)


def test_held_voices_are_struck_again_on_beats_of_the_tune_and_where_it_repeats_a_note():
    """G G (eighths, repeated) A B (eighths, one syllable) C: struck at 0, 1/2, 1, 2 quarters; not at 3/2."""
    score = score_of(line((0.5, 67), (0.5, 67), (0.5, 69), (0.5, 71), (2, 72)))
    tune = tune_of(score, 0)
    struck = tune.edges[attacks_of(score, 0, tune), 0] / Q
    assert struck.tolist() == [0, 0.5, 1, 2]


def test_the_room_of_a_frame_is_what_an_independent_count_finds_no_parallel_in():
    """From C major (C5 G4 E4 C3) to a soprano D5: 4,000 random chords, the counter agrees with the mask on each."""
    before = np.array([[72, 67, 64, 48]])
    everything = np.ones((4, PITCHES), bool)
    room = room_of(
        before - 35, soprano=74 - 35, lowest=74 - 35, allowed=everything, shift=0, rules=("parallels",)
    )
    random, seen = np.random.default_rng(0), set()
    for alto, tenor, bass in random.integers((49, 44, 36), (79, 72, 65), (4000, 3)).tolist():
        a, t, b = (np.array([p - 35]) for p in (alto, tenor, bass))
        allowed = bool(
            room.bass[0, b[0]] and room.alto_over(b)[0, a[0]] and room.tenor_between(a, b)[0, t[0]]
        )
        clean = parallels_between(before[0].tolist(), [74, alto, tenor, bass]) == 0
        assert allowed == clean, (alto, tenor, bass)
        seen.add(allowed)
    assert seen == {True, False}


def test_rules_give_way_in_order_and_parallels_last():
    assert [set(a) - set(b) for a, b in pairwise(LEVELS)] == [{"spacing"}, {"crossing"}, {"parallels"}]
