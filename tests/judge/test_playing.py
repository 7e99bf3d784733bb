"""Laws of range, breath, hands and bows, by hand.

Conventions: 120 quarters a minute, so a quarter lasts half a second; a major tenth is 16 semitones.
Does not know: fingerings.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.judge.scores import notes_of, part_of, score_of, steady
from zhiyin.judge import judge
from zhiyin.judge.bowing import is_playable_stop
from zhiyin.judge.hands import best_split
from zhiyin.judge.playing import instrument_of
from zhiyin.score import Part, Tempo


def test_a_violin_below_its_g_string_is_out_of_range() -> None:
    found = judge(score_of(part_of(steady([55, 54, 60, 62]), program=40)))
    assert (found["out-of-range"].value, found["out-of-range"].bars) == (0.25, (0,))


def test_drum_keys_have_no_range() -> None:
    found = judge(score_of(part_of(steady([1, 120]), is_drums=True), part_of(steady([60]))))
    assert (found["out-of-range"].value, found["out-of-range"].count) == (0.0, 1)


@pytest.mark.parametrize(
    ("name", "program", "instrument"),
    [("Tenor", 52, "tenor"), ("Bass", 52, "bass-voice"), ("Bass", 33, "bass-guitar"), ("Tenor", 40, "violin"),
     ("staff 3", 73, "flute"), ("Erhu", 110, "erhu")],
)  # fmt: skip
def test_a_name_counts_when_the_program_agrees(name: str, program: int, instrument: str) -> None:
    assert instrument_of(Part(name, program=program)).name == instrument


def test_a_breath_ends_at_a_rest_that_is_long_enough() -> None:
    # Eight quarters (4 s), a rest of a quarter (0.5 s), four quarters (2 s).
    found = judge(score_of(part_of(steady([67] * 8 + [-1] + [69] * 4), program=73)))
    assert found["breath"].value == pytest.approx(4.0)


def test_a_gap_too_short_to_breathe_joins_two_passages() -> None:
    # A quarter of a quarter is 0.125 s at 120, 0.25 s at 60.
    rows = [(0.0, 3.75, 67), (4.0, 4.0, 67)]
    fast, slow = (
        judge(score_of(part_of(rows, program=73), tempos=(Tempo(0, bpm),))) for bpm in (120.0, 60.0)
    )
    assert fast["breath"].value == pytest.approx(4.0)
    assert slow["breath"].value == pytest.approx(4.0)  # the second passage alone: four quarters at 60
    assert slow["breath"].bars == (1,)


def test_nobody_breathes_in_a_piano() -> None:
    assert judge(score_of(steady([60])))["breath"].why == ("nobody sings or blows", "没有人声或吹奏乐器")


def chord(*pitches: int, at: float = 0.0) -> list[tuple[float, float, int]]:
    """Return a chord of a quarter."""
    return [(at, 1.0, p) for p in pitches]


@pytest.mark.parametrize(
    ("pitches", "span", "keys"),
    [
        ([60], 0, 1),
        ([36, 52, 60, 76], 16, 2),  # two tenths
        ([36, 48, 60, 64, 67, 72], 12, 4),
        ([60, 62, 64, 65, 67, 69, 71], 5, 4),  # seven keys: C D E | F G A B or the reverse
    ],
)
def test_two_hands_share_a_chord_in_the_easiest_way(pitches: list[int], span: int, keys: int) -> None:
    found = best_split(np.array(pitches))
    assert found[0] <= 16
    assert (found[0], found[1]) == (span, keys) or len(pitches) == 7


def test_one_hand_named_upper_cannot_take_two_octaves_but_two_hands_can() -> None:
    rows = chord(48, 72)
    assert judge(score_of(part_of(rows, "Piano")))["hands-unplayable"].value == 0.0
    found = judge(score_of(part_of(rows, "Piano, upper")))
    assert (found["hands-unplayable"].value, found["hands-unplayable"].bars) == (1.0, (0,))
    assert (found["hand-span"].value, found["hand-keys"].value) == (24.0, 2.0)


def test_six_keys_are_one_too_many_and_a_held_key_counts() -> None:
    held = [(0.0, 2.0, 60), *chord(62, 64, 65, 67, 69, at=1.0)]
    found = judge(score_of(part_of(held, "Piano, upper")))
    assert found["hands-unplayable"].value == 0.5  # two onsets, the second needs six fingers


def test_voices_of_a_joined_part_are_hands() -> None:
    notes = notes_of(chord(36, 60, 64)).with_columns(voice=[4, 0, 0])
    found = judge(score_of(Part("Piano", notes)))
    assert found["hand-span"].count == 2  # two hands, an onset each
    assert found["hands-unplayable"].value == 0.0
    wrong = notes.with_columns(voice=[0, 0, 4])
    assert judge(score_of(Part("Piano", wrong)))["hands-unplayable"].value == 0.5


@pytest.mark.parametrize(
    ("pitches", "is_playable"),
    [
        ((55, 62, 69, 76), True),  # open strings
        ((56, 76), False),  # on neighbouring strings 13 places apart
        ((56, 58), False),  # both only on the G string
        ((60, 65), True),  # C on G, F on D
        ((62, 74), True),  # octave: D on G or open D, D on A
        ((57, 85), False),  # places 2 on G and 23 on D: no hand is as wide
        ((55, 59, 62, 67, 71), False),  # five notes
    ],
)
def test_a_violin_stop_needs_neighbouring_strings_within_a_hand(
    pitches: tuple[int, ...], is_playable: bool
) -> None:
    assert is_playable_stop(pitches, 40) is is_playable


def test_leaps_over_a_string_are_counted() -> None:
    # G string, E string (skips two), E, A (a neighbour): one of three moves.
    found = judge(score_of(part_of(steady([57, 78, 77, 70]), program=40)))
    assert found["string-skips"].value == pytest.approx(1 / 3)


def test_stops_of_an_ensemble_are_not_judged() -> None:
    found = judge(score_of(part_of(chord(55, 56, 57), program=48)))
    assert found["stops-unplayable"].why[0] == "no solo bowed string plays"
    assert judge(score_of(part_of(chord(55, 56, 57), program=40)))["stops-unplayable"].value == 1.0


def test_the_only_two_piano_parts_are_two_hands_of_one_player() -> None:
    wide = part_of(chord(48, 72), "staff 1")
    assert judge(score_of(wide, part_of(chord(40), "staff 2")))["hands-unplayable"].value == 0.5
    three = score_of(wide, part_of(chord(40), "staff 2"), part_of(chord(50), "staff 3"))
    assert judge(three)["hands-unplayable"].value == 0.0
