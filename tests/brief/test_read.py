# ruff: noqa: E501 - a table of sentences keeps one a line
"""Laws of reading briefs: exact wishes for sentences in both languages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from zhiyin.apps.wishes import read_asked
from zhiyin.brief import read_brief
from zhiyin.errors import InvalidInput
from zhiyin.score.wishes import Change, Wishes
from zhiyin.theory.families import family_members
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

FASTER = Change(is_at_end=True, tempo_scale=1.25, is_gradual=True)
SLOWER = Change(is_at_end=True, tempo_scale=0.8, is_gradual=True)
K, M = Key.parse, Metre.parse
SENTENCES: list[tuple[str, dict[str, Any]]] = [
    (
        "雨夜的车站，一个人等末班车，忧伤的钢琴和弦乐，80 BPM，一分钟",
        {"moods": ("sad",), "tempo_bpm": 80.0, "seconds": 60.0, "players": ("piano", "strings")},
    ),
    ("写一首欢快的圆舞曲，C大调，32小节", {"style": "waltz", "moods": ("happy",), "key": K("C"), "bars": 32}),
    (
        "来一段90秒的爵士，每分钟120拍，要有萨克斯",
        {"style": "jazz", "tempo_bpm": 120.0, "seconds": 90.0, "players": ("alto-sax",)},
    ),
    (
        "古筝和笛子，G宫调，慢板，一分半钟",
        {"tempo_range": (55.0, 76.0), "key": K("G宫"), "seconds": 90.0, "players": ("guzheng", "dizi")},
    ),
    ("不要钢琴，只要弦乐，忧伤一点", {"moods": ("sad",), "players": ("strings",), "excluded": ("piano",)}),
    ("没有鼓的摇滚，E小调，四四拍", {"style": "rock", "key": K("Em"), "metre": M("4/4"), "excluded": ("drums",)}),
    (
        "激昂的进行曲，铜管和定音鼓，四二拍，两分钟",
        {"style": "march", "moods": ("heroic",), "metre": M("2/4"), "seconds": 120.0, "players": ("brass", "timpani")},
    ),
    (
        "六八拍的摇篮曲，八音盒独奏，十六小节",
        {"style": "lullaby", "usage": "lullaby", "metre": M("6/8"), "bars": 16, "players": ("music-box",)},
    ),
    ("八六拍，降E大调，三百二十小节的交响乐", {"style": "orchestral", "key": K("Eb"), "metre": M("6/8"), "bars": 320}),
    ("神秘而紧张的游戏音乐，140拍", {"style": "game", "usage": "game", "moods": ("mysterious", "tense"), "tempo_bpm": 140.0}),
    (
        "钢琴独奏，降b小调，夜曲，行板",
        {"style": "nocturne", "tempo_range": (72.0, 108.0), "key": K("Bbm"), "players": ("piano",)},
    ),
    (
        "用吉他、贝斯和鼓写一首摇滚，速度一百六",
        {"style": "rock", "tempo_bpm": 160.0, "players": ("guitar", "bass-guitar", "drums")},
    ),
    ("和弦进行 C-G-Am-F，流行，64小节", {"style": "pop", "bars": 64, "chords": ("C", "G", "Am", "F")}),
    (
        "中速的布鲁斯，A调，口琴，不要人声",
        {"style": "blues", "tempo_range": (84.0, 126.0), "key": K("A"), "players": ("harmonica",), "excluded": ("voice",)},
    ),
    (
        "两把小提琴和一把大提琴的室内乐，二十四小节",
        {"style": "chamber", "bars": 24, "players": ("violin", "violin", "cello")},
    ),
    ("清晨的森林，长笛和竖琴，宁静", {"moods": ("calm",), "players": ("flute", "harp")}),
    ("别太快，温柔的民谣，木吉他", {"style": "folk", "moods": ("tender",), "tempo_range": (70.0, 100.0), "players": ("guitar",)}),
    ("我想要一首没有悲伤情绪的儿歌", {"style": "children", "avoid_moods": ("sad",)}),
    (
        "二胡与琵琶，五声调式，思乡",
        {"moods": ("nostalgic",), "mode": "major pentatonic", "players": ("erhu", "pipa")},
    ),
    ("八分之六拍，凯尔特风格，风笛", {"style": "celtic", "metre": M("6/8"), "players": ("bagpipe",)}),
    ("除了小号，别的乐器都可以", {"excluded": ("trumpet",)}),
    ("除了大提琴都不要，孤独", {"moods": ("lonely",), "players": ("cello",)}),
    ("除了钢琴还要长笛", {"players": ("piano", "flute")}),
    ("不超过两分钟，三拍子，不用鼓和贝斯", {"seconds": 120.0, "metre": M("3/4"), "excluded": ("drums", "bass-guitar")}),
    ("写一首叫《雨夜》的民谣，AABA曲式", {"style": "folk", "form": ("A", "A", "B", "A"), "title": "雨夜"}),
    ("前奏四小节，主歌八小节，副歌八小节", {"form": ("intro", "verse", "chorus"), "bars": 20, "section_bars": (4, 8, 8)}),
    ("１００ＢＰＭ，Ｄ小调，３分２０秒", {"tempo_bpm": 100.0, "key": K("Dm"), "seconds": 200.0}),
    (
        "compose a slow sad waltz in D minor for piano and violin, 32 bars",
        {"style": "waltz", "moods": ("sad",), "tempo_range": (58.0, 84.0), "key": K("Dm"), "bars": 32,
         "players": ("piano", "violin")},
    ),
    (
        "an upbeat pop song, 120 bpm, with drums, bass and synth, about two minutes",
        {"style": "pop", "moods": ("happy",), "tempo_bpm": 120.0, "seconds": 120.0,
         "players": ("drums", "bass-guitar", "synth")},
    ),
    (
        "jazz trio, swing, Bb major, 2:30",
        {"style": "swing", "key": K("Bb"), "seconds": 150.0, "players": ("piano", "upright-bass", "drums")},
    ),
    ("no piano, strings only, gentle", {"moods": ("tender",), "players": ("strings",), "excluded": ("piano",)}),
    (
        "something heroic for brass and timpani, 4/4, allegro, 1 minute 30 seconds",
        {"moods": ("heroic",), "tempo_range": (116.0, 168.0), "metre": M("4/4"), "seconds": 90.0, "players": ("brass", "timpani")},
    ),
    (
        "A lullaby in 6/8 for music box, sixteen bars",
        {"style": "lullaby", "usage": "lullaby", "metre": M("6/8"), "bars": 16, "players": ("music-box",)},
    ),
    (
        "fast bluegrass with banjo and fiddle, no drums or bass",
        {"style": "country", "tempo_range": (120.0, 175.0), "players": ("banjo", "violin"), "excluded": ("drums", "bass-guitar")},
    ),
    (
        "string quartet in E flat major, andante, 48 measures",
        {"style": "string-quartet", "tempo_range": (72.0, 108.0), "key": K("Eb"), "bars": 48},
    ),
    (
        "chords: Am F C G, ballad, AABA form, 32 bars",
        {"style": "ballad", "bars": 32, "chords": ("Am", "F", "C", "G"), "form": ("A", "A", "B", "A")},
    ),
    ("ragtime piano, ♩=92, F major", {"style": "ragtime", "tempo_bpm": 92.0, "key": K("F"), "players": ("piano",)}),
    ("6/8, dotted quarter = 60, harp", {"metre": M("6/8"), "tempo_bpm": 90.0, "players": ("harp",)}),
    (
        "dark ambient without drums, very slow, three minutes",
        {"style": "ambient", "moods": ("dark",), "tempo_range": (40.0, 66.0), "seconds": 180.0, "excluded": ("drums",)},
    ),
    ("a march, not too fast, trumpet and tuba", {"style": "march", "tempo_range": (70.0, 100.0), "players": ("trumpet", "tuba")}),
    (
        "SATB hymn in G, 16 bars, 3/4",
        {"style": "hymn", "key": K("G"), "metre": M("3/4"), "bars": 16,
         "players": ("soprano", "alto", "tenor", "bass-voice")},
    ),
    (
        "two flutes and cello, baroque minuet, sixty-four bars",
        {"style": "baroque", "metre": M("3/4"), "bars": 64, "players": ("flute", "flute", "cello")},
    ),
    ("nothing but a harp, calm, half a minute", {"moods": ("calm",), "seconds": 30.0, "players": ("harp",)}),
    ("monophonic flute melody, 8 bars", {"bars": 8, "players": ("flute",), "polyphony": 1}),
    ("not too sad, not in a minor key, solo cello", {"avoid_moods": ("sad",), "mode": "major", "players": ("cello",)}),
    ("happy but not childish, marimba", {"moods": ("happy",), "players": ("marimba",)}),
    ("rock in E minor, 150-160 BPM", {"style": "rock", "tempo_range": (150.0, 160.0), "key": K("Em")}),
    ("no drums except a tambourine", {"players": ("tambourine",), "excluded": ("drums",)}),
    ("jazz waltz at ninety-two bpm", {"style": "jazz", "metre": M("3/4"), "tempo_bpm": 92.0}),
    ("in 5, D Dorian", {"metre": M("5/4"), "key": K("D dorian")}),
    ("混声四部合唱，圣咏风格，上海的清晨",
     {"style": "chorale", "moods": ("hopeful",), "players": ("soprano", "alto", "tenor", "bass-voice")}),
    ("a canon for three recorders, 45 s, G major", {"seconds": 45.0, "key": K("G"), "players": ("recorder",) * 3}),
    # Ranges, sections, dynamics, decades, loops, styles not wanted.
    ("可循环的咖啡馆背景音乐，不要鼓，90到100拍",
     {"moods": ("thoughtful",), "tempo_range": (90.0, 100.0), "excluded": ("drums",), "is_loop": True, "usage": "cafe"}),
    ("a mid-tempo soul groove, no intro, please",
     {"style": "soul", "tempo_range": (84.0, 126.0), "without_sections": ("intro",)}),
    ("先轻后强的管弦乐，不要爵士", {"style": "orchestral", "avoid_styles": ("jazz",), "dynamics": "crescendo"}),
    ("70年代的放克，快一点，不要人声和吉他",
     {"style": "funk", "tempo_range": (120.0, 175.0), "excluded": ("voice", "guitar"), "decade": 1970}),
    ("a polka from the 1920s, only accordion and tuba",
     {"style": "polka", "players": ("accordion", "tuba"), "decade": 1920}),
    ("前奏4小节，主歌16小节，副歌8小节，流行，110 BPM",
     {"style": "pop", "tempo_bpm": 110.0, "bars": 28, "form": ("intro", "verse", "chorus"), "section_bars": (4, 16, 8)}),
    ("verse 16, chorus 8, bridge 8: a synthpop song in A minor",
     {"style": "synthpop", "key": K("Am"), "bars": 32, "form": ("verse", "chorus", "bridge"), "section_bars": (16, 8, 8)}),
    ("a slow film cue that gets louder, strings and french horn, two minutes",
     {"style": "film", "usage": "film", "seconds": 120.0, "players": ("strings", "french-horn"), "tempo_range": (58.0, 84.0),
      "dynamics": "crescendo"}),
    ("anything except metal or punk, energetic, electric guitar, bass and drums",
     {"moods": ("energetic",), "players": ("electric-guitar", "bass-guitar", "drums"), "avoid_styles": ("metal", "punk")}),
    ("nothing too fast, a cello and piano nocturne in B-flat minor",
     {"style": "nocturne", "key": K("Bbm"), "players": ("cello", "piano"), "tempo_range": (70.0, 100.0)}),
    ("江南丝竹，笛子、二胡和琵琶，D宫，由慢渐快",
     {"style": "jiangnan", "key": K("D宫"), "players": ("dizi", "erhu", "pipa"), "changes": (FASTER,)}),
    ("pianissimo music box lullaby, 24 bars",
     {"style": "lullaby", "usage": "lullaby", "bars": 24, "players": ("music-box",), "dynamics": "soft"}),
    ("eighties ballad with saxophone, between 60 and 70 bpm, with an outro",
     {"style": "ballad", "players": ("alto-sax",), "form": ("*", "outro"), "tempo_range": (60.0, 70.0), "decade": 1980}),
    ("不要前奏也不要尾奏的摇滚，E小调", {"style": "rock", "key": K("Em"), "without_sections": ("intro", "outro")}),
    ("a loopable 16-bar chiptune, presto, no bass",
     {"style": "chiptune", "bars": 16, "excluded": ("bass-guitar",), "tempo_range": (168.0, 200.0), "is_loop": True}),
    ("不要合成器，不要电子乐，二十年代的散拍钢琴",
     {"style": "ragtime", "players": ("piano",), "excluded": ("synth",), "avoid_styles": ("electronic",), "decade": 1920}),
    ("loud triumphant fanfare, brass only, 12 bars",
     {"style": "fanfare", "moods": ("triumphant",), "bars": 12, "players": ("brass",), "dynamics": "loud"}),
    ("a soft bossa nova, nylon guitar and flute, neither drums nor piano",
     {"style": "bossa-nova", "players": ("nylon-guitar", "flute"), "excluded": ("drums", "piano"), "dynamics": "soft"}),
    ("lofi study beat, 75-80 bpm, without vocals, seamless loop",
     {"style": "lofi", "moods": ("thoughtful",), "excluded": ("voice",), "tempo_range": (75.0, 80.0), "is_loop": True, "usage": "study"}),
    ("一首由二胡和扬琴演奏的小曲，行板，G羽调，三十二小节",
     {"key": K("G羽"), "bars": 32, "players": ("erhu", "yangqin"), "tempo_range": (72.0, 108.0)}),
    ("电影感的渐强弦乐，两分半钟，不要打击乐",
     {"style": "film", "seconds": 150.0, "players": ("strings",), "excluded": family_members("percussion"), "dynamics": "crescendo"}),
    ("圣诞颂歌，四部合唱，F大调，16小节，弱奏",
     {"style": "hymn", "key": K("F"), "bars": 16, "players": ("soprano", "alto", "tenor", "bass-voice"), "dynamics": "soft"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SENTENCES, ids=[text[:24] for text, _ in SENTENCES])
def test_a_sentence_gives_exactly_these_wishes(text: str, expected: dict[str, Any]) -> None:
    assert read_brief(text).wishes == Wishes(**expected)


@pytest.mark.parametrize("text", [text for text, _ in SENTENCES])
def test_every_span_quotes_the_text_and_no_character_is_used_twice(text: str) -> None:
    used: set[int] = set()
    for span in read_brief(text).spans:
        assert text[span.start : span.end] == span.text
        assert used.isdisjoint(range(span.start, span.end))
        used.update(range(span.start, span.end))


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("雨夜的车站，一个人等末班车，忧伤的钢琴", ("车站", "等末班车")),
        ("a sad piano piece about a purple dinosaur", ("purple", "dinosaur")),
        ("a 70s synth, 80s patch", ("patch",)),
        ("帮我订明早的火车票", ("订明早", "火车票")),
        ("写一首忧伤的钢琴曲，谢谢", ()),
    ],
)
def test_words_with_a_meaning_that_nothing_matched_are_listed(text: str, unknown: tuple[str, ...]) -> None:
    assert read_brief(text).unknown == unknown


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("900 BPM", r"tempo must be 20\.\.300 BPM, got 900"),
        ("每分钟十五拍", r"tempo must be 20\.\.300 BPM, got 15"),
        ("2000 bars", r"bars must be 1\.\.512, got 2000: give 1 to 512"),
        ("0 bars", r"bars must be 1\.\.512, got 0: give 1 to 512"),
        ("两千小节", r"bars must be 1\.\.512, got 2000"),
        ("90 minutes of jazz", r"length must be 1\.\.1800 seconds, got 5400"),
        ("8.5 bars", "bars must be a whole number, got '8.5 bars'"),
        ("forty violins", r"must number 1\.\.8, got 'forty' before violin"),
        ("x" * 4001, "at most 4000 characters, got 4001"),
    ],
)
def test_a_number_out_of_range_is_told_and_refused_with_the_range(text: str, words: str) -> None:
    brief = read_brief(text)
    assert any(re.search(words, one.message) for one in brief.errors)
    with pytest.raises(InvalidInput, match=words):
        read_asked(text, Wishes())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fast piano at 40 BPM", "'fast' means 100..300 BPM but 40 is taken"),
        ("80 BPM 的钢琴，速度120", "tempo_bpm is given as 80.0, 120.0: the first is taken"),
        ("D minor, then G major", "key is given as D minor, G major: the first is taken"),
        ("要钢琴，不要钢琴", "piano is both asked for and excluded: it is left out"),
    ],
)
def test_a_conflict_is_named_with_the_side_taken(text: str, words: str) -> None:
    assert words in read_brief(text).conflicts


def test_sections_that_do_not_add_up_are_named() -> None:
    brief = read_brief("verse 8 bars, chorus 8 bars, 32 bars in all")
    assert brief.wishes.bars == 32 and brief.wishes.section_bars == ()
    assert "32 bars are asked, but the sections add up to 16: 32 is taken" in brief.conflicts


def test_a_change_of_tempo_is_a_change_on_the_way_to_the_end() -> None:
    for text, change in (("越来越快的舞曲", FASTER), ("a waltz slowing down", SLOWER)):
        brief = read_brief(text)
        assert brief.wishes.changes == (change,) and brief.wishes.tempo_range is None


def test_a_scene_lends_its_mood_only_when_no_mood_is_named() -> None:
    lent = read_brief("雨夜，钢琴")
    assert lent.wishes.moods == ("melancholic",) and "taken from the scene" in lent.defaults[0]
    named = read_brief("雨夜，欢快的钢琴")
    assert named.wishes.moods == ("happy",) and named.defaults == ()


def test_an_unwanted_style_is_told_and_never_taken() -> None:
    brief = read_brief("anything but swing, about 96 bpm")
    assert brief.wishes == Wishes(tempo_bpm=96.0, avoid_styles=("swing",)) and brief.avoid_styles == (
        "swing",
    )


@pytest.mark.parametrize("text", ["", "   ", "。，；", "🎵🎵"])
def test_a_text_without_words_wishes_nothing(text: str) -> None:
    brief = read_brief(text)
    assert brief.wishes == Wishes() and brief.spans == () and brief.unknown == ()


@pytest.mark.parametrize(
    ("text", "gone", "kept"),
    [
        ("orchestral, no percussion", ("timpani", "drums", "taiko", "xylophone"), ("flute", "cello")),
        ("交响乐，不要打击乐", ("timpani", "drums", "tambourine"), ("violin",)),
        (
            "orchestral without strings",
            ("violin", "viola", "cello", "double-bass", "strings"),
            ("harp", "flute"),
        ),
        (
            "不要铜管、木管的交响乐",
            ("french-horn", "trumpet", "flute", "clarinet", "oboe", "bassoon"),
            ("violin", "timpani"),
        ),
        ("no woodwinds but a flute", ("oboe", "clarinet"), ("flute",)),
    ],
)
def test_a_refused_family_excludes_its_members_but_not_one_that_is_named(
    text: str, gone: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    excluded = read_brief(text).wishes.excluded
    assert set(gone) <= set(excluded) and not set(kept) & set(excluded)


@pytest.mark.parametrize(
    ("text", "style", "players"),
    [
        ("a jazz trio", "jazz", ("piano", "upright-bass", "drums")),
        ("爵士三重奏，没有钢琴", "jazz", ("upright-bass", "drums")),
        ("a power trio", "rock", ("electric-guitar", "bass-guitar", "drums")),
        ("只要木管", None, ("flute", "oboe", "clarinet", "bassoon")),
        ("two woodwinds", None, ("flute", "oboe")),
    ],
)
def test_a_set_of_players_brings_its_style_and_yields_to_a_refusal(
    text: str, style: str | None, players: tuple[str, ...]
) -> None:
    brief = read_brief(text)
    assert (brief.wishes.style, brief.wishes.players, brief.conflicts) == (style, players, ())


@pytest.mark.parametrize("text", ["ambient, no melody", "氛围音乐，不要旋律"])
def test_a_piece_without_a_tune_is_said_not_to_be_understood(text: str) -> None:
    brief = read_brief(text)
    assert brief.unknown == ("no melody",) and brief.wishes == Wishes(style="ambient")


@pytest.mark.parametrize(
    ("text", "chords"),
    [
        ("a song with Am F C G chords, guitar only", ("Am", "F", "C", "G")),
        ("用 C G Am F 和弦写一首民谣", ("C", "G", "Am", "F")),
        ("Dm7, G7, Cmaj7 chord progression, jazz", ("Dm7", "G7", "Cmaj7")),
    ],
)
def test_a_list_before_the_word_chords_is_chords_and_no_key(text: str, chords: tuple[str, ...]) -> None:
    wishes = read_brief(text).wishes
    assert wishes.chords == chords and wishes.key is None


@pytest.mark.parametrize(
    ("text", "key"), [("H minor", "B minor"), ("a song in h-moll", "B minor"), ("H大调", "B major")]
)
def test_the_german_h_is_b_and_is_said_to_be(text: str, key: str) -> None:
    brief = read_brief(text)
    assert brief.wishes.key == K(key) and brief.unknown == ()
    assert any("H is the German name of B" in line for line in brief.defaults)


@pytest.mark.parametrize("text", ["exactly 8 bars", "正好8小节", "precisely 8 bars"])
def test_exactness_is_no_unknown_word(text: str) -> None:
    brief = read_brief(text)
    assert brief.wishes == Wishes(bars=8) and brief.unknown == ()


def test_a_pastoral_is_one_word() -> None:
    brief = read_brief("一首牧歌")
    assert brief.wishes == Wishes(style="folk") and brief.unknown == ()


@pytest.mark.parametrize("text", ["五声调式，F调", "F pentatonic", "in F, pentatonic", "F major pentatonic"])
def test_a_tonic_and_five_notes_make_one_key(text: str) -> None:
    assert read_brief(text).wishes == Wishes(key=K("F major pentatonic"))
