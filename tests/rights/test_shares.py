"""Shares of notes and sounding time by origin: worked out by hand, and laws."""

from __future__ import annotations

from hypothesis import given

from tests.rights.origins import PIECE, QUARTER, known_score
from zhiyin.rights.shares import Share, shares_of
from zhiyin.score import Notes, Part, Score


def test_shares_of_a_small_piece_are_as_counted_by_hand() -> None:
    found = shares_of(PIECE)
    half = QUARTER // 2
    assert found.overall.whole == Share(6, 6 * QUARTER + half)
    assert found.overall.by_kind == {
        "person": Share(2, 2 * QUARTER), "file": Share(1, half), "model": Share(2, 2 * QUARTER),
        "unknown": Share(1, 2 * QUARTER),
    }  # fmt: skip
    assert found.overall.by_origin == {
        0: Share(2, 2 * QUARTER), 1: Share(1, half), 2: Share(2, 2 * QUARTER), -1: Share(1, 2 * QUARTER),
    }  # fmt: skip
    assert [(part.name, part.whole.notes) for part in found.parts] == [("Melody", 5), ("Kit", 1)]
    # Before the first section, section A, section B.
    assert [(s.name, {kind: share.notes for kind, share in s.by_kind.items()}) for s in found.sections] == [
        ("", {"person": 2, "file": 1}),
        ("A", {"model": 2}),
        ("B", {"unknown": 1}),
    ]


def test_a_note_without_origin_is_unknown_and_so_is_one_outside_the_table() -> None:
    bare, odd = Notes.of([(0, 10, 60)]), Notes.of([(0, 30, 60)]).with_columns(origin=[7])
    found = shares_of(Score(parts=(Part("a", bare), Part("b", odd))))
    assert found.overall.by_kind == {"unknown": Share(2, 40)}
    assert found.sections == ()


def test_a_score_without_notes_has_shares_of_nothing() -> None:
    found = shares_of(Score())
    assert found.overall.whole == Share() and found.overall.by_kind == {}
    assert Share().of(Share()) == (0.0, 0.0)


@given(known_score())
def test_parts_sections_kinds_and_origins_each_sum_to_the_whole(score: Score) -> None:
    found = shares_of(score)
    assert found.overall.whole.notes == sum(len(part.notes) for part in score.parts)
    assert sum((part.whole for part in found.parts), Share()) == found.overall.whole
    for shares in (found.overall, *found.parts, *found.sections):
        assert sum(shares.by_kind.values(), Share()) == shares.whole
        assert sum(shares.by_origin.values(), Share()) == shares.whole
    if found.sections:
        assert sum((section.whole for section in found.sections), Share()) == found.overall.whole
