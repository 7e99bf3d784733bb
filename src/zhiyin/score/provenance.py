"""Where notes come from: a person, a file, or a model with version, seed and request.

Conventions: `Notes.origin` holds indices into `Score.provenance`.
This module states facts; it gives no legal verdict and signs nothing (see `zhiyin.rights`).
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.errors import InvalidInput

KINDS = ("person", "file", "model")


@dataclass(frozen=True, slots=True)
class Origin:
    """One source of notes.

    kind: person, file or model; name: who or which; detail: version, seed and request digest, or a path.
    >>> Origin("model", "small", "seed=7").kind
    'model'
    """

    kind: str
    name: str
    detail: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidInput(f"origin kind must be one of {', '.join(KINDS)}, got {self.kind!r}")
