"""Laws of transfers: the tune stays, strength 0 is nothing, locks and bars hold, more strength changes more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from zhiyin.encode.passages import Passage, passages
from zhiyin.errors import InvalidInput
from zhiyin.fill.acts.transfer import SCALES, Asked, in_scale, transfer, without_unisons
from zhiyin.fill.cast import Played, cast_of, dealt, leader_of, lines_of
from zhiyin.fill.desk import Desk, lay_out
from zhiyin.fill.figures import figured, strokes
from zhiyin.fill.request import Take
from zhiyin.fill.restyled import notes_of
from zhiyin.fill.transfer_writers import RestylerWriter, RulesWriter, refuse_style, rule_styles, tune_alone
from zhiyin.models.vae_transfer_runtime import load_vae_transfer
from zhiyin.score import ChordMark, KeyMark, Lock, MetreMark, Notes, Part, Score, Tempo
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER as Q

BARS = 8
TUNE = [72, 74, 76, 77, 79, 77, 74, 71]  # two halves a bar; F and B among them


def song(*, shift: int = 0) -> Score:
    """Return eight bars of 4/4 in C: a tune in halves over block chords and a bass, `shift` ticks off the grid."""
    tune = [(i * 2 * Q + shift, 2 * Q - 500, TUNE[i % 8], 90) for i in range(2 * BARS)]
    roots = [0, 5, 7, 0]
    chords = [
        (b * 4 * Q + shift, 4 * Q - 700, 60 + roots[b % 4] % 5 + t, 61)
        for b in range(BARS)
        for t in (0, 4, 7)
    ]
    bass = [(b * 4 * Q + shift, 4 * Q - 700, 36 + roots[b % 4], 70) for b in range(BARS)]
    return Score(
        title="Song",
        parts=(
            Part("Flute", Notes.of(tune), role="melody", program=73),
            Part("Organ", Notes.of(chords), role="chords", program=19),
            Part("Bass", Notes.of(bass), role="bass", program=32),
        ),
        tempos=(Tempo(0, 96.0),), metres=(MetreMark(0, Metre(4, 4)),), keys=(KeyMark(0, Key(0, "major")),),
        chords=tuple(ChordMark(b * 4 * Q, Chord(roots[b % 4])) for b in range(BARS)), length_ticks=BARS * 4 * Q,
    )  # fmt: skip


def rows(part: Part) -> list[tuple[int, int, int, int]]:
    return [tuple(note) for note in part.notes]  # type: ignore[misc]


def done(score: Score, **asked: object) -> Take:
    told = Asked(**{"style": "waltz", **asked})  # type: ignore[arg-type]
    return transfer(lay_out(score), told, RulesWriter(), rng=np.random.default_rng(0))


@pytest.mark.parametrize("shift", [0, 333])
def test_strength_zero_gives_the_song_back(shift: int) -> None:
    assert done(song(shift=shift), strength=0.0).score == song(shift=shift)


@pytest.mark.parametrize("style", ["waltz", "hymn", "ragtime", "string-quartet", "chinese", "rock"])
def test_the_tune_comes_back_note_for_note(style: str) -> None:
    before = song(shift=333)
    after = done(before, style=style).score
    assert rows(after.parts[0]) == rows(before.parts[0])
    assert {p.name for p in after.parts}.isdisjoint({"Organ", "Bass"})


def test_a_tune_that_may_change_moves_to_the_five_tones_and_keeps_its_rhythm() -> None:
    before, after = song(), done(song(), style="chinese", is_tune_kept=False).score
    assert {p % 12 for p in after.parts[0].notes.pitch.tolist()} <= {0, 2, 4, 7, 9}
    assert [n[:2] for n in rows(after.parts[0])] == [n[:2] for n in rows(before.parts[0])]
    # F falls to E, B rises to C: the nearest tones.
    assert [in_scale(p, tonic=0, is_minor=False, scale=SCALES["chinese"]) for p in TUNE] == [
        72,
        74,
        76,
        76,
        79,
        76,
        74,
        72,
    ]


def test_bars_that_are_not_asked_for_stay_as_they_are() -> None:
    before, after = song(), done(song(), bars=(2, 3)).score
    assert [p.name for p in after.parts] == [p.name for p in before.parts]
    for old, new in zip(before.parts, after.parts, strict=True):
        outside = [n for n in rows(old) if not 2 * 4 * Q <= n[0] < 4 * 4 * Q]
        assert [n for n in rows(new) if not 2 * 4 * Q <= n[0] < 4 * 4 * Q] == outside
    assert rows(after.parts[1]) != rows(before.parts[1])


def test_what_is_locked_stays_and_keeps_its_player() -> None:
    locked = replace(song(), locks=(Lock(2, 0, 4 * 4 * Q, "notes"),))
    after = done(locked, style="ragtime").score
    assert [p.name for p in after.parts] == ["Flute", "Organ", "Bass"]
    assert [n for n in rows(after.parts[2]) if n[0] < 4 * 4 * Q] == rows(song().parts[2])[:4]


def test_a_part_that_is_kept_stays_whole() -> None:
    after = done(song(), keep=frozenset({2})).score
    assert rows(next(p for p in after.parts if p.name == "Bass")) == rows(song().parts[2])


def test_more_strength_gives_up_more_of_what_was_there() -> None:
    before = {n for p in song().parts for n in rows(p)}
    left = [
        len(before & {n for p in done(song(), strength=s).score.parts for n in rows(p)})
        for s in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    assert left == sorted(left, reverse=True) and left[0] == len(before) and left[-1] == 2 * BARS


def test_half_strength_is_the_new_bass_under_the_old_chords() -> None:
    after = done(song(), strength=0.5, players="same").score
    assert rows(after.parts[1]) == rows(song().parts[1]) and rows(after.parts[2]) != rows(song().parts[2])


def test_nothing_free_and_strengths_out_of_reach_are_refused() -> None:
    shut = replace(song(), locks=(Lock(-1, 0, BARS * 4 * Q, "notes"),))
    with pytest.raises(InvalidInput, match="something under the tune must be free to change, got 1 locks"):
        done(shut)
    with pytest.raises(InvalidInput, match=r"strength must be 0..1, got 1.5"):
        Asked(style="waltz", strength=1.5)
    with pytest.raises(InvalidInput, match="players must be one of style, same, got 'mine'"):
        Asked(style="waltz", players="mine")


def test_a_tune_alone_gets_players_of_the_style() -> None:
    alone = song().with_parts(song().parts[:1])
    after = done(alone, style="hymn").score
    assert [p.name for p in after.parts] == ["Soprano", "Alto", "Tenor", "Bass voice"]
    assert rows(after.parts[0]) == rows(alone.parts[0])


class Silence:
    """A writer that writes nothing, to see what is given up."""

    name, version = "silence", "0"

    def write(
        self, frame: Score, found: Sequence[Passage], style: str, *, rng: np.random.Generator
    ) -> list[Played]:
        return dealt([], cast_of(style))


def test_what_a_writer_leaves_silent_is_silent() -> None:
    take = transfer(lay_out(song()), Asked(style="waltz"), Silence(), rng=np.random.default_rng(0))
    assert [len(p.notes) for p in take.score.parts if len(p.notes)] == [2 * BARS]


def test_a_learnt_family_answers_alike_and_below_the_tune() -> None:
    net = load_vae_transfer()
    writer = RestylerWriter(net, "hymn")
    desk: Desk = lay_out(song())
    takes = [transfer(desk, Asked(style="waltz"), writer, rng=np.random.default_rng(n)) for n in (0, 1)]
    assert takes[0].score == takes[1].score
    varied = transfer(
        desk, Asked(style="waltz"), replace(writer, is_varied=True), rng=np.random.default_rng(3)
    )
    assert varied.score != takes[0].score
    tune = {o: p for o, _, p, _ in rows(takes[0].score.parts[0])}
    assert all(p < tune[o] for part in takes[0].score.parts[1:] for o, _, p, _ in rows(part) if o in tune)


def test_every_style_of_a_family_has_players_and_figures() -> None:
    for style in load_vae_transfer().styles:
        assert cast_of(style) and style in rule_styles()
    assert leader_of("waltz") == "piano" and {"rock", "jazz", "chinese"} <= set(rule_styles())


def test_a_waltz_is_a_bass_and_two_chords() -> None:
    ground = passages(lay_out(replace(song(), metres=(MetreMark(0, Metre(3, 4)),), chords=())).frame)[
        0
    ].ground
    assert [(s.beat, s.what) for s in strokes("waltz", "three", 3)] == [
        (0.0, "root"),
        (1.0, "chord"),
        (2.0, "chord"),
    ]
    struck = figured(ground, "waltz")
    assert {onset % 72 for onset, _, _ in struck} == {0, 24, 48}
    assert all(onset % 72 == 0 for onset, _, pitch in struck if pitch < 48)


def test_lines_do_not_cross_and_hold_one_note_each() -> None:
    chord = [(0, 24, 48), (0, 24, 55), (0, 24, 64), (24, 24, 50), (48, 24, 47), (48, 24, 62)]
    high, middle, low = lines_of(chord, 3)
    assert (
        high[0] == (0, 24, 64)
        and middle[0] == (0, 24, 55)
        and low == [(0, 24, 48), (24, 24, 50), (48, 24, 47)]
    )
    assert high[1] == (48, 24, 62)


def test_as_many_notes_are_struck_as_the_chances_add_up_to() -> None:
    ground = passages(lay_out(song()).frame)[0].ground
    strike = np.zeros((ground.cells, 72))
    for bar in range(BARS):  # chances that add up to two notes a bar
        strike[16 * bar, [12, 16, 19]] = [0.9, 0.6, 0.5]
    found = notes_of(strike, np.zeros_like(strike), ground)
    assert [onset for onset, _, _ in found] == [96 * bar for bar in range(BARS) for _ in range(2)]


def test_a_style_that_a_family_does_not_serve_names_one_that_does() -> None:
    serves = {"vae-transfer": ("waltz",), "rules": ("rock", "waltz")}
    with pytest.raises(
        InvalidInput, match="'vae-transfer' transfers to waltz, got 'rock': use --family rules"
    ):
        refuse_style("vae-transfer", "rock", serves)
    refuse_style("rules", "rock", serves)


def test_a_band_needs_a_tune() -> None:
    only = song().with_parts([song().parts[2]])
    with pytest.raises(InvalidInput, match="a band needs a tune to play under, got parts of role bass"):
        tune_alone(only)


def test_a_note_that_a_person_holds_for_three_bars_is_theirs_to_hold() -> None:
    long = Notes.of([(0, 12 * Q, 72, 90), *((b * 4 * Q, 4 * Q, 74, 90) for b in range(3, BARS))])
    held = song().with_parts([Part("Flute", long, role="melody", program=73), *song().parts[1:]])
    assert rows(done(held).score.parts[0]) == rows(held.parts[0])


def test_who_plays_a_line_goes_on_playing_a_line() -> None:
    after = done(song(), style="ragtime", players="same").score
    bass = rows(after.parts[2])
    assert len({onset for onset, _, _, _ in bass}) == len(bass)
    chords = rows(after.parts[1])
    assert len({onset for onset, _, _, _ in chords}) < len(chords) and max(p for _, _, p, _ in bass) < 52


def test_a_part_does_not_strike_a_key_that_its_tune_holds() -> None:
    tune = Notes.of([(0, 480, 62), (480, 480, 64)])
    fresh = Notes.of(
        [(0, 240, 62), (0, 240, 50), (240, 480, 62), (480, 240, 62), (700, 100, 64), (0, 100, 50)]
    )
    left = without_unisons(fresh, tune)
    assert sorted(zip(left.onset.tolist(), left.pitch.tolist(), strict=True)) == [(0, 50), (480, 62)]
