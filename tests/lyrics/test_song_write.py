"""Laws of a whole song: counts, rhymes, keywords, choruses, seeds."""

from __future__ import annotations

import numpy as np
import pytest

from tests.lyrics.singers import ZH, toy_en, toy_zh
from tests.lyrics.tunes import OTHER, PHRASE, tune_of
from zhiyin.errors import ConstraintsUnmet, InvalidInput
from zhiyin.io.musicxml import MusicXml
from zhiyin.lyrics.fit import PROFILES
from zhiyin.lyrics.line_plan import Asked, plan_lines
from zhiyin.lyrics.melody import find_tune
from zhiyin.lyrics.phrases import Song, phrases_of
from zhiyin.lyrics.scheme import Verse
from zhiyin.lyrics.slots import slots_of
from zhiyin.lyrics.song import AGAIN, BY_PERSON, Lyrics, lines_in, with_words
from zhiyin.lyrics.song_write import SongWish, alternatives, replaced, write_song
from zhiyin.lyrics.write_lexicon import Lexicon
from zhiyin.lyrics.write_line import Tools
from zhiyin.score import Score

FOUR_LINES = tune_of([*PHRASE, *OTHER, *PHRASE, *OTHER])
ZH_VERSE = Verse("ci", "AABA", "国风", one_rhyme=True)
EN_VERSE = Verse("song", "AABB", "pop")


def tools_of(lang: str) -> Tools:
    language, model = toy_zh() if lang == "zh" else toy_en()
    lexicon = Lexicon.of(language, model)
    return Tools(language, model, lexicon, PROFILES["国风"], language.rhyme_tables()[0], lexicon.size > 0)


def song_of(score: Score, lang: str = "zh", **told: str) -> Song:
    tune = find_tune(score)
    return phrases_of(score, tune, slots_of(score, tune), lang=lang, **told)


def written(
    lang: str = "zh",
    *,
    score: Score = FOUR_LINES,
    keywords: tuple[str, ...] = (),
    seed: int = 0,
    **more: object,
) -> Lyrics:
    tools, song = tools_of(lang), song_of(score, lang)
    verse = ZH_VERSE if lang == "zh" else EN_VERSE
    plans, _ = plan_lines(
        song,
        verse,
        Asked(keywords=keywords),
        syllables=lambda w: len(tools.read(w)),
        closed=tuple(more.get("given", ())),
    )
    return write_song(tools, song, SongWish(plans, verse, seed=seed, **more))


def test_every_slot_has_one_character_and_rhymed_lines_end_in_the_class_told():
    lyrics = written(rhymes=("江阳",))
    assert [len(line.text) for line in lyrics.lines] == [7, 7, 7, 7]
    assert [ZH[lyrics.lines[i].text[-1]][1] for i in (0, 1, 3)] == ["江阳"] * 3


def test_no_two_lines_end_on_the_same_character():
    for seed in range(3):
        ends = [line.text[-1] for line in written(seed=seed).lines]
        assert len(set(ends)) == len(ends)


def test_keywords_stand_in_the_song():
    text = "".join(line.text for line in written(keywords=("雨天", "山路")).lines)
    assert "雨天" in text
    assert "山路" in text


def test_one_seed_gives_one_text_and_another_seed_another():
    assert [one.text for one in written().lines] == [one.text for one in written().lines]
    assert [one.text for one in written().lines] != [one.text for one in written(seed=1).lines]


def test_a_tune_moved_up_is_given_the_same_words():
    moved = tune_of([(q, p + 5) for q, p in [*PHRASE, *OTHER, *PHRASE, *OTHER]])
    assert [one.text for one in written(score=moved).lines] == [one.text for one in written().lines]


def test_a_tune_upside_down_is_given_other_tones():
    turned = tune_of([(q, 128 - p) for q, p in [*PHRASE, *OTHER, *PHRASE, *OTHER]])
    tones = [[ZH[c][2] for c in line.text] for line in written().lines]
    assert [[ZH[c][2] for c in line.text] for line in written(score=turned).lines] != tones


def test_a_persons_line_and_words_are_never_changed():
    lyrics = written(given={1: "江山无雨天路远"})
    assert lyrics.lines[1].text == "江山无雨天路远"
    assert lyrics.lines[1].by == BY_PERSON


def test_a_word_told_for_a_place_stands_there():
    lyrics = written(fixed={2: ((2, "山路"),)})
    assert lyrics.lines[2].text[2:4] == "山路"


def test_a_given_line_of_another_length_is_refused_with_both_counts():
    with pytest.raises(InvalidInput, match="line 2 must have 7 syllables, got 3"):
        written(given={1: "江山雨"})


def test_english_words_fill_the_slots_and_couplets_rhyme():
    lyrics = written("en")
    assert [len(line.syllables) for line in lyrics.lines] == [7, 7, 7, 7]
    ends = [line.syllables[-1] for line in lyrics.lines]
    assert ends[0].rhyme == ends[1].rhyme
    assert ends[0].text != ends[1].text


