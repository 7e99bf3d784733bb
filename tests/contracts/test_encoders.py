"""The contract of encoders: exact where they claim it, pure, and off-grid scores refused with the remedy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.encode.pieces import QUARTER, little_waltz, random_score
from zhiyin.encode import ENCODERS
from zhiyin.errors import InvalidInput
from zhiyin.score import Notes, Part, Score, transpose


@pytest.mark.parametrize("name", ENCODERS)
def test_an_encoder_is_listed_under_its_own_name(name: str) -> None:
    assert ENCODERS[name].name == name


@pytest.mark.parametrize("name", ENCODERS)
@pytest.mark.parametrize("seed", range(5))
def test_an_exact_encoder_gives_every_note_back(name: str, seed: int) -> None:
    encoder, score = ENCODERS[name], random_score(seed)
    if encoder.is_exact:
        assert encoder.decode(encoder.encode(score)) == score


@pytest.mark.parametrize("name", ENCODERS)
def test_an_empty_score_and_an_empty_part_are_encoded(name: str) -> None:
    encoder = ENCODERS[name]
    for score in (Score(), Score(parts=(Part("silent"),))):
        assert encoder.decode(encoder.encode(score)).note_count == 0


@pytest.mark.parametrize("name", ENCODERS)
def test_encoding_does_not_change_the_score(name: str) -> None:
    score = little_waltz()
    before = [n.pitch.tobytes() for n in (p.notes for p in score.parts)]
    ENCODERS[name].encode(score)
    assert [n.pitch.tobytes() for n in (p.notes for p in score.parts)] == before


@pytest.mark.parametrize("name", ENCODERS)
def test_encoding_and_transposing_commute(name: str) -> None:
    encoder, score = ENCODERS[name], little_waltz()
    up = encoder.decode(encoder.encode(transpose(score, 5)))
    assert transpose(encoder.decode(encoder.encode(score)), 5) == up


@pytest.mark.parametrize("name", ENCODERS)
def test_a_score_off_the_grid_is_refused_with_the_remedy(name: str) -> None:
    score = Score(
        parts=(Part("late", Notes(np.array([7]), np.array([QUARTER]), np.array([60]), np.array([80]))),)
    )
    with pytest.raises(InvalidInput, match=r"must lie on the grid .*got onset 7 .*quantise first"):
        ENCODERS[name].encode(score)
