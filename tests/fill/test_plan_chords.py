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
from zhiyin.fill.plan import Plan
from zhiyin.fill.plan_make import make_plan
from zhiyin.fill.progressions import MOST_BARS_HELD, cadences, given_chords, write_chords
from zhiyin.fill.progressions_grammar import groups_of, stock_phrases, stock_share
from zhiyin.fill.progressions_harmony import Harmony
from zhiyin.fill.progressions_tables import next_chords
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
        cadence = cadences(sections, harmony)[index]
        is_blues = norms.form == "blues" and (section.bars == 8 or section.bars % 12 == 0)
        if cadence != "open" and not (is_blues and index < len(sections) - 1):
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


def _bars(plan: Plan) -> list[Chord]:
    return [plan.chord_at(bar * plan.metre.bar_ticks) for bar in range(plan.bars)]


def _relative(plan: Plan) -> list[tuple[int, str]]:
    return [((chord.root - plan.key.tonic) % 12, chord.quality) for _, chord in plan.chords]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(all_norms())), st.integers(1, 64), st.integers(0, 999))
def test_no_chord_is_held_for_more_than_two_bars(style: str, bars: int, seed: int) -> None:
    plan = make_plan(Wishes(style=style, bars=bars), seed=seed)
    ticks = [tick for tick, _ in plan.chords] + [plan.length_ticks]
    longest = max(b - a for a, b in pairwise(ticks)) / plan.metre.bar_ticks
    assert longest <= MOST_BARS_HELD, [chord.name() for _, chord in plan.chords]


@pytest.mark.parametrize("style", ["jazz", "swing", "bossa-nova"])
def test_jazz_comes_home_by_two_five_one(style: str) -> None:
    for seed in range(12):
        chords = _relative(make_plan(Wishes(style=style, bars=32), seed=seed))
        found = sum(
            a in ((2, "m7"), (2, "m7b5")) and b == (7, "7") and c[0] == 0
            for a, b, c in zip(chords, chords[1:], chords[2:], strict=False)
        )
        assert found >= 3, (seed, chords)
        assert sum(quality in ("", "m") for _, quality in chords) <= 0.25 * len(chords)


@pytest.mark.parametrize(
    ("mode", "gong"), [("gong", 0), ("yu", 3), ("major", 0), ("minor", 3), ("zhi", 5), ("shang", 10)]
)
@pytest.mark.parametrize("style", ["chinese", "jiangnan"])
def test_chinese_pieces_never_sound_the_leading_note_of_the_gong(style: str, mode: str, gong: int) -> None:
    for seed in range(8):
        plan = make_plan(Wishes(style=style, key=Key.from_pitch_class(7, mode), bars=32), seed=seed)
        leading = (7 + gong + 11) % 12
        assert all(leading not in chord.pitch_classes for _, chord in plan.chords), (seed, plan.chords)
        assert plan.chords[-1][1].root == 7


@pytest.mark.parametrize(
    "style", ["pop", "classical", "waltz", "romantic-piano", "hymn", "tango", "jazz", "song"]
)
def test_minor_keys_reach_home_by_a_major_dominant(style: str) -> None:
    for seed in range(8):
        plan = make_plan(Wishes(style=style, key=Key.parse("Am"), bars=16), seed=seed)
        dominant, home = (chord for _, chord in plan.chords[-2:])
        assert (dominant.root, home.root) == (4, 9) and 8 in dominant.pitch_classes


def _inverted(style: str) -> float:
    chords = [
        chord for seed in range(12) for _, chord in make_plan(Wishes(style=style, bars=32), seed=seed).chords
    ]
    return sum(chord.bass != chord.root for chord in chords) / len(chords)


def test_basses_walk_in_hymns_and_art_music_and_stand_in_rock_and_loops() -> None:
    assert 0.15 <= _inverted("chorale") <= 0.5
    assert 0.1 <= _inverted("romantic-piano") <= 0.4 and 0.1 <= _inverted("string-quartet") <= 0.4
    assert all(_inverted(style) == 0 for style in ("metal", "lofi", "jazz", "chinese", "blues"))


