"""Laws of a finding: what must fit together."""

from __future__ import annotations

import pytest

from zhiyin.errors import InvalidInput
from zhiyin.listen.base import Finding, Near, Reason, ranked, unsure


def test_labels_are_ranked_and_equal_shares_stand_by_name() -> None:
    assert ranked({"b": 0.2, "c": 0.6, "a": 0.2}) == (("c", 0.6), ("a", 0.2), ("b", 0.2))


@pytest.mark.parametrize(
    ("labels", "label", "match"),
    [
        ((("a", 0.7), ("b", 0.2)), "a", "must sum to 1, got 0.89"),
        ((("a", 0.3), ("b", 0.7)), "b", "likeliest first"),
        ((("a", 0.7), ("b", 0.3)), None, "must say why"),
        ((("a", 0.7), ("b", 0.3)), "c", "must be among the labels, got 'c'"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    labels: tuple[tuple[str, float], ...], label: str | None, match: str
) -> None:
    with pytest.raises(InvalidInput, match=match):
        Finding("x", labels, label)


def test_a_finding_is_told_as_plain_values() -> None:
    found = Finding(
        "x", (("a", 0.75), ("b", 0.25)), "a", reasons=(Reason("r", "fast", "快", 0.5, 3.0, "a second"),),
        near=(Near("T", "C", "a", "set", 0.25),), values=(("valence", 0.5),),
    )  # fmt: skip
    assert found.to_json() == {
        "listener": "x", "label": "a", "confidence": 0.75, "why": None,
        "labels": [{"label": "a", "probability": 0.75}, {"label": "b", "probability": 0.25}],
        "values": {"valence": 0.5},
        "reasons": [{"name": "r", "en": "fast", "zh": "快", "weight": 0.5, "value": 3.0, "unit": "a second"}],
        "near": [{"title": "T", "composer": "C", "label": "a", "collection": "set", "distance": 0.25}],
    }  # fmt: skip


def test_what_is_not_heard_says_why_in_both_languages() -> None:
    found = Finding.unheard("x", "nothing")
    assert (found.label, found.confidence, found.is_known) == (None, 0.0, False)
    assert found.to_json()["why"] == {"en": "nothing sounds", "zh": "没有声音"}


def test_one_answer_far_ahead_is_not_sure_enough_and_near_ones_are_several() -> None:
    ahead, near = (("a", 0.84), ("b", 0.16)), (("a", 0.5), ("b", 0.4), ("c", 0.1))
    assert unsure(ahead, 0.9) == (
        "not sure enough: 84.0 % where 90.0 % are needed",
        "把握不够：84.0 %，需要 90.0 %",
    )
    assert unsure(near, 0.9)[0] == "several answers are about as likely"
