"""Laws of the decoding loop: wishes hold with any model, kept cells stay, the same request gives the same score."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.encode.pieces import little_waltz
from tests.fill.band import PLAYERS, QUARTER, all_cells, frame, untrained, wishes
from zhiyin.encode import encode_grid
from zhiyin.errors import ConstraintsUnmet, InvalidInput
from zhiyin.fill.constraints import DrumMap, InRange, KeepTempo, MaxPolyphony, Sounds, WithinBars
from zhiyin.fill.decode import fill
from zhiyin.fill.request import Request
from zhiyin.score import CHORD_ROW, Cell, Score


def request(seed: int = 0, **changes: object) -> Request:
    base = Request(frame(), all_cells(), wishes(), seed=seed, style="waltz", instruments=PLAYERS, bars=4)
    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(6))
def test_every_wish_is_kept_even_by_a_model_that_knows_nothing(seed: int) -> None:
    take = fill(request(seed), untrained(seed % 3))[0]
    assert [v.name for v in take.report.verdicts if not v.kept] == []
    assert take.report.is_kept and take.score.note_count > 20


def test_the_same_request_gives_the_same_score_and_another_seed_another() -> None:
    a, b, c = (fill(request(seed), untrained())[0].score for seed in (5, 5, 6))
    assert a == b and a != c


def test_several_takes_differ() -> None:
    first, second = fill(request(takes=2), untrained())
    assert first.score != second.score


def test_what_is_written_can_be_encoded_again() -> None:
    score = fill(request(2), untrained())[0].score
    assert len(encode_grid(score).segments) >= score.note_count


def test_no_two_notes_of_a_part_overlap_on_one_pitch() -> None:
    for part in fill(request(3), untrained())[0].score.parts:
        for pitch in set(part.notes.pitch.tolist()):
            same = part.notes.take(part.notes.pitch == pitch)
            assert np.all(same.offset[:-1] <= same.onset[1:])


def test_cells_outside_the_request_stay_byte_for_byte() -> None:
    score = little_waltz()
    write = frozenset(Cell(0, bar) for bar in (2, 3))
    take = fill(Request(score, write, (MaxPolyphony((1, 4, 1)), WithinBars(8)), seed=1), untrained())[0].score
    for index in (1, 2):
        assert take.parts[index].notes.pitch.tobytes() == score.parts[index].notes.pitch.tobytes()
        assert take.parts[index].notes.onset.tobytes() == score.parts[index].notes.onset.tobytes()
    bar = 3 * QUARTER
    outside = [n for n in take.parts[0].notes if not 2 * bar <= n.onset < 4 * bar]
    assert outside == [n for n in score.parts[0].notes if not 2 * bar <= n.onset < 4 * bar]
    assert take.chords == score.chords


def test_every_written_note_knows_the_model_seed_and_request() -> None:
    take = fill(request(4), untrained())[0]
    origins = {
        take.score.provenance[i] for p in take.score.parts for i in np.asarray(p.notes.origin).tolist()
    }
    assert len(origins) == 1
    origin = origins.pop()
    assert origin.kind == "model" and "seed=4" in origin.detail and take.request.digest() in origin.detail


def test_the_chord_row_can_be_written_from_a_melody() -> None:
    score = replace(little_waltz(), chords=())
    write = frozenset(Cell(CHORD_ROW, bar) for bar in range(8))
    chords = fill(Request(score, write, seed=1), untrained())[0].score.chords
    assert chords and chords[0].tick == 0 and all(m.chord is not None for m in chords)


def test_bars_after_the_end_can_be_written() -> None:
    score = little_waltz()
    write = frozenset(Cell(p, bar) for p in range(3) for bar in (8, 9))
    take = fill(Request(score, write, (Sounds(write),), seed=1, bars=10), untrained())[0].score
    assert take.parts[0].notes.end > 8 * 3 * QUARTER
    assert list(take.parts[0].notes)[: len(score.parts[0].notes)] == list(score.parts[0].notes)


def test_a_drum_part_uses_named_keys_only() -> None:
    take = fill(request(1, constraints=(DrumMap(),)), untrained())[0]
    assert take.report.verdicts[0].kept


def test_a_hard_wish_that_does_not_hold_is_an_error_with_the_measure() -> None:
    with pytest.raises(ConstraintsUnmet, match="hard wish 'tempo' must be kept, measured 96 BPM"):
        fill(request(constraints=(KeepTempo(120.0),)), untrained())


def test_wishes_that_cannot_meet_are_named_with_the_bar() -> None:
    impossible = (Sounds(all_cells()), MaxPolyphony((0, 4, 1, 8)), InRange(PLAYERS))
    with pytest.raises(
        ConstraintsUnmet, match="bar 1 of 'Violin' must keep all of: no empty bars, polyphony, range"
    ):
        fill(request(constraints=impossible), untrained())


def test_progress_counts_cells_to_the_end() -> None:
    seen: list[tuple[int, int]] = []
    fill(request(), untrained(), progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (16, 16) and [d for d, _ in seen] == sorted(d for d, _ in seen)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"write": frozenset()}, "must name cells to write, got none"),
        ({"takes": 9}, r"takes must be 1\.\.8, got 9"),
        ({"write": frozenset({Cell(4, 0)})}, "cells must lie in the score's 4 parts, got part 4"),
    ],
)
def test_bad_requests_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        request(**changes)


def test_an_empty_score_with_one_part_is_filled() -> None:
    score = Score(parts=(frame().parts[0],), length_ticks=4 * QUARTER)
    take = fill(Request(score, frozenset({Cell(0, 0)}), (Sounds(frozenset({Cell(0, 0)})),)), untrained())[0]
    assert len(take.score.parts[0].notes) >= 1
