"""Laws of blends and ways between pieces: what stays, what moves, who writes what, what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fill.band import untrained
from tests.fill.test_latent import DOWN, UP, tune
from zhiyin.encode.bar_steps import cut_bars
from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order, perform_act
from zhiyin.fill.acts.between import blend, interpolate, vary_by_latent
from zhiyin.fill.acts.between_chords import chords_of_bar, fitting_chords
from zhiyin.fill.acts.between_pieces import Asked, counterparts, meet
from zhiyin.fill.desk import Desk, lay_out
from zhiyin.fill.latent.reading import PartBars, is_line, share_held_over
from zhiyin.fill.lock_words import with_locks
from zhiyin.fill.request import Take
from zhiyin.fill.scope import whole_bars
from zhiyin.score import ChordMark, Note, Notes, Part, Score, Timeline
from zhiyin.theory.chord import Chord
from zhiyin.units import TICKS_PER_QUARTER

Q = TICKS_PER_QUARTER


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def with_piano(score: Score) -> Score:
    """Return a tune with a chord of the piano in every bar."""
    bars = Timeline.of(score).bar_count(score.length_ticks)
    notes = Notes.of([(bar * 4 * Q, 4 * Q, p) for bar in range(bars) for p in (48, 52, 55)])
    return score.with_parts((*score.parts, Part("Piano", notes, role="accompaniment", program=0)))


def done(order: Order, seed: int = 1) -> Take:
    return perform_act(replace(order, seed=seed), untrained())


def varied(desk: Desk, parts: tuple[int, ...], distance: float) -> Order:
    order = vary_by_latent(desk, whole_bars(desk.frame, parts, range(2)), rng(), distance=distance)
    assert isinstance(order, Order)
    return order


def in_thirds(score: Score) -> Score:
    """Return a tune with a third below each of its notes, in the same part."""
    notes = score.parts[0].notes
    lower = notes.with_columns(pitch=notes.pitch - 4)
    return score.with_parts((score.parts[0].with_notes(Notes.concat([notes, lower])), *score.parts[1:]))


def desk_of(pitches: tuple[int, ...], **told: object) -> Desk:
    return lay_out(tune(pitches, **told))  # type: ignore[arg-type]


def verdict(take: Take, name: str) -> str:
    return next(v.measured for v in take.report.verdicts if v.name == name)


def test_a_blend_leaves_the_bars_behind_it_byte_for_byte() -> None:
    a, b = desk_of(UP * 2), desk_of(DOWN * 2)
    take = done(blend((a, b), rng(), asked=Asked(bars=2)))
    edge = 8 * Q
    before, after = (s.parts[0].notes.take(s.parts[0].notes.onset >= edge) for s in (a.own, take.score))
    assert list(before) == list(after)
    assert [tuple(n) for n in take.score.parts[0].notes.between(0, edge)] != [
        tuple(n) for n in a.own.parts[0].notes.between(0, edge)
    ]


def test_all_the_weight_on_one_piece_gives_its_line() -> None:
    a, b = desk_of(UP), desk_of(DOWN)
    take = done(blend((a, b), rng(), weights=(0.0, 1.0)))
    assert [n.pitch for n in take.score.parts[0].notes] == list(DOWN)
    assert verdict(take, "between").endswith("0%")


def test_other_pieces_come_to_the_first_one_s_signature_the_nearer_way() -> None:
    a, b = desk_of(UP), desk_of(tuple(p + 7 for p in DOWN), key="G")
    assert meet((a, b), Asked()).shifts == (0, 5)
    take = done(blend((a, b), rng(), weights=(0.0, 1.0)))
    assert [n.pitch for n in take.score.parts[0].notes] == [
        p + 12 for p in DOWN
    ]  # up a fourth, not down a fifth
    own = done(blend((a, b), rng(), weights=(0.0, 1.0), asked=Asked(is_transposed=False)))
    assert [n.pitch for n in own.score.parts[0].notes] == [p + 7 for p in DOWN]


def test_a_locked_bar_stays_and_the_others_move() -> None:
    a, b = with_locks(desk_of(UP), ["1"]), desk_of(DOWN)
    take = done(blend((a, b), rng(), weights=(0.0, 1.0)))
    pitches = [n.pitch for n in take.score.parts[0].notes]
    assert pitches[:4] == list(UP[:4]) and pitches[4:] == list(DOWN[4:])


def test_others_are_written_by_the_helper_and_the_report_can_tell() -> None:
    a, b = lay_out(with_piano(tune(UP))), lay_out(with_piano(tune(DOWN)))
    take = done(blend((a, b), rng(), weights=(0.2, 0.8)))
    names = [o.name for o in take.score.provenance]
    by = [
        {names[i] for i in part.notes.origin.tolist()}
        for part in take.score.parts
        if part.notes.origin is not None
    ]
    assert by[0] == {"vae"} and by[1] == {untrained().name}


def test_kept_parts_stay_and_keeping_every_line_is_refused() -> None:
    a, b = lay_out(with_piano(tune(UP))), lay_out(with_piano(tune(DOWN)))
    take = done(blend((a, b), rng(), asked=Asked(keep=frozenset({1}))))
    assert list(take.score.parts[1].notes) == list(a.own.parts[1].notes)
    with pytest.raises(
        InvalidInput, match="pieces must share a melody, a bass or drums that may change, got none"
    ):
        blend((a, b), rng(), asked=Asked(keep=frozenset({0})))


def test_bars_of_other_lengths_are_refused_or_stretched_by_the_named_rule() -> None:
    a, b = desk_of(UP), desk_of(DOWN[:6], metre=(3, 4))
    with pytest.raises(InvalidInput, match="got 16 and 12 sixteenths in bar 1: use --stretch"):
        blend((a, b), rng())
    take = done(blend((a, b), rng(), weights=(0.0, 1.0), asked=Asked(is_stretched=True)))
    assert [n.pitch for n in take.score.parts[0].notes] == list(DOWN[:6])


def test_more_bars_than_there_are_and_a_blend_of_one_are_refused() -> None:
    a, b = desk_of(UP), desk_of(DOWN)
    with pytest.raises(InvalidInput, match="got 9 asked and 2 in the shortest: ask for fewer"):
        blend((a, b), rng(), asked=Asked(bars=9))
    with pytest.raises(InvalidInput, match="a blend needs 2 pieces or more, got 1"):
        blend((a,), rng())
    with pytest.raises(InvalidInput, match="strength must be above 0 and up to 1, got 0"):
        blend((a, b), rng(), strength=0.0)


def test_a_way_begins_with_the_one_piece_and_ends_with_the_other_s_line() -> None:
    a, b = desk_of(UP), desk_of(DOWN)
    take = done(interpolate((a, b), rng(), steps=4, asked=Asked(bars=2)))
    notes, size = take.score.parts[0].notes, 8 * Q
    assert [n.pitch for n in notes.between(0, size)] == list(UP)
    assert [n.pitch for n in notes.between(3 * size, 4 * size)] == list(DOWN)
    assert [s.name for s in take.score.sections] == ["1/4", "2/4", "3/4", "4/4"]
    assert take.score.end <= 4 * size


def test_a_way_of_two_steps_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"steps must be 3\.\.16, got 2"):
        interpolate((desk_of(UP), desk_of(DOWN)), rng(), steps=2)


def test_varying_by_latents_needs_a_melody_a_bass_or_drums() -> None:
    a = lay_out(with_piano(tune(UP)))
    take = done(varied(a, (0,), 0.6))
    assert list(take.score.parts[1].notes) == list(a.own.parts[1].notes)
    assert list(take.score.parts[0].notes) != list(a.own.parts[0].notes)
    with pytest.raises(InvalidInput, match="varies melody, bass and drums, got parts without them"):
        vary_by_latent(a, whole_bars(a.frame, (1,), range(2)), rng(), distance=0.6)


@pytest.mark.parametrize("score", [tune(UP), in_thirds(tune(UP)), with_piano(tune(UP))])
def test_varying_by_no_distance_gives_every_note_back(score: Score) -> None:
    desk = lay_out(score)
    take = vary_by_latent(desk, whole_bars(desk.frame, (0,), range(2)), rng(), distance=0.0)
    assert isinstance(take, Take) and take.report.is_kept
    assert [list(p.notes) for p in take.score.parts] == [list(p.notes) for p in score.parts]


def test_a_melody_of_chords_is_not_flattened_but_refused() -> None:
    desk = lay_out(in_thirds(tune(UP)))
    with pytest.raises(
        InvalidInput, match=r"one note at a time, got 50% of 16 notes .* use --family transformer"
    ):
        varied(desk, (0,), 0.3)
    with pytest.raises(InvalidInput, match=r"distance must lie in 0\.\.1, got 1\.5"):
        varied(desk, (0,), 1.5)


def test_legato_is_a_line_and_thirds_are_not() -> None:
    legato = Notes.of([(i * Q, Q + Q // 8, 60 + i) for i in range(8)])
    assert is_line(legato) and share_held_over(legato) == 0.0
    assert not is_line(in_thirds(tune(UP)).parts[0].notes)


def in_four_parts(tops: tuple[int, ...], basses: tuple[int, ...]) -> Score:
    """Return a hymn in quarters, two inner voices a third and a sixth under the tune; the bass stands first."""
    rows = (basses, tops, tuple(p - 4 for p in tops), tuple(p - 9 for p in tops))
    parts = [
        Part(f"voice {i}", Notes.of([(k * Q, Q, p) for k, p in enumerate(row)]), role="unknown", program=0)
        for i, row in enumerate(rows)
    ]
    return tune(tops).with_parts(tuple(parts))


LOW_UP, LOW_DOWN = (36, 38, 40, 41, 43, 45, 47, 48), (52, 50, 48, 47, 45, 43, 41, 40)


def test_a_hymn_without_roles_gives_its_highest_line_and_its_lowest_to_a_blend() -> None:
    a, b = (lay_out(in_four_parts(*rows)) for rows in ((UP, LOW_UP), (DOWN, LOW_DOWN)))
    met = meet((a, b), Asked())
    assert {part: side[0].role for part, side in met.sides.items() if part not in met.inner} == {
        1: "melody", 0: "bass",
    }  # fmt: skip
    assert met.inner == {2, 3}
    take = done(blend((a, b), rng(), weights=(0.0, 1.0)))
    assert [n.pitch for n in take.score.parts[1].notes] == list(DOWN)
    assert [n.pitch for n in take.score.parts[0].notes] == list(LOW_DOWN)
    assert verdict(take, "who wrote") == (
        "between the pieces: 2 (melody), 1 (bass), 3 (inner), 4 (inner); anew: none"
    )


def test_of_voices_beside_a_tune_alone_the_report_tells_who_wrote_them() -> None:
    a, b = lay_out(in_four_parts(UP, LOW_UP)), lay_out(tune(DOWN))
    take = done(blend((a, b), rng(), weights=(0.0, 1.0)))
    told = next(v for v in take.report.verdicts if v.name == "who wrote")
    assert f"written anew to them by {untrained().name}: part 1, 3, 4." in told.text_en


def test_voices_written_anew_stay_between_the_lines() -> None:
    a, b = (lay_out(in_four_parts(*rows)) for rows in ((UP, LOW_UP), (DOWN, LOW_DOWN)))
    take = done(blend((a, b), rng(), weights=(0.5, 0.5)))
    bass, top, *inner = ({n.onset: n.pitch for n in p.notes} for p in take.score.parts)
    shared = [(t, p) for one in inner for t, p in one.items() if t in top and t in bass]
    assert shared and all(bass[t] <= p <= top[t] for t, p in shared)


def test_voices_beside_a_varied_tune_stay_between_the_lines_too() -> None:
    desk = lay_out(in_four_parts(UP, LOW_UP))
    take = done(varied(desk, (0, 1, 2, 3), 0.4))
    bass, top, *inner = ({n.onset: n.pitch for n in p.notes} for p in take.score.parts)
    shared = [(t, p) for one in inner for t, p in one.items() if t in top and t in bass]
    assert shared and all(bass[t] <= p <= top[t] for t, p in shared)


def test_the_bass_of_another_piece_s_chords_is_their_lowest_notes() -> None:
    a, b = lay_out(in_four_parts(UP, LOW_UP)), lay_out(with_piano(tune(DOWN)))
    (other,) = (sides[1] for sides in meet((a, b), Asked()).sides.values() if sides[0].role == "bass")
    assert other.bars.steps[:, 0].tolist() == [48, 48]
    back = meet((b, a), Asked()).sides  # chords of a hand are not replaced by a line
    assert [sides[0].role for sides in back.values()] == ["melody"]


def test_weights_that_do_not_add_up_to_one_are_told_as_the_shares_they_were_taken_as() -> None:
    a, b = desk_of(UP), desk_of(DOWN)
    (half, told) = (
        next(w for w in blend((a, b), rng(), weights=w).wishes if w.name == "between").check(a.frame)
        for w in ((0.5, 0.5), (0.3, 0.3))
    )
    assert half.text_en.startswith("Weights 0.5 : 0.5;")
    assert told.text_en.startswith("Weights 0.3 : 0.3 do not add up to 1 and were taken as shares 0.5 : 0.5;")
    assert told.text_zh.startswith("权重 0.3 : 0.3 之和不是 1，按比例 0.5 : 0.5 计；")


def test_notes_under_the_line_of_a_part_are_counted_in_the_report() -> None:
    a, b = desk_of(UP), lay_out(in_thirds(tune(DOWN)))
    assert verdict(done(blend((a, b), rng())), "read-on-sixteenths") == "0 attacks, 8 notes left out"


def test_a_bar_takes_the_chords_of_the_piece_whose_tones_it_sings() -> None:
    line = PartBars(cut_bars(np.array([65, 128, 69, 128] * 4, np.uint8), np.array([0, 16])), "melody")
    one = Score(parts=(Part("a", Notes.of([Note(0, 4 * Q, 60)])),), chords=(ChordMark(0, Chord.parse("C")),))
    two = replace(one, chords=(ChordMark(0, Chord.parse("C")), ChordMark(2 * Q, Chord.parse("E"))))
    assert chords_of_bar(two, 0, 5) == ((0, Chord.parse("F")), (2 * Q, Chord.parse("A")))
    (chosen,) = fitting_chords(line, [(one, 0, 0), (one, 0, 5)], (0.9, 0.1))
    assert chosen == (
        (0, Chord.parse("F")),
    )  # F and A are tones of the second one's chord, moved up a fourth


# Four voices a bar, from the highest: a hymn's and another's, a step and more away, each in its own register.
FOUR = ((72, 74, 76, 77), (67, 67, 67, 69), (64, 62, 60, 60), (48, 55, 48, 53))
OTHER = ((76, 74, 72, 71), (69, 67, 64, 67), (60, 60, 57, 62), (45, 48, 53, 43))


def voices(lines: tuple[tuple[int, ...], ...], roles: tuple[str, ...], *, order: tuple[int, ...]) -> Desk:
    """Return two bars of quarters for each line, the parts laid out in an order of their own and named by number."""
    empty = tune(lines[0] * 2)
    parts = [
        Part(
            f"Part {i + 1}",
            Notes.of([(k * Q, Q, p) for k, p in enumerate(lines[i] * 2)]),
            role=roles[i],
            program=52,
        )
        for i in order
    ]
    return lay_out(empty.with_parts(parts))


ROLES4 = ("melody", "inner", "inner", "bass")


def test_each_of_four_voices_meets_its_counterpart_by_height_however_the_parts_are_ordered() -> None:
    a, b = voices(FOUR, ROLES4, order=(0, 1, 2, 3)), voices(OTHER, ROLES4, order=(3, 2, 0, 1))
    met = meet((a, b), Asked())
    assert set(met.sides) == {0, 1, 2, 3} and met.inner == {1, 2}
    take = done(blend((a, b), rng(), weights=(0.0, 1.0)))
    assert [[n.pitch for n in part.notes] for part in take.score.parts] == [list(line * 2) for line in OTHER]


def test_voices_without_names_or_roles_meet_from_the_highest_down() -> None:
    none = ("unknown",) * 4
    a, b = voices(FOUR, none, order=(0, 1, 2, 3)), voices(OTHER, none, order=(1, 3, 0, 2))
    take = done(blend((a, b), rng(), weights=(0.0, 1.0)))
    assert [[n.pitch for n in part.notes] for part in take.score.parts] == [list(line * 2) for line in OTHER]
    assert "anew: none" in verdict(take, "who wrote")


def test_a_voice_without_a_counterpart_is_written_anew_and_a_kept_one_stays() -> None:
    a = voices(FOUR, ROLES4, order=(0, 1, 2, 3))
    three = voices((OTHER[0], OTHER[2], OTHER[3]), ("melody", "inner", "bass"), order=(0, 1, 2))
    assert meet((a, three), Asked()).inner == {2}  # the tenor: 61.5 is nearer to 59.75 than the alto's 67.5
    kept = meet((a, voices(OTHER, ROLES4, order=(0, 1, 2, 3))), Asked(keep=frozenset({1})))
    assert set(kept.sides) == {0, 2, 3}


def test_counterparts_are_the_nearest_in_order_and_a_role_counts_three_semitones() -> None:
    """60 against 62 (another role) and 56: 2 + 3 beside 4."""
    assert counterparts([(60.0, "inner")], [(62.0, "chords"), (56.0, "inner")]) == [(0, 1)]
    assert counterparts([(60.0, "inner")], [(62.0, "inner"), (56.0, "inner")]) == [(0, 0)]
    assert counterparts([], [(60.0, "inner")]) == []