def test_a_chorus_is_sung_again_with_the_same_words():
    score = tune_of(
        [*PHRASE, *OTHER, *OTHER, *PHRASE, *PHRASE, *OTHER, *OTHER, *PHRASE],
        sections=[(0, "verse"), (16, "chorus"), (32, "verse"), (48, "chorus")],
    )
    lines = written(score=score).lines
    assert [one.text for one in lines[2:4]] == [one.text for one in lines[6:8]]
    assert lines[6].by == AGAIN
    assert lines[0].text != lines[4].text


def test_words_put_on_notes_are_read_back_as_they_were():
    lyrics = written("en")
    tune = find_tune(FOUR_LINES)
    sung = with_words(FOUR_LINES, tune, lyrics)
    assert lines_in(sung, tune, lyrics.song.phrases, lang="en") == tuple(line.text for line in lyrics.lines)
    assert np.count_nonzero(sung.parts[0].notes.syllable != "") == 28


def test_five_alternatives_differ_and_rhyme_and_the_song_keeps_its_other_lines():
    tools, song = tools_of("zh"), song_of(FOUR_LINES)
    plans, _ = plan_lines(song, ZH_VERSE, Asked(), syllables=len)
    wish = SongWish(plans, ZH_VERSE, rhymes=("言前",))
    lyrics = write_song(tools, song, wish)
    others = alternatives(tools, wish, lyrics, line=1)
    texts = {line.text for line in others} | {lyrics.lines[1].text}
    assert len(texts) == 6
    assert {ZH[line.text[-1]][1] for line in others} == {"言前"}
    changed = replaced(lyrics, plans, line=1, new=others[0])
    assert [one.text for one in changed.lines] == [
        lyrics.lines[0].text,
        others[0].text,
        *(one.text for one in lyrics.lines[2:]),
    ]


def test_a_line_that_cannot_be_written_is_an_error_that_names_it():
    tools, song = tools_of("en"), song_of(FOUR_LINES, "en")
    plans, _ = plan_lines(song, EN_VERSE, Asked(), syllables=len)
    with pytest.raises(ConstraintsUnmet, match="line 1 of 7 syllables with 'river' in it found no words"):
        write_song(tools, song, SongWish(plans, EN_VERSE, fixed={0: ((6, "river"),)}))


def test_a_syllable_sung_on_three_notes_is_held_in_the_page_and_read_back():
    rows = [(1, 60), (0.5, 62), (0.25, 64), (0.25, 65), (1, 67), (1, 72)]
    score = tune_of(rows)
    tune = find_tune(score)
    slots = slots_of(score, tune, melisma="allow")
    song = phrases_of(score, tune, slots, lang="zh", told="4")
    plans, _ = plan_lines(song, ZH_VERSE, Asked(), syllables=len)
    lyrics = write_song(tools_of("zh"), song, SongWish(plans, ZH_VERSE))
    sung = with_words(score, tune, lyrics)
    page = MusicXml().write(sung).data
    assert page.count(b"<extend/>") == 1
    again = MusicXml().read(page, path="again.musicxml").parts[0].notes.syllable
    assert again is not None
    assert [bool(text) for text in again] == [True, True, False, False, True, True]


def test_new_lines_take_the_rhyme_of_the_lines_a_person_gave_whatever_the_seed():
    for seed in range(6):
        lyrics = written(given={1: "江山无雨天路远"}, seed=seed)
        assert {ZH[lyrics.lines[i].text[-1]][1] for i in (0, 1, 3)} == {"言前"}
        assert lyrics.notices == ()


def test_a_line_is_written_anew_in_the_rhyme_of_the_standing_lines_whatever_the_seed():
    tools, song = tools_of("zh"), song_of(FOUR_LINES)
    plans, _ = plan_lines(song, ZH_VERSE, Asked(), syllables=len)
    lyrics = write_song(tools, song, SongWish(plans, ZH_VERSE, rhymes=("姑苏",)))
    for seed in range(6):
        others = alternatives(tools, SongWish(plans, ZH_VERSE, seed=seed), lyrics, line=1, count=2)
        assert {ZH[line.text[-1]][1] for line in others} == {"姑苏"}


def test_a_given_line_in_another_rhyme_than_was_told_stands_and_is_said():
    lyrics = written(given={1: "江山无雨天路远"}, rhymes=("江阳",))
    assert [ZH[lyrics.lines[i].text[-1]][1] for i in (0, 1, 3)] == ["江阳", "言前", "江阳"]
    assert "line 2 stays as it is and does not rhyme" in lyrics.notices[0][0]


def test_fixed_words_at_the_end_bind_the_rhyme_and_are_refused_in_another_that_was_told():
    lyrics = written(fixed={0: ((6, "岸"),)})
    assert {ZH[lyrics.lines[i].text[-1]][1] for i in (0, 1, 3)} == {"言前"}
    with pytest.raises(InvalidInput, match="line 1 must rhyme in 江阳, got '岸'"):
        written(fixed={0: ((6, "岸"),)}, rhymes=("江阳",))


def test_an_error_blames_only_what_was_asked():
    tools, song = tools_of("en"), song_of(FOUR_LINES, "en")
    plans, _ = plan_lines(song, EN_VERSE, Asked(), syllables=len)
    with pytest.raises(ConstraintsUnmet) as caught:
        write_song(tools, song, SongWish(plans, EN_VERSE, fixed={0: ((6, "river"),)}))
    assert "keywords" not in str(caught.value)
    assert "--fix" in str(caught.value)
