"""Laws of edits of the form: what is put in can be taken out, what is swapped can be swapped back, marks go along."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.errors import InvalidInput
from zhiyin.score import (
    ChordMark,
    Control,
    KeyMark,
    Lock,
    MetreMark,
    Notes,
    Origin,
    Part,
    Score,
    Section,
    Tempo,
    Timeline,
)
from zhiyin.score.edit_bars import (
    bars_after,
    copy_bars,
    delete_bars,
    insert_bars,
    move_bars,
    repeat_bars,
    swap_bars,
)
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

Q = 10_080
BAR = 4 * Q
BARS = 6


def numbered(bars: int = BARS) -> Score:
    """Return a score whose bar n holds one whole note of pitch 60 + n."""
    line = Notes.of([(n * BAR, BAR, 60 + n) for n in range(bars)]).with_columns(origin=np.arange(bars) % 2)
    origins = (Origin("person", "me"), Origin("model", "small"))
    return Score("n", (Part("a", line), Part("b", Notes.of([(0, BAR, 40)]))), provenance=origins)


@st.composite
def scores(draw: st.DrawFn) -> Score:
    """Return a score of six bars of 4/4 or 3/4 with notes that may ring over bar lines and marks on bar lines."""
    metre = draw(st.sampled_from([Metre(4, 4), Metre(3, 4)]))
    size = metre.bar_ticks
    note = st.tuples(st.integers(0, BARS * size - 1), st.integers(1, 2 * size), st.integers(40, 80))
    rows = [
        (on, min(length, BARS * size - on), pitch) for on, length, pitch in draw(st.lists(note, max_size=12))
    ]
    rows.append((BARS * size - 5, 5, 60))  # the last bar is heard
    bars = st.integers(1, BARS - 1)
    keys = {0: Key(0)} | {bar: Key(draw(st.integers(-3, 3))) for bar in draw(st.sets(bars, max_size=2))}
    chords = {
        bar: Chord(draw(st.integers(0, 11))) for bar in draw(st.sets(st.integers(0, BARS - 1), max_size=3))
    }
    speeds = {0: 120.0} | {bar: 60.0 + bar for bar in draw(st.sets(bars, max_size=2))}
    return Score(
        "h",
        (Part("a", Notes.of(rows)), Part("d", Notes.of([(0, Q, 36)]), is_drums=True)),
        tempos=tuple(Tempo(bar * size, bpm) for bar, bpm in speeds.items()),
        metres=(MetreMark(0, metre),),
        keys=_plain([KeyMark(bar * size, key) for bar, key in sorted(keys.items())]),
        chords=_plain([ChordMark(bar * size, chord) for bar, chord in sorted(chords.items())]),
        sections=tuple(Section(bar * size, f"S{bar}") for bar in sorted(draw(st.sets(bars, max_size=2)))),
    )


def _plain(marks: list) -> tuple:  # type: ignore[type-arg]
    """Return marks without those that say again what is said."""
    return tuple(m for i, m in enumerate(marks) if not i or replace(marks[i - 1], tick=m.tick) != m)


@settings(max_examples=60, deadline=None)
@given(score=scores(), at=st.integers(0, BARS), count=st.integers(1, 3))
def test_bars_put_in_and_taken_out_leave_the_score_as_it_was(score: Score, at: int, count: int) -> None:
    longer = insert_bars(score, at, count)
    assert Timeline.of(longer).bar_count(longer.end) == BARS + count
    assert longer.note_count == score.note_count
    assert delete_bars(longer, [(at, at + count - 1)]) == score


@settings(max_examples=60, deadline=None)
@given(score=scores(), cuts=st.sets(st.integers(0, BARS), min_size=4, max_size=4))
def test_swapping_twice_leaves_notes_tempos_keys_and_chords_as_they_were(
    score: Score, cuts: set[int]
) -> None:
    a, b, c, d = sorted(cuts)
    plain = replace(score, sections=(), parts=tuple(replace(p, notes=_short(p.notes)) for p in score.parts))
    swapped = swap_bars(plain, (a, b - 1), (c, d - 1))
    assert swapped.note_count == plain.note_count
    # The first stretch now has the length of the other.
    back = swap_bars(swapped, (a, a + (d - c) - 1), (d - (b - a), d - 1))
    assert back == plain


def _short(notes: Notes) -> Notes:
    """Return notes that end in their bar of three or four quarters at the latest."""
    return notes.with_columns(duration=np.minimum(notes.duration, 1))


@settings(max_examples=40, deadline=None)
@given(score=scores(), first=st.integers(0, BARS - 1), times=st.integers(1, 3))
def test_repeated_bars_have_their_notes_once_more_each_time(score: Score, first: int, times: int) -> None:
    size = score.metres[0].metre.bar_ticks
    own = [len(p.notes.between(first * size, (first + 1) * size)) for p in score.parts]
    repeated = repeat_bars(score, (first, first), times)
    assert repeated.note_count == score.note_count + times * sum(own)
    deleted = delete_bars(repeated, [(first + 1, first + times)])
    assert [p.notes for p in deleted.parts] == [p.notes for p in score.parts]


def pitches(score: Score) -> list[int]:
    """Return the pitches of the first part in order."""
    notes: list[int] = score.parts[0].notes.pitch.tolist()
    return notes


@pytest.mark.parametrize(
    ("edit", "order"),
    [
        (lambda s: delete_bars(s, [(1, 2), (5, 5)]), [0, 3, 4]),
        (lambda s: copy_bars(s, (0, 1), 6), [0, 1, 2, 3, 4, 5, 0, 1]),
        (lambda s: copy_bars(s, (4, 5), 0), [4, 5, 0, 1, 2, 3, 4, 5]),
        (lambda s: repeat_bars(s, (2, 3)), [0, 1, 2, 3, 2, 3, 4, 5]),
        (lambda s: swap_bars(s, (4, 5), (0, 0)), [4, 5, 1, 2, 3, 0]),
        (lambda s: move_bars(s, (3, 4), 1), [0, 3, 4, 1, 2, 5]),
        (lambda s: move_bars(s, (0, 1), 6), [2, 3, 4, 5, 0, 1]),
    ],
)
def test_bars_stand_in_the_order_asked_for_and_notes_keep_their_origin(edit, order: list[int]) -> None:  # type: ignore[no-untyped-def]
    done = edit(numbered())
    assert pitches(done) == [60 + n for n in order]
    assert done.parts[0].notes.onset.tolist() == [n * BAR for n in range(len(order))]
    assert done.parts[0].notes.origin.tolist() == [n % 2 for n in order]
    assert done.provenance == numbered().provenance


def test_bars_after_tells_where_each_bar_came_from() -> None:
    assert bars_after("delete", 5, [(1, 2)]) == [0, 3, 4]
    assert bars_after("insert", 3, [], at=1, count=2) == [0, -1, -1, 1, 2]
    assert bars_after("copy", 3, [(0, 1)], at=3, count=2) == [0, 1, 2, 0, 1, 0, 1]
    assert bars_after("move", 6, [(3, 4)], at=1) == [0, 3, 4, 1, 2, 5]
    assert bars_after("move", 6, [(0, 1)], at=6) == [2, 3, 4, 5, 0, 1]
    assert bars_after("swap", 5, [(3, 4), (0, 0)]) == [3, 4, 1, 2, 0]


def test_a_moved_stretch_brings_its_tempo_key_metre_and_chord_and_gives_them_back_after() -> None:
    three = Metre(3, 4)
    score = Score(
        "m",
        (Part("a", Notes.of([(0, BAR, 60), (BAR, 3 * Q, 62), (BAR + 3 * Q, 3 * Q, 64)])),),
        tempos=(Tempo(0, 100.0), Tempo(BAR, 60.0)),
        metres=(MetreMark(0, Metre(4, 4)), MetreMark(BAR, three)),
        keys=(KeyMark(0, Key(0)), KeyMark(BAR, Key(2))),
        chords=(ChordMark(0, Chord(0)), ChordMark(BAR + 3 * Q, Chord(7))),
    )
    done = swap_bars(score, (0, 0), (2, 2))  # 3/4, 3/4, 4/4
    assert [(m.tick, m.metre) for m in done.metres] == [(0, three), (6 * Q, Metre(4, 4))]
    assert done.tempos == (Tempo(0, 60.0), Tempo(6 * Q, 100.0))
    assert done.keys == (KeyMark(0, Key(2)), KeyMark(6 * Q, Key(0)))
    assert done.chords == (ChordMark(0, Chord(7)), ChordMark(3 * Q, Chord(0)))
    assert list(zip(done.parts[0].notes.onset.tolist(), pitches(done), strict=True)) == [
        (0, 64),
        (3 * Q, 62),
        (6 * Q, 60),
    ]


def test_a_copied_pick_up_becomes_a_short_bar_and_what_follows_stays_on_its_bar_lines() -> None:
    score = Score("p", (Part("a", Notes.of([(0, Q, 67), (Q, BAR, 60), (Q + BAR, BAR, 62)])),), pickup_ticks=Q)
    done = copy_bars(score, (0, 1), 3)
    starts = Timeline.of(done).bar_starts(5).tolist()
    assert starts == [0, Q, Q + BAR, Q + 2 * BAR, 2 * Q + 2 * BAR, 2 * Q + 3 * BAR]
    assert done.parts[0].notes.onset.tolist() == [0, Q, Q + BAR, Q + 2 * BAR, 2 * Q + 2 * BAR]
    assert done.pickup_ticks == Q


def test_bars_put_before_a_pick_up_and_taken_away_again_give_the_pick_up_back() -> None:
    score = Score("p", (Part("a", Notes.of([(0, Q, 67), (Q, BAR, 60)])),), pickup_ticks=Q)
    longer = insert_bars(score, 0, 2)
    assert (longer.pickup_ticks, Timeline.of(longer).bar_starts(4).tolist()) == (
        0,
        [0, BAR, 2 * BAR, 2 * BAR + Q, 3 * BAR + Q],
    )
    assert delete_bars(longer, [(0, 1)]) == score


def test_a_written_length_moves_with_the_end() -> None:
    score = replace(numbered(), length_ticks=BARS * BAR)
    assert insert_bars(score, 2, 1).length_ticks == (BARS + 1) * BAR
    assert delete_bars(insert_bars(score, 2, 1), [(2, 2)]) == score


def test_a_deleted_pick_up_leaves_a_score_without_one() -> None:
    score = Score("p", (Part("a", Notes.of([(0, Q, 67), (Q, BAR, 60)])),), pickup_ticks=Q)
    done = delete_bars(score, [(0, 0)])
    assert (done.pickup_ticks, pitches(done), done.parts[0].notes.onset.tolist()) == (0, [60], [0])


def test_a_note_that_rings_past_the_new_end_is_cut_there_and_other_notes_keep_their_length() -> None:
    score = Score("r", (Part("a", Notes.of([(0, 2 * BAR, 60), (2 * BAR, BAR, 62)])),))
    assert delete_bars(score, [(1, 2)]).parts[0].notes.duration.tolist() == [BAR]
    assert delete_bars(score, [(1, 1)]).parts[0].notes.duration.tolist() == [2 * BAR, BAR]


def test_a_pedal_held_at_a_joint_is_let_go_where_the_next_bars_had_none() -> None:
    controls = (Control(0, 64, 127), Control(BAR + Q, 64, 0))
    part = replace(numbered().parts[0], controls=controls)
    done = delete_bars(Score("c", (part,)), [(1, 1)])
    assert done.parts[0].controls == (Control(0, 64, 127), Control(BAR, 64, 0))


def test_locks_move_with_their_bars_and_a_locked_bar_is_neither_deleted_swapped_nor_split() -> None:
    score = replace(numbered(), locks=(Lock(1, 2 * BAR, 4 * BAR),))
    assert insert_bars(score, 1, 2).locks == (Lock(1, 4 * BAR, 6 * BAR),)
    assert copy_bars(score, (2, 3), 6).locks == score.locks
    for edit in (
        lambda: delete_bars(score, [(3, 3)]),
        lambda: swap_bars(score, (0, 0), (2, 2)),
        lambda: insert_bars(score, 3, 1),
    ):
        with pytest.raises(InvalidInput, match=r"what is locked must stay: cannot .* bars 3-4 of 'b'"):
            edit()


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda s: delete_bars(s, [(0, 5)]), "some bars must stay, got all 6"),
        (lambda s: delete_bars(s, [(4, 6)]), r"bars must lie in 1\.\.6, first before last, got 5-7"),
        (lambda s: insert_bars(s, 7, 1), "got 1 before 8"),
        (lambda s: copy_bars(s, (0, 0), 1, times=0), r"copies must be 1\.\.64"),
        (lambda s: move_bars(s, (1, 2), 2), "must go to another place, got 2-3 before 3"),
        (lambda s: swap_bars(s, (0, 2), (2, 3)), "must not overlap, got 1-3 and 3-4"),
    ],
)
def test_bars_that_are_not_there_are_refused(edit, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput, match=message):
        edit(numbered())


def test_a_pedal_let_go_at_the_very_end_survives_bars_put_behind_it() -> None:
    part = replace(numbered().parts[0], controls=(Control(0, 64, 127), Control(BARS * BAR, 64, 0)))
    score = Score("c", (part,))
    assert insert_bars(score, BARS, 1).parts[0].controls == part.controls
    assert delete_bars(insert_bars(score, BARS, 1), [(BARS, BARS)]) == score
