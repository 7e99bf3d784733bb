"""Laws that a fuzz test found broken, and the fuzz test: acts, locks and edits in long chains lose nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.acts_fuzz import chain
from tests.encode.pieces import QUARTER
from tests.fill.band import untrained
from tests.fill.test_acts import BAR, done, played, rows
from zhiyin.errors import ConflictingWishes, InvalidInput
from zhiyin.fill.acts.develop import develop
from zhiyin.fill.acts.drums import drums
from zhiyin.fill.acts.grow import extend_to
from zhiyin.fill.acts.infill import infill
from zhiyin.fill.acts.usual import usual
from zhiyin.fill.acts.vary import vary
from zhiyin.fill.desk import lay_out
from zhiyin.fill.lock_words import read_locks, with_locks
from zhiyin.fill.scope import Scope, Stretch, whole_bars
from zhiyin.fill.wish_text import read_wishes
from zhiyin.score import ChordMark, MetreMark, Notes, Timeline
from zhiyin.theory.chord import Chord
from zhiyin.theory.metre import Metre


@pytest.mark.parametrize(
    "text", ["2 5-8", "2 bars 5-8", "part 2 5-8", "Bass 5-8", "声部2 第5-8小节", "低音 5-8"]
)
def test_a_lock_names_a_part_by_number_before_its_bars(text: str) -> None:
    (lock,) = read_locks([text], lay_out(played()))
    assert (lock.part, lock.start, lock.end) == (1, 4 * BAR, 8 * BAR)


def test_numbers_alone_are_bars() -> None:
    locks = read_locks(["2, 5-6"], lay_out(played()))
    assert [(lock.part, lock.start // BAR, lock.end // BAR) for lock in locks] == [(-1, 1, 2), (-1, 4, 6)]


@pytest.mark.parametrize("lock", ["rhythm", "pitch"])
@pytest.mark.parametrize("seed", range(8))
def test_a_held_note_is_struck_even_if_its_pitch_rings_up_to_the_bar_line(lock: str, seed: int) -> None:
    line = [(i * QUARTER, QUARTER, 60) for i in range(24)]  # one pitch: whatever is tied is swallowed
    score = played()
    desk = with_locks(
        lay_out(score.with_parts([score.parts[0].with_notes(Notes.of(line))])), [f"Tune {lock}"]
    )
    new = done(infill(desk, whole_bars(desk.frame, [0], range(8))), seed=seed).score.parts[0].notes
    assert len(new) == 24
    if lock == "rhythm":
        assert new.onset.tolist() == [n[0] for n in line]


def test_limits_are_not_asked_of_what_is_held() -> None:
    odd = [(0, QUARTER, 60), (QUARTER + 2100, 1260, 64)]  # the second begins and ends off the sixteenths
    plain = [(i * BAR, BAR, 40) for i in range(240)]  # so many that plain values are asked of new notes
    score = played()
    parts = [p.with_notes(Notes.of(n)) for p, n in zip(score.parts, (odd, plain), strict=True)]
    score = score.with_parts([replace(parts[0], program=73), parts[1]])
    desk = lay_out(score)
    assert [v.name for v in usual(desk, frozenset()).limits] == ["range", "drum map", "note values"]
    new = done(vary(desk, whole_bars(desk.frame, [0], [0]), np.random.default_rng(1), aspect="pitch"))
    assert [n[:2] for n in rows(new.score.parts[0].notes)] == [n[:2] for n in odd]


@pytest.mark.parametrize("seed", [0, 1])
def test_thirty_random_steps_lose_nothing_and_surprise_nobody(seed: int) -> None:
    story = chain(untrained(), seed, 30)
    assert story.faults == []
    assert story.done.total() > 12


@pytest.mark.parametrize("aspect", ["rhythm", "pitch", "lyric"])
def test_a_gap_in_a_bar_with_a_locked_aspect_is_refused_rather_than_widened(aspect: str) -> None:
    desk = with_locks(lay_out(played()), [f"Tune {aspect}"])
    gap = Scope((Stretch(0, 4 * BAR + QUARTER, 4 * BAR + 2 * QUARTER),))
    with pytest.raises(
        InvalidInput, match=r"must be written whole, got a stretch of bar 5 of 'Tune' with its"
    ):
        done(infill(desk, gap))


@pytest.mark.parametrize("seed", range(6))
def test_held_chords_find_a_place_for_all_their_tones(seed: int) -> None:
    chords = [(i * QUARTER // 2, QUARTER // 2, p) for i in range(24) for p in ((60, 64) if i % 2 else (60,))]
    score = played()
    piano = replace(score.parts[0], program=0, notes=Notes.of(chords), role="accompaniment")
    desk = with_locks(lay_out(score.with_parts([piano])), ["Tune pitch"])
    new = done(infill(desk, whole_bars(desk.frame, [0], range(4))), seed=seed).score.parts[0].notes
    assert new.pitch.tolist() == [n[2] for n in chords]


def test_chords_that_are_locked_are_not_varied() -> None:
    score = replace(played(), chords=tuple(ChordMark(b * BAR, Chord.parse("C")) for b in range(16)))
    bars = whole_bars(lay_out(score).frame, [0, 1], [4, 5])
    with pytest.raises(InvalidInput, match="all of it is locked"):
        vary(with_locks(lay_out(score), ["harmony"]), bars, np.random.default_rng(1), aspect="harmony")
    half = done(
        vary(with_locks(lay_out(score), ["5 harmony"]), bars, np.random.default_rng(1), aspect="harmony")
    )
    there = {mark.tick: mark.chord for mark in half.score.chords}
    assert there[4 * BAR] == Chord.parse("C") != there[5 * BAR]
    bass = half.score.parts[1].notes
    assert bass.onset[bass.origin == 0].min() >= 5 * BAR


def test_a_pick_up_bar_has_no_backbeat_and_drums_are_written_all_the_same() -> None:
    score = replace(played(), pickup_ticks=QUARTER, metres=(MetreMark(0, Metre(4, 4)),))
    take = done(drums(lay_out(score), style="rock"))
    verdict = next(v for v in take.report.verdicts if v.name == "backbeat")
    assert verdict.kept and len(take.score.parts[-1].notes) > 8


def test_a_last_note_held_over_a_bar_line_is_struck_again_so_that_the_section_has_its_bars() -> None:
    score = replace(played(), metres=(MetreMark(0, Metre(2, 4)),))
    long = score.parts[0].with_notes(Notes.of([(0, QUARTER, 62), (QUARTER, 3 * QUARTER, 64)]))
    desk = lay_out(score.with_parts([long]))
    take = done(develop(desk, 0, [0, 1], by=("repeat",)))
    assert Timeline.of(take.score).bar_count(take.score.end) == 4
    new = take.score.parts[0].notes.between(4 * QUARTER, 8 * QUARTER)
    assert [(n.onset - 4 * QUARTER) // QUARTER for n in new] == [0, 1, 2]
    assert new.pitch[1] == new.pitch[2]


def test_nothing_is_written_behind_the_end_in_bars_longer_than_eight_quarters() -> None:
    whole = [(i * 12 * QUARTER, 12 * QUARTER, 60) for i in range(3)]
    score = replace(played(), metres=(MetreMark(0, Metre(3, 1)),))
    desk = lay_out(score.with_parts([score.parts[0].with_notes(Notes.of(whole))]))
    wanted = Timeline.of(desk.own).duration_s(36 * QUARTER + 3 * QUARTER)
    take = done(extend_to(desk, seconds=wanted))
    assert take.score.end == 39 * QUARTER and max(p.notes.end for p in take.score.parts) <= 39 * QUARTER


@pytest.mark.parametrize("lock", ["", "Tune rhythm"])
def test_a_rhythm_that_strikes_where_nothing_may_be_written_is_a_conflict(lock: str) -> None:
    desk = with_locks(lay_out(played()), [lock] if lock else [])
    gap = Scope((Stretch(0, 4 * BAR + QUARTER, 4 * BAR + 2 * QUARTER),))
    scope = whole_bars(desk.frame, [0], [4]) if lock else gap
    asked = read_wishes(["rhythm x.xx.x @ 5"], score=desk.frame)
    with pytest.raises(
        ConflictingWishes, match=r"'rhythm x\.xx\.x' and 'notes that are held' cannot both be kept"
    ):
        done(replace(infill(desk, scope), asked=asked))
    fits = read_wishes(["rhythm x.xxx. @ 5"], score=desk.frame)
    if not lock:
        done(replace(infill(desk, scope), asked=fits))


def test_a_lock_does_not_loosen_what_a_variation_keeps() -> None:
    desk = with_locks(lay_out(played()), ["Tune pitch"])
    scope = whole_bars(desk.frame, [0, 1], range(3, 7))
    new = done(vary(desk, scope, np.random.default_rng(1), aspect="pitch"))
    assert rows(new.score.parts[0].notes) == rows(desk.own.parts[0].notes)
    assert new.score.parts[1].notes.onset.tolist() == desk.own.parts[1].notes.onset.tolist()
    assert new.score.parts[1].notes.pitch.tolist() != desk.own.parts[1].notes.pitch.tolist()
