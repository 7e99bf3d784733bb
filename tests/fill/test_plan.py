"""Laws of plans: what must hold for every plan made from any wishes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.errors import ConflictingWishes, InvalidInput
from zhiyin.fill.norms import all_norms
from zhiyin.fill.plan import Plan, PlannedSection, plan_from_json, plan_to_json
from zhiyin.fill.plan_make import make_plan
from zhiyin.fill.plan_text import plan_to_text
from zhiyin.score.wishes import Wishes
from zhiyin.theory.families import family_members
from zhiyin.theory.instruments import INSTRUMENTS
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.moods import MOODS
from zhiyin.theory.scale import scale_pitch_classes
from zhiyin.theory.styles import STYLES

style_names = st.sampled_from(sorted(all_norms()))
some_wishes = st.builds(
    Wishes,
    style=style_names | st.none(),
    moods=st.lists(st.sampled_from(sorted(MOODS)), max_size=2).map(tuple),
    tempo_bpm=st.none() | st.floats(40, 240),
    key=st.none()
    | st.builds(Key.from_pitch_class, st.integers(0, 11), st.sampled_from(["major", "minor", "yu"])),
    metre=st.none() | st.sampled_from([Metre(2, 4), Metre(3, 4), Metre(4, 4), Metre(6, 8), Metre(5, 4)]),
    bars=st.none() | st.integers(1, 96),
    players=st.lists(st.sampled_from(sorted(INSTRUMENTS)), max_size=5).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(some_wishes, st.integers(0, 2**31))
def test_a_plan_keeps_every_wish_and_its_parts_add_up(wishes: Wishes, seed: int) -> None:
    plan = make_plan(wishes, seed=seed)
    assert sum(section.bars for section in plan.sections) == plan.bars == len(plan.energy)
    assert [len(row) for row in plan.textures] == [plan.bars] * len(plan.players)
    assert plan.style in STYLES
    assert wishes.bars in (None, plan.bars)
    assert wishes.tempo_bpm in (None, plan.tempo_bpm)
    assert wishes.metre in (None, plan.metre)
    assert wishes.key in (None, plan.key)
    if wishes.players:
        assert {player.instrument for player in plan.players} == set(wishes.players)
    pitched = [player for player in plan.players if not player.is_drums]
    assert sum(player.role == "melody" for player in plan.players) == (1 if pitched else 0)
    assert all(any(not row[bar].is_empty for row in plan.textures) for bar in range(plan.bars))


@settings(max_examples=30, deadline=None)
@given(some_wishes, st.integers(0, 999))
def test_a_plan_comes_back_from_json_and_the_same_seed_makes_it_again(wishes: Wishes, seed: int) -> None:
    plan = make_plan(wishes, seed=seed)
    assert plan_from_json(plan_to_json(plan)) == plan
    assert make_plan(wishes, seed=seed) == plan


def test_another_seed_makes_another_plan() -> None:
    assert len({make_plan(Wishes(style="pop"), seed=seed).chords for seed in range(8)}) >= 6


@settings(max_examples=60, deadline=None)
@given(style_names, st.floats(8, 250), st.none() | st.floats(50, 200))
def test_asked_seconds_are_kept_to_a_tenth_when_tempo_is_free_else_the_last_bar_reaches_past_them(
    style: str, seconds: float, tempo: float | None
) -> None:
    plan = make_plan(Wishes(style=style, seconds=seconds, tempo_bpm=tempo), seed=0)
    bar_s = plan.seconds / plan.bars
    if tempo is None:
        assert abs(plan.seconds - seconds) <= 0.05
    else:  # composing ends the last chord on the second that was asked
        assert -0.02 * bar_s <= plan.seconds - seconds <= bar_s


@settings(max_examples=60, deadline=None)
@given(style_names, st.floats(20, 300), st.floats(40, 150), st.floats(1.3, 2.0))
def test_seconds_are_kept_within_an_asked_range_of_tempo(
    style: str, seconds: float, low: float, ratio: float
) -> None:
    plan = make_plan(Wishes(style=style, seconds=seconds, tempo_range=(low, low * ratio)), seed=0)
    bar_s = plan.seconds / plan.bars
    assert low - 1e-9 <= plan.tempo_bpm <= low * ratio + 1e-9
    bar_quarters = bar_s * plan.tempo_bpm / 60
    counts = [seconds * tempo / 60 / bar_quarters for tempo in (low, low * ratio)]
    if int(counts[1] - 1e-6) > counts[0] + 1e-6:  # some whole number of bars fits
        assert abs(plan.seconds - seconds) <= 0.05


@pytest.mark.parametrize(
    ("wishes", "tempo", "bars", "words"),
    [
        # 60 s of 4/4 at 70..80 BPM: 17.5..20 bars; whole phrases give 20 bars (fours) at 80.
        (
            Wishes(style="song", seconds=60.0, tempo_range=(70.0, 80.0)),
            80.0,
            20,
            "80 BPM, so that 20 bars last 60 s",
        ),
        # 7.5 s at 120 BPM: 3.75 bars of 2 s, so four bars and 8 s.
        (
            Wishes(style="pop", seconds=7.5, tempo_bpm=120.0),
            120.0,
            4,
            "lasts 7.5 s at 120 BPM: 4 bars",
        ),
        # 9 s at 50..52: 1.875..1.95 bars of 4/4; two bars at 52 last 9.23 s.
        (
            Wishes(style="pop", seconds=9.0, tempo_range=(50.0, 52.0)),
            52.0,
            2,
            "2 bars at 52 BPM last 9.23 s, so the last chord ends at 9 s inside bar 2",
        ),
        (Wishes(style="pop", seconds=8.0, tempo_bpm=120.0), 120.0, 4, "pop"),
    ],
)
def test_what_was_decided_about_length_is_noted(wishes: Wishes, tempo: float, bars: int, words: str) -> None:
    plan = make_plan(wishes, seed=0)
    told = " / ".join(en for en, _ in plan.notes)
    assert (plan.tempo_bpm, plan.bars) == (tempo, bars)
    assert words in told or (words == "pop" and "whole number" not in told)


def test_seconds_that_no_whole_bars_fit_end_inside_the_last_bar() -> None:
    # 9.7 s at 50..52: two bars of 4/4 last at most 9.6 s, so three, the last of which ends early.
    for wishes in (
        Wishes(style="pop", seconds=9.7, tempo_range=(50.0, 52.0)),
        Wishes(style="pop", seconds=9.7, tempo_bpm=51.0),
    ):
        plan = make_plan(wishes, seed=0)
        assert plan.bars == 3 and plan.seconds * 2 / 3 < 9.7 < plan.seconds


def test_a_tempo_word_leans_towards_the_style_but_stays_in_its_range() -> None:
    slow = (58.0, 90.0)
    waltz = make_plan(Wishes(style="waltz", tempo_range=slow), seed=0).tempo_bpm
    ambient = make_plan(Wishes(style="ambient", tempo_range=slow), seed=0).tempo_bpm
    assert slow[0] < ambient < 72 < waltz < slow[1]


def test_seconds_in_a_free_tempo_stay_in_the_styles_range() -> None:
    for norms in all_norms().values():
        tempo = make_plan(Wishes(style=norms.name, seconds=60.0), seed=0).tempo_bpm
        assert norms.slow - 1e-9 <= tempo <= norms.fast + 1e-9, norms.name


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (Wishes(bars=40, seconds=60.0, tempo_bpm=90.0), "agree within half a bar, got 40 bars at 90 BPM"),
        (Wishes(bars=4, seconds=600.0, style="pop"), r"tempo must be 20\.\.300 BPM, got 1.6 for 4 bars"),
        (
            Wishes(bars=8, seconds=10.0, tempo_range=(58.0, 90.0)),
            r"got 8 bars at 58\.\.90 BPM \(21\.3 s\) for 10 s",
        ),
        (
            Wishes(bars=20, seconds=61.0, tempo_bpm=60.0, metre=Metre(3, 4)),
            r"got 20 bars at 60 BPM \(60 s\) for 61 s: ask for 60 s, 59.02 BPM, or leave the bars open",
        ),
        (Wishes(seconds=1800.0, tempo_bpm=300.0, style="pop"), "at most 512 bars, got 2250"),
        (Wishes(players=("piano",), excluded=("piano",)), "must not be excluded, got 'piano'"),
        (Wishes(style="drum-groove", excluded=("drums",)), "must have players, got all of 'drum-groove'"),
    ],
)
def test_wishes_that_cannot_hold_together_are_refused_by_name(wishes: Wishes, words: str) -> None:
    with pytest.raises(ConflictingWishes, match=words):
        make_plan(wishes, seed=0)


def test_a_style_not_wanted_is_not_chosen_and_a_decade_suggests_one() -> None:
    piano = Wishes(players=("piano",))
    assert make_plan(piano, seed=0).style == "romantic-piano"
    assert make_plan(replace(piano, avoid_styles=("romantic-piano",)), seed=0).style == "song"
    eighties = make_plan(Wishes(decade=1980), seed=0)
    assert eighties.variant == "synthpop" and "taken for the 1980s" in eighties.notes[0][0]
    assert make_plan(Wishes(decade=1980, style="jazz"), seed=0).style == "jazz"


def test_a_loop_ends_where_it_leads_back_and_other_pieces_end_at_home() -> None:
    for style in ("pop", "lofi", "game", "classical"):
        for seed in range(5):
            ends = [
                (make_plan(Wishes(style=style, bars=16, is_loop=loop), seed=seed)) for loop in (True, None)
            ]
            homes = [(plan.chords[-1][1].root - plan.key.tonic) % 12 == 0 for plan in ends]
            assert homes[1] and (style == "lofi" or not homes[0])


def test_asked_sections_have_their_bars() -> None:
    wishes = Wishes(style="pop", form=("intro", "verse", "chorus"), section_bars=(4, 8, 16), seconds=60.0)
    plan = make_plan(wishes, seed=0)
    assert [(s.name, s.bars) for s in plan.sections] == [("intro", 4), ("verse", 8), ("chorus", 16)]
    assert plan.tempo_bpm == 112 and abs(plan.seconds - 60) <= 0.05


@pytest.mark.parametrize("style", sorted(all_norms()))
def test_no_drums_means_no_drum_kit_in_any_style(style: str) -> None:
    if style == "drum-groove":
        return
    plan = make_plan(Wishes(style=style, excluded=("drums",)), seed=1)
    assert not any(player.is_drums for player in plan.players)


@pytest.mark.parametrize("family", ["strings", "brass", "woodwinds", "percussion"])
def test_a_refused_family_does_not_play_in_any_style(family: str) -> None:
    gone = set(family_members(family))
    for style in all_norms():
        if style != "drum-groove":
            plan = make_plan(Wishes(style=style, excluded=tuple(gone)), seed=0)
            assert not gone & {player.instrument for player in plan.players}, style


def test_a_plucked_bass_leads_only_where_nobody_else_can() -> None:
    roles = {
        p.instrument: p.role for p in make_plan(Wishes(players=("upright-bass", "strings")), seed=0).players
    }
    assert roles["strings"] == "melody" and roles["upright-bass"] == "bass"


def test_moods_lean_tempo_mode_register_and_energy() -> None:
    def measure(mood: str) -> tuple[float, float, float, float]:
        plans = [make_plan(Wishes(style="romantic-piano", moods=(mood,)), seed=seed) for seed in range(20)]
        register = [row[0].register or 0.0 for plan in plans for row in plan.textures]
        return (
            sum(plan.tempo_bpm for plan in plans) / 20,
            sum(not plan.key.is_minor for plan in plans) / 20,
            sum(register) / len(register),
            sum(sum(plan.energy) / plan.bars for plan in plans) / 20,
        )

    assert all(gay > grave for gay, grave in zip(measure("happy"), measure("sad"), strict=True))
    assert measure("happy")[1] >= 0.85 and measure("sad")[1] <= 0.25


def test_a_lone_piano_is_two_hands_and_a_trio_has_a_bass() -> None:
    hands = make_plan(Wishes(players=("piano",)), seed=0).players
    assert [(p.part, p.role) for p in hands] == [
        ("Piano, upper", "melody"),
        ("Piano, lower", "accompaniment"),
    ]
    band = make_plan(Wishes(players=("guitar", "bass-guitar", "drums")), seed=0).players
    assert [player.role for player in band] == ["melody", "accompaniment", "bass", "drums"]
    quartet = make_plan(Wishes(players=("violin", "violin", "viola", "cello")), seed=0).players
    assert [player.role for player in quartet] == ["melody", "inner", "inner", "bass"]
    assert quartet[1].part == "Violin 2"


def _plan() -> Plan:
    return make_plan(Wishes(style="waltz", bars=16, key=Key.parse("Dm")), seed=3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bars": 17}, "add up to the plan's 17 bars, got 16"),
        ({"tempo_bpm": 500.0}, r"tempo must be 20\.\.300 BPM, got 500"),
        ({"energy": (2.0,)}, "one value 0..1 for each of 16 bars"),
        ({"players": ()}, "at least one player"),
        ({"chords": ()}, "chords must start at tick 0"),
        ({"sections": (PlannedSection("A", 0, 16, like=0),)}, "must repeat an earlier one"),
        ({"sections": (PlannedSection("A", 1, 15),)}, "section 0 must start at bar 0"),
    ],
)
def test_an_edit_that_breaks_a_plan_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        replace(_plan(), **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "zhiyin-plan-1"}', plan_to_json(_plan())[:400]])
def test_a_text_that_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"a plan must (be|have)"):
        plan_from_json(text)


def test_a_plan_prints_its_chords_players_and_form_in_both_languages() -> None:
    plan = make_plan(Wishes(style="pop", moods=("hopeful",), bars=32, chords=("C", "G", "Am", "F")), seed=3)
    english, chinese = plan_to_text(plan), plan_to_text(plan, "zh")
    assert "| C | G | Am | F | C | G | Am | F |" in english and "1. verse bars 1-8" in english
    assert "1. 主歌 第1–8小节" in chinese and "流行，希望" in chinese and "贝斯（低音）" in chinese
    with pytest.raises(InvalidInput, match="lang must be 'en' or 'zh', got 'de'"):
        plan_to_text(plan, "de")


@pytest.mark.parametrize("mode", ["major pentatonic", "minor pentatonic"])
def test_chords_of_a_five_note_key_stay_within_its_notes(mode: str) -> None:
    for style in ("song", "pop", "chinese", "jazz", "waltz"):
        for seed in range(3):
            plan = make_plan(Wishes(style=style, bars=16, key=Key(-1, mode)), seed=seed)
            scale = scale_pitch_classes(mode, plan.key.tonic)
            assert all(set(chord.pitch_classes) <= scale for _, chord in plan.chords), style
            assert len({chord for _, chord in plan.chords}) >= 3


def test_a_low_singer_over_a_piano_sings_the_tune() -> None:
    plan = make_plan(Wishes(players=("bass-voice", "piano"), bars=8), seed=0)
    assert next(p.role for p in plan.players if p.instrument == "bass-voice") == "melody"
