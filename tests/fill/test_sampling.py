"""Laws of choosing: masks hold, cuts cut where they say, temperatures multiply, bad options are refused by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zhiyin.errors import InvalidInput
from zhiyin.fill.sampling import (
    FieldTemperatures,
    RoleTemperatures,
    Sampling,
    choose,
    with_temperatures,
)

FOUR = np.log([0.5, 0.3, 0.15, 0.05])
EVERY = np.ones(4, bool)


def drawn(**options: Any) -> set[int]:
    """Return what 300 draws of four choices find."""
    rng = np.random.default_rng(0)
    given = {"temperature": 1.0, "top_p": 1.0} | options
    return {
        choose(FOUR, given.pop("mask", EVERY), rng, **given) for given in [dict(given) for _ in range(300)]
    }


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, {0, 1, 2, 3}),
        ({"top_p": 0.79}, {0, 1}),
        ({"top_p": 0.81}, {0, 1, 2}),
        ({"min_p": 0.2}, {0, 1, 2}),  # 0.15 / 0.5 = 0.3, 0.05 / 0.5 = 0.1
        ({"min_p": 0.35}, {0, 1}),
        ({"min_p": 0.35, "top_p": 0.5}, {0}),
        ({"min_p": 0.35, "temperature": 2.0}, {0, 1, 2}),  # sqrt(0.3) = 0.548, sqrt(0.1) = 0.316
        ({"mask": np.array([False, False, True, True]), "min_p": 0.34}, {2}),
    ],
)
def test_cuts_keep_what_they_say(options: dict[str, Any], found: set[int]) -> None:
    assert drawn(**options) == found


def test_choices_come_as_often_as_they_are_likely() -> None:
    rng = np.random.default_rng(1)
    counts = np.bincount(
        [choose(FOUR, EVERY, rng, temperature=1.0, top_p=1.0) for _ in range(4000)], minlength=4
    )
    np.testing.assert_allclose(counts / 4000, [0.5, 0.3, 0.15, 0.05], atol=0.03)


def test_temperatures_of_all_of_the_role_and_of_the_field_multiply() -> None:
    sampling = Sampling(0.5, FieldTemperatures(value=0.8), RoleTemperatures(melody=1.5, chords=2.0))
    assert sampling.temperature_of("melody", "value") == pytest.approx(0.6)
    assert sampling.temperature_of("accompaniment", "value") == pytest.approx(0.8)
    assert sampling.temperature_of("unknown", "value") == pytest.approx(0.4)


def test_typed_temperatures_are_read_with_their_names() -> None:
    read = with_temperatures(Sampling(), "0.9, melody=1.1，onset=0.8")
    assert (read.temperature, read.roles.melody, read.fields.onset) == (0.9, 1.1, 0.8)


@pytest.mark.parametrize("text", ["warm", "tenor=1", "melody=", "", "melody=hot"])
def test_what_is_no_temperature_is_refused(text: str) -> None:
    with pytest.raises(
        InvalidInput, match="temperature must be a number or NAME=NUMBER with a name of melody"
    ):
        with_temperatures(Sampling(), text)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"top_p": 0.0}, r"top_p must be in \(0, 1\], got 0.0"),
        ({"min_p": 0.6}, r"min_p must be 0\.\.0\.5, got 0\.6"),
        ({"guidance": -1.0}, r"guidance must be 0\.\.5, got -1\.0"),
        ({"novelty": 11.0}, r"novelty must be 0\.\.10, got 11\.0"),
        ({"novelty": float("nan")}, r"novelty must be 0\.\.10, got nan"),
        ({"likeness": -1.0}, r"likeness must be 0\.\.10, got -1\.0"),
        ({"best_of": 0}, r"best_of must be a whole number 1\.\.8, got 0"),
        ({"temperature": 4.0}, r"temperature must be a temperature 0\.05\.\.3, got 4\.0"),
        (
            {"fields": FieldTemperatures(value=9.0)},
            r"fields\.value must be a temperature 0\.05\.\.3, got 9\.0",
        ),
        ({"roles": RoleTemperatures(bass=0.0)}, r"roles\.bass must be a temperature 0\.05\.\.3, got 0\.0"),
    ],
)
def test_options_out_of_range_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        Sampling(**options)
