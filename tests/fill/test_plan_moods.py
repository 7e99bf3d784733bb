"""Laws of plans with moods: cues around the style's norms, locked fields that win, pieces that turn on the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.errors import InvalidInput
from zhiyin.fill.compose_plan import frame_of
from zhiyin.fill.norms import all_norms
from zhiyin.fill.plan import Plan, plan_from_json, plan_to_json
from zhiyin.fill.plan_make import make_plan
from zhiyin.fill.plan_text import plan_to_text
from zhiyin.fill.recall import feels_otherwise, recall
from zhiyin.score import Notes
from zhiyin.score.wishes import Change, Wishes
from zhiyin.theory.key import Key
from zhiyin.theory.moods import MOODS

style_names = st.sampled_from(sorted(all_norms()))
STYLES = ("romantic-piano", "pop", "folk", "film", "waltz", "chinese")


def mean(plan: Plan, name: str) -> float:
    values = [getattr(t, name) for row in plan.textures for t in row if getattr(t, name) is not None]
    return float(np.mean(values))


@pytest.mark.parametrize("style", STYLES)
def test_happy_is_faster_higher_busier_louder_and_shorter_than_sad(style: str) -> None:
    happy, sad = (make_plan(Wishes(style=style, bars=16, moods=(mood,)), seed=3) for mood in ("happy", "sad"))
    assert happy.tempo_bpm > 1.3 * sad.tempo_bpm
    assert mean(happy, "register") > mean(sad, "register") + 2
    assert mean(happy, "density") > mean(sad, "density")
    assert happy.feelings[0].velocity > sad.feelings[0].velocity + 20
    assert happy.feelings[0].articulation < 1 < sad.feelings[0].articulation


@pytest.mark.parametrize("style", ["romantic-piano", "pop", "folk", "waltz"])
def test_happy_plans_are_major_and_sad_ones_minor(style: str) -> None:
    share = {}
    for mood in ("happy", "sad"):
        keys = [make_plan(Wishes(style=style, bars=8, moods=(mood,)), seed=seed).key for seed in range(20)]
        share[mood] = sum(not key.is_minor for key in keys) / 20
    assert share["happy"] >= 0.9 and share["sad"] <= 0.2


@settings(max_examples=40, deadline=None)
@given(style_names, st.sampled_from(sorted(MOODS)), st.floats(50, 180), st.integers(1, 5))
def test_locked_fields_win_over_any_mood(style: str, mood: str, tempo: float, intensity: int) -> None:
    key = Key.parse("Eb")
    wishes = Wishes(
        style=style, moods=(mood,), tempo_bpm=tempo, key=key, bars=16, intensity=intensity, density=1.5,
        changes=(Change(at_bar=9, moods=("angry",)),),
    )  # fmt: skip
    plan = make_plan(wishes, seed=1)
    assert (plan.tempo_bpm, plan.tempos, plan.key, plan.bars) == (tempo, (), key, 16)
    assert all(section.mode == "" for section in plan.sections)
    sounding = {t.density for row in plan.textures for t in row if not t.is_empty}
    assert sounding == {1.5}


def test_a_locked_tempo_is_made_up_for_by_notes_a_beat() -> None:
    free, locked = (
        make_plan(Wishes(style="folk", bars=8, moods=("happy",), tempo_bpm=tempo), seed=1)
        for tempo in (None, 112.0)
    )
    plain = make_plan(Wishes(style="folk", bars=8), seed=1)
    assert mean(locked, "density") > mean(free, "density") > mean(plain, "density")


def test_register_is_kept_whatever_the_mood() -> None:
    heights = {
        register: [
            mean(
                make_plan(Wishes(style="song", bars=8, moods=(mood,), register=register), seed=1), "register"
            )
            for mood in ("sad", "happy")
        ]
        for register in ("low", "middle", "high")
    }
    for sad, happy in heights.values():
        assert abs(sad - happy) < 1.5  # only the energy of the form is left
    assert heights["low"][0] < heights["middle"][0] - 3 < heights["high"][0] - 6


@pytest.mark.parametrize("mood", ["happy", "sad", "angry", "calm"])
def test_intensity_moves_tempo_and_loudness_further_step_by_step(mood: str) -> None:
    plans = [
        make_plan(Wishes(style="film", bars=8, moods=(mood,), intensity=level), seed=1)
        for level in range(1, 6)
    ]
    plain = make_plan(Wishes(style="film", bars=8), seed=1)
    away = [abs(np.log(plan.tempo_bpm / plain.tempo_bpm)) for plan in plans]
    steps = [abs(plan.feelings[0].velocity) for plan in plans]
    assert away == sorted(away) and steps == sorted(steps) and away[0] < away[-1]


def test_a_plan_without_moods_feels_nothing() -> None:
    plan = make_plan(Wishes(style="pop", bars=8), seed=1)
    assert plan.feelings == () and plan.tempos == ()
    assert "mood" not in " ".join(en for en, _ in plan.notes).replace("style and mood", "")


def test_reasons_name_the_mood_what_moves_and_the_source_in_both_languages() -> None:
    plan = make_plan(Wishes(style="pop", bars=8, moods=("sad",), intensity=4), seed=1)
    english, chinese = (" / ".join(pair) for pair in zip(*plan.notes, strict=True))
    assert "mood sad: valence -0.8, arousal -0.7, intensity 4 of 5" in english  # 1.3 times -.6 and -.5
    assert "情绪 悲伤：效价-0.8，唤醒度-0.7，强度4/5" in chinese
    assert "Eerola et al. 2013" in english and "Gabrielsson 2014" in chinese
    locked = make_plan(Wishes(style="pop", bars=8, moods=("sad",), tempo_bpm=90.0, key=Key(0)), seed=1)
    assert {"tempo as asked", "key as asked"} <= {en.split(":")[0] for en, _ in locked.notes}


# -- pieces that turn on the way ---------------------------------------------------------------------------------


def test_a_turn_at_a_bar_begins_there_and_nowhere_before() -> None:
    plan = make_plan(
        Wishes(style="film", bars=24, moods=("calm",), changes=(Change(at_bar=13, moods=("angry",)),)), seed=2
    )
    assert {feeling.arousal for feeling in plan.feelings[:12]} == {-0.7}
    assert {feeling.arousal for feeling in plan.feelings[12:]} == {0.8}
    assert [tick // plan.metre.bar_ticks for tick, _ in plan.tempos] == [12]
    assert plan.tempos[0][1] > 1.5 * plan.tempo_bpm
    before, after = (
        float(
            np.nanmean(
                [[np.nan if t.density is None else t.density for t in row[part]] for row in plan.textures]
            )
        )
        for part in (slice(0, 12), slice(12, 24))
    )
    assert after > 1.5 * before


def test_a_gradual_turn_rises_bar_by_bar() -> None:
    changes = (Change(at_bar=5, moods=("tense",), is_gradual=True),)
    plan = make_plan(Wishes(style="film", bars=20, moods=("calm",), changes=changes), seed=2)
    rising = [feeling.arousal for feeling in plan.feelings]
    assert rising[:5] == [-0.7] * 5 and rising == sorted(rising) and rising[-1] == pytest.approx(0.6)
    assert len(set(rising[4:16])) >= 4 and [bpm for _, bpm in plan.tempos] == sorted(
        bpm for _, bpm in plan.tempos
    )


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(STYLES), st.floats(30, 150), st.floats(0.2, 0.8), st.booleans())
def test_asked_seconds_hold_with_changes_of_tempo(
    style: str, seconds: float, share: float, is_gradual: bool
) -> None:
    changes = (Change(at_share=share, moods=("energetic",), is_gradual=is_gradual),)
    wishes = Wishes(style=style, seconds=seconds, moods=("sad",), changes=changes, ending="ritardando")
    plan = make_plan(wishes, seed=0)
    assert plan.seconds == pytest.approx(seconds, abs=0.05)
    assert plan_from_json(plan_to_json(plan)) == plan


def test_a_turn_at_a_second_falls_on_the_bar_that_sounds_then() -> None:
    changes = (Change(at_seconds=30.0, moods=("tense",)), Change(at_seconds=75.0, arousal=0.9))
    plan = make_plan(Wishes(style="film", seconds=120.0, moods=("calm",), changes=changes), seed=1)
    marks = [(0, plan.tempo_bpm), *plan.tempos]
    starts = []
    for bar in range(plan.bars):
        tick, seconds = bar * plan.metre.bar_ticks, 0.0
        for (start, bpm), (end, _) in zip(marks, [*marks[1:], (10**12, 0.0)], strict=True):
            seconds += max(0, min(tick, end) - start) / 10080 * 60 / bpm
        starts.append(seconds)
    arousal = [feeling.arousal for feeling in plan.feelings]
    first = next(bar for bar, value in enumerate(arousal) if value > 0)
    second = next(bar for bar, value in enumerate(arousal) if value >= 0.9)
    bar_s = plan.metre.bar_ticks / 10080 * 60 / plan.tempo_bpm
    assert abs(starts[first] - 30.0) <= bar_s and abs(starts[second] - 75.0) <= bar_s


def test_an_asked_change_of_tempo_is_kept_though_the_tempo_is_locked() -> None:
    changes = (Change(at_bar=9, tempo_bpm=140.0), Change(at_bar=13, tempo_scale=0.5))
    plan = make_plan(Wishes(style="pop", bars=16, tempo_bpm=100.0, changes=changes), seed=1)
    size = plan.metre.bar_ticks
    assert (plan.tempo_bpm, plan.tempos) == (100.0, ((8 * size, 140.0), (12 * size, 70.0)))


def test_a_mood_that_brightens_turns_minor_to_major_where_the_key_is_open() -> None:
    changes = (Change(at_share=0.5, moods=("happy",)),)
    plan = make_plan(Wishes(style="romantic-piano", bars=32, moods=("sad",), changes=changes), seed=1)
    modes = ["minor" if plan.key_of(plan.section_at(bar)).is_minor else "major" for bar in range(32)]
    turn = modes.index("major")
    assert plan.key.is_minor and modes == ["minor"] * turn + ["major"] * (32 - turn) and abs(turn - 16) <= 2
    assert {plan.key_of(section).tonic for section in plan.sections} == {plan.key.tonic}


def test_a_fade_softens_bar_by_bar_and_a_ritardando_slows_beat_by_beat() -> None:
    fading = make_plan(Wishes(style="pop", bars=16, ending="fade_out"), seed=1)
    steps = [feeling.velocity for feeling in fading.feelings]
    assert steps[:12] == [0.0] * 12 and steps[12:] == sorted(steps[12:], reverse=True) and steps[-1] < -40
    slowing = make_plan(Wishes(style="pop", bars=16, tempo_bpm=100.0, ending="ritardando"), seed=1)
    bpms = [bpm for _, bpm in slowing.tempos]
    assert slowing.tempos[0][0] == 14 * slowing.metre.bar_ticks
    assert bpms == sorted(bpms, reverse=True) and bpms[-1] == pytest.approx(62.0)


def test_an_open_ending_does_not_close_at_home() -> None:
    ends = {
        ending: [
            make_plan(Wishes(style="song", bars=16, key=Key(0), ending=ending), seed=seed).chords[-1][1].root
            for seed in range(6)
        ]
        for ending in ("open", "resolved")
    }
    assert set(ends["resolved"]) == {0} and 0 not in ends["open"]


def test_asked_dynamics_are_loudness_and_not_only_density() -> None:
    plan = make_plan(Wishes(style="pop", bars=16, dynamics="crescendo"), seed=1)
    steps = [feeling.velocity for feeling in plan.feelings]
    assert steps == sorted(steps) and steps[-1] - steps[0] > 30


def test_the_text_of_a_plan_tells_its_turns() -> None:
    changes = (Change(at_bar=9, moods=("tense",), is_gradual=True),)
    plan = make_plan(Wishes(style="film", bars=24, moods=("calm",), changes=changes), seed=1)
    assert "from bar 9 little by little tense: valence -0.5, arousal +0.6" in plan_to_text(plan)
    assert "第9小节起逐渐“紧张”：效价-0.5，唤醒度+0.6" in plan_to_text(plan, "zh")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"feelings": [', '"feelings": [[0], ', "feelings must be one row for each of 8 bars"),
        ('"tempos": [', '"tempos": [[99, 1, 120], ', "tempos must lie within bars 1..8"),
        ('"tempos": [', '"tempos": [["x"], ', r"tempos must each be \[bar, beat, tempo\]"),
    ],
)
def test_bad_feelings_and_tempos_in_json_are_refused(old: str, new: str, words: str) -> None:
    wishes = Wishes(style="pop", bars=8, moods=("sad",), changes=(Change(at_bar=5, moods=("happy",)),))
    text = plan_to_json(make_plan(wishes, seed=1))
    with pytest.raises(InvalidInput, match=words):
        plan_from_json(text.replace(old, new))


def test_a_return_that_feels_otherwise_is_written_anew_and_one_that_does_not_is_recalled() -> None:
    changes = (Change(at_bar=17, moods=("heroic",)),)
    turned = make_plan(Wishes(style="film", bars=24, moods=("calm",), changes=changes), seed=7)
    steady = make_plan(Wishes(style="film", bars=24, moods=("calm",)), seed=7)
    for plan, is_other in ((turned, True), (steady, False)):
        last = plan.sections[-1]
        assert last.like == 0 and last.first_bar == 16
        assert feels_otherwise(plan, last, plan.sections[0]) is is_other
        sung = frame_of(plan).with_parts(
            [
                part.with_notes(Notes.of([(b * 40320, 40320, 60) for b in range(8)]))
                for part in frame_of(plan).parts
            ]
        )
        begun = recall(plan, sung, last, rng=np.random.default_rng(0))
        assert (len(begun.cells) == 8 * len(plan.players)) is is_other


def test_sections_tell_their_tempo_and_key_where_these_change_and_nowhere_else() -> None:
    changes = (Change(at_bar=9, tempo_bpm=140.0), Change(at_bar=13, tempo_scale=0.5))
    wishes = Wishes(style="pop", bars=16, tempo_bpm=100.0, key=Key(0), form=("A", "B"))
    lines = plan_to_text(make_plan(replace(wishes, changes=changes), seed=1)).splitlines()
    assert any(line.startswith("1. A bars 1-8") and line.endswith(" 100 BPM, C major") for line in lines)
    assert any(
        line.startswith("2. B bars 9-16") and line.endswith(" 140 → 70 BPM, C major") for line in lines
    )
    plain = plan_to_text(make_plan(wishes, seed=1)).splitlines()
    assert not any(line[:2] in ("1.", "2.") and "BPM" in line for line in plain)


def test_a_mood_that_comes_little_by_little_turns_the_mode_where_a_section_begins() -> None:
    changes = (Change(at_bar=11, moods=("tense",), is_gradual=True),)
    plan = make_plan(Wishes(style="song", bars=32, moods=("calm",), changes=changes), seed=0)
    turned = [section for section in plan.sections if section.mode == "minor"]
    assert turned and turned[0].first_bar in (16, 24) and min(section.bars for section in plan.sections) >= 4
    sudden = make_plan(
        Wishes(style="song", bars=32, moods=("calm",), changes=(replace(changes[0], is_gradual=False),)),
        seed=0,
    )
    assert next(section.first_bar for section in sudden.sections if section.mode == "minor") == 10
