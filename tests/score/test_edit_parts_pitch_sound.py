"""Laws of edits of parts, pitch, loudness, length and tempo; values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.errors import InvalidInput
from zhiyin.score import ChordMark, KeyMark, Lock, Notes, Origin, Part, Score, Tempo
from zhiyin.score.edit_parts import (
    change_instrument,
    double_parts,
    double_with,
    drop_parts,
    give_notes,
    silence_parts,
)
from zhiyin.score.edit_pitch import add_parallel, change_key, change_mode, shift_pitches, shift_steps
from zhiyin.score.edit_sound import (
    add_velocity,
    bend_tempo,
    legato,
    scale_tempo_in,
    set_level,
    set_tempo_in,
    staccato,
    swell,
    taken_from,
    to_grid,
)
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key

Q = 10_080
BAR = 4 * Q
ALL = [(0, 1)]
C, D = Key(0), Key.parse("D major")


def band(**fields: object) -> Score:
    """Return two bars: a tune of quarters, a bass of whole notes, drums; the tune's notes come from two origins."""
    tune = Notes.of([(i * Q, Q, p) for i, p in enumerate((60, 62, 64, 65, 67, 65, 64, 60))])
    return Score(
        "band",
        (
            Part("Tune", tune.with_columns(origin=[0, 1] * 4), role="melody", program=73),
            Part("Bass", Notes.of([(0, BAR, 36), (BAR, BAR, 43)]), role="bass", program=33),
            Part("Drums", Notes.of([(0, Q, 36), (BAR, Q, 38)]), role="drums", is_drums=True),
        ),
        provenance=(Origin("person", "me"), Origin("model", "small")),
        **fields,  # type: ignore[arg-type]
    )


def rows(score: Score, part: int = 0, column: str = "pitch") -> list[int]:
    """Return a column of a part."""
    found: list[int] = getattr(score.parts[part].notes, column).tolist()
    return found


def test_a_dropped_part_takes_its_locks_along_and_other_locks_follow_their_part() -> None:
    done = drop_parts(band(locks=(Lock(2, 0, Q), Lock(0, Q, BAR))), [1])
    assert [part.name for part in done.parts] == ["Tune", "Drums"]
    assert done.locks == (Lock(1, 0, Q), Lock(0, Q, BAR))


def test_dropping_the_longest_part_keeps_the_length_of_the_piece() -> None:
    done = drop_parts(band(), [0, 1])
    assert (done.end, done.length_ticks) == (2 * BAR, 2 * BAR)


def test_silenced_bars_lose_their_notes_and_no_others() -> None:
    done = silence_parts(band(), [0, 2], [(0, 0)])
    assert [rows(done, part) for part in range(3)] == [[67, 65, 64, 60], [36, 43], [38]]


def test_a_new_instrument_moves_by_octaves_into_its_range() -> None:
    done = change_instrument(band(), [1], "violin")  # 55..93: two octaves up from 36 and 43
    assert (rows(done, 1), done.parts[1].program, done.parts[1].name) == ([60, 67], 40, "Violin")


def test_given_notes_leave_their_part_and_arrive_whole_with_their_origin() -> None:
    done = give_notes(band(), [0], "oboe", ranges=[(1, 1)])
    assert rows(done) == [60, 62, 64, 65]
    assert (done.parts[3].name, done.parts[3].role, rows(done, 3)) == ("Oboe", "melody", [67, 65, 64, 60])
    assert rows(done, 3, "origin") == [0, 1, 0, 1]
    assert done.note_count == band().note_count


def test_given_notes_join_the_part_that_plays_the_instrument_already() -> None:
    done = give_notes(band(), [1], "flute", ranges=[(0, 0)])
    assert len(done.parts) == 3
    assert rows(done) == [60, 60, 62, 64, 65, 67, 65, 64, 60]  # 36 two octaves up, beside the flute's own


def test_drums_take_no_pitched_notes() -> None:
    with pytest.raises(
        InvalidInput, match="drums and pitched parts cannot take each other's notes, got 'Drums'"
    ):
        change_instrument(band(), [2], "flute")


