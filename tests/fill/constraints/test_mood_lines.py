"""Laws of lines that lean with the mood: which way every cue pushes, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.encode.fields import END
from zhiyin.fill.constraints import CellState, MoodLines, Sounding
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

OPEN = np.full((2, 1), np.nan)


def wish(*, middle: float = np.nan, density: float = np.nan, leaps: float = 0.0, contour: float = 0.0,
         colour: float = 0.0) -> MoodLines:  # fmt: skip
    return MoodLines(
        OPEN + 0 if np.isnan(middle) else np.full((2, 1), middle), np.full((2, 1), density), (leaps,) * 2,
        (contour,) * 2, (colour,) * 2, frozenset({0}),
    )  # fmt: skip


def cell(*, last: int | None = 60, sounding: tuple[tuple[int, int], ...] = ()) -> CellState:
    return CellState(
        part=0, bar=1, length=96, role="melody", is_drums=False, instrument=find_instrument("violin"),
        key=Key.parse("Am"), metre=Metre(4, 4), chords=[], strong=frozenset({0}), is_last_bar=False,
        sounding=[Sounding(start, end, 60) for start, end in sounding],
        previous=None if last is None else (24, last),
    )  # fmt: skip


def bias(made: MoodLines, **state: int) -> np.ndarray:  # type: ignore[type-arg]
    found = made.value_bias(cell(**state), 0)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_narrow_moods_shun_leaps_and_wide_ones_seek_them_while_steps_stay_free() -> None:
    narrow, wide = bias(wish(leaps=-1.0)), bias(wish(leaps=1.0))
    assert narrow[62] == wide[62] == narrow[60] == 0.0
    assert narrow[72] < narrow[65] < 0 < wide[65] < wide[72]
    assert wide[72] == wide[80]  # past nine semitones nothing is added


def test_rising_moods_push_up_and_falling_ones_down() -> None:
    rising = bias(wish(contour=0.5))
    assert rising[61] > 0 > rising[59] and rising[61] == -bias(wish(contour=-0.5))[61]


def test_lines_are_drawn_to_the_planned_middle() -> None:
    drawn = bias(wish(middle=67.0))
    assert (
        drawn.argmax() == 67 and drawn[60] == pytest.approx(drawn[74]) and drawn[60] < drawn[64] < 0.0 + 1e-9
    )


def test_bright_moods_dwell_on_the_relative_major_in_a_minor_key() -> None:
    bright = bias(wish(colour=1.0))
    assert bright[67] > 0 > bright[69]  # G is the dominant of C, A the tonic of A minor
    assert bias(wish(colour=-1.0))[69] == pytest.approx(-bright[69])


def test_the_next_attack_is_likeliest_where_the_density_has_it() -> None:
    # two attacks a quarter: the next one half a quarter (12 steps) after the last at step 0
    found = wish(density=2.0).onset_bias(cell(sounding=((0, 12),)))
    assert found is not None
    assert int(np.argmax(found[1:96])) + 1 == 12
    assert found[END] < found[24] < found[12] and found[3] < found[6] < found[12]


def test_drums_and_bars_without_a_plan_are_left_alone() -> None:
    drums = cell()
    drums.is_drums = True
    assert wish(leaps=1.0).value_bias(drums, 0) is None
    assert wish(leaps=1.0).onset_bias(cell()) is None
