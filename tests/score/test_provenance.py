"""Origins through joins, edits and merged tables: nobody is ever named for a note that is not theirs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rights.origins import ANN, PIECE, QUARTER, SMALL, SONG, TABLE, by_note, known_score
from zhiyin.errors import InvalidInput
from zhiyin.score import Cell, Grid, Notes, Origin, Part, Score, quantise, slice_ticks, transpose
from zhiyin.score.edit import with_origin, with_shared_provenance
from zhiyin.score.note import NO_ORIGIN
from zhiyin.score.provenance import merge_provenance, origins_of, renumbered

origin = st.sampled_from([*TABLE, Origin("person", "Bo"), Origin("model", "small", "other")])
table = st.lists(origin, max_size=4).map(tuple)


def names(score: Score) -> list[tuple[object, ...]]:
    """Return every note with its origin itself, None for unknown."""
    return [
        (*row[:4], score.provenance[row[4]] if 0 <= row[4] < len(score.provenance) else None)
        for row in by_note(score)
    ]


def test_notes_of_unknown_origin_stay_unknown_when_joined_with_known_ones() -> None:
    bare, known = Notes.of([(0, 1, 60)]), Notes.of([(1, 1, 62)]).with_columns(origin=[0])
    assert Notes.concat([bare, known]).origin.tolist() == [NO_ORIGIN, 0]
    assert Notes.concat([bare, bare]).origin is None


def test_the_other_columns_still_join_with_blanks() -> None:
    bare, full = Notes.of([(0, 1, 60)]), Notes.of([(1, 1, 62)]).with_columns(voice=[2], syllable=["la"])
    joined = Notes.concat([bare, full])
    assert (joined.voice.tolist(), joined.syllable.tolist()) == ([0, 2], ["", "la"])


@given(st.lists(table, max_size=4))
def test_a_merged_table_holds_each_origin_once_and_every_place_leads_to_it(
    tables: list[tuple[Origin, ...]],
) -> None:
    merged, places = merge_provenance(tables)
    assert sorted(map(str, merged)) == sorted(map(str, {origin for table in tables for origin in table}))
    for table_, place in zip(tables, places, strict=True):
        assert tuple(merged[index] for index in place.tolist()) == table_


@given(known_score(), known_score())
def test_scores_under_one_table_name_the_same_origins_as_before(first: Score, second: Score) -> None:
    other = replace(second, provenance=(SMALL, ANN, SONG))
    shared = with_shared_provenance([first, other])
    assert shared[0].provenance == shared[1].provenance == TABLE
    assert [names(score) for score in shared] == [names(first), names(other)]
    assert by_note(shared[0]) == by_note(first)  # the first keeps its numbers


def test_renumbering_keeps_the_unknown_unknown() -> None:
    notes = Notes.of([(0, 1, 60), (1, 1, 61), (2, 1, 62)]).with_columns(origin=[-1, 5, 0])
    assert renumbered(notes, np.array([3])).origin.tolist() == [-1, -1, 3]
    assert renumbered(Notes.of([(0, 1, 60)]), np.array([3])).origin is None


@given(known_score(), origin)
def test_naming_an_origin_touches_only_the_unknown(score: Score, named: Origin) -> None:
    found = with_origin(score, named)
    before, after = names(score), names(found)
    assert [row[:4] for row in before] == [row[:4] for row in after]
    assert all(
        new[4] == (named if old[4] is None else old[4]) for old, new in zip(before, after, strict=True)
    )
    assert found.provenance[: len(score.provenance)] == score.provenance


def test_a_score_all_of_known_origin_comes_back_as_it_is() -> None:
    whole = with_origin(PIECE, ANN)
    assert with_origin(whole, Origin("person", "Bo")) is whole


def test_a_number_outside_the_table_is_not_taken_for_a_new_origin() -> None:
    stray = Score(parts=(Part("a", Notes.of([(0, 1, 60)]).with_columns(origin=[0])),))
    assert origins_of(stray.parts[0].notes, 0).tolist() == [NO_ORIGIN]
    assert names(with_origin(stray, ANN)) == [(0, 0, 1, 60, ANN)]


@given(known_score(), st.integers(-3, 3))
def test_transposing_keeps_every_origin(score: Score, semitones: int) -> None:
    narrow = score.with_parts(
        part.with_notes(part.notes.with_columns(pitch=np.clip(part.notes.pitch, 3, 124)))
        for part in score.parts
    )
    moved = transpose(narrow, semitones)
    assert [sorted(part.notes.origin.tolist()) for part in moved.parts] == [
        sorted(part.notes.origin.tolist()) for part in narrow.parts
    ]


@given(known_score(step=420))
def test_quantising_keeps_the_origin_of_what_it_keeps(score: Score) -> None:
    found, _ = quantise(score)
    assert set(by_note(found)) <= set(by_note(score))


@given(known_score())
def test_a_slice_keeps_the_origins_of_its_notes(score: Score) -> None:
    cut = slice_ticks(score, 0, 20 * QUARTER)
    kept = [row for row in names(score) if row[1] < 20 * QUARTER]
    # A part may fall silent, which moves the numbers of those after it: compare without them.
    assert sorted((r[1], r[3], str(r[4])) for r in names(cut)) == sorted(
        (r[1], r[3], str(r[4])) for r in kept
    )


def test_replaced_cells_take_the_origin_of_what_comes_and_leave_the_rest() -> None:
    bare = Score(parts=(Part("a", Notes.of([(0, 1, 60), (4 * QUARTER, 1, 62)])),), provenance=(SMALL,))
    new = Notes.of([(4 * QUARTER, 9, 70)]).with_columns(origin=[0])
    found = Grid.of(bare).replace_cells(frozenset({Cell(0, 1)}), {0: new})
    assert names(found) == [(0, 0, 1, 60, None), (0, 4 * QUARTER, 9, 70, SMALL)]


def test_the_facts_of_a_model_are_taken_out_of_its_detail() -> None:
    assert SMALL.facts == {"version": "0123456789abcdef", "seed": "7", "take": "0", "request": "9f9f"}
    assert Origin("model", "stylebook", "rules accompany style=funk seed=3").facts == {
        "version": "rules accompany", "style": "funk", "seed": "3",
    }  # fmt: skip
    assert ANN.facts == {}


def test_an_origin_of_another_kind_is_refused() -> None:
    with pytest.raises(InvalidInput, match="origin kind must be one of person, file, model, got 'ghost'"):
        Origin("ghost", "x")