def test_six_fours_stand_on_a_downbeat_between_a_predominant_and_the_dominant() -> None:
    seen = 0
    for seed in range(30):
        plan = make_plan(Wishes(style="classical", key=Key.parse("C"), bars=32), seed=seed)
        for (_, before), (tick, chord), (_, after) in zip(
            plan.chords, plan.chords[1:], plan.chords[2:], strict=False
        ):
            if chord.root == 0 and chord.bass == 7:
                seen += 1
                assert tick % plan.metre.bar_ticks == 0 and before.root in (2, 5, 9)
                assert (after.root, after.bass) == (7, 7)
    assert seen >= 5


@pytest.mark.parametrize("style", ["waltz", "pop", "jazz", "song", "march", "rock", "string-quartet"])
def test_a_middle_section_starts_away_from_home(style: str) -> None:
    for seed in range(10):
        plan = make_plan(Wishes(style=style, bars=48 if style in ("pop", "rock") else 32), seed=seed)
        middle = next(s for s in plan.sections if s.name in ("B", "bridge"))
        start = plan.chord_at(middle.first_bar * plan.metre.bar_ticks)
        assert (start.root - plan.key.tonic - middle.key_shift) % 12 != 0, (seed, start)


def test_lofi_and_ambient_turn_on_loops_of_sevenths_and_edm_on_triads() -> None:
    for style in ("lofi", "ambient"):
        for seed in range(6):
            plan = make_plan(Wishes(style=style, bars=32), seed=seed)
            bars = _bars(plan)
            assert bars[:4] == bars[4:8]
            assert sum(chord.quality not in ("", "m") for chord in bars) >= 0.85 * len(bars), (style, seed)
    edm = make_plan(Wishes(style="edm", bars=32), seed=1)
    assert all(chord.quality in ("", "m") for chord in _bars(edm))


def test_the_twelve_bars_turn_round_and_come_home_at_the_end() -> None:
    plan = make_plan(Wishes(style="blues", key=Key.parse("E"), bars=36), seed=2)
    names = [chord.name() for chord in _bars(plan)]
    assert [names[11], names[23], names[35]] == ["B7", "B7", "E7"]
    minor = make_plan(Wishes(style="blues", key=Key.parse("Am"), bars=12), seed=2)
    assert [chord.name() for chord in _bars(minor)][:3] == ["Am7", "Dm7", "Am7"]


def test_only_some_styles_change_key_and_never_when_the_key_was_asked() -> None:
    def shifts(wishes: Wishes) -> set[int]:
        return {s.key_shift for seed in range(40) for s in make_plan(wishes, seed=seed).sections}

    assert shifts(Wishes(style="ballad", bars=64)) == {0}
    assert shifts(Wishes(style="march", mode="major", bars=56)) == {0, 5}
    assert shifts(Wishes(style="ballad", bars=64, key=Key.parse("C"))) == {0}
    assert all(shifts(Wishes(style=style, bars=64)) == {0} for style in ("hymn", "jazz", "lofi", "chinese"))


def test_every_style_has_stock_phrases_of_four_bars_within_its_share() -> None:
    for norms in all_norms().values():
        for group in groups_of(norms.name, norms.family):
            places = ("open", "half", "close", "loop", "bridge", "bridge-half")
            found = [
                p
                for mode in ("major", "minor")
                for place in places
                for p in stock_phrases(group, mode, place)
            ]
            assert 0 < stock_share(group) <= 1
            assert found and all(len(phrase) == 4 for phrase in found), group


def test_a_close_in_stock_ends_at_home_and_a_half_away_from_it() -> None:
    for norms in all_norms().values():
        for group in groups_of(norms.name, norms.family):
            for mode in ("major", "minor"):
                for place, is_home in (("close", True), ("half", False), ("bridge-half", False)):
                    for phrase in stock_phrases(group, mode, place):
                        assert (phrase[-1][-1][0] == 0) == is_home, (group, mode, place, phrase)


@pytest.mark.parametrize("style", ["chamber", "romantic-piano", "waltz", "hymn"])
def test_a_piece_does_not_begin_on_a_dominant_of_what_follows(style: str) -> None:
    for seed in range(40):
        plan = make_plan(Wishes(style=style, key=Key.parse("Em"), bars=20), seed=seed)
        first = plan.chords[0][1]
        assert (first.root, first.quality[:1]) != (4, "7")
