"""Laws of the options of decoding: what is not typed keeps its default, what is typed arrives, errors name the rule."""

from __future__ import annotations

import pytest

from zhiyin.cli.options import sampling_of
from zhiyin.errors import InvalidInput
from zhiyin.fill.sampling import Sampling


def test_nothing_typed_is_the_default() -> None:
    assert sampling_of(None, top_p=None, min_p=None, guidance=None, novelty=None, best_of=None) == Sampling()


def test_what_is_typed_arrives() -> None:
    found = sampling_of("0.9,bass=0.8", min_p=0.05, guidance=1.5, novelty=2.0, best_of=3)
    assert (found.temperature, found.roles.bass) == (0.9, 0.8)
    assert (found.min_p, found.guidance, found.novelty, found.best_of) == (0.05, 1.5, 2.0, 3)


def test_bad_options_are_refused_with_the_rule() -> None:
    with pytest.raises(InvalidInput, match=r"guidance must be 0\.\.5, got 9\.0: give a number in that range"):
        sampling_of(None, guidance=9.0)
    with pytest.raises(InvalidInput, match="temperature must be a number or NAME=NUMBER"):
        sampling_of("loud")
