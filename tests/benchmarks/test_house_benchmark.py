"""Laws of the house benchmark, counted by hand on one small file."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import house

TEXT = '''"""A module
in two lines."""


def shown(a: int, b) -> int:
    """Say one thing.

    Then another.
    """
    if a:
        raise ValueError(f"got {a!r}")
    raise ValueError("no")


class Box:
    def open(self, *, far: bool) -> None:
        pass

    def _hide(self, x: int) -> None:
        """Hide."""
'''


@pytest.fixture
def parsed(tmp_path: Path) -> list[house.Module]:
    (tmp_path / "box.py").write_text(TEXT, encoding="utf-8")
    (tmp_path / "__init__.py").write_text("\n", encoding="utf-8")
    return house.modules(tmp_path)


def test_empty_files_are_left_out(parsed: list[house.Module]) -> None:
    assert [module.line_count for module in parsed] == [20]


def test_a_docstring_is_no_part_of_a_functions_length(parsed: list[house.Module]) -> None:
    assert sorted(house.function_lengths(parsed)) == [1, 2, 4]


def test_shares_are_counted_over_public_names_parameters_and_errors(parsed: list[house.Module]) -> None:
    assert house.documented_percent(parsed) == pytest.approx(100 / 3)  # shown; not Box, not Box.open
    assert house.typed_percent(parsed) == 75.0  # a, far, x; not b
    assert house.telling_errors_percent(parsed) == 50.0


def test_code_lines_are_those_that_hold_something_but_docstrings(parsed: list[house.Module]) -> None:
    # three defs and one class, one if, two raises, one pass
    assert house.code_line_count(parsed) == 8
