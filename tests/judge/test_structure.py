"""Laws of the scape plot and of sections: fitness by hand and by trying every family of repeats.

Conventions: likeness matrices are written out; 1 where two frames are alike, -2 where they are not.
Does not know: chroma.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.judge.scores import score_of, steady
from zhiyin.judge import JUDGES, Subject, judge
from zhiyin.judge.scape import best_fitness, diagonal_sums, self_similarity
from zhiyin.judge.structure import section_label
from zhiyin.score import Section
from zhiyin.units import FloatArray, quarters_to_ticks


def likeness_of(letters: str) -> FloatArray:
    """Return the matrix of a piece whose frames are letters."""
    frames = np.array(list(letters))
    return np.where(frames[:, None] == frames[None], 1.0, -2.0)


def test_a_stretch_heard_twice_explains_half_of_what_it_does_not_fill() -> None:
    # abcd twice: score (8 - 4) / 8 = 0.5, coverage (8 - 4) / 8 = 0.5, fitness 0.5.
    best = best_fitness(likeness_of("abcdabcd"))
    assert best[3] == pytest.approx(0.5)


def test_a_stretch_heard_three_times_reaches_two_thirds() -> None:
    # abc three times: (9 - 3) / 9 for both.
    assert best_fitness(likeness_of("abcabcabc"))[2] == pytest.approx(2 / 3)


def test_a_repeat_in_a_longer_piece_covers_less() -> None:
    # ab cd ab ef: score (4 - 2) / 4 = 0.5, coverage (4 - 2) / 8 = 0.25, harmonic mean 1 / 3.
    assert best_fitness(likeness_of("abcdabef"))[1] == pytest.approx(1 / 3)


def test_nothing_repeated_has_no_fitness_and_half_is_the_longest_that_repeats() -> None:
    assert best_fitness(likeness_of("abcdefgh")).tolist() == [0.0] * 8
    assert best_fitness(likeness_of("aaaa"))[2:].tolist() == [0.0, 0.0]


def every_family(alike: FloatArray, start: int, length: int) -> tuple[float, int]:
    """Return (score, repeats) of the best family of disjoint diagonal repeats by trying all of them."""
    frames = len(alike)

    def best_from(row: int) -> tuple[float, int]:
        if row + length > frames:
            return 0.0, 0
        skipped = best_from(row + 1)
        path = sum(float(alike[row + k, start + k]) for k in range(length))
        rest = best_from(row + length)
        return max(skipped, (path + rest[0], rest[1] + 1), key=lambda one: one[0])

    return best_from(0)


def test_the_quick_plot_equals_trying_every_family() -> None:
    rng = np.random.default_rng(3)
    alike = rng.uniform(-1, 1, (9, 9))
    alike = np.minimum((alike + alike.T) / 2, 1)
    np.fill_diagonal(alike, 1.0)
    best = best_fitness(alike)
    for length in range(1, 5):
        values = []
        for start in range(10 - length):
            score, count = every_family(alike, start, length)
            own, covered = (score - length) / (count * length), (count - 1) * length / 9
            values.append(2 * own * covered / max(own + covered, 1e-12))
        assert best[length - 1] == pytest.approx(max(values), abs=1e-9), length


def test_sums_run_down_the_diagonal() -> None:
    assert diagonal_sums(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist() == [[0, 0, 0], [0, 1, 2], [0, 3, 5]]


def test_a_transposed_repeat_is_as_like_as_a_literal_one() -> None:
    rng = np.random.default_rng(1)
    theme = rng.uniform(0, 1, (20, 12)) ** 4
    theme /= np.linalg.norm(theme, axis=1, keepdims=True)
    other = rng.uniform(0, 1, (20, 12)) ** 4
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    literal = self_similarity(np.vstack([theme, other, theme]))
    moved = self_similarity(np.vstack([theme, other, np.roll(theme, 5, axis=1)]))
    # The threshold moves a little with the rest of the matrix.
    assert moved[40 + 10, 10] == pytest.approx(literal[40 + 10, 10], abs=0.02)
    assert literal[40 + 10, 10] > 0.3
    assert literal[20 + 10, 10] == -2.0


def test_a_piece_that_returns_has_more_structure_than_one_that_wanders() -> None:
    rng = np.random.default_rng(0)
    phrase = (60 + rng.integers(0, 12, 32)).tolist()  # 16 s at 120
    wander = (60 + rng.integers(0, 12, 128)).tolist()
    back, away = judge(score_of(steady(phrase * 4))), judge(score_of(steady(wander)))
    for name in ("structure-short", "structure-middle", "structure-long"):
        assert back[name].value > away[name].value + 0.2, name  # type: ignore[operator]


def test_a_scale_of_time_that_does_not_fit_twice_does_not_apply() -> None:
    found = judge(score_of(steady([60, 62, 64, 65] * 6)))  # 12 s
    assert found["structure-short"].applies
    assert found["structure-middle"].why[0] == "too short for this scale of time"


def sections(*names: str, bars: int = 4) -> tuple[Section, ...]:
    """Return sections of so many 4/4 bars."""
    return tuple(Section(quarters_to_ticks(4 * bars * i), name) for i, name in enumerate(names))


def test_sections_of_one_name_that_are_the_same_stand_out() -> None:
    a, b = [60, 64, 67, 72] * 4, [61, 61, 70, 63] * 4
    found = judge(score_of(steady(a + b + a)), sections("A", "B", "A'"))
    likeness = found["plan-likeness"]
    assert likeness.value is not None and likeness.value > 0.3
    wrong = judge(score_of(steady(a + b + a)), sections("A", "A", "B"))["plan-likeness"]
    assert wrong.value is not None and wrong.value < 0


def test_a_piece_of_equal_sections_differs_from_none() -> None:
    found = judge(score_of(steady([60, 64, 67, 72] * 8)), sections("A", "A"))
    assert found["plan-likeness"].value == pytest.approx(1.0)


def test_without_a_return_there_is_nothing_to_compare() -> None:
    found = judge(score_of(steady([60] * 32)), sections("A", "B"))
    assert found["plan-likeness"].why == ("no two sections share a name", "没有同名的段落")


def test_planned_sections_go_before_written_ones() -> None:
    score = score_of(steady([60] * 32), sections=sections("X", "Y"))
    assert Subject(score, sections("A", "A")).sections[0].name == "A"
    assert JUDGES["plan-likeness"].measure(Subject(score)).value is None


@pytest.mark.parametrize(
    ("name", "label"), [("Verse 2", "verse"), ("A'", "a"), ("副歌 1", "副歌"), ("12", "12")]
)
def test_a_label_has_no_case_number_or_prime(name: str, label: str) -> None:
    assert section_label(name) == label
