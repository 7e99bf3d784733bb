"""Laws of wishes as text: both languages say the same, places are found, and what cannot be read is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fill.wish_pieces import BAR, Q, band, example_frame
from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.avoid import Avoid
from zhiyin.fill.constraints.cadence_wish import CadenceWish
from zhiyin.fill.constraints.chord_tones import ChordTones
from zhiyin.fill.constraints.in_scale import InScale
from zhiyin.fill.constraints.quote_motif import QuoteMotif
from zhiyin.fill.constraints.rhythm_template import RhythmTemplate
from zhiyin.fill.constraints.span import Span
from zhiyin.fill.wish_text import KINDS, read_wish, read_wishes
from zhiyin.score import Part

SCORE = example_frame()

TWINS = [
    ("scale D dorian @ 3-4 melody", "音阶 D多利亚 @ 3-4 旋律"),
    ("scale D dorian @ 3-4 melody", "音阶D多利亚@第3-4小节旋律"),
    ("contour arch @ 1-4 melody", "旋律线 拱形 @ 1-4 旋律"),
    ("motif 1 @ 3 melody", "动机 第1小节 @ 3 旋律"),
    ("density sparse @ 1-2", "密度 稀疏 @ 1-2"),
    ("polyphony 2-4 @ 1-4 piano", "复音 2-4 @ 1-4 钢琴"),
    ("range C4-G5 @ 1-4 melody", "音区 C4-G5 @ 1-4 旋律"),
    ("syncopation more @ 3-4", "切分 多 @ 3-4"),
    ("cadence half @ 4", "终止 半终止 @ 4"),
    ("tension arch @ 1-4", "紧张度 拱形 @ 1-4"),
    ("longest note half @ 1-4", "最长音 二分音符 @ 1-4"),
    ("playable violin @ 1-4 melody", "可演奏 小提琴 @ 1-4 旋律"),
    ("like 1-2 0.7 @ 3-4 melody", "相似 1-2 0.7 @ 3-4 旋律"),
    ("soft scale C major", "尽量 音阶 C大调"),
]


@pytest.mark.parametrize(("en", "zh"), TWINS)
def test_a_wish_in_chinese_is_the_wish_in_english(en: str, zh: str) -> None:
    assert repr(read_wish(zh, score=SCORE)) == repr(read_wish(en, score=SCORE))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.words[0])
def test_the_examples_of_a_kind_read_in_a_piece_of_twelve_bars(kind: object) -> None:
    score = replace(SCORE, length_ticks=12 * BAR)
    for example in (kind.example_en, kind.example_zh):  # type: ignore[attr-defined]
        wish = read_wish(example, score=score)
        assert all(wish.words)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("place", "span"),
    [("", Span()), ("@ 2", Span(None, 1, 1)), ("@ 2-3", Span(None, 1, 2)), ("@ 3-", Span(None, 2, -1)),
     ("@ Chorus", Span(None, 2, 3)), ("@ Chorus violin", Span(frozenset({0}), 2, 3)),
     ("@ all bass", Span(frozenset({2}), 0, -1)), ("@ piano, 3", Span(frozenset({1, 2}), 0, -1)),
     ("@ 1-2 CELLO", Span(frozenset({2}), 0, 1)), ("@ bars 1-2", Span(None, 0, 1)),
     ("@ 第2小节 旋律", Span(frozenset({0}), 1, 1))],
)  # fmt: skip
def test_a_place_is_bars_or_a_section_and_parts(place: str, span: Span) -> None:
    wish = read_wish(f"scale C major {place}", score=SCORE)
    assert isinstance(wish, InScale) and wish.span == span


def test_chords_share_a_bar_by_beats_and_come_round_again() -> None:
    wish = read_wish("chords Am F | C @ 1-4", score=SCORE)
    assert isinstance(wish, ChordTones)
    assert [(tick // Q, chord.text) for tick, chord in wish.chords] == [
        (0, "Am"), (2, "F"), (4, "C"), (8, "Am"), (10, "F"), (12, "C"),
    ]  # fmt: skip
    marks = wish.chord_marks(SCORE).chords
    assert [(mark.tick // Q, mark.chord.name()) for mark in marks if mark.chord][:3] == [
        (0, "Am"),
        (2, "F"),
        (4, "C"),
    ]


def test_a_motif_takes_its_rhythm_and_intervals_from_bars_or_notes() -> None:
    quoted = read_wish("motif 1 @ 3 violin", score=SCORE)
    told = read_wish("motif C4:1 D4:1 E4:1 F4:1 @ 3 violin", score=SCORE)
    assert isinstance(quoted, QuoteMotif) and quoted == told
    assert quoted.start == 2 * BAR and quoted.notes == ((0, Q, 0), (Q, Q, 2), (2 * Q, Q, 4), (3 * Q, Q, 5))
    fixed = read_wish("motif =C4:1 D4 @ 3 violin", score=SCORE)
    assert isinstance(fixed, QuoteMotif) and fixed.pitch == 60


def test_a_rhythm_is_places_or_lengths() -> None:
    places = read_wish("rhythm x..x.... @ 2", score=SCORE)
    lengths = read_wish("rhythm 1 1/2 r1/2 half @ 2", score=SCORE)
    assert isinstance(places, RhythmTemplate) and places.places == ((BAR, 0), (BAR + 3 * Q // 2, 0))
    assert isinstance(lengths, RhythmTemplate)
    assert lengths.places == ((BAR, Q), (BAR + Q, Q // 2), (BAR + 2 * Q, 2 * Q))


def test_what_to_avoid_is_notes_intervals_drums_and_parallels() -> None:
    wish = read_wish("avoid F#, Bb, tritone, m2, snare, key 49, parallels @ 1-2", score=SCORE)
    assert isinstance(wish, Avoid)
    assert (wish.classes, wish.intervals, wish.keys) == (
        frozenset({6, 10}),
        frozenset({1, 6}),
        frozenset({38, 49}),
    )
    assert wish.parallels == frozenset({0, 1, 2})


def test_a_cadence_stands_in_the_key_of_its_place() -> None:
    wish = read_wish("cadence authentic @ 4", score=band(key="Am"))
    assert isinstance(wish, CadenceWish)
    assert (wish.before.name(), wish.after.name(), wish.bass) == ("E7", "Am", 2)
    assert (wish.approach, wish.arrival) == (2 * BAR + 2 * Q, 3 * BAR)


REFUSED = [
    ("colour blue @ 1", r"kinds are scale .*, chords .*avoid"),
    ("scale", "must name a value"),
    ("scale D dorain @ 1", "'D dorain'"),
    ("scale C major @ 9", r"bars must lie in 1\.\.4.*'scale C major @ 9'"),
    ("scale C major @ 3-2", "run forwards"),
    ("scale C major @ 1 tuba", "'tuba'"),
    ("chords H7 @ 1", "'H7'"),
    ("chords C | D | E @ 1-2", "got 3 bars of chords"),
    ("chords C D E F G @ 1", "run forwards|4 beats|5 bars"),
    ("contour wavy @ 1-2 violin", "'wavy'"),
    ("contour 0 2 @ 1-2 violin", "levels from 0 to 1"),
    ("contour arch @ 1-2 drums", "one pitched part"),
    ("motif C4:1/0 @ 1 violin", "divide by zero"),
    ("motif 9 @ 3 violin", "bars of the piece"),
    ("motif C4:1/7 @ 1 violin", "multiple of 1/24"),
    ("rhythm x.x.x @ 1", "split the bar evenly"),
    ("rhythm 2 2 2 @ 1", "must fit one bar, got 6 quarters"),
    ("density many @ 1", "'many'"),
    ("density 3-2 @ 1", "low to high, got 3-2"),
    ("polyphony 0 @ 1", "1..16"),
    ("range G5-C4 @ 1", "from a low to a high"),
    ("range high @ 1", "'high'"),
    ("syncopation lots @ 1", "'lots'"),
    ("cadence perfectly @ 4", "'perfectly'"),
    ("cadence half @ 1", "bar 2 or later"),
    ("tension 1 @ 1-4", "two or more levels"),
    ("hard tension 0 1 @ 1-4", "only be soft"),
    ("longest note long @ 1", "'long'"),
    ("avoid spinach @ 1", "'spinach'"),
    ("playable kazoo @ 1", "'kazoo'"),
    ("like 7 @ 1 violin", "bars of the piece"),
    ("like 3-4 @ 1-2 violin", "must hold notes"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_cannot_be_read_is_refused_with_value_and_remedy(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_wishes([text], score=SCORE)


def test_a_part_that_a_word_names_twice_is_refused_with_the_candidates() -> None:
    twins = SCORE.with_parts([*SCORE.parts, Part("Violin", program=40)])
    with pytest.raises(InvalidInput, match=r"without doubt, got 'violin'.*1 'Violin', 5 'Violin'"):
        read_wish("scale C major @ 1 violin", score=twins)
    wish = read_wish("scale C major @ 1 5", score=twins)
    assert isinstance(wish, InScale) and wish.span.parts == frozenset({4})


def test_a_contour_without_a_part_is_asked_of_the_only_melody() -> None:
    assert read_wish("contour arch @ 1-4", score=SCORE) == read_wish("contour arch @ 1-4 violin", score=SCORE)


def test_a_score_that_is_to_grow_takes_wishes_for_bars_to_come() -> None:
    (wish,) = read_wishes(["scale C major @ 7-8"], score=SCORE, bars=8)
    assert isinstance(wish, InScale) and wish.span == Span(None, 6, 7)
