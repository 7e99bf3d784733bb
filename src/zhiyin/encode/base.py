"""The seam for encoders: a score to integers a model can learn, and back.

Conventions: encoding is pure and exact for quantised scores; integers are int64 columns.
This module knows no layout; the table is `zhiyin.encode.ENCODERS`.
"""

from __future__ import annotations

from typing import Any, Protocol

from zhiyin.score import Score


class Encoder(Protocol):
    """One way of writing a score as numbers.

    name: its key in ENCODERS; is_exact: whether decode(encode(s)) gives every note of a quantised score back.
    """

    name: str
    is_exact: bool

    def encode(self, score: Score) -> Any:
        """Return the encoding of a quantised score. Raises InvalidInput when it is not quantised."""
        ...

    def decode(self, encoded: Any) -> Score:
        """Return the score of an encoding."""
        ...
