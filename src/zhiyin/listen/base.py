"""The seam of the listeners: what a listener says of itself, and what it hears in a piece.

Conventions: labels carry calibrated probabilities that sum to 1, likeliest first; words stand in English and Chinese.
This module knows no listener: the table is `zhiyin.listen.LISTENERS`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from zhiyin.errors import InvalidInput

Words = tuple[str, str]  # (English, Chinese)
Heard = TypeVar("Heard", contravariant=True)  # what is listened to: a Score, or Audio

# What a listener may promise; the contract test holds it to every promise.
PROMISES: dict[str, str] = {
    "transposition": "the same answer in any key (the register may move the shares a little, never the label)",
    "part order": "the same answer whatever the order of the parts",
    "noise": '"don\'t know" for notes at random',
    "titles": "the same answer whatever title, names and credits say",
}
FAR_AHEAD = (
    2.0  # times as likely as the second: then the first one is the only answer, and it is not sure enough
)
NOT_HEARD: dict[str, Words] = {
    "nothing": ("nothing sounds", "没有声音"),
    "short": ("too short to tell: eight bars with enough notes are needed", "太短，听不出：至少要有八小节足够的音"),
    "strange": ("unlike anything the listener has learned", "和学过的音乐都不像"),
    "unsure": ("several answers are about as likely", "几种答案的可能性相近"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that moved an answer.

    name: as in tables and JSON; en, zh: a plain sentence; weight: its part of the evidence, -1..1, negative when it
    speaks against the label; value: what was measured, in `unit`, or None.
    """

    name: str
    en: str
    zh: str
    weight: float
    value: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """A piece that people wrote and that sounds alike. distance: 0 (the same) upward, in the listener's own space."""

    title: str
    composer: str
    label: str
    collection: str
    distance: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What a listener heard.

    listener: its name. labels: (label, probability) of every class, likeliest first, summing to 1; empty only when
    nothing could be heard at all. label: the answer, None for "don't know"; why: in words why there is none, else
    ("", ""). values: (name, number) for what is measured on a scale, e.g. valence -1..1. reasons: the weightiest
    first. near: the nearest first. Raises InvalidInput where these do not fit together.
    """

    listener: str
    labels: tuple[tuple[str, float], ...]
    label: str | None
    why: Words = ("", "")
    values: tuple[tuple[str, float], ...] = ()
    reasons: tuple[Reason, ...] = ()
    near: tuple[Near, ...] = ()

    def __post_init__(self) -> None:
        total = math.fsum(share for _, share in self.labels)
        if self.labels and not math.isclose(total, 1.0, abs_tol=1e-6):
            raise InvalidInput(f"probabilities must sum to 1, got {total!r}: normalise them")
        if list(self.labels) != sorted(self.labels, key=lambda pair: -pair[1]):
            raise InvalidInput(f"labels must stand likeliest first, got {self.labels[:3]!r}: sort them")
        if self.label is None and not self.why[0]:
            raise InvalidInput("a finding without a label must say why, got no reason: give one of NOT_HEARD")
        if self.label is not None and self.label not in dict(self.labels):
            raise InvalidInput(f"the label must be among the labels, got {self.label!r}: add its share")

    @property
    def confidence(self) -> float:
        """Return the probability of the likeliest label, 0 where nothing was heard."""
        return self.labels[0][1] if self.labels else 0.0

    @property
    def is_known(self) -> bool:
        """Return whether the listener gives an answer."""
        return self.label is not None

    def to_json(self) -> dict[str, Any]:
        """Return the finding as plain values for JSON."""
        return {
            "listener": self.listener,
            "label": self.label,
            "confidence": self.confidence,
            "why": dict(zip(("en", "zh"), self.why, strict=True)) if self.label is None else None,
            "labels": [{"label": name, "probability": share} for name, share in self.labels],
            "values": dict(self.values),
            "reasons": [_plain(reason) for reason in self.reasons],
            "near": [_plain(piece) for piece in self.near],
        }

    @classmethod
    def unheard(cls, listener: str, reason: str, labels: tuple[tuple[str, float], ...] = ()) -> Finding:
        """Return "don't know", for a reason of NOT_HEARD, with the shares there are."""
        return cls(listener, labels, None, NOT_HEARD[reason])


def unsure(labels: tuple[tuple[str, float], ...], threshold: float) -> Words:
    """Return why likeliest labels under a threshold are no answer: several are near, or the one is not sure enough.

    >>> unsure((("waltz", 0.66), ("hymn", 0.34)), 0.7)[0], unsure((("waltz", 0.84), ("hymn", 0.16)), 0.9)[0]
    ('several answers are about as likely', 'not sure enough: 84.0 % where 90.0 % are needed')
    """
    if len(labels) > 1 and labels[0][1] < FAR_AHEAD * labels[1][1]:
        return NOT_HEARD["unsure"]
    got, least = 100 * labels[0][1], 100 * threshold
    return (
        f"not sure enough: {got:.1f} % where {least:.1f} % are needed",
        f"把握不够：{got:.1f} %，需要 {least:.1f} %",
    )


class Listener(Protocol[Heard]):
    """One question that can be asked of a piece: of a `Score` (`Listener[Score]`) or of `Audio` (`Listener[Audio]`).

    name: as in tables and JSON; en, zh: title; about: one sentence with its source; classes: every label it can
    give; promises: names of PROMISES.
    """

    @property
    def name(self) -> str: ...
    @property
    def en(self) -> str: ...
    @property
    def zh(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def promises(self) -> frozenset[str]: ...

    def hear(self, music: Heard, /) -> Finding:
        """Return what is heard: same input, same finding; never raises for music that says nothing."""
        ...


def ranked(shares: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """Return (label, share) pairs, likeliest first; equal shares stand in the order of their names.

    >>> ranked({"b": 0.25, "a": 0.25, "c": 0.5})
    (('c', 0.5), ('a', 0.25), ('b', 0.25))
    """
    return tuple(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))


def _plain(row: Reason | Near) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}
