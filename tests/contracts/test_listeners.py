"""The contract of every listener: it says what it hears and whence, its shares sum to 1, and it keeps its promises.

Conventions: walks LISTENERS; a new line in the table is tested without asking; scores are made from seeds.
Does not know: what a listener hears.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.pieces import line, piece
from tests.judge.scores import part_of, score_of, steady
from zhiyin.listen import LISTENERS, NOT_HEARD, PROMISES, Finding
from zhiyin.score import Notes, Part, Score, transpose
from zhiyin.units import TICKS_PER_QUARTER

SIXTEENTH = TICKS_PER_QUARTER // 4


def at_random(seed: int, *, players: int = 1) -> Score:
    """Return 16 bars of any keys at any sixteenth, any length up to a half note."""
    rng = np.random.default_rng(seed)
    parts = []
    for n in range(players):
        onset = np.sort(rng.choice(16 * 16, 96, replace=False))
        rows = [
            (int(o) * SIXTEENTH, int(rng.integers(1, 9)) * SIXTEENTH, int(p))
            for o, p in zip(onset, rng.integers(21, 109, 96), strict=True)
        ]
        parts.append(Part(f"part {n}", Notes.of(rows)))
    return Score(parts=tuple(parts))


SCORES: dict[str, Score] = {
    "nothing": Score(),
    "an empty part": score_of([]),
    "written silence": Score(length_ticks=80_640),
    "one note": score_of(steady([60])),
    "one bar": score_of(steady([60, 64, 67, 72])),
    "drums alone": score_of(part_of(steady([36, 38] * 32), is_drums=True)),
    "a tune and a bass": line(0, bars=16),
    "five players": piece(0, bars=16, players=5),
    "notes at random": at_random(0),
}
LITTLE = ("nothing", "an empty part", "written silence", "one note", "one bar")
WHOLE = ("a tune and a bass", "five players")


@cache
def heard(name: str, score: str) -> Finding:
    """Return what a listener hears in a score of SCORES."""
    return LISTENERS[name].hear(SCORES[score])


def promising(promise: str) -> list[str]:
    """Return the listeners that promise something."""
    return [name for name, one in LISTENERS.items() if promise in one.promises]


@pytest.mark.parametrize("name", LISTENERS)
def test_a_listener_says_what_it_hears_in_both_languages_and_whence(name: str) -> None:
    one = LISTENERS[name]
    assert one.name == name and re.fullmatch(r"[a-z0-9-]+", name)
    assert one.en and re.search(r"[\u4e00-\u9fff]", one.zh)
    assert re.search(r"\(.+\)\.$", one.about), "the sentence ends with its source in brackets"
    assert len(one.classes) >= 4 and len(set(one.classes)) == len(one.classes)
    assert one.promises <= set(PROMISES)


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("name", LISTENERS)
def test_shares_are_probabilities_of_its_classes_or_nothing_was_heard(name: str, score: str) -> None:
    found = heard(name, score)
    assert found.listener == name
    if found.labels:
        assert {label for label, _ in found.labels} == set(LISTENERS[name].classes)
        assert math.fsum(share for _, share in found.labels) == pytest.approx(1.0)
        assert all(0.0 <= share <= 1.0 for _, share in found.labels)
    else:
        assert found.label is None


@pytest.mark.parametrize("score", LITTLE)
@pytest.mark.parametrize("name", LISTENERS)
def test_of_next_to_nothing_it_does_not_know_and_says_why(name: str, score: str) -> None:
    found = heard(name, score)
    assert found.label is None
    assert found.why == NOT_HEARD["nothing" if SCORES[score].note_count == 0 else "short"]
    assert re.search(r"[\u4e00-\u9fff]", found.why[1])


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("name", LISTENERS)
def test_the_same_score_is_heard_the_same_and_told_as_json(name: str, score: str) -> None:
    found = heard(name, score)
    assert LISTENERS[name].hear(SCORES[score]) == found
    told = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert told["label"] == found.label
    assert len(told["reasons"]) == len(found.reasons)


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("name", LISTENERS)
def test_reasons_are_plain_sentences_weightiest_first(name: str, score: str) -> None:
    found = heard(name, score)
    weights = [abs(reason.weight) for reason in found.reasons]
    assert weights == sorted(weights, reverse=True)
    assert all(0 <= weight <= 1 for weight in weights)
    assert all(reason.en and re.search(r"[\u4e00-\u9fff]", reason.zh) for reason in found.reasons)
    assert found.label is None or found.reasons, "an answer has a reason"


@pytest.mark.parametrize("score", WHOLE)
@pytest.mark.parametrize("name", promising("part order"))
def test_the_order_of_the_parts_does_not_matter(name: str, score: str) -> None:
    turned = LISTENERS[name].hear(replace(SCORES[score], parts=SCORES[score].parts[::-1]))
    assert dict(turned.labels) == pytest.approx(dict(heard(name, score).labels), abs=1e-4)
    assert turned.label == heard(name, score).label


@pytest.mark.parametrize("score", WHOLE)
@pytest.mark.parametrize("name", promising("titles"))
def test_titles_and_names_do_not_matter(name: str, score: str) -> None:
    parts = tuple(replace(part, name="?") for part in SCORES[score].parts)
    named = replace(
        SCORES[score], title="Reel in the style of Bach", credits=(("composer", "Bach"),), parts=parts
    )
    assert LISTENERS[name].hear(named) == heard(name, score)


@pytest.mark.parametrize("semitones", [-5, 3])
@pytest.mark.parametrize("name", promising("transposition"))
def test_the_key_does_not_matter(name: str, semitones: int) -> None:
    score = line(0, bars=16)
    moved = LISTENERS[name].hear(transpose(score, semitones))
    assert moved.label == heard(name, "a tune and a bass").label
    assert dict(moved.labels) == pytest.approx(dict(heard(name, "a tune and a bass").labels), abs=0.02)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", promising("noise"))
def test_of_notes_at_random_it_does_not_know(name: str, seed: int) -> None:
    for players in (1, 3):
        assert LISTENERS[name].hear(at_random(seed, players=players)).label is None
