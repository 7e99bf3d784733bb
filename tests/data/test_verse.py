"""Laws of verse as data: what is sung stays, what is spoken, lost or repeated goes, sides are fixed by the work."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiyin.data.verse import Stanza, in_side, read_verse, side_of_work, split_at, unseen, without_repeats
from zhiyin.data.verse_en import blocks_of_lilypond, lines_of_underlay, verses_of_abc, words_of
from zhiyin.data.verse_spelling import modern
from zhiyin.data.verse_zh import poem_of, sung, without_gaps
from zhiyin.errors import InvalidInput, NotFound


def stanza(*lines: str, work: str = "w", joins: tuple[bool, ...] = ()) -> Stanza:
    return Stanza(work, "ci", "chinese_poetry", tuple(tuple(line) for line in lines), joins)


def test_speech_on_stage_is_left_out_and_song_stays() -> None:
    lines = ["(正旦云)母亲，我去也。(唱)我则见风飘飘", "雨潇潇(做哭科)", "（末白）你来了", "还在说"]
    assert list(sung(lines)) == ["我则见风飘飘", "雨潇潇", "", ""]


def test_a_lost_character_loses_its_line_and_parts_the_stanza() -> None:
    poem = poem_of(["明月几时有，把酒问□天。", "不知天上宫阙，今夕是何年。"], kind="ci")
    assert poem is not None
    parts = without_gaps(poem, work="w")
    assert [["".join(line) for line in part.lines] for part in parts] == [
        ["明月几时有"],
        ["不知天上宫阙", "今夕是何年"],
    ]
    assert parts[0].joins == (False,) and parts[1].joins == (True, False)


def test_an_enumeration_comma_does_not_end_a_line() -> None:
    poem = poem_of(["杨柳岸、晓风残月。"], kind="ci")
    assert poem is not None and poem.lines == (tuple("杨柳岸晓风残月"),)


def test_prose_is_left_out() -> None:
    assert poem_of(["这一个句子实在太长了不像是唱的词。"], kind="qu") is None


def test_a_poem_met_before_is_left_out_and_one_line_in_common_is_not_enough() -> None:
    first, again = [stanza("春眠不觉晓", "处处闻啼鸟")], [stanza("春眠不觉晓", "处处闻啼鸟", work="v")]
    other = [stanza("春眠不觉晓", "一", "二二", work="u")]
    assert list(without_repeats([first, again, other])) == [first, other]


def test_lines_known_word_for_word_are_taken_out_of_what_measures() -> None:
    found = unseen([stanza("甲乙", "丙丁", "戊己")], [stanza("丙丁")])
    assert [part.lines for part in found] == [((tuple("甲乙")),), ((tuple("戊己")),)]


def test_sides_are_fixed_and_near_their_shares() -> None:
    sides = [side_of_work(str(i)) for i in range(2000)]
    assert sides == [side_of_work(str(i)) for i in range(2000)]
    share = {side: sides.count(side) / 2000 for side in set(sides)}
    assert share["train"] == pytest.approx(0.80, abs=0.03) and share["judge"] == pytest.approx(0.12, abs=0.03)
    assert share["valid"] == pytest.approx(0.04, abs=0.02) and share["test"] == pytest.approx(0.04, abs=0.02)
    with pytest.raises(InvalidInput, match="side must be one of train, valid, judge, test, got 'dev'"):
        in_side([], "dev")


def test_split_at_keeps_joins_inside_runs_only() -> None:
    parts = split_at(stanza("一", "二", "三", joins=(True, True, False)), [False, False, True])
    assert [part.joins for part in parts] == [(True, False)]


def test_english_words_keep_apostrophes_and_lose_marks() -> None:
    assert words_of("“O’er the rose-red hills [2],” he cry'd; 'tis th' end") == (
        "o'er", "the", "rose", "red", "hills", "he", "cry'd", "'tis", "th'", "end",
    )  # fmt: skip


def test_old_spellings_become_the_dictionary_s() -> None:
    known = {"love", "joy", "self", "again", "cried", "power", "sun", "mighty"}
    old = ("loue", "ioy", "selfe", "againe", "pow'r", "sunne", "mightie", "grendel")
    assert [modern(w, known) for w in old] == [
        "love",
        "joy",
        "self",
        "again",
        "power",
        "sun",
        "mighty",
        "grendel",
    ]


def test_verses_under_a_tune_are_read_apart() -> None:
    text = "X:1\nK:C\nCDEF|\nw: 1.~A- wake, my heart\nw: 2.~They sleep * in peace\n"
    text += "GABc|\nw: with glad- ness\nw: un- til\n"
    assert verses_of_abc(text) == ["Awake, my heart with gladness", "They sleep in peace until"]


def test_running_words_are_cut_where_a_capital_follows_a_mark() -> None:
    text = "Abide with me, fast falls the eventide; The darkness deepens, Lord, with me abide."
    assert [" ".join(line) for line in lines_of_underlay(text)] == [
        "abide with me fast falls the eventide", "the darkness deepens lord with me abide",
    ]  # fmt: skip


def test_lilypond_words_lose_their_commands() -> None:
    source = 'sopWords = \\lyricmode {\n  \\set stanza = #"1. "\n  Come fol -- low, __ fol -- low me!\n}\n'
    assert list(blocks_of_lilypond(source)) == [[("come", "follow", "follow", "me")]]


def test_a_folder_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotFound, match="zhiyin corpus fetch"):
        read_verse(Path("no/such/folder"), "zh")
    with pytest.raises(InvalidInput, match="language must be one of zh, en, got 'fr'"):
        read_verse(Path("."), "fr")


def test_english_sets_are_read_from_their_folders(tmp_path: Path) -> None:
    for name in ("rhymedata/english_raw", "cmudict"):
        (tmp_path / name).mkdir(parents=True)
    poem = "AUTHOR A B\nTITLE T\nRHYME a a\n\nI loue the sun,\nthe day is done.\n\n"
    poem += "TITLE U\nRHYME a a\n\nde dat\ndis dem\n"
    (tmp_path / "rhymedata" / "english_raw" / "a.txt").write_text(poem, encoding="utf-8")
    words = "\n".join(f"{w} AH0" for w in ("i", "love", "the", "sun", "day", "is", "done"))
    (tmp_path / "cmudict" / "cmudict.dict").write_text(words, encoding="utf-8")
    found = read_verse(tmp_path, "en")
    assert [(s.work, s.kind, s.lines) for s in found] == [
        ("A B T", "poem", (("i", "love", "the", "sun"), ("the", "day", "is", "done")))
    ]
