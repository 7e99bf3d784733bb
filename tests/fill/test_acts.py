"""Laws of acts: what is outside the scope, locked or held comes back byte for byte, whatever a model prefers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.encode.pieces import QUARTER, little_waltz, random_score
from tests.fill.band import untrained
from zhiyin.errors import Cancelled, ConflictingWishes, ConstraintsUnmet, InvalidInput
from zhiyin.fill.act import Order, perform_act
from zhiyin.fill.acts.accompany import accompany
from zhiyin.fill.acts.counterpoint import counterpoint
from zhiyin.fill.acts.develop import TECHNIQUES, develop
from zhiyin.fill.acts.drums import KICK, SNARE, drums
from zhiyin.fill.acts.grow import extend_to, reply
from zhiyin.fill.acts.infill import infill
from zhiyin.fill.acts.melodise import melodise
from zhiyin.fill.acts.vary import vary
from zhiyin.fill.desk import Desk, lay_out
from zhiyin.fill.lock_words import with_locks
from zhiyin.fill.request import Take
from zhiyin.fill.scope import Scope, Stretch, whole_bars
from zhiyin.fill.stream import Heard
from zhiyin.fill.wish_text import read_wishes
from zhiyin.score import CHORD_ROW, ChordMark, Lock, Note, Notes, Part, Score, Timeline
from zhiyin.theory.chord import Chord

BAR = 3 * QUARTER


def done(order: Order, *, seed: int = 1, take: int = 0) -> Take:
    return perform_act(replace(order, seed=seed), untrained(), take=take)


def rows(notes: Notes) -> list[tuple[int, int, int, int]]:
    return [tuple(note) for note in notes]  # type: ignore[misc]


def played(shift: int = 0) -> Score:
    """Return a tune of sixteen bars over a bass, off the grid by up to a thirty-second, with odd velocities."""
    rng = np.random.default_rng(5)
    tune = [
        (
            max(i * QUARTER + int(rng.integers(-300, 300)), 0) + shift, QUARTER - 500, 60 + int(rng.integers(0, 12)),
            41 + i,
        )
        for i in range(48)
    ]  # fmt: skip
    bass = [(i * BAR + shift, BAR - 700, 40 + 5 * (i % 3), 66) for i in range(16)]
    parts = (
        Part("Tune", Notes.of(tune), role="melody", program=73),
        Part("Bass", Notes.of(bass), role="bass", program=32),
    )
    return replace(little_waltz(), parts=parts, chords=(), length_ticks=0)


def bars_of(score: Score, part: int, first: int, last: int) -> Notes:
    line = Timeline.of(score)
    return score.parts[part].notes.between(line.bar_start(first), line.bar_start(last + 1))


@pytest.mark.parametrize("seed", range(6))
def test_an_infilled_block_leaves_every_other_note_of_any_score_alone(seed: int) -> None:
    score = random_score(seed)
    desk = lay_out(score)
    rng = np.random.default_rng(seed)
    bars = sorted(rng.choice(desk.bars, size=min(3, desk.bars), replace=False).tolist())
    parts = [int(rng.integers(3))]
    take = done(infill(desk, whole_bars(desk.frame, parts, bars)), seed=seed)
    line, written = Timeline.of(desk.frame), len(take.score.provenance) - 1
    for index, (own, new) in enumerate(zip(score.parts, take.score.parts, strict=True)):
        inside = [bar for bar in bars if index in parts]
        kept = own.notes.take(~np.isin(line.bar_of(desk.onsets[index]), inside))
        now = [
            n for i, n in enumerate(new.notes) if new.notes.origin is None or new.notes.origin[i] != written
        ]
        assert list(kept) == now
    assert (take.score.tempos, take.score.metres, take.score.chords) == (
        score.tempos,
        score.metres,
        score.chords,
    )


def test_notes_played_off_the_grid_come_back_to_the_tick() -> None:
    score = played()
    desk = lay_out(score)
    take = done(infill(desk, whole_bars(desk.frame, [0], [4, 5])))
    before = [n for n in rows(score.parts[0].notes) if not 4 * BAR - 300 <= n[0] < 6 * BAR - 300]
    assert set(before) <= set(rows(take.score.parts[0].notes))
    assert take.score.parts[1].notes.onset.tolist() == score.parts[1].notes.onset.tolist()


def test_a_gap_inside_a_bar_keeps_the_rest_of_the_bar() -> None:
    score = played()
    desk = lay_out(score)
    scope = Scope((Stretch(0, 4 * BAR + QUARTER, 4 * BAR + 2 * QUARTER),))
    take = done(infill(desk, scope))
    own, new = rows(score.parts[0].notes), rows(take.score.parts[0].notes)
    gone = [n for n in own if n not in new]
    added = [n for n in new if n not in own]
    assert all(abs(n[0] - 4 * BAR - QUARTER) <= 300 for n in gone)
    assert added and all(n[0] >= 4 * BAR + QUARTER and n[0] + n[1] <= 4 * BAR + 2 * QUARTER for n in added)


def test_the_report_proves_by_hash_what_was_kept() -> None:
    desk = lay_out(played())
    proof = done(infill(desk, whole_bars(desk.frame, [0], [2]))).report.verdicts[-1]
    assert proof.name == "untouched" and proof.kept and proof.measured.startswith("sha256 ")
    before, after = proof.measured.removeprefix("sha256 ").split(" before, ")
    assert after == f"{before} after" and len(before) == 16


def test_a_rhythm_lock_keeps_every_onset_and_length_and_lets_pitches_go() -> None:
    desk = with_locks(lay_out(played()), ["Tune rhythm"])
    take = done(infill(desk, whole_bars(desk.frame, [0], range(3, 7))))
    own, new = desk.own.parts[0].notes, take.score.parts[0].notes
    assert own.onset.tolist() == new.onset.tolist() and own.duration.tolist() == new.duration.tolist()
    assert own.pitch.tolist() != new.pitch.tolist()


def test_a_pitch_lock_keeps_every_pitch_in_order_and_lets_rhythm_go() -> None:
    desk = with_locks(lay_out(played()), ["Tune pitch"])
    take = done(infill(desk, whole_bars(desk.frame, [0], range(3, 7))))
    own, new = desk.own.parts[0].notes, take.score.parts[0].notes
    assert own.pitch.tolist() == new.pitch.tolist()
    assert own.onset.tolist() != new.onset.tolist()


def test_locked_words_stay_under_their_notes() -> None:
    score = played()
    words = np.array([f"w{i}" for i in range(48)])
    sung = score.parts[0].with_notes(score.parts[0].notes.with_columns(syllable=words))
    desk = with_locks(lay_out(score.with_parts([sung, score.parts[1]])), ["Tune lyric"])
    take = done(infill(desk, whole_bars(desk.frame, [0], range(2, 5))))
    after = take.score.parts[0].notes
    assert after.syllable is not None
    assert list(zip(after.onset.tolist(), after.syllable.tolist(), strict=True)) == list(
        zip(sung.notes.onset.tolist(), words.tolist(), strict=True)
    )


def test_whole_locks_are_taken_out_of_the_scope() -> None:
    desk = with_locks(lay_out(played()), ["3-4", "Bass"])
    take = done(infill(desk, whole_bars(desk.frame, [0, 1], range(2, 6))))
    assert take.score.parts[1].notes == desk.own.parts[1].notes.with_columns(
        origin=take.score.parts[1].notes.origin
    )
    locked = bars_of(desk.own, 0, 2, 2)  # the inside of bars 3-4: notes at their edges may lie a hair before
    assert set(rows(locked)) <= set(rows(take.score.parts[0].notes))


def test_a_scope_that_is_locked_whole_is_refused() -> None:
    desk = with_locks(lay_out(played()), ["Tune"])
    with pytest.raises(
        InvalidInput, match=r"something of the scope must be free, all of it is locked \(1 locks\)"
    ):
        done(infill(desk, whole_bars(desk.frame, [0], [2])))


def test_locks_of_a_file_hold_as_typed_ones_do() -> None:
    score = replace(played(), locks=(Lock(0, 0, 100 * BAR),))
    desk = lay_out(score)
    with pytest.raises(InvalidInput, match="all of it is locked"):
        done(infill(desk, whole_bars(desk.frame, [0], [2])))


@pytest.mark.parametrize("aspect", ["all", "rhythm", "pitch", "ornament"])
def test_a_variation_differs_and_keeps_what_its_aspect_keeps(aspect: str) -> None:
    desk = lay_out(played())
    order = vary(
        desk, whole_bars(desk.frame, [0], range(2, 6)), np.random.default_rng(1), aspect=aspect, distance=0.4
    )
    own, new = desk.own.parts[0].notes, done(order).score.parts[0].notes
    assert rows(own) != rows(new)
    if aspect == "rhythm":
        assert own.pitch.tolist() == new.pitch.tolist()
    if aspect == "pitch":
        assert own.onset.tolist() == new.onset.tolist()
    if aspect == "ornament":
        assert set(zip(own.onset.tolist(), own.pitch.tolist(), strict=True)) <= set(
            zip(new.onset.tolist(), new.pitch.tolist(), strict=True)
        )


def test_a_greater_distance_keeps_fewer_notes() -> None:
    desk = lay_out(played())
    kept = []
    for distance in (0.2, 0.6, 1.0):
        scope = whole_bars(desk.frame, [0], range(16))
        order = vary(desk, scope, np.random.default_rng(1), distance=distance)
        new = rows(done(order).score.parts[0].notes)
        kept.append(sum(n in new for n in rows(desk.own.parts[0].notes)))
    assert kept[0] > kept[1] > kept[2] and kept[0] >= 28


def test_other_chords_leave_the_tune_alone() -> None:
    score = replace(played(), chords=tuple(ChordMark(b * BAR, Chord.parse("C")) for b in range(16)))
    desk = lay_out(score)
    take = done(
        vary(desk, whole_bars(desk.frame, [0, 1], [4, 5]), np.random.default_rng(1), aspect="harmony")
    )
    assert take.score.parts[0].notes == desk.own.parts[0].notes.with_columns(
        origin=take.score.parts[0].notes.origin
    )
    there = {m.tick: m.chord for m in take.score.chords}
    assert there[4 * BAR] != Chord.parse("C") and there[6 * BAR] == Chord.parse("C")


@pytest.mark.parametrize(
    "make",
    [
        lambda desk: melodise(desk, instrument="flute"),
        lambda desk: accompany(desk, players=("piano", "cello")),
        lambda desk: counterpoint(desk, against=0, instrument="viola"),
        lambda desk: drums(desk),
    ],
    ids=["melodise", "accompany", "counterpoint", "drums"],
)  # fmt: skip
def test_new_parts_join_and_nothing_given_changes(make) -> None:  # type: ignore[no-untyped-def]
    desk = lay_out(played())
    take = done(make(desk))
    assert len(take.score.parts) > 2
    for own, now in zip(desk.own.parts, take.score.parts, strict=False):
        assert rows(own.notes) == rows(now.notes)
    for part in take.score.parts[2:]:
        assert len(part.notes) >= 8
        assert set(part.notes.origin.tolist()) == {0}  # type: ignore[union-attr]
    assert take.score.provenance[0].kind == "model"


def test_taps_stand_in_the_groove() -> None:
    taps = Score(
        parts=(Part("Tap", Notes.of([(0, 100, 60), (QUARTER * 3 // 2, 100, 60)])),), metres=played().metres
    )
    take = done(drums(lay_out(played()), tapped=taps))
    kit = take.score.parts[2].notes
    there = set(zip(kit.onset.tolist(), kit.pitch.tolist(), strict=True))
    for bar in range(16):
        assert (bar * BAR, KICK) in there and (bar * BAR + QUARTER * 3 // 2, SNARE) in there


def test_an_accompaniment_takes_the_texture_of_its_donor() -> None:
    busy = [(i * QUARTER // 4, QUARTER // 4, 48 + i % 4) for i in range(48)]
    slow = [(i * BAR, BAR, 48) for i in range(4)]
    counts = []
    for notes in (busy, slow):
        donor = replace(played(), parts=(Part("Left", Notes.of(notes), role="accompaniment"),))
        order = accompany(lay_out(played()), players=("piano",), donor=lay_out(donor))
        assert order.textures is not None
        counts.append(order.textures.density[:, 2].tolist())
    assert min(counts[0]) > max(counts[1])


def test_a_score_is_extended_to_the_very_second() -> None:
    desk = lay_out(played())
    line = Timeline.of(desk.own)
    wanted = round(line.duration_s(line.bar_start(18)) + 0.7, 2)
    take = done(extend_to(desk, seconds=wanted))
    assert line.duration_s(take.score.end) == pytest.approx(wanted, abs=0.01)
    assert max(p.notes.end for p in take.score.parts) <= take.score.end


def test_a_score_is_extended_to_so_many_bars_and_comes_home() -> None:
    take = done(extend_to(lay_out(played()), bars=20))
    assert Timeline.of(take.score).bar_count(take.score.end) == 20
    assert {"close", "last chord", "bars"} <= {v.name for v in take.report.verdicts if v.kept}


def test_what_is_long_enough_is_not_extended() -> None:
    with pytest.raises(
        InvalidInput, match=r"shorter than asked, got 16 bars .* and 16 bars asked: ask for more"
    ):
        extend_to(lay_out(played()), bars=16)


def test_a_reply_follows_the_call_in_its_own_part_alone() -> None:
    desk = lay_out(played())
    take = done(reply(desk, 0, bars=4))
    assert rows(take.score.parts[1].notes) == rows(desk.own.parts[1].notes)
    assert len(bars_of(take.score, 0, 16, 19)) > 0


@pytest.mark.parametrize("name", TECHNIQUES)
def test_every_technique_gives_a_section_that_ends_on_the_tonic(name: str) -> None:
    desk = lay_out(played())
    take = done(develop(desk, 0, [0, 1], by=(name,)))
    section = take.score.parts[0].notes.between(16 * BAR, 10**9)
    key = desk.frame.keys[-1].key
    assert len(section) and int(section.pitch[-1]) % 12 == key.tonic
    assert rows(take.score.parts[0].notes)[:48] == rows(desk.own.parts[0].notes)


def test_wishes_without_parts_are_about_the_scope_alone() -> None:
    desk = lay_out(played())
    asked = read_wishes(["scale C major @ 3-4"], score=desk.frame)
    take = done(replace(infill(desk, whole_bars(desk.frame, [0], [2, 3])), asked=asked))
    inside = take.score.parts[0].notes.between(2 * BAR, 4 * BAR)
    inside = inside.take(inside.origin == len(take.score.provenance) - 1)
    assert set((inside.pitch % 12).tolist()) <= {0, 2, 4, 5, 7, 9, 11}


def test_a_wish_against_what_is_given_is_refused_before_writing() -> None:
    desk = lay_out(played())
    asked = read_wishes(["scale C# major @ 1-4 Tune"], score=desk.frame)
    with pytest.raises(
        ConflictingWishes, match=r"pairs? that cannot: .* and 'notes that are kept' cannot both be kept"
    ):
        done(replace(infill(desk, whole_bars(desk.frame, [0], [2, 3])), asked=asked))


def test_bars_are_told_in_order_with_the_notes_they_end_up_with() -> None:
    desk = lay_out(played())
    told: list[Heard] = []
    order = replace(infill(desk, whole_bars(desk.frame, [0, 1], range(2, 6))), seed=3)
    take = perform_act(order, untrained(), listener=told.append)
    assert [one.bar for one in told] == [2, 3, 4, 5]
    new = take.score.parts[0].notes.take(take.score.parts[0].notes.origin == len(take.score.provenance) - 1)
    heard = sorted(n.pitch for one in told for n in one.notes[0])
    assert heard == sorted(new.pitch.tolist())


def test_a_listener_can_stop_an_act() -> None:
    desk = lay_out(played())

    def stop(heard: Heard) -> None:
        raise Cancelled("no longer wanted")

    with pytest.raises(Cancelled, match="no longer wanted"):
        perform_act(infill(desk, whole_bars(desk.frame, [0], range(2, 6))), untrained(), listener=stop)


def test_the_same_seed_acts_the_same_way_and_takes_differ() -> None:
    desk = lay_out(played())
    order = infill(desk, whole_bars(desk.frame, [0], range(2, 6)))
    a, b, c = done(order, seed=3), done(order, seed=3), done(order, seed=3, take=1)
    assert a.score == b.score and a.score != c.score


def test_a_writer_that_changes_what_is_locked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from zhiyin.fill import act

    def meddling(request, model, rng, **told):  # type: ignore[no-untyped-def]
        score = request.score
        moved = score.parts[1].with_notes(
            score.parts[1].notes.with_columns(pitch=score.parts[1].notes.pitch + 1)
        )
        return score.with_parts([score.parts[0], moved]), 1

    monkeypatch.setattr(act, "write_cells", meddling)
    desk = lay_out(played())
    with pytest.raises(ConstraintsUnmet, match=r"hard wish '(locks|no empty bars)' must be kept, measured"):
        done(infill(desk, whole_bars(desk.frame, [0], [2])))


def chained(desk: Desk, rng: np.random.Generator) -> Order:
    """Return a random act on a random block."""
    bars = sorted({int(b) for b in rng.integers(0, desk.bars, 2)})
    parts = [int(rng.integers(len(desk.own.parts)))]
    scope = whole_bars(desk.frame, parts, range(bars[0], bars[-1] + 1)[:3])
    kind = int(rng.integers(3))
    if kind == 0:
        return infill(desk, scope)
    aspect = ("all", "rhythm", "pitch", "ornament")[int(rng.integers(4))]
    return vary(desk, scope, rng, distance=0.5, aspect=aspect)


def test_a_chain_of_acts_never_loses_what_is_outside_them() -> None:
    rng, score = np.random.default_rng(11), played()
    for step in range(25):
        desk = lay_out(score)
        try:
            take = done(chained(desk, rng), seed=step)
        except ConstraintsUnmet:
            continue
        assert take.report.verdicts[-1].kept
        score = take.score
    # What has become too odd for its bar lines is taken as played freely: its last found bar may end a little later.
    assert 16 <= Timeline.of(score).bar_count(score.end) <= 20
    assert len(score.provenance) > 5


def test_a_desk_refuses_a_score_without_parts() -> None:
    with pytest.raises(InvalidInput, match=r"must have parts to be worked on, got none"):
        lay_out(Score())


def test_notes_struck_together_are_held_together() -> None:
    chord = [(b * BAR + q * QUARTER, QUARTER, p) for b in range(4) for q in range(3) for p in (48, 52, 55)]
    score = replace(
        little_waltz(), parts=(Part("Piano", Notes.of(chord), role="chords"),), chords=(), length_ticks=0
    )
    desk = with_locks(lay_out(score), ["Piano rhythm"])
    new = done(infill(desk, whole_bars(desk.frame, [0], [1, 2]))).score.parts[0].notes
    assert new.onset.tolist() == score.parts[0].notes.onset.tolist()
    assert all(len(set(new.pitch[new.onset == t].tolist())) == 3 for t in np.unique(new.onset))


def test_notes_of_the_note_type_are_not_lost_when_a_part_is_empty() -> None:
    score = replace(played(), parts=(*played().parts, Part("Empty", program=40)))
    desk = lay_out(score)
    take = done(infill(desk, whole_bars(desk.frame, [2], [4])))
    assert rows(take.score.parts[0].notes) == rows(score.parts[0].notes)
    assert Note(0, 1, 60) not in list(take.score.parts[2].notes)


def test_a_chord_that_is_wished_stands_in_the_chord_row() -> None:
    desk = lay_out(played())
    asked = read_wishes(["chords Eb7 @ 6"], score=desk.frame)
    order = Order(desk, whole_bars(desk.frame, (CHORD_ROW,), range(4, 8)), asked=asked, shows_chords=True)
    marks = {m.tick: m.chord for m in done(order).score.chords}
    assert marks[5 * BAR] == Chord.parse("Eb7")
    assert all(marks[t] == Chord.parse("Eb7") for t in marks if 5 * BAR <= t < 6 * BAR)