def test_a_doubled_line_has_each_note_twice_and_a_new_player_has_them_once_more() -> None:
    octave = double_parts(band(), [0], -12, ranges=[(0, 0)])
    assert rows(octave) == [48, 60, 50, 62, 52, 64, 53, 65, 67, 65, 64, 60]
    assert rows(octave, 0, "origin") == [0, 0, 1, 1, 0, 0, 1, 1, 0, 1, 0, 1]
    assert double_parts(octave, [0], -12, ranges=[]) == octave
    cello = double_with(band(), [0], "cello", ranges=ALL)
    assert (cello.parts[3].name, rows(cello, 3)) == ("Cello", rows(band()))


@settings(max_examples=50, deadline=None)
@given(step=st.integers(-30, 30), bars=st.sampled_from([[(0, 0)], [(1, 1)], [(0, 1)]]))
def test_moving_up_then_down_is_no_move_for_notes_chords_and_keys(
    step: int, bars: list[tuple[int, int]]
) -> None:
    score = band(chords=(ChordMark(0, Chord(0)), ChordMark(2 * Q, Chord(7))), keys=(KeyMark(0, D),))
    assert (
        shift_pitches(shift_pitches(score, [0, 1, 2], step, ranges=bars), [0, 1, 2], -step, ranges=bars)
        == score
    )


@settings(max_examples=50, deadline=None)
@given(steps=st.integers(-14, 14), key=st.sampled_from(["C major", "A minor", "D dorian", "C宫"]))
def test_steps_up_then_down_is_no_move_for_notes_of_the_scale(steps: int, key: str) -> None:
    score = band(chords=(ChordMark(0, Chord(0)), ChordMark(BAR, Chord(9, "m7"))))
    there = shift_steps(score, [0, 1], steps, ranges=ALL, key=Key.parse(key))
    assert shift_steps(there, [0, 1], -steps, ranges=ALL, key=Key.parse(key)) == score


def test_a_third_up_in_c_is_major_or_minor_as_the_scale_has_it() -> None:
    done = shift_steps(band(), [0], 2, ranges=[(0, 0)], key=C)
    assert rows(done) == [64, 65, 67, 69, 67, 65, 64, 60]
    sharp = Score("s", (Part("a", Notes.of([(0, Q, 66)])),))  # F sharp, a half step above F
    assert rows(shift_steps(sharp, [0], 2, ranges=[(0, 0)], key=C)) == [70]  # a half step above A


def test_chords_move_with_the_steps_when_everyone_moves_and_not_when_one_part_does() -> None:
    score = band(chords=(ChordMark(0, Chord(0)), ChordMark(BAR, Chord(7, "7"))))
    everyone = shift_steps(score, [0, 1, 2], 1, ranges=ALL, key=C)
    assert [mark.chord for mark in everyone.chords] == [Chord(2, "m"), Chord(9, "m7")]
    assert shift_steps(score, [0], 1, ranges=ALL, key=C).chords == score.chords


def test_moved_bars_have_their_own_key_and_chord_and_the_bars_after_keep_theirs() -> None:
    score = band(chords=(ChordMark(0, Chord(0)),), keys=(KeyMark(0, C),))
    done = shift_pitches(score, [0, 1], 2, ranges=[(0, 0)])
    assert done.keys == (KeyMark(0, D), KeyMark(BAR, C))
    assert done.chords == (ChordMark(0, Chord(2)), ChordMark(BAR, Chord(0)))
    assert rows(done, 2) == [36, 38]  # drums stay


def test_moved_notes_are_spelled_for_the_new_key() -> None:
    tune = Notes.of([(0, Q, 64)]).with_columns(spelling=[4])  # E
    done = shift_pitches(Score("s", (Part("a", tune),), keys=(KeyMark(0, C),)), [0], 2, ranges=[(0, 0)])
    assert done.parts[0].notes.spelling.tolist() == [6]  # type: ignore[union-attr] # F sharp, not G flat


def test_another_key_is_reached_by_the_nearest_way() -> None:
    done = change_key(band(keys=(KeyMark(0, C),)), [0, 1, 2], Key.parse("A major"), ranges=ALL, key=C)
    assert rows(done)[:3] == [57, 59, 61]  # three down, not nine up
    assert done.keys == (KeyMark(0, Key.parse("A major")),)
    flat = change_key(band(keys=(KeyMark(0, C),)), [0, 1, 2], Key.parse("Db major"), ranges=ALL, key=C)
    assert flat.keys[0].key.name == "Db major"


