"""Laws of scenes: rolls are worked out by hand, cells to write are hidden, chords are told where they sound."""

from __future__ import annotations

import numpy as np

from zhiyin.encode import Window, context_of, encode_grid
from zhiyin.encode.scene import NO_ROOT, Scene, scene_of
from zhiyin.score import ChordMark, KeyMark, MetreMark, Notes, Part, Score, Tempo
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER

Q = TICKS_PER_QUARTER


def waltz() -> Score:
    """Return two bars of 3/4: a quarter, an eighth, a note over the bar line; G7 from the second bar's second beat."""
    notes = Notes(
        np.array([0, Q, 2 * Q]), np.array([Q, Q // 2, 2 * Q]), np.array([60, 62, 64]), np.array([80, 80, 80])
    )
    return Score(
        parts=(Part("tune", notes, role="melody"),), tempos=(Tempo(0, 90.0),), metres=(MetreMark(0, Metre(3, 4)),),
        keys=(KeyMark(0, Key(0, "major")),), chords=(ChordMark(0, Chord(0, "")), ChordMark(4 * Q, Chord(7, "7"))),
        length_ticks=6 * Q,
    )  # fmt: skip


def scene(write: bool = False, shift: int = 0) -> Scene:
    tokens = encode_grid(waltz())
    asked = np.array([[False, False], [False, write]])
    return scene_of(tokens, context_of(tokens), Window(np.arange(2), np.arange(2), asked, shift=shift))


def test_a_bar_of_three_quarters_has_twelve_sixteenths() -> None:
    assert scene().edges.tolist() == [0, 12, 24] and scene().starts.tolist() == [0, 72]


def test_notes_begin_once_and_sound_to_their_end() -> None:
    found = scene()
    assert np.argwhere(found.strike[1]).tolist() == [[0, 60], [4, 62], [8, 64]]
    assert np.flatnonzero(found.sound[1][:, 64]).tolist() == list(range(8, 16))
    assert np.flatnonzero(found.sound[1][:, 62]).tolist() == [4, 5]


def test_cells_to_write_are_hidden() -> None:
    hidden = scene(write=True)
    assert not hidden.sound[1][12:].any() and hidden.sound[1][8:12, 64].all()


def test_chords_stand_where_they_sound() -> None:
    found = scene()
    assert np.flatnonzero(found.chord[0]).tolist() == [0, 4, 7]
    assert found.root[15] == 0 and found.root[16] == 7
    assert np.flatnonzero(found.chord[16]).tolist() == [2, 5, 7, 11]


def test_a_scene_without_chords_knows_no_root() -> None:
    from dataclasses import replace

    tokens = encode_grid(replace(waltz(), chords=()))
    found = scene_of(tokens, context_of(tokens), Window(np.arange(2), np.arange(2), np.zeros((2, 2), bool)))
    assert not found.chord.any() and set(found.root.tolist()) == {NO_ROOT}
