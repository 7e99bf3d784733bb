"""Laws of the arranger over all styles: roots, hands, ranges, full bars, fills, kits, seeds."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from zhiyin.score import Score
from zhiyin.stylebook import Sketch, arrange, assign_books, load_style, sketch, style_names, with_groove
from zhiyin.stylebook.form import SketchPlayer
from zhiyin.theory.instruments import DRUM_KEYS, INSTRUMENTS
from zhiyin.theory.metre import Metre

BARS = 24
HAND = 16
BAR = 40_320


@cache
def piece(name: str, seed: int = 1) -> tuple[Sketch, Score]:
    style, rng = load_style(name), np.random.default_rng(seed)
    plan = sketch(style, rng, bars=BARS)
    return plan, arrange(plan, style, rng)


every_style = pytest.mark.parametrize("name", style_names())


@every_style
def test_the_same_seed_gives_the_same_notes_and_another_seed_others(name: str) -> None:
    piece.cache_clear()
    one = piece(name)[1]
    piece.cache_clear()
    assert piece(name)[1] == one
    assert piece(name, 2)[1] != one


@every_style
def test_every_player_plays_within_the_instruments_range(name: str) -> None:
    plan, score = piece(name)
    for player, part in zip(plan.players, score.parts, strict=True):
        assert len(part.notes), part.name
        if player.is_drums:
            assert set(part.notes.pitch.tolist()) <= set(DRUM_KEYS)
            continue
        instrument = INSTRUMENTS[player.instrument]
        assert instrument.low <= part.notes.pitch.min() and part.notes.pitch.max() <= instrument.high


@every_style
def test_the_bass_meets_a_new_chord_on_its_bass_note(name: str) -> None:
    plan, score = piece(name)
    marks = dict(plan.chords)
    for part in (p for p in score.parts if p.role == "bass"):
        met = [note.pitch % 12 == marks[note.onset].bass for note in part.notes if note.onset in marks]
        assert met and all(met)


@every_style
def test_one_hand_can_strike_what_a_comping_hand_strikes(name: str) -> None:
    style = load_style(name)
    plan, score = piece(name)
    for book, part in zip(assign_books(style, plan.players), score.parts, strict=True):
        if book.job != "comp" or book.voicing == "spread":
            continue
        for onset in set(part.notes.onset.tolist()):
            struck = part.notes.pitch[part.notes.onset == onset]
            assert struck.max() - struck.min() <= HAND, (name, part.name, struck.tolist())


@every_style
def test_no_bar_is_silent(name: str) -> None:
    _, score = piece(name)
    for bar in range(BARS):
        sounding = [
            np.any((p.notes.onset < (bar + 1) * BAR) & (p.notes.offset > bar * BAR)) for p in score.parts
        ]
        assert any(sounding), bar


@every_style
def test_nothing_sounds_past_the_end(name: str) -> None:
    assert max(part.notes.end for part in piece(name)[1].parts) <= BARS * BAR == piece(name)[1].end


@every_style
def test_the_piece_ends_on_its_tonic(name: str) -> None:
    plan, score = piece(name)
    assert plan.chords[-1][1].root == plan.key.tonic
    for part in (p for p in score.parts if p.role == "bass"):
        assert int(part.notes.pitch[-1]) % 12 == plan.key.tonic


@pytest.mark.parametrize("name", ["pop", "rock", "funk", "soul", "reggae", "synthwave", "chiptune"])
def test_drums_play_something_else_in_the_bar_before_a_new_section(name: str) -> None:
    plan, score = piece(name)
    drums = next(p.notes for p in score.parts if p.is_drums)
    for section in plan.sections[1:-1]:
        last, before = section.first_bar + section.bars - 1, section.first_bar + section.bars - 3
        shapes = []
        for bar in (last, before):
            hits = drums.between(bar * BAR, (bar + 1) * BAR)
            shapes.append(sorted(zip((hits.onset - bar * BAR).tolist(), hits.pitch.tolist(), strict=True)))
        assert shapes[0] != shapes[1]


def test_four_on_the_floor_is_four_on_the_floor() -> None:
    for name in ("house", "techno"):
        plan, score = piece(name)
        kicks = next(p.notes for p in score.parts if p.is_drums)
        drop = next(s for s in plan.sections if s.name in ("drop", "A"))
        hits = kicks.between(drop.first_bar * BAR, (drop.first_bar + 1) * BAR)
        places = {n.onset % BAR for n in hits if n.pitch == 36}
        assert places >= {0, 10_080, 20_160, 30_240}


def test_reggae_leaves_the_one_and_strikes_the_three() -> None:
    _, score = piece("reggae")
    drums = next(p.notes for p in score.parts if p.is_drums)
    verse = drums.between(6 * BAR, 7 * BAR)
    kicks = {n.onset % BAR for n in verse if n.pitch == 36}
    assert kicks == {20_160}


def test_a_walking_bass_walks_in_quarters_without_a_note_twice_running() -> None:
    style, rng = load_style("swing"), np.random.default_rng(3)
    plan = sketch(style, rng, bars=32)
    bass = next(p.notes for p in arrange(plan, style, rng).parts if p.role == "bass")
    walked = bass.between(0, 31 * BAR)
    assert set(np.diff(walked.onset).tolist()) <= {10_080, 20_160}
    assert np.mean(np.diff(walked.pitch) == 0) < 0.06
    assert np.abs(np.diff(walked.pitch)).max() <= 12


@pytest.mark.parametrize("metre", [Metre(3, 4), Metre(6, 8), Metre(5, 4), Metre(2, 4)])
def test_every_style_can_be_bent_to_other_metres(metre: Metre) -> None:
    for name in style_names():
        style, rng = load_style(name), np.random.default_rng(5)
        score = arrange(sketch(style, rng, bars=8, metre=metre), style, rng)
        assert score.note_count > 20
        assert max(p.notes.end for p in score.parts) <= 8 * metre.bar_ticks


def test_any_instrument_can_sit_in_with_any_style() -> None:
    names = ("violin", "piano", "cello", "shaker", "accordion")
    roles = ("melody", "chords", "bass", "drums", "accompaniment")
    players = tuple(
        SketchPlayer(n, n, r, INSTRUMENTS[n].program, INSTRUMENTS[n].is_drums)
        for n, r in zip(names, roles, strict=True)
    )
    for name in style_names():
        style, rng = load_style(name), np.random.default_rng(6)
        plan = sketch(style, rng, bars=16)
        score = arrange(replace(plan, players=players), style, rng)
        for part, instrument in zip(score.parts, names, strict=True):
            assert len(part.notes), (name, instrument)
            if not part.is_drums:
                found = INSTRUMENTS[instrument]
                assert found.low <= part.notes.pitch.min() and part.notes.pitch.max() <= found.high


def test_a_section_that_returns_sings_the_same_rhythm() -> None:
    style, rng = load_style("pop"), np.random.default_rng(8)
    plan = sketch(style, rng, bars=64)
    tune = next(p.notes for p in arrange(plan, style, rng).parts if p.role == "melody")
    choruses = [s for s in plan.sections if s.name == "chorus"]
    rhythms = []
    for section in choruses[:2]:
        start = section.first_bar * BAR
        rhythms.append((tune.between(start, start + 4 * BAR).onset - start).tolist())
    assert len(choruses) >= 2 and rhythms[0] == rhythms[1]


def test_a_groove_moves_notes_less_than_a_sixteenth_and_loses_none() -> None:
    for name in ("funk", "swing", "pop", "house"):
        _, score = piece(name)
        played = with_groove(score, load_style(name), np.random.default_rng(0))
        assert played.note_count == score.note_count and played.end == score.end
        for before, after in zip(score.parts, played.parts, strict=True):
            assert np.abs(np.sort(before.notes.onset) - np.sort(after.notes.onset)).max() < 2520


def test_house_off_beats_swing_and_the_grid_of_techno_stays() -> None:
    techno = piece("techno")[1]
    assert with_groove(techno, load_style("techno"), np.random.default_rng(0)) == techno
    swung = with_groove(piece("swing")[1], load_style("swing"), np.random.default_rng(0))
    bass_free = next(p.notes for p in swung.parts if p.role == "melody")
    assert np.any(bass_free.onset % 10_080 == 5040 + round(0.75 * 1680))
