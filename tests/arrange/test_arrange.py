"""Laws of arranging: every ensemble, pieces of every kind; what is kept is looked up in the notes alone."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from tests.arrange.pieces import PIECES, TUNE, alberti, band, bare, line
from zhiyin.arrange import ENSEMBLES, Arrangement, arrange, find_ensemble, orchestrate, reduce
from zhiyin.arrange.act import ADDED
from zhiyin.arrange.ensembles import ensemble_of
from zhiyin.errors import InvalidInput
from zhiyin.score import MetreMark, Notes, Part, Score, Tempo
from zhiyin.score.provenance import origins_of
from zhiyin.theory.instruments import INSTRUMENTS
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER as Q

# The tune of each piece as it was written: (onset, pitch class).
MELODY_PART = {"alberti": None, "bare": 0, "band": 0, "performed": 0, "forty": 9}
ALL = [(piece, name) for piece in PIECES for name in ENSEMBLES]


@cache
def made(piece: str, name: str) -> Arrangement:
    return arrange(PIECES[piece](), ENSEMBLES[name])


def melody_of(piece: str) -> set[tuple[int, int]]:
    part = MELODY_PART[piece]
    if part is None:
        return {(i * Q, p % 12) for i, p in enumerate(TUNE)}
    notes = PIECES[piece]().parts[part].notes
    return {(n.onset, n.pitch % 12) for n in notes}


@pytest.mark.parametrize(("piece", "name"), ALL)
def test_every_note_of_the_tune_is_in_a_lead(piece: str, name: str) -> None:
    one = made(piece, name)
    leads = {
        (n.onset, n.pitch % 12)
        for part, deeds in zip(one.score.parts, one.deeds, strict=True) if "lead" in deeds
        for n in part.notes
    }  # fmt: skip
    assert melody_of(piece) <= leads
    assert one.simplified == 0


@pytest.mark.parametrize(("piece", "name"), ALL)
def test_no_note_is_out_of_range_and_nothing_is_unplayable(piece: str, name: str) -> None:
    one = made(piece, name)
    for part, (_, player) in zip(one.score.parts, one.players, strict=True):
        if not part.is_drums and len(part.notes):
            assert part.notes.pitch.min() >= player.instrument.low, part.name
            assert part.notes.pitch.max() <= player.instrument.high, part.name
    assert [fault for fault in one.faults if fault.is_severe] == []


@pytest.mark.parametrize(("piece", "name"), ALL)
def test_line_players_sound_one_note_at_a_time(piece: str, name: str) -> None:
    one = made(piece, name)
    for part, (_, player) in zip(one.score.parts, one.players, strict=True):
        if not player.has_hands and not part.is_drums:
            assert (part.notes.onset[1:] >= part.notes.offset[:-1]).all(), part.name


@pytest.mark.parametrize(("piece", "name"), ALL)
def test_marks_and_length_stay(piece: str, name: str) -> None:
    source, score = PIECES[piece](), made(piece, name).score
    assert (score.tempos, score.metres, score.pickup_ticks) == (
        source.tempos,
        source.metres,
        source.pickup_ticks,
    )
    assert score.end == source.end
    if source.keys:
        assert score.keys == source.keys


@pytest.mark.parametrize("name", ENSEMBLES)
def test_the_same_piece_gives_the_same_arrangement(name: str) -> None:
    assert arrange(band(), ENSEMBLES[name]).score == made("band", name).score


@pytest.mark.parametrize("name", ENSEMBLES)
def test_moved_notes_keep_their_origin_and_added_ones_are_the_arrangers(name: str) -> None:
    score = made("band", name).score
    person = {(n.onset, n.pitch % 12) for n in band().parts[0].notes}
    added = 0
    for part in score.parts:
        origin = origins_of(part.notes, len(score.provenance))
        for note, which in zip(part.notes, origin.tolist(), strict=True):
            if which >= 0 and score.provenance[which].name == "Ann":
                assert (note.onset, note.pitch % 12) in person
            added += which >= 0 and score.provenance[which] == ADDED
    assert added == made("band", name).added


def hands(score: Score) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return the keys that each hand holds at each of its onsets, counted note by note."""
    found = []
    for part in score.parts:
        if part.name.endswith((", upper", ", lower")):
            rows = list(part.notes)
            for note in rows:
                found.append(
                    np.array(
                        [n.pitch for n in rows if n.onset <= note.onset < n.onset + n.duration], np.int64
                    )
                )
    return found


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("span", [12, 16])
def test_a_reduction_stays_in_two_hands(piece: str, span: int) -> None:
    grips = hands(reduce(PIECES[piece](), widest=span).score)
    assert grips
    assert max(int(np.ptp(grip)) for grip in grips) <= span
    assert max(len(grip) for grip in grips) <= 5


