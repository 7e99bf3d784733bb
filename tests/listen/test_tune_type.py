"""Laws of what the listener of dances learns from: the tune alone by hand, rhythms as the books write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.judge.windows import window
from zhiyin.listen.composer_build import COMPOSERS
from zhiyin.listen.tune_type_data import NO_DANCE, SALON, rhythms_of_books, tune_alone

BOOK = """X:1
T:First, The
R: Slip Jig
M:9/8
L:1/8
K:G
GAB cde fga|
X:2
T:Second
R:Reel
M:4/4
L:1/8
K:D
DEFG ABcd|
X:3
T:Third
R:
M:4/4
L:1/8
K:D
DEFG ABcd|
"""


def test_the_tune_alone_is_the_highest_note_of_each_attack_cut_where_the_next_begins() -> None:
    full = window([(0, 96, 48, 0), (0, 48, 72, 1), (24, 24, 74, 1), (24, 72, 60, 0), (48, 24, 76, 1)])
    tune = tune_alone(full)
    assert tune.onset.tolist() == [0, 24, 48]
    assert tune.pitch.tolist() == [72, 74, 76]
    assert tune.duration.tolist() == [24, 24, 24]
    assert not tune.part.any()


def test_a_tune_alone_is_its_own_tune() -> None:
    tune = tune_alone(window([(24 * n, 24, 60 + n) for n in range(8)]))
    np.testing.assert_array_equal(tune_alone(tune).pitch, tune.pitch)


def test_the_rhythm_a_book_names_is_read_whatever_its_spelling(tmp_path: Path) -> None:
    (tmp_path / "oneills1850").mkdir()
    (tmp_path / "oneills1850" / "0001-0003.abc").write_text(BOOK, encoding="utf-8")
    found = rhythms_of_books(tmp_path)
    assert found == {"oneills1850-0001-0003-1": "slip-jig", "oneills1850-0001-0003-2": "reel"}


def test_no_composer_is_written_like_another() -> None:
    spellings = [written for names in COMPOSERS.values() for written in names]
    assert len(spellings) == len(set(spellings))
    assert NO_DANCE not in SALON
