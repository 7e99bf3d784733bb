"""Laws of wishes on spans: masks keep every hard wish whatever a model prefers, and checks find what breaks it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fill.band import untrained
from tests.fill.wish_pieces import (
    BAR,
    BREAKS,
    KEEPS,
    TEXTS,
    Q,
    band,
    example_frame,
    played,
    quarters,
    wishes_by_name,
)
from zhiyin.fill.constraints import Constraint, MaxPolyphony, NoteValues, Sounds
from zhiyin.fill.decode import fill
from zhiyin.fill.request import Request
from zhiyin.fill.wish_text import read_wish
from zhiyin.score import Cell, MetreMark, Score
from zhiyin.theory.metre import Metre


@pytest.mark.parametrize("name", TEXTS)
def test_a_line_that_keeps_a_wish_is_found_to_keep_it(name: str) -> None:
    verdict = wishes_by_name()[name].check(KEEPS[name]())
    assert verdict.kept and verdict.where == "", verdict


@pytest.mark.parametrize("name", TEXTS)
def test_a_line_that_breaks_a_wish_is_found_to_break_it(name: str) -> None:
    verdict = wishes_by_name()[name].check(BREAKS[name]())
    assert not verdict.kept and verdict.where, verdict


def written(
    texts: tuple[str, ...], seed: int, *, bars: int = 4, write_from: int = 0, frame: Score | None = None
) -> Score:
    """Return a take of an untrained model under wishes; `fill` refuses it when a hard one is broken."""
    frame = example_frame() if frame is None else frame
    cells = frozenset(Cell(part, bar) for part in range(4) for bar in range(write_from, bars))
    usual: tuple[Constraint, ...] = (NoteValues(), MaxPolyphony((1, 4, 1, 8)), Sounds(cells))
    wishes = tuple(read_wish(text, score=frame) for text in texts)
    request = Request(frame, cells, (*usual, *wishes), seed=seed, bars=bars)
    return fill(request, untrained(seed))[0].score


HARD = [
    *(text for name, text in TEXTS.items() if name not in ("tension", "similar")),
    "scale A羽 @ 1-4",
    "chords Am7 | D7b9 G7 | Cmaj7 | N.C. @ 1-4",
    "contour valley @ 1-4 violin",
    "contour 0 1 0.5 @ 2-3 violin",
    "motif =C5:1/2 C5:1/2 C5:1 C5:1 C5:1 C5:4 @ 1 violin",
    "rhythm 1 1/2 1/2 2 @ 1-4 violin",
    "rhythm x...x... @ 1-4",
    "density 0.5 @ 1-4",
    "density >2 @ 1-4 violin",
    "polyphony 3-4 @ 1-4 piano",
    "syncopation less @ 1-4",
    "syncopation more @ 1-4 piano",
    "cadence half @ 3",
    "cadence deceptive @ 4",
    "longest note 1/2 @ 1-4",
    "avoid C, F, parallels, m2, snare @ 1-4",
    "playable guitar @ 1-4 piano",
    "playable piano @ 1-4 piano",
]


@pytest.mark.parametrize("text", HARD)
def test_whatever_the_model_prefers_a_hard_wish_is_kept(text: str) -> None:
    for seed in (1, 2):
        score = written((text,), seed)
        assert read_wish(text, score=example_frame()).check(score).kept


def test_a_hard_wish_to_resemble_a_section_is_kept() -> None:
    score = written(("must like 1-2 0.9 @ 3-4 violin",), 3, write_from=2)
    tune = score.parts[0].notes.between(2 * BAR, 4 * BAR)
    assert tune.onset.tolist() == [2 * BAR + i * Q for i in range(8)]
    assert np.all(np.abs(tune.pitch - np.array([60, 62, 64, 65, 67, 69, 71, 72])) <= 2)


def test_wishes_that_agree_are_kept_together() -> None:
    texts = (
        "scale C major @ 1-4",
        "contour arch @ 1-2 violin",
        "rhythm x.x.xxx. @ 1-2 violin",
        "range G3-C6 @ 1-4 violin",
        "cadence authentic @ 4",
        "longest note 2 @ 1-4 cello",
    )
    score = written(texts, 5)
    assert all(read_wish(text, score=example_frame()).check(score).kept for text in texts)


def test_a_quoted_motif_stands_at_its_place_note_for_note() -> None:
    score = written(("motif C4:1 D4:1/2 E4:1/2 C4:2 @ 2 violin",), 4)
    notes = score.parts[0].notes.between(BAR, 2 * BAR)
    assert (notes.onset - BAR).tolist() == [0, Q, 3 * Q // 2, 2 * Q]
    assert (notes.pitch - notes.pitch[0]).tolist() == [0, 2, 4, 0]


def test_a_wish_leaves_other_bars_and_parts_alone() -> None:
    wish = read_wish("scale D dorian @ 2 violin", score=band())
    outside = played(band(), violin=quarters(61), piano=quarters(61, start=4))
    assert wish.check(outside).kept


def test_a_soft_wish_that_is_broken_is_told_and_not_refused() -> None:
    wish = read_wish("soft scale C major @ 1", score=band())
    verdict = wish.check(played(band(), violin=quarters(61)))
    assert not verdict.kept and not verdict.is_hard
    assert replace(wish, is_hard=True).is_hard  # type: ignore[type-var]


def test_tension_is_higher_where_notes_are_higher_denser_and_rougher() -> None:
    wish = wishes_by_name()["tension"]
    calm_then_tense = played(
        band(),
        violin=[(0, 4, 60), (4, 4, 60), (8, 4, 60), *quarters(84, 84, 84, 84, start=12)],
        piano=[(12, 4, 83)],
    )
    row = wish.measured(calm_then_tense)  # type: ignore[attr-defined]
    assert row.tolist() == [0.0, 0.0, 0.0, 1.0]


def test_parallel_fifths_between_struck_notes_are_found_and_contrary_motion_is_not() -> None:
    wish = read_wish("avoid parallels @ 1-2", score=band())
    parallel = played(band(), violin=quarters(67, 69), cello=quarters(48, 50))
    contrary = played(band(), violin=quarters(67, 69), cello=quarters(48, 47))
    assert not wish.check(parallel).kept
    assert wish.check(contrary).kept


def test_syncopation_is_counted_over_bars_that_have_a_beat_to_hold_over() -> None:
    metres = (MetreMark(0, Metre(4, 4)), MetreMark(BAR, Metre(1, 4)), MetreMark(BAR + Q, Metre(4, 4)))
    score = replace(band(), metres=metres, length_ticks=2 * BAR + Q)
    wish = read_wish("syncopation more @ 1-2 violin", score=score)
    verdict = wish.check(played(score, violin=[(0, 0.5, 60), (0.5, 1, 60), (4, 1, 60)]))
    assert verdict.kept and verdict.measured == "1.00 beats a bar held over"


def test_a_note_held_over_the_bar_line_counts_whole() -> None:
    wish = read_wish("longest note 2 @ 1 violin", score=band())
    assert wish.check(played(band(), violin=[(3, 2, 60)])).kept
    assert not wish.check(played(band(), violin=[(3, 2.5, 60)])).kept
