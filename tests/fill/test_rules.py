"""Laws of the rules family: hard wishes kept over styles and askings, same seed same take, what it refuses."""

from __future__ import annotations

import pytest

from zhiyin.errors import ConstraintsUnmet, InvalidInput
from zhiyin.fill import rules
from zhiyin.fill.plan import Plan
from zhiyin.fill.plan_make import make_plan
from zhiyin.fill.request import Take
from zhiyin.fill.rules_plan import KIN, book_of, has_book, with_book
from zhiyin.score import Wishes
from zhiyin.stylebook import style_names
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.style_words import find_style


def planned(wishes: Wishes, seed: int = 1) -> Plan:
    return with_book(make_plan(wishes, seed=seed), wishes, seed=seed)


def composed(wishes: Wishes, seed: int = 1) -> Take:
    return rules.compose(planned(wishes, seed), wishes, seed=seed)


@pytest.mark.parametrize("style", style_names())
def test_key_tempo_metre_bars_and_chords_are_kept_in_every_style(style: str) -> None:
    wishes = Wishes(
        style=style, key=Key.parse("Eb"), tempo_bpm=101.0, bars=12, chords=("Eb", "Cm", "Ab", "Bb7")
    )
    score = composed(wishes).score
    assert score.tempos[0].bpm == 101.0 and score.keys[0].key == Key.parse("Eb")
    assert score.end == 12 * 40_320
    named = [mark.chord.name(key_fifths=-3) for mark in score.chords if mark.chord is not None]
    assert named[:4] == ["Eb", "Cm", "Ab", "Bb7"]


@pytest.mark.parametrize(
    "asked",
    [
        {"metre": Metre(3, 4)}, {"metre": Metre(6, 8)}, {"is_loop": True}, {"polyphony": 1}, {"density": 2.0},
        {"players": ("violin", "piano", "cello")}, {"excluded": ("drums",)}, {"form": ("verse", "chorus", "verse")},
        {"moods": ("sad",)}, {"dynamics": "crescendo"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("style", ["funk", "bossa-nova", "trap"])
def test_every_hard_wish_is_kept(style: str, asked: dict[str, object]) -> None:
    wishes = Wishes(style=style, bars=12, **asked)  # type: ignore[arg-type]
    report = composed(wishes).report
    assert report.is_kept and len(report.verdicts) >= 12


def test_seconds_are_kept_to_a_tenth() -> None:
    verdicts = composed(Wishes(style="house", seconds=45.0)).report.verdicts
    assert next(v for v in verdicts if v.name == "seconds").kept


def test_exactly_the_players_asked_for_play() -> None:
    score = composed(Wishes(style="soul", bars=12, players=("flute", "guitar", "drums"))).score
    assert [part.program for part in score.parts if not part.is_drums] == [73, 25]
    assert all(len(part.notes) for part in score.parts)


def test_one_note_at_a_time_means_one() -> None:
    for part in composed(Wishes(style="pop", bars=12, polyphony=1)).score.parts:
        if not part.is_drums:
            assert (part.notes.onset[1:] >= part.notes.offset[:-1]).all()


def test_the_same_seed_gives_the_same_take_and_another_take_others() -> None:
    wishes = Wishes(style="lofi", bars=12)
    plan = planned(wishes)
    one = rules.compose(plan, wishes, seed=5)
    assert rules.compose(plan, wishes, seed=5).score == one.score
    assert rules.compose(plan, wishes, seed=5, take=1).score != one.score


def test_notes_name_the_style_book_as_their_origin() -> None:
    score = composed(Wishes(style="rock", bars=8)).score
    assert score.provenance[0].name == "stylebook" and "style=rock" in score.provenance[0].detail
    assert all(p.notes.origin is not None and not p.notes.origin.any() for p in score.parts)


def test_a_plan_that_was_made_elsewhere_is_played_as_it_stands() -> None:
    wishes = Wishes(style="pop", bars=16, key=Key.parse("D"))
    plan = make_plan(wishes, seed=2)
    score = rules.compose(plan, Wishes(), seed=2).score
    assert [p.name for p in score.parts] == [p.part for p in plan.players]
    assert tuple((m.tick, m.chord) for m in score.chords) == plan.chords
    for part, row in zip(score.parts, plan.textures, strict=True):
        for bar, texture in enumerate(row):
            if texture.is_empty:
                assert not len(part.notes.between(bar * 40_320, (bar + 1) * 40_320))


def test_a_style_without_a_book_is_refused_with_those_that_have_one() -> None:
    with pytest.raises(
        InvalidInput, match=r"the rules family plays ambient, .*got 'waltz'.*--family transformer"
    ):
        book_of("waltz")
    assert not has_book("waltz") and has_book("metal")


def test_kin_are_known_styles_and_have_books() -> None:
    for name, book in KIN.items():
        assert find_style(name) == name and book in style_names()


def test_a_wish_that_cannot_be_kept_is_an_error_with_the_measure() -> None:
    wishes = Wishes(style="pop", bars=8, density=12.0)
    with pytest.raises(
        ConstraintsUnmet, match=r"hard wish 'density' must be kept, measured .* attacks a quarter"
    ):
        composed(wishes)


def test_the_books_form_is_used_unless_a_form_was_asked_for() -> None:
    asked = planned(Wishes(style="house", bars=32, form=("verse", "chorus")))
    assert [s.name for s in asked.sections] == ["verse", "chorus"]
    own = planned(Wishes(style="house", bars=28))
    assert [(s.name, s.bars) for s in own.sections][:2] in (
        [("intro", 12), ("build", 4)],
        [("intro", 8), ("verse", 8)],
    )
    assert sum(s.bars for s in own.sections) == 28 == own.bars
