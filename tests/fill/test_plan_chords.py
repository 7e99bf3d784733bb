"""Laws of planned chord progressions."""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.errors import InvalidInput
from zhiyin.fill.form import make_form
from zhiyin.fill.norms import all_norms, norms_of
from zhiyin.fill.plan_make import make_plan
from zhiyin.fill.progressions import Harmony, cadence_of, given_chords, next_chords, write_chords
from zhiyin.score.wishes import Wishes
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(all_norms())),
    st.builds(
        Key.from_pitch_class, st.integers(0, 11), st.sampled_from(["major", "minor", "dorian", "gong", "yu"])
    ),
    st.integers(1, 64),
    st.integers(0, 999),
)
def test_every_section_ends_with_its_cadence(style: str, key: Key, bars: int, seed: int) -> None:
    norms = norms_of(style)
    harmony = Harmony(key, norms, norms.metres[0])
    sections = make_form(bars, form=norms.form)
    chords = write_chords(harmony, sections, np.random.default_rng(seed))
    assert chords[0][0] == 0 and all(a[0] < b[0] and a[1] != b[1] for a, b in pairwise(chords))
    for index, section in enumerate(sections):
        end = section.end_bar * harmony.metre.bar_ticks
        last = next(chord for tick, chord in reversed(chords) if tick < end)
        cadence = cadence_of(section, norms, is_last=index == len(sections) - 1)
        assert last.root == (key.tonic + (0 if cadence == "authentic" else harmony.open_end[0])) % 12


def test_the_last_two_chords_of_a_classical_piece_are_dominant_and_tonic() -> None:
    for seed in range(10):
        plan = make_plan(Wishes(style="classical", key=Key.parse("G"), bars=16), seed=seed)
        assert [chord.name() for _, chord in plan.chords[-2:]] == ["D7", "G"]


def test_hymn_phrases_rest_on_the_dominant_halfway() -> None:
    plan = make_plan(Wishes(style="hymn", key=Key.parse("C"), metre=Metre(4, 4), bars=32), seed=4)
    fourth_bar = 3 * plan.metre.bar_ticks
    assert plan.chord_at(fourth_bar).root == 7


def test_pentatonic_and_modal_pieces_use_chords_of_their_own_mode() -> None:
    for mode, parent in (("gong", "major"), ("yu", "minor"), ("dorian", "dorian"), ("zhi", "mixolydian")):
        for seed in range(8):
            key = Key.from_pitch_class(7, mode)
            plan = make_plan(Wishes(style="chinese", key=key, bars=16), seed=seed)
            classes = Key.from_pitch_class(7, parent).pitch_classes
            assert all(set(chord.pitch_classes) <= classes for _, chord in plan.chords), (mode, seed)


def test_a_twelve_bar_blues_is_a_twelve_bar_blues() -> None:
    plan = make_plan(Wishes(style="blues", key=Key.parse("A"), bars=12), seed=0)
    bars = [plan.chord_at(bar * plan.metre.bar_ticks).name() for bar in range(12)]
    assert bars == "A7 D7 A7 A7 D7 D7 A7 A7 E7 D7 A7 A7".split()  # noqa: SIM905


def test_given_chords_are_used_exactly_one_a_bar_and_cycled() -> None:
    plan = make_plan(Wishes(style="pop", bars=6, chords=("C", "G/B", "Am", "F")), seed=0)
    names = [plan.chord_at(bar * plan.metre.bar_ticks).name() for bar in range(6)]
    assert names == ["C", "G/B", "Am", "F", "C", "G/B"]
    assert plan.key == Key.parse("C")
    with pytest.raises(InvalidInput, match="got 'Hm'"):
        given_chords(["Hm"], bars=2, metre=Metre(4, 4))
    with pytest.raises(InvalidInput, match="at least one chord, got none"):
        given_chords([], bars=2, metre=Metre(4, 4))


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(["pop", "art", "jazz", "hymn", "dance"]),
    st.sampled_from(["major", "minor"]),
    st.lists(st.tuples(st.integers(0, 11), st.sampled_from(["", "m", "7"])), max_size=4),
    st.integers(0, 3),
)
def test_chances_of_the_next_chord_add_up_to_one(
    family: str, mode: str, past: list[tuple[int, str]], position: int
) -> None:
    chances = next_chords(past, family=family, mode=mode, position=position)
    assert sum(chances.values()) == pytest.approx(1.0)


def test_the_tables_say_where_they_come_from_and_stay_small() -> None:
    text = files("zhiyin.fill").joinpath("progressions.json").read_text(encoding="utf-8")
    sources = json.loads(text)["sources"]
    assert len(text.encode()) < 300_000
    assert set(sources) == {"pop", "jazz", "hymn", "dance", "art"}
    assert all(item["pieces"] > 50 and item["chords"] > 1000 for item in sources.values())
    assert "CC0" in sources["pop"]["source"] and "MIT" in sources["jazz"]["source"]


def test_dominants_lead_home_in_the_learned_tables() -> None:
    for family in ("pop", "art", "jazz", "hymn", "dance"):
        chances = next_chords([(0, ""), (7, "7")], family=family, mode="major", position=0)
        assert max(chances, key=lambda chord: chances[chord]) == (0, "")


def test_repeated_sections_repeat_their_chords() -> None:
    plan = make_plan(Wishes(style="minuet", bars=32), seed=5)
    size = plan.metre.bar_ticks
    for section in plan.sections:
        if section.like >= 0 and section is not plan.sections[-1]:
            model = plan.sections[section.like]
            assert [plan.chord_at((section.first_bar + bar) * size) for bar in range(section.bars)] == [
                plan.chord_at((model.first_bar + bar) * size) for bar in range(section.bars)
            ]


def test_chord_symbols_of_a_plan_parse() -> None:
    plan = make_plan(Wishes(style="jazz", bars=32), seed=2)
    assert all(Chord.parse(chord.name(key_fifths=plan.key.fifths)) == chord for _, chord in plan.chords)
