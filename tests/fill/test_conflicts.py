"""Laws of conflicts: wishes that exclude each other are named in pairs, with place, reason and a way out."""

from __future__ import annotations

import pytest

from tests.fill.wish_pieces import band, played, quarters
from zhiyin.errors import ConstraintsUnmet
from zhiyin.fill.conflicts import Conflict, find_conflicts, refuse_conflicts
from zhiyin.fill.constraints import Constraint, InRange, Locked, MaxPolyphony, NoteValues, Sounds
from zhiyin.fill.constraints.pinned import Hold, Pinned
from zhiyin.fill.wish_text import read_wish, read_wishes
from zhiyin.score import Cell, Notes, Part, Score

TUNE = played(band(), violin=quarters(60, 61, 62, 63), piano=[(0, 8, 60)])
CELLS = frozenset(Cell(part, bar) for part in range(4) for bar in range(4))


def conflicts(
    *texts: str, more: tuple[Constraint, ...] = (), score: Score | None = None
) -> tuple[Conflict, ...]:
    frame = band() if score is None else score
    return find_conflicts((*more, *(read_wish(text, score=frame) for text in texts)), frame)


# (first, second, 0-based bars, words of the reason)
PAIRS = [
    ("scale C major @ 1-2", "chords C | E @ 1-2", (1,), "G#"),
    ("scale C major @ 1-4", "scale C# D# @ 3", (2,), "no pitch is left"),
    ("scale C major @ 1-4", "motif =C4:1 C#4:1 @ 2 violin", (1,), "C#4"),
    ("range C4-C5 @ 1-4 violin", "range C6-C7 @ 2-3 violin", (1, 2), "no pitch is left"),
    ("range C4-D4 @ 1-4 violin", "contour rising @ 1-4 violin", (0, 1, 2, 3), "semitones"),
    ("range C4-G4 @ 1-2 violin", "motif C4:1 C5:1 @ 1 violin", (0,), "semitones"),
    ("range C5-C6 @ 1-4 violin", "playable cello @ 1-4 violin", (), ""),
    ("range C6-C7 @ 1-4 violin", "playable cello @ 1-4 violin", (0, 1, 2, 3), "no pitch is left"),
    ("longest note 1 @ 1-4", "rhythm 2 2 @ 1-2 violin", (0, 1), "holds a note for 2 quarters"),
    ("longest note 1/2 @ 1-4", "motif C4:2 D4:2 @ 1 violin", (0,), "holds a note for 1 quarters"),
    ("density >3 @ 1-2 violin", "rhythm x...x... @ 1-2 violin", (0, 1), "at least 12 times"),
    ("density <0.5 @ 1-2 violin", "rhythm x.x.x.x. @ 1-2 violin", (0, 1), "at most 2 times"),
    ("density <1 @ 1-2 violin", "density 3-4 @ 1-2 violin", (0, 1), "asks for 0-4"),
    ("rhythm x...x... @ 1-2 violin", "rhythm x.x.x.x. @ 2 violin", (1,), "strikes at 5 quarters"),
    ("rhythm x...x... @ 1-2 violin", "motif C4:1 D4:1 @ 1 violin", (0,), "strikes at"),
    ("rhythm .x.x.x.x @ 1-2 cello", "cadence half @ 2", (0, 1), "has no place for"),
    ("rhythm x.x.x.x. @ 1-2 violin", "syncopation more @ 1-2 violin", (0, 1), "on beats only"),
    ("chords C | F @ 1-2", "chords C | G @ 1-2", (1,), "chord"),
    ("chords C | Am | F | F @ 1-4", "cadence authentic @ 4", (2, 3), "chord"),
    ("avoid C @ 1-2", "chords C @ 1-2", (0, 1), "C"),
    ("avoid tritone @ 1-2 violin", "motif F4:1 B4:1 @ 1 violin", (0,), "TT"),
    ("avoid G @ 1-4", "cadence half @ 4", (3,), "G"),
    ("avoid snare @ 1-4 drums", "avoid kick @ 1-4 drums", (), ""),
    ("polyphony 1 @ 1-4 piano", "polyphony 3-4 @ 2 piano", (1,), "asks for 1-1"),
    ("polyphony 4-6 @ 1 violin", "playable flute @ 1-4 violin", (0,), "asks for 4-6"),
]


@pytest.mark.parametrize(("first", "second", "bars", "why"), PAIRS)
def test_a_pair_that_cannot_hold_together_is_named_with_its_bars_and_reason(
    first: str, second: str, bars: tuple[int, ...], why: str
) -> None:
    found = conflicts(first, second)
    if not bars:
        assert found == ()
        return
    assert [(c.first, c.second, c.bars, c.is_hard) for c in found] == [(0, 1, bars, True)]
    assert why in found[0].text_en and found[0].names[0] in found[0].text_en
    assert "change or soften" in found[0].text_en and "可修改或放宽" in found[0].text_zh
    assert any("一" <= sign <= "鿿" for sign in found[0].text_zh)


def test_the_order_of_two_wishes_does_not_hide_their_conflict() -> None:
    for first, second, bars, _ in PAIRS:
        assert bool(conflicts(second, first)) == bool(bars), (first, second)


def test_wishes_in_other_bars_or_parts_do_not_meet() -> None:
    assert not conflicts("scale C major @ 1-2", "scale C# D# @ 3-4")
    assert not conflicts("range C4-C5 @ 1-4 violin", "range C6-C7 @ 1-4 piano")
    assert not conflicts("chords C @ 1", "chords F @ 2")


