"""Laws of the note graph: what joins whom, and what transposing, joining and decoding do to it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.encode.pieces import QUARTER, little_waltz, random_score
from zhiyin.encode.note_graph import (
    BAR_LINE,
    BETWEEN,
    EDGE_TYPES,
    HALF_BEAT,
    NO_DEGREE,
    ON_BEAT,
    decode_graph,
    encode_graph,
    note_edges,
)
from zhiyin.errors import InvalidInput
from zhiyin.score import KeyMark, Note, Notes, Part, Score, transpose
from zhiyin.theory.key import Key

EIGHTH = QUARTER // 2


def four_notes() -> Score:
    """Return: a half note C3 under E4, F4 (eighths), a rest of a quarter, then G4.

    beats     1     2     3     4
    tune      E4 F4 -     -     G4
    bass      C3 ---------
    Notes 0 C3, 1 E4, 2 F4, 3 G4 in time order, the bass first because its part stands first.
    """
    tune = Notes.of([(0, EIGHTH, 64), (EIGHTH, EIGHTH, 65), (3 * QUARTER, QUARTER, 67)])
    return Score(parts=(Part("bass", Notes.of([(0, 2 * QUARTER, 48)])), Part("tune", tune)))


def pairs(score: Score) -> dict[str, list[tuple[int, int]]]:
    """Return the edges of each type as sorted pairs."""
    edges = encode_graph(score).edges
    return {kind: sorted(zip(*edges[kind].tolist(), strict=True)) for kind in EDGE_TYPES}


def test_the_edges_of_four_notes_are_those_drawn_by_hand() -> None:
    assert pairs(four_notes()) == {
        "onset": [(0, 1)],
        "follow": [(1, 2)],
        "during": [(0, 2)],
        "line": [(1, 2), (2, 3)],
        "rest": [(0, 3)],
    }


@pytest.mark.parametrize("seed", range(3))
def test_edges_agree_with_the_definitions_note_by_note(seed: int) -> None:
    nodes = encode_graph(random_score(seed)).nodes
    rows = list(zip(nodes.onset.tolist(), nodes.duration.tolist(), nodes.part.tolist(), strict=True))
    told: dict[str, set[tuple[int, int]]] = {kind: set() for kind in EDGE_TYPES}
    for i, (on, length, part) in enumerate(rows):
        later = [(j, row[0], row[2]) for j, row in enumerate(rows) if row[0] > on]
        mine = min((o for _, o, p in later if p == part), default=None)
        told["onset"] |= {(i, j) for j, row in enumerate(rows) if row[0] == on and j > i}
        told["follow"] |= {(i, j) for j, o, _ in later if o == on + length}
        told["during"] |= {(i, j) for j, o, _ in later if o < on + length}
        told["line"] |= {(i, j) for j, o, p in later if p == part and o == mine}
        heard = any(o <= on + length < o + n for o, n, _ in rows)
        following = min((o for _, o, _ in later if o >= on + length), default=None)
        told["rest"] |= {(i, j) for j, o, _ in later if o == following and not heard}
    assert {kind: set(found) for kind, found in pairs(random_score(seed)).items()} == told


def test_a_silence_is_an_edge_only_when_nobody_sounds() -> None:
    held = four_notes().with_parts(
        (Part("bass", Notes.of([(0, 3 * QUARTER + EIGHTH, 48)])), four_notes().parts[1])
    )
    assert pairs(held)["rest"] == []


def test_voices_of_one_part_are_lines_of_their_own() -> None:
    notes = Notes.of([(0, QUARTER, 60), (0, QUARTER, 72), (QUARTER, QUARTER, 62), (QUARTER, QUARTER, 74)])
    joined, voiced = Score(parts=(Part("p", notes),)), notes.with_columns(voice=[1, 0, 1, 0])
    assert pairs(joined)["line"] == [(0, 2), (0, 3), (1, 2), (1, 3)]
    assert pairs(Score(parts=(Part("p", voiced),)))["line"] == [(0, 2), (1, 3)]


@pytest.mark.parametrize("seed", range(3))
def test_transposing_changes_pitch_and_nothing_else(seed: int) -> None:
    score = random_score(seed)
    keyed = Score(
        parts=score.parts, metres=score.metres, pickup_ticks=score.pickup_ticks,
        keys=(KeyMark(0, Key.parse("Dm")), KeyMark(3 * QUARTER, Key.parse("A"))),
    )  # fmt: skip
    here, there = encode_graph(keyed), encode_graph(transpose(keyed, 5))
    for name in here.nodes.__dataclass_fields__:
        if name != "pitch":
            assert np.array_equal(getattr(here.nodes, name), getattr(there.nodes, name)), name
    moved = np.where(here.nodes.is_drums, here.nodes.pitch, here.nodes.pitch + 5)
    assert np.array_equal(there.nodes.pitch, moved)
    assert all(np.array_equal(here.edges[kind], there.edges[kind]) for kind in EDGE_TYPES)


def test_the_graph_of_two_phrases_is_their_two_graphs_and_the_edges_across() -> None:
    first, gap = little_waltz(), 24 * QUARTER
    twice = first.with_parts(
        p.with_notes(Notes.concat([p.notes, p.notes.with_columns(onset=p.notes.onset + gap)]))
        for p in first.parts
    )
    one, both = encode_graph(first), encode_graph(twice)
    size = len(one)
    assert len(both) == 2 * size
    for kind in EDGE_TYPES:
        edges = both.edges[kind]
        inside = edges[:, (edges[0] < size) == (edges[1] < size)]
        expected = np.concatenate([one.edges[kind], one.edges[kind] + size], axis=1)
        assert set(zip(*inside.tolist(), strict=True)) == set(zip(*expected.tolist(), strict=True))
    # The waltz ends as a bar does: its last notes are followed, none is held over and nothing is silent.
    across = {k: int(np.sum((e[0] < size) != (e[1] < size))) for k, e in both.edges.items()}
    assert across["onset"] == across["during"] == across["rest"] == 0
    assert across["follow"] == (1 + 3 + 1) * 2  # tune, three chord notes and bass end; tune and bass begin
    assert across["line"] == 1 + 3 * 3 + 1


@pytest.mark.parametrize("seed", range(5))
def test_decoding_the_graph_gives_every_note_back_with_its_voice(seed: int) -> None:
    score = random_score(seed)
    voiced = score.with_parts(
        p.with_notes(p.notes.with_columns(voice=np.arange(len(p.notes)) % 3)) if len(p.notes) else p
        for p in score.parts
    )
    assert decode_graph(encode_graph(voiced)) == voiced


def test_degrees_are_told_from_the_tonic_and_strength_from_the_metre() -> None:
    eighths = Notes.of([(i * EIGHTH, EIGHTH, 62 + i) for i in range(6)])
    drums = Part("kit", Notes.of([(EIGHTH // 2, EIGHTH, 38)]), role="drums", is_drums=True)
    score = Score(parts=(Part("tune", eighths), drums), keys=(KeyMark(0, Key.parse("D")),))
    nodes = encode_graph(score).nodes
    assert nodes.degree.tolist() == [0, NO_DEGREE, 1, 2, 3, 4, 5]
    wanted = [BAR_LINE, BETWEEN, HALF_BEAT, ON_BEAT, HALF_BEAT, ON_BEAT, HALF_BEAT]
    assert nodes.strength.tolist() == wanted


def test_a_pick_up_is_counted_from_the_bar_line_to_come() -> None:
    tune = Notes.of([(0, QUARTER, 67), (QUARTER, QUARTER, 72)])
    nodes = encode_graph(Score(parts=(Part("tune", tune),), pickup_ticks=QUARTER)).nodes
    assert nodes.place.tolist() == [72, 0]  # the fourth beat of 4/4, in steps, then a bar line
    assert nodes.strength.tolist() == [ON_BEAT, BAR_LINE]
    assert nodes.bar.tolist() == [0, 1]


def test_features_are_one_row_a_note_and_finite() -> None:
    graph = encode_graph(random_score(3))
    features = graph.features()
    assert features.shape[0] == len(graph)
    assert np.isfinite(features).all()
    drums = graph.nodes.is_drums
    assert not features[drums, :3].any()
    assert np.allclose(np.hypot(features[~drums, 1], features[~drums, 2]), 1.0)


def test_a_graph_cannot_be_changed() -> None:
    graph = encode_graph(four_notes())
    with pytest.raises(ValueError, match="read-only"):
        graph.nodes.pitch[0] = 1
    with pytest.raises(TypeError):
        graph.edges["onset"] = np.empty((2, 0))  # type: ignore[index]


def test_unsorted_onsets_and_unknown_edge_types_are_refused_with_the_remedy() -> None:
    one = np.ones(2, np.int64)
    with pytest.raises(InvalidInput, match=r"onsets must not go back, got 0 after 24: sort the notes"):
        note_edges(np.array([24, 0]), one, one)
    with pytest.raises(InvalidInput, match=r"an edge type is one of onset, .* got 'slur': choose one"):
        encode_graph(four_notes()).intervals("slur")
    assert encode_graph(four_notes()).intervals("rest").tolist() == [19]


def test_a_note_off_the_grid_is_refused() -> None:
    with pytest.raises(InvalidInput, match="quantise first"):
        encode_graph(Score(parts=(Part("late", Notes.of([Note(7, QUARTER, 60)])),)))
