"""Laws of the wish that a tune moves as folk songs do: chances worked out by hand, steering felt by a flat model."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from zhiyin.brief import read_brief
from zhiyin.fill.constraints import CellState, DegreeProfile, InKey, Sounding
from zhiyin.fill.constraints.degree_profile import chances_after, distance, wait_chances
from zhiyin.fill.folk_counts import DEGREE, DURATION, INTERVAL, PAIRS, shares
from zhiyin.fill.plan_make import make_plan
from zhiyin.score import ChordMark, KeyMark, Notes, Part, Score, Wishes
from zhiyin.theory.chinese import FIVE_MODES, gong_of, passing_notes
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER as Q

G_GONG = Key.parse("G宫")


def cell(*sounding: Sounding, part: int = 0, previous: tuple[int, int] | None = None) -> CellState:
    return CellState(
        part=part, bar=1, length=96, role="melody", is_drums=False, instrument=find_instrument("erhu"), key=G_GONG,
        metre=Metre(4, 4), chords=[(0, Chord.parse("G"))], strong=frozenset({0, 48}), is_last_bar=False,
        sounding=list(sounding), previous=previous,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "gong"),
    [("G宫", 7), ("A商", 7), ("B角", 7), ("D徵", 7), ("E羽", 7), ("Em", 7), ("G", 7)],
)
def test_the_five_modes_of_one_gong_share_it(key: str, gong: int) -> None:
    assert gong_of(Key.parse(key)) == gong


def test_qing_jue_and_bian_gong_pass_in_five_note_modes_only() -> None:
    # In D zhi gong is G: C and F sharp, ten and four semitones above D.
    assert passing_notes(Key.parse("D徵")) == {10, 4}
    assert passing_notes(Key.parse("D")) == frozenset()


def test_after_a_pitch_the_chance_of_a_degree_is_that_of_the_pair() -> None:
    chances = chances_after(67, 7)  # after 1 on G4, gong G
    row = np.array(PAIRS[0], float) + 0.5
    for degree, step in enumerate((0, 2, 4, 5, 7, 9, 11)):
        octaves = chances[[p for p in range(128) if (p - 7 - step) % 12 == 0]]
        assert octaves.sum() == pytest.approx(row[degree] / row.sum(), abs=2e-3)
    # 6 below (three semitones down) against 6 above (nine up): as the counts of those steps.
    assert chances[64] / chances[76] == pytest.approx((INTERVAL[-3] + 0.5) / (INTERVAL[9] + 0.5))
    assert chances[68] == pytest.approx(1e-5)  # no degree at all


def test_waits_are_the_note_lengths_of_the_songs() -> None:
    assert wait_chances()[12] / wait_chances()[24] == pytest.approx(DURATION[0.5] / DURATION[1.0], rel=1e-3)


def test_the_distance_is_that_of_scipy() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        counts = rng.integers(0, 9, 7).astype(float) + np.eye(7)[0]
        theirs = jensenshannon(counts, shares(DEGREE), base=2) ** 2
        assert distance(counts, shares(DEGREE)) == pytest.approx(theirs)


def test_the_bias_speaks_of_the_tune_alone_and_strength_none_is_silence() -> None:
    wish = DegreeProfile(0, G_GONG)
    assert wish.value_bias(cell(part=1), 0) is None
    assert DegreeProfile(0, G_GONG, strength=0.0).value_bias(cell(), 0) is None
    assert wish.onset_bias(cell()) is None  # no pace asked
    last = wish.value_bias(cell(Sounding(0, 24, 67)), 24)
    assert last is not None and np.allclose(last, np.log(chances_after(67, 7)))
    earlier = wish.value_bias(cell(previous=(24, 67)), 0)
    assert earlier is not None and np.allclose(earlier, last)


def test_the_pace_leans_on_the_wait_since_the_last_note() -> None:
    bias = DegreeProfile(0, G_GONG, pace=2.0).onset_bias(cell(Sounding(24, 36, 67)))
    assert bias is not None
    assert bias[36] - bias[48] == pytest.approx(2 * np.log(wait_chances()[12] / wait_chances()[24]))
    # END: the next note comes no sooner than the bar's end, 72 steps on.
    assert bias[192] == pytest.approx(2 * np.log(wait_chances()[72:].sum()))


def test_passing_notes_are_allowed_in_the_tune_off_the_strong_beats() -> None:
    wish = InKey(G_GONG, passing_notes(G_GONG), tune=0)
    free, strong, other = (
        wish.value_mask(cell(), 12), wish.value_mask(cell(), 48), wish.value_mask(cell(part=1), 12),
    )  # fmt: skip
    assert free is not None and strong is not None and other is not None
    assert free[66] and free[72]  # F sharp, C
    assert not free[65] and not strong[66] and not other[66]


def test_the_check_counts_passing_notes_of_the_tune_as_kept_and_of_others_as_broken() -> None:
    def score(tune: int, other: int) -> Score:
        parts = (Part("Erhu", Notes.of([(0, Q, tune)])), Part("Pipa", Notes.of([(0, Q, other)])))
        chord = (ChordMark(0, Chord.parse("G")),)
        return Score(parts=parts, keys=(KeyMark(0, G_GONG),), chords=chord, length_ticks=4 * Q)

    wish = InKey(G_GONG, passing_notes(G_GONG), tune=0)
    assert wish.check(score(66, 67)).kept
    assert not wish.check(score(67, 66)).kept
    assert not wish.check(score(65, 67)).kept


def test_chinese_pieces_rest_on_the_degrees_that_songs_end_on_and_sad_ones_turn_darker() -> None:
    def modes(*moods: str) -> list[str]:
        asked = Wishes(style="chinese pentatonic", bars=8, moods=moods)
        return [make_plan(asked, seed=seed).key.mode for seed in range(60)]

    plain, sad = modes(), modes("sad")
    assert set(plain) <= set(FIVE_MODES)
    # 5, 1 and 6 end 43 %, 21 % and 18 % of the songs: zhi leads, shang and jue are rarer than both others.
    assert max(set(plain), key=plain.count) == "zhi"
    assert plain.count("jue") < plain.count("gong") + plain.count("yu")
    assert sad.count("gong") + sad.count("zhi") < plain.count("gong") + plain.count("zhi")


@pytest.mark.parametrize(
    ("words", "mode"),
    [("一首徵调式的中国风小曲", "zhi"), ("chinese tune in yu mode", "yu"), ("角调式的民乐", "jue")],
)
def test_a_mode_that_is_asked_is_the_mode_of_the_plan(words: str, mode: str) -> None:
    plan = make_plan(read_brief(words).wishes, seed=3)
    assert (plan.style, plan.key.mode) == ("chinese", mode)