def test_a_reduction_keeps_tune_and_bass_and_has_no_drums() -> None:
    one = reduce(band())
    assert [part.name for part in one.score.parts] == ["Piano, upper", "Piano, lower"]
    upper, lower = (part.notes for part in one.score.parts)
    assert melody_of("band") <= {(n.onset, n.pitch % 12) for n in upper}
    bass = {(n.onset, n.pitch % 12) for n in band().parts[4].notes}
    assert bass <= {(n.onset, n.pitch % 12) for n in lower}


def test_a_quartet_shares_out_four_voices_as_they_are() -> None:
    voices = [(72, 71, 72, 74), (64, 62, 64, 65), (55, 55, 60, 57), (48, 43, 45, 38)]
    parts = [Part(f"Voice {n}", line(v), "melody" if n == 0 else "inner", 52) for n, v in enumerate(voices)]
    one = arrange(Score("Hymn", tuple(parts)), ENSEMBLES["string quartet"])
    assert [part.notes.pitch.tolist() for part in one.score.parts] == [list(v) for v in voices]
    assert one.added == 0


def test_a_low_tune_goes_up_in_whole_octaves() -> None:
    one = arrange(
        Score("Low", (Part("Cello", line((48, 50, 52, 53)), "melody", 42),)), find_ensemble("flute, cello")
    )
    assert one.score.parts[0].notes.pitch.tolist() in ([72, 74, 76, 77], [60, 62, 64, 65])


def test_a_bare_tune_gets_a_bass_and_harmony_of_its_chords() -> None:
    one = made("bare", "SATB choir")
    assert [bool(len(part.notes)) for part in one.score.parts] == [True] * 4
    low, high = one.score.parts[3].notes, one.score.parts[0].notes
    assert low.pitch.mean() < high.pitch.mean() - 12