def test_wishes_that_agree_have_no_conflict() -> None:
    agreeing = (
        "scale C major @ 1-4",
        "chords C | Am | F | G @ 1-4",
        "range C3-C6 @ 1-4",
        "cadence half @ 4",
    )
    assert not conflicts(
        *agreeing, "density 1-4 @ 1-4", "rhythm x.x.xxx. @ 1-2 violin", "longest note 4 @ 1-4"
    )


def test_a_chord_tone_that_another_part_may_play_is_no_conflict() -> None:
    assert not conflicts("scale C major @ 1-2 violin", "chords E @ 1-2")


def test_locked_notes_meet_wishes_that_they_break() -> None:
    locked = Locked(TUNE, CELLS - {Cell(0, 0)})
    found = conflicts("scale C major @ 1 violin", more=(locked,), score=TUNE)
    assert [(c.bars, c.names) for c in found] == [((0,), ("notes that are kept", "scale C major"))]
    assert "C#4" in found[0].text_en and "soften 'scale C major'" in found[0].text_en
    held = Locked(TUNE, CELLS - {Cell(1, 0)})
    assert (
        "holds a note for 8 quarters"
        in conflicts("longest note 4 @ 1 piano", more=(held,), score=TUNE)[0].text_en
    )
    assert not conflicts("scale C major @ 1 violin", more=(Locked(TUNE, CELLS),), score=TUNE)


def test_pinned_notes_meet_wishes_as_far_as_they_are_held() -> None:
    notes = ((0, 24, 61),)
    pitch = Pinned({Cell(0, 0): Hold(notes)})
    rhythm = Pinned({Cell(0, 0): Hold(notes, "rhythm")})
    assert conflicts("scale C major @ 1 violin", more=(pitch,))
    assert not conflicts("scale C major @ 1 violin", more=(rhythm,))
    assert conflicts("longest note 1/2 @ 1 violin", more=(rhythm,))


def test_wishes_of_a_plan_meet_wishes_on_spans() -> None:
    ranges = InRange(("violin", "piano", "cello", ""))
    assert conflicts("range C2-F2 @ 1-2 violin", more=(ranges,))
    assert conflicts("polyphony 2-3 @ 1-2 violin", more=(MaxPolyphony((1, 4, 1, 8)),))
    resting = Sounds(frozenset(), frozenset({Cell(0, 1)}))
    assert conflicts("rhythm x...x... @ 1-2 violin", more=(resting,))[0].bars == (1,)


def test_every_pair_of_hard_wishes_is_refused_at_once() -> None:
    wishes = [
        read_wish(text, score=band())
        for text in ("scale C major @ 1-2", "chords E @ 1-2", "range C4-C5 @ 1", "range C6-C7 @ 1")
    ]
    with pytest.raises(ConstraintsUnmet, match=r"got 2 pairs that cannot: .*G#.*no pitch is left"):
        refuse_conflicts(wishes, band())


def test_a_conflict_with_a_soft_wish_is_told_and_not_refused() -> None:
    wishes = [read_wish(text, score=band()) for text in ("soft scale C major @ 1-2", "chords E @ 1-2")]
    found = find_conflicts(wishes, band())
    assert len(found) == 1 and not found[0].is_hard and "soften 'scale C major'" in found[0].text_en
    refuse_conflicts(wishes, band())


def test_bars_are_told_as_people_count_them() -> None:
    assert "in bars 2" in conflicts("scale C major @ 1-2", "chords C | E @ 1-2")[0].text_en


def test_a_kept_bass_that_strikes_no_root_meets_the_cadence_it_should_carry() -> None:
    wrong = played(
        band(), cello=[(8, 4, 48), (12, 4, 50)]
    )  # D under the C of bar 4, nothing in the middle of bar 3
    right = played(band(), cello=[(8, 2, 48), (10, 2, 43), (12, 4, 48)])
    melody = frozenset({Cell(0, 2), Cell(0, 3)})
    assert conflicts("cadence authentic @ 4", more=(Locked(wrong, melody),), score=wrong)
    assert not conflicts("cadence authentic @ 4", more=(Locked(right, melody),), score=right)


def test_a_rhythm_off_the_grid_meets_plain_note_values() -> None:
    assert conflicts("rhythm 1/3 1/3 1/3 1 @ 1 violin", more=(NoteValues(),))
    assert not conflicts("rhythm 1/3 1/3 1/3 1 @ 1 violin", more=(NoteValues(with_triplets=True),))


def test_a_kept_note_that_rings_on_leaves_no_room_for_a_strike_where_the_part_has_one_voice() -> None:
    ringing = played(band(), violin=[(3, 2, 60)])  # over the bar line into bar 2
    locked = Locked(ringing, frozenset({Cell(0, 1)}))
    asked = "rhythm x.x. @ 2 violin"
    assert conflicts(asked, more=(locked, MaxPolyphony((1, 4, 1, 8))), score=ringing)[0].bars == (1,)
    assert not conflicts(asked, more=(locked, MaxPolyphony((2, 4, 1, 8))), score=ringing)


def test_pitches_that_are_locked_conflict_with_a_scale_that_leaves_them_out() -> None:
    score = Score(parts=(Part("Violin", Notes.of([(0, 10_080, 64), (10_080, 10_080, 66)])),))
    held = Pinned({Cell(0, 0): Hold(((0, 24, 64), (24, 24, 66)), "pitch")})
    wish = read_wishes(["scale C major @ 1 Violin"], score=score)
    found = find_conflicts((*wish, held), score)
    assert [one.bars for one in found] == [(0,)] and "F#4" in found[0].text_en
