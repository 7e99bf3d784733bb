"""Repeats and sections are found where they were written.

Conventions: a section has a rhythm and five tones of its own; one letter is the same music.
Does not know: real forms.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.analysis.pieces import QUARTER
from zhiyin.analysis.structure import bar_similarity, find_sections, repeat_of
from zhiyin.score import Notes, Part, Score, transpose

BAR = 4 * QUARTER


def stretch(seed: int, bars: int = 8) -> Notes:
    """Return bars of melody that share a rhythm and a set of five tones, and differ in their order."""
    rng = np.random.default_rng(seed)
    places = np.append(0, 1 + np.sort(rng.choice(7, 4, replace=False)))
    ends = np.append(places[1:], 8)
    tones = rng.choice(np.arange(58, 82), 5, replace=False)
    rows = [
        (bar * BAR + int(a) * QUARTER // 2, int(b - a) * QUARTER // 2, int(rng.choice(tones)))
        for bar in range(bars)
        for a, b in zip(places, ends, strict=True)
    ]
    return Notes.of(rows)


def form(letters: str, bars: int = 8) -> Score:
    """Return a piece of sections, the same music for the same letter."""
    pieces = []
    for index, letter in enumerate(letters):
        notes = stretch(ord(letter), bars)
        pieces.append(notes.with_columns(onset=notes.onset + index * bars * BAR))
    return Score(parts=(Part("tune", Notes.concat(pieces)),))


def test_similarity_is_symmetric_one_with_itself_and_within_0_and_1() -> None:
    alike = bar_similarity(form("AB"))
    assert np.allclose(alike, alike.T)
    assert np.allclose(np.diag(alike), 1.0)
    assert alike.min() >= 0.0
    assert alike.max() <= 1.0 + 1e-12


def test_a_repeated_bar_is_fully_alike_and_a_transposed_one_085() -> None:
    up = transpose(form("A"), 5).parts[0].notes
    both = Notes.concat([form("AA").parts[0].notes, up.with_columns(onset=up.onset + 16 * BAR)])
    alike = bar_similarity(Score(parts=(Part("a", both),)))
    assert np.allclose(np.diag(alike, 8)[:8], 1.0)
    assert np.all(np.diag(alike, 16) >= 0.85 - 1e-9)


def test_empty_bars_resemble_each_other_only() -> None:
    notes = stretch(1, 1)
    score = Score(parts=(Part("a", notes),), length_ticks=3 * BAR)
    assert bar_similarity(score).tolist() == [[1, 0, 0], [0, 1, 1], [0, 1, 1]]


def test_repeat_of_names_the_first_time() -> None:
    assert repeat_of(form("ABA")).tolist() == [-1] * 16 + list(range(8))


def test_empty_bars_repeat_nothing() -> None:
    score = Score(parts=(Part("a", stretch(1, 1)),), length_ticks=3 * BAR)
    assert repeat_of(score).tolist() == [-1, -1, -1]
    assert repeat_of(Score()).size == 0


@pytest.mark.parametrize("letters", ["AB", "ABA", "AABA", "AABB", "ABAC", "ABCAB"])
@pytest.mark.parametrize("bars", [8, 16])
def test_sections_are_the_written_form(letters: str, bars: int) -> None:
    found = find_sections(form(letters, bars))
    assert [section.tick // BAR for section in found] == [index * bars for index in range(len(letters))]
    first = list(dict.fromkeys(letters))
    assert [section.name for section in found] == ["ABCD"[first.index(letter)] for letter in letters]


def test_a_varied_return_carries_a_prime() -> None:
    score = form("ABA")
    notes = score.parts[0].notes
    pitch = notes.pitch.copy()
    rng = np.random.default_rng(0)
    late = np.flatnonzero(notes.onset >= 16 * BAR)
    changed = rng.choice(late, late.size // 4, replace=False)
    pitch[changed] += rng.choice([-3, 2, 4], changed.size)
    varied = Score(parts=(Part("a", notes.with_columns(pitch=pitch)),))
    assert [section.name.rstrip("'") for section in find_sections(varied)] == ["A", "B", "A"]
    assert find_sections(varied)[2].name in ("A", "A'")


def test_sections_start_at_tick_0_on_bar_lines() -> None:
    notes = form("AB").parts[0].notes
    score = Score(parts=(Part("a", notes.with_columns(onset=notes.onset + QUARTER)),), pickup_ticks=QUARTER)
    ticks = [section.tick for section in find_sections(score)]
    assert ticks[0] == 0
    assert all((tick - QUARTER) % BAR == 0 for tick in ticks[1:])


def test_an_empty_score_has_no_sections_and_a_bar_has_one() -> None:
    assert find_sections(Score()) == ()
    assert [s.name for s in find_sections(Score(parts=(Part("a", stretch(1, 1)),)))] == ["A"]