def test_drums_of_the_source_stay_and_a_band_without_gets_a_groove() -> None:
    kept = made("band", "rock band").score.parts[-1]
    assert kept.is_drums and kept.notes.pitch.tolist() == band().parts[5].notes.pitch.tolist()
    groove = made("alberti", "rock band").score.parts[-1].notes
    assert {(n.onset // Q) % 4 for n in groove if n.pitch == 38} == {1, 3}  # the snare on two and four


def test_an_orchestra_passes_the_tune_on() -> None:
    long = Score("Long", tuple(
        Part(name, Notes.concat([line(tuple(p + up for p in TUNE), start=16 * Q * n) for n in range(4)]), role, program)
        for name, up, role, program in (("Top", 0, "melody", 73), ("Low", -24, "bass", 42))
    ))  # fmt: skip
    leads = [bool(deeds.get("lead")) for deeds in orchestrate(long).deeds]
    assert sum(leads) >= 2


def test_singers_breathe() -> None:
    held = Score("Held", (Part("Tune", line(TUNE * 2, step=2 * Q), "melody", 53),), tempos=(Tempo(0, 60.0),))
    notes = arrange(held, ENSEMBLES["SATB choir"]).score.parts[0].notes
    gaps = notes.onset[1:] - notes.offset[:-1]
    assert len(notes) == 32
    assert np.diff(np.flatnonzero(gaps > 0), prepend=0).max() * 2 <= 10  # two seconds a note


def test_what_nobody_can_sing_is_left_out_and_counted() -> None:
    fast = Score(
        "Fast", (Part("Tune", line(TUNE * 8, step=Q // 8), "melody", 73),), tempos=(Tempo(0, 150.0),)
    )
    one = arrange(fast, ENSEMBLES["SATB choir"])  # 20 notes a second
    assert one.simplified == 128 - len(one.score.parts[0].notes) > 0
    assert [fault for fault in one.faults if fault.is_severe] == []


def test_no_pitched_notes_is_refused() -> None:
    drums = Score("D", (Part("Drums", line((36, 38)), "drums", is_drums=True),))
    with pytest.raises(InvalidInput, match=re.escape("must have pitched notes, got none")):
        arrange(drums, ENSEMBLES["string quartet"])


@pytest.mark.parametrize("span", [7, 17])
def test_a_span_no_hand_has_is_refused(span: int) -> None:
    with pytest.raises(InvalidInput, match=f"got {span}: an octave and a third is 16"):
        reduce(alberti(), widest=span)


def test_words_are_kept_for_singers_only() -> None:
    words = line((60, 62, 64)).with_columns(syllable=["la", "li", "lu"])
    score = Score("Song", (Part("Voice", words, "melody", 53), *bare().parts[:0]))
    assert arrange(score, ENSEMBLES["SATB choir"]).score.parts[0].notes.syllable.tolist() == [
        "la",
        "li",
        "lu",
    ]  # type: ignore[union-attr]
    assert arrange(score, ENSEMBLES["string quartet"]).score.parts[0].notes.syllable is None


def scattered(seed: int) -> Score:
    """Return notes thrown at random: any pitch, length and part, chords and overlaps, a pick-up, odd metres."""
    rng = np.random.default_rng(seed)
    parts = []
    for number in range(int(rng.integers(1, 7))):
        size = int(rng.integers(0, 60))
        onset = rng.integers(0, 24 * Q, size) // (1 if seed % 2 else Q // 4) * (1 if seed % 2 else Q // 4)
        notes = Notes(
            onset, rng.integers(1, 3 * Q, size), rng.integers(0, 128, size), rng.integers(1, 128, size)
        )
        is_drums = bool(rng.random() < 0.2) and number > 0
        parts.append(Part(f"P{number}", notes, program=int(rng.integers(128)), is_drums=is_drums))
    metres = (
        MetreMark(0, Metre(*[(4, 4), (7, 8), (3, 4), (5, 4)][seed % 4])),
        MetreMark(14 * Q, Metre(6, 8)),
    )
    return Score("Scattered", (*parts, Part("Tune", line((60,)))), metres=metres, pickup_ticks=Q * (seed % 3))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", ["string quartet", "big band", "piano solo", "solo guitar", "SATB choir"])
def test_notes_thrown_at_random_keep_the_laws(seed: int, name: str) -> None:
    score = scattered(seed)
    one = arrange(score, ENSEMBLES[name])
    assert [fault for fault in one.faults if fault.is_severe] == []
    assert max((part.notes.end for part in one.score.parts), default=0) <= score.end
    leads = {
        (n.onset, n.pitch % 12)
        for part, deeds in zip(one.score.parts, one.deeds, strict=True) if "lead" in deeds
        for n in part.notes
    }  # fmt: skip
    lost = {(t.onset, t.pitch % 12) for t in one.reading.lead} - leads
    assert len(lost) <= one.simplified


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_every_instrument_plays_with_a_cello(name: str) -> None:
    one = arrange(alberti(), ensemble_of([INSTRUMENTS[name], INSTRUMENTS["cello"]]))
    assert len(one.score.parts[0].notes)
    assert [fault for fault in one.faults if fault.is_severe] == []
