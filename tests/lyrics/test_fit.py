"""Laws of fit: tones against motion, stresses on beats, and a person's words checked; values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.lyrics.singers import toy_en, toy_zh
from tests.lyrics.tunes import PHRASE, tune_of
from zhiyin.errors import InvalidInput
from zhiyin.lyrics.check import check_words
from zhiyin.lyrics.fit import AGREE, CLASH, OBLIQUE, PROFILES, find_profile, fit_of, line_worth, tone_verdict
from zhiyin.lyrics.line_plan import Asked, plan_lines
from zhiyin.lyrics.melody import find_tune
from zhiyin.lyrics.phrases import phrases_of
from zhiyin.lyrics.scheme import Verse
from zhiyin.lyrics.sheet import marked_pinyin, marks_of
from zhiyin.lyrics.slots import Slot, slots_of
from zhiyin.lyrics.song_rhythm import plan_rhythm, tone_moves
from zhiyin.lyrics.write_lexicon import Lexicon
from zhiyin.lyrics.write_line import Tools
from zhiyin.score import Score
from zhiyin.theory.metre import Metre

ZH, EN = toy_zh()[0], toy_en()[0]


def slots(rows: list[tuple[float, int]]) -> tuple[Slot, ...]:
    score = tune_of(rows)
    return slots_of(score, find_tune(score))


@pytest.mark.parametrize(
    ("left", "right", "interval", "verdict"),
    [
        (3, 1, 4, AGREE), (3, 1, -4, CLASH),  # 21 then 55 goes up by four
        (1, 4, 3, OBLIQUE),  # 55 then 51: the onset is as high as the end before
        (4, 2, 2, AGREE), (1, 2, -1, AGREE), (2, 3, 5, CLASH), (5, 1, 4, OBLIQUE), (3, 1, 0, OBLIQUE),
    ],
)  # fmt: skip
def test_tones_go_with_a_step_or_against_it(left: int, right: int, interval: int, verdict: str):
    assert tone_verdict(left, right, interval) == verdict


def test_a_clash_on_the_last_long_note_is_an_alarm():
    # 想天 goes up (21 55), 天满 goes down (55 21)
    found = fit_of(slots([(1, 60), (1, 64), (4, 67)]), ZH.read("想天满"), "zh")
    assert (found.agree, found.clash, found.alarms) == (1, 1, 1)


def test_stresses_count_inside_words_only():
    # "the" on the downbeat; for-EV-er: weak (beat 2), stronger (beat 3), weak (beat 4): both steps agree
    found = fit_of(slots([(1, 60), (1, 62), (1, 64), (1, 65)]), EN.read("the forever"), "en")
    assert (found.agree, found.clash) == (2, 0)
    turned = fit_of(slots([(1, 60), (1, 62), (1, 64), (1, 65)]), EN.read("forever song"), "en")
    assert (turned.agree, turned.clash) == (0, 2)
    assert (found.down_function, found.function) == (1, 1)


def test_a_line_with_the_tune_is_worth_more_than_one_against_it():
    rising = slots([(1, 60), (1, 64), (1, 60), (1, 64)])
    weights = PROFILES["国风"]
    good, bad = (line_worth(rising, ZH.read(t), weights=weights, lang="zh") for t in ("想天满天", "天想天满"))
    assert good > bad


def test_cantonese_is_refused_with_a_reason_and_pop_is_known_by_its_chinese_name():
    assert find_profile("流行")[0] == "pop"
    with pytest.raises(InvalidInput, match="Cantonese has tones of its own"):
        find_profile("cantonese")


def check(lang: str, texts: list[str], score: Score) -> list[list[str]]:
    language, model = toy_zh() if lang == "zh" else toy_en()
    lexicon = Lexicon.of(language, model)
    tools = Tools(language, model, lexicon, PROFILES["国风"], language.rhyme_tables()[0], lexicon.size > 0)
    tune = find_tune(score)
    song = phrases_of(score, tune, slots_of(score, tune), lang=lang)
    plans, _ = plan_lines(song, Verse("", "AABB", "pop"), Asked(), syllables=len)
    return [[fault.en for fault in line.faults] for line in check_words(tools, plans, texts)]


def test_too_many_and_too_few_syllables_and_lines_without_notes_are_told():
    faults = check("zh", ["江山雨天路远年年", "江山", "江山"], tune_of([*PHRASE, *PHRASE]))
    assert faults[0][0] == "8 syllables for 7 notes: 1 too many"
    assert faults[1][0] == "2 syllables for 7 notes: 5 too few"
    assert faults[2] == ["the tune has 2 phrases; this line has no notes"]


def test_a_clash_names_the_words_the_step_and_the_way_of_the_tones():
    # PHRASE steps: +4 -2 +5 -2 -3 +2; 山(55)想(21) rises by 4 where tones fall
    faults = check("zh", ["山想山想山想山", "江天关烟光霜香"], tune_of([*PHRASE, *PHRASE]))
    assert faults[0][0].startswith("山想 (55 21): the tune rises by 4 semitones where the tones go down")


def test_lines_that_should_rhyme_and_do_not_are_told():
    faults = check("zh", ["山江山江山江山", "山江山江山江孤"], tune_of([*PHRASE, *PHRASE]))
    assert any("does not rhyme with '山'" in fault for fault in faults[1])


def test_pinyin_carries_its_mark_and_english_its_stresses():
    assert [marked_pinyin(*one) for one in (("gui", 4), ("liu", 2), ("nüe", 4), ("ou", 3))] == [
        "guì",
        "liú",
        "nüè",
        "ǒu",
    ]
    assert marks_of(EN.read("the golden morning"), "en") == "the ˈgold·en ˈmorn·ing"


def test_a_rhythm_sets_stressed_syllables_on_stronger_places_and_ends_long():
    line = EN.read("the golden morning light")  # the GOLD en MORN ing LIGHT
    (found,) = plan_rhythm([line], Metre(4, 4), lang="en", rng=np.random.default_rng(0))
    assert len(found.onsets) == 6
    assert found.durations[-1] >= 2 * 10_080
    weight = {0: 1.0, 2: 0.5, 4: 0.75, 6: 0.5}  # of the eighths of a bar, 0.25 between
    found_weights = [weight.get(onset // 5040 % 8, 0.25) for onset in found.onsets]
    assert found_weights[1] > found_weights[2]
    assert found_weights[3] > found_weights[4]
    assert found_weights[5] == 1.0


def test_lines_of_a_rhythm_follow_each_other_without_overlap():
    lines = [ZH.read("江山雨天路"), ZH.read("江江山山"), ZH.read("雨雨天天江江山山")]
    found = plan_rhythm(lines, Metre(3, 4), lang="zh", rng=np.random.default_rng(0))
    ends = [o + d for line in found for o, d in zip(line.onsets, line.durations, strict=True)]
    starts = [o for line in found for o in line.onsets]
    assert all(end <= start for end, start in zip(ends[:-1], starts[1:], strict=True))


def test_tones_tell_the_way_of_a_tune():
    assert tone_moves(ZH.read("想天满天")) == (0, 1, -1, 1)