def test_minor_lowers_the_third_sixth_and_seventh_and_major_gives_them_back() -> None:
    score = band(keys=(KeyMark(0, C),), chords=(ChordMark(0, Chord(0)), ChordMark(BAR, Chord(5, "maj7"))))
    minor = change_mode(score, [0, 1], "minor", ranges=ALL, key=C)
    assert rows(minor) == [60, 62, 63, 65, 67, 65, 63, 60]
    assert [mark.chord for mark in minor.chords] == [Chord(0, "m"), Chord(5, "m7")]
    assert minor.keys == (KeyMark(0, Key.parse("C minor")),)
    assert change_mode(minor, [0, 1], "major", ranges=ALL, key=Key.parse("C minor")) == score


def test_a_parallel_line_stays_in_the_key() -> None:
    done = add_parallel(band(), [0], -2, ranges=[(0, 0)], key=C)
    assert rows(done)[:8] == [57, 60, 59, 62, 60, 64, 62, 65]


def test_a_pitch_off_the_keyboard_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"notes of 'Bass' must stay in MIDI 0\.\.127, got -12\.\.-5"):
        shift_pitches(band(), [1], -48, ranges=ALL)


def test_louder_then_softer_is_as_before_and_127_is_the_end() -> None:
    assert add_velocity(add_velocity(band(), [0], 12, ranges=ALL), [0], -12, ranges=ALL) == band()
    assert rows(add_velocity(band(), [1], 99, ranges=ALL), 1, "velocity") == [127, 127]


def test_a_level_moves_the_mean_and_keeps_the_accents() -> None:
    part = Part("a", Notes.of([(0, Q, 60, 70), (Q, Q, 62, 90)]))
    done = set_level(Score("l", (part,)), [0], "p", ranges=[(0, 0)])
    assert rows(done, 0, "velocity") == [38, 58]  # mean 48


def test_a_swell_grows_from_nothing_to_its_amount() -> None:
    done = swell(band(), [0], 32, ranges=ALL)
    assert rows(done, 0, "velocity") == [80, 84, 88, 92, 96, 100, 104, 108]


