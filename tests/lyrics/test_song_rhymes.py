"""Laws of what a person asks of a song and is told: rhymes without words, foreign keywords, room for fixed words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.lyrics.singers import EN, ToyEn, toy_en
from tests.lyrics.test_song_write import EN_VERSE, FOUR_LINES, song_of, tools_of
from zhiyin.errors import InvalidInput
from zhiyin.lyrics.check import check_words
from zhiyin.lyrics.language import Syllable
from zhiyin.lyrics.line_plan import Asked, plan_lines
from zhiyin.lyrics.song import check_room
from zhiyin.lyrics.song_keywords import in_language
from zhiyin.lyrics.song_rhymes import in_wider_rhymes
from zhiyin.lyrics.song_write import SongWish, write_song
from zhiyin.lyrics.write_lexicon import Lexicon


class NearEn(ToyEn):
    """English whose wider rhymes hear the last sound alone."""

    def rhyme_class(self, syllables: tuple[Syllable, ...], table: str) -> str:
        """Return the rhyme of the last word, or its last sound."""
        rhyme = syllables[-1].rhyme
        return rhyme if table == "perfect" else rhyme.split()[-1]


def test_a_word_with_too_few_rhymes_is_rhymed_nearly_and_that_is_said():
    tools = replace(tools_of("en"), language=NearEn(), lexicon=Lexicon.of(NearEn(), toy_en()[1]))
    near = replace(tools, table="near")
    wider, said = in_wider_rhymes(tools, "morning", near=near)
    assert EN["morning"][1].endswith("NG")
    assert wider.table == "near"
    assert said[0][0] == "too few words rhyme with 'morning': lines rhyme nearly (near)"
    assert in_wider_rhymes(tools, "night", near=near) == (tools, ())


def test_a_word_that_nothing_rhymes_with_is_refused_with_the_reason():
    with pytest.raises(InvalidInput, match="got 'golden': too few words rhyme with it"):
        in_wider_rhymes(tools_of("en"), "night, golden", near=None)


def test_one_english_rhyme_for_a_song_of_two_is_said():
    tools, song = tools_of("en"), song_of(FOUR_LINES, "en")
    plans, _ = plan_lines(song, EN_VERSE, Asked(), syllables=len)
    lyrics = write_song(tools, song, SongWish(plans, EN_VERSE, rhymes=("AY T",)))
    assert lyrics.lines[0].rhyme_class == lyrics.lines[1].rhyme_class == "AY T"
    assert lyrics.notices[0][0].startswith("the song has 2 rhymes and --rhyme told 1")


def test_keywords_of_another_language_are_left_out_by_name():
    kept, said = in_language(("雨夜", "love", "rain"), "zh")
    assert kept == ("雨夜",)
    assert "'love', 'rain'" in said[0][0]
    assert in_language(("river",), "en") == (("river",), ())


def test_bars_of_a_chorus_beyond_the_tune_are_refused_with_its_range():
    with pytest.raises(InvalidInput, match="must lie in 1-8 and run upwards, got '20-30'"):
        song_of(FOUR_LINES, chorus="20-30")


def test_fixed_words_beyond_the_last_syllable_are_refused():
    phrase = song_of(FOUR_LINES).phrases[0]
    check_room(phrase, 5, 2, text="1:6:春风")
    with pytest.raises(InvalidInput, match="ends on syllable 8: begin it at 6 or before"):
        check_room(phrase, 6, 2, text="1:7:春风")


def test_a_check_names_whole_words_that_do_not_rhyme():
    tools, song = tools_of("en"), song_of(FOUR_LINES, "en")
    plans, _ = plan_lines(song, EN_VERSE, Asked(), syllables=len)
    checked = check_words(tools, plans, ["the day of the golden night", "the day of the long away"])
    assert [f.en for f in checked[1].faults if f.kind == "rhyme"] == [
        "'away' (EY) does not rhyme with 'night' (AY T) in perfect"
    ]