def test_staccato_halves_and_legato_holds_until_the_next_attack() -> None:
    short = staccato(band(), [0], [(0, 0)])
    assert rows(short, 0, "duration") == [Q // 2] * 4 + [Q] * 4
    assert rows(legato(short, [0], [(0, 0)]), 0, "duration") == [Q] * 8
    chord = Score("c", (Part("a", Notes.of([(0, Q, 60), (0, Q, 64), (2 * Q, Q, 62), (3 * Q, Q, 60)])),))
    assert rows(legato(chord, [0], [(0, 0)]), 0, "duration") == [2 * Q, 2 * Q, Q, Q]


def test_the_grid_is_counted_from_the_bar_and_lengths_stay() -> None:
    score = Score("q", (Part("a", Notes.of([(100, Q, 60), (Q - 90, Q, 62)])),))
    done = to_grid(score, [0], 16, ranges=[(0, 0)])
    assert (rows(done, 0, "onset"), rows(done, 0, "duration")) == ([0, Q], [Q, Q])


def test_a_tempo_in_some_bars_is_given_back_after_them() -> None:
    score = band(tempos=(Tempo(0, 100.0), Tempo(Q, 80.0)))
    assert scale_tempo_in(score, 1.5, [(0, 0)]).tempos == (Tempo(0, 150.0), Tempo(Q, 120.0), Tempo(BAR, 80.0))
    assert set_tempo_in(score, 50.0, [(0, 1)]).tempos == (Tempo(0, 50.0), Tempo(Q, 40.0))


def test_slowing_down_goes_beat_by_beat_and_ends_at_the_factor() -> None:
    done = bend_tempo(band(), 0.6, [(0, 0)])
    assert [(t.tick, round(t.bpm)) for t in done.tempos] == [
        (0, 108),
        (Q, 96),
        (2 * Q, 84),
        (3 * Q, 72),
        (BAR, 120),
    ]
    last = bend_tempo(band(), 0.5, [(1, 1)]).tempos[-1]
    assert (last.tick, last.bpm) == (BAR + 3 * Q, 60.0)


def test_another_reading_gives_time_and_loudness_to_its_bars_alone() -> None:
    def late(score: Score) -> Score:
        moved = [
            p.with_notes(p.notes.with_columns(onset=p.notes.onset + 7, velocity=p.notes.velocity + 1))
            for p in score.parts
        ]
        return score.with_parts(moved)

    done = taken_from(band(), late, [0], ranges=[(1, 1)])
    assert rows(done, 0, "onset") == [0, Q, 2 * Q, 3 * Q, *(BAR + i * Q + 7 for i in range(4))]
    assert rows(done, 0, "velocity") == [80] * 4 + [81] * 4
    assert rows(done, 0, "origin") == [0, 1] * 4
    with pytest.raises(InvalidInput, match="must have the same notes, got 7 for 8"):
        taken_from(
            band(),
            lambda s: s.with_parts(
                [p.with_notes(p.notes.take(np.arange(len(p.notes)) > 0)) for p in s.parts]
            ),
            [0],
            ranges=ALL,
        )


EDITS = {
    "drop": lambda s: drop_parts(s, [1]),
    "silence": lambda s: silence_parts(s, [1], ALL),
    "instrument": lambda s: change_instrument(s, [1], "tuba"),
    "give": lambda s: give_notes(s, [1], "tuba", ranges=ALL),
    "double": lambda s: double_parts(s, [1], 12, ranges=ALL),
    "shift": lambda s: shift_pitches(s, [0, 1], 1, ranges=ALL),
    "steps": lambda s: shift_steps(s, [1], 1, ranges=ALL, key=C),
    "mode": lambda s: change_mode(s, [1], "minor", ranges=ALL, key=C),
    "thirds": lambda s: add_parallel(s, [1], 2, ranges=ALL, key=C),
    "velocity": lambda s: add_velocity(s, [1], 5, ranges=ALL),
    "staccato": lambda s: staccato(s, [1], ALL),
    "legato": lambda s: legato(s, [1], ALL),
    "grid": lambda s: to_grid(s, [1], 16, ranges=ALL),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_lock_refuses_every_edit_of_its_part_by_name_and_lets_others_pass(name: str) -> None:
    with pytest.raises(InvalidInput, match=r"what is locked must stay: cannot .* bar 2 of 'Bass': unlock it"):
        EDITS[name](band(locks=(Lock(1, BAR, 2 * BAR),)))
    EDITS[name](band(locks=(Lock(2, BAR, 2 * BAR),)))


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_one_part_leaves_the_drums_byte_for_byte(name: str) -> None:
    done = EDITS[name](band())
    drums = next(part for part in done.parts if part.is_drums)
    assert drums == band().parts[2]


def test_a_lock_on_everything_holds_the_tempo_too_and_a_lock_on_a_part_does_not() -> None:
    with pytest.raises(InvalidInput, match="cannot change the tempo of bar 1 of all parts"):
        scale_tempo_in(band(locks=(Lock(-1, 0, BAR),)), 2.0, ALL)
    assert scale_tempo_in(band(locks=(Lock(0, 0, BAR),)), 2.0, ALL).tempos == (Tempo(0, 240.0),)


def test_a_lock_on_an_aspect_lets_edits_of_other_aspects_pass() -> None:
    tune = band(locks=(Lock(1, 0, BAR, "rhythm"),))
    assert rows(shift_pitches(tune, [1], 1, ranges=ALL), 1) == [37, 44]
    with pytest.raises(InvalidInput, match="cannot shorten the rhythm of bar 1 of 'Bass'"):
        staccato(tune, [1], ALL)
    pitch = band(locks=(Lock(1, 0, BAR, "pitch"),))
    assert rows(staccato(pitch, [1], ALL), 1, "duration") == [2 * Q, 2 * Q]
    assert rows(add_velocity(pitch, [1], 5, ranges=ALL), 1, "velocity") == [85, 85]
    with pytest.raises(InvalidInput, match="cannot move the pitches of the pitch of bar 1 of 'Bass'"):
        shift_pitches(pitch, [1], 1, ranges=ALL)


def test_a_part_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"parts to edit must be 0\.\.2, got \[3\]"):
        add_velocity(band(), [3], 5, ranges=ALL)
