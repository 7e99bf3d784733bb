"""The shape of a fill model, shared by the torch model, the runtime and the checkpoint.

Conventions: plain integers; the field sizes travel with the checkpoint, so an old file is refused, not misread.
This module imports no tensor library.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

import numpy as np

from zhiyin.encode.fields import (
    EXTRAS,
    INPUT_FIELDS,
    MAX_COLUMN_STEPS,
    PITCHES,
    PLAIN_FIELDS,
    QUALITY_COUNT,
    VALUES,
)
from zhiyin.errors import InvalidInput
from zhiyin.units import FloatArray

FAMILIES = ("transformer", "lstm")
LAYOUTS = ("compound", "parallel", "flat")
_CHOICES = {
    "family": FAMILIES,
    "layout": LAYOUTS,
    "order": ("bar", "part"),
    "columns": ("bar", "beat"),
    "clocks": ("both", "index"),
}


@dataclass(frozen=True, slots=True)
class FillConfig:
    """Sizes of a fill transformer.

    width: model width, heads divide it, hidden: feed-forward width, dropout: training only.
    family: what stands between the embedding and the heads, one of FAMILIES; layout: how an event is laid out, one
    of LAYOUTS; order: which cell comes next, "bar" or "part"; columns: what a grid column is, "bar" or "beat";
    clocks: what rotary attention turns with, "both" or "index" (no musical time); norm_qk: queries and keys are
    normalised a head; steps: values are also rated by their interval from the last note of their row.
    """

    width: int = 256
    layers: int = 6
    heads: int = 8
    hidden: int = 704
    inner: int = 256
    dropout: float = 0.1
    fields: dict[str, int] = field(default_factory=lambda: dict(INPUT_FIELDS))
    onsets: int = MAX_COLUMN_STEPS + 1
    values: int = VALUES
    durations: int = MAX_COLUMN_STEPS + 1
    extras: int = EXTRAS
    pitches: int = PITCHES
    qualities: int = QUALITY_COUNT
    family: str = "transformer"
    layout: str = "compound"
    order: str = "bar"
    columns: str = "bar"
    clocks: str = "both"
    norm_qk: bool = False
    steps: bool = False

    def __post_init__(self) -> None:
        for name, known in _CHOICES.items():
            if getattr(self, name) not in known:
                raise InvalidInput(f"{name} must be one of {', '.join(known)}, got {getattr(self, name)!r}")
        if self.width % self.heads or (self.width // self.heads) % 4:
            raise InvalidInput(
                f"width must be heads times a multiple of 4, got {self.width} and {self.heads} heads"
            )

    @property
    def head_width(self) -> int:
        """Return the width of one attention head."""
        return self.width // self.heads

    def to_json(self) -> str:
        """Return the config as JSON text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> FillConfig:
        """Return the config of a JSON text; raises InvalidInput when its fields are not this version's."""
        config = cls(**json.loads(text))
        known = list(INPUT_FIELDS.items())
        if list(config.fields.items()) not in (known, known[:PLAIN_FIELDS]) or config.values != VALUES:
            changed = sorted(
                k
                for k in set(config.fields) | set(INPUT_FIELDS)
                if config.fields.get(k) != INPUT_FIELDS.get(k)
            )
            raise InvalidInput(
                f"checkpoint fields must match the encoder's, but {', '.join(changed) or 'their order'} differ: "
                "retrain, or use the version of zhiyin that wrote it"
            )
        return config


def rotation_frequencies(head_width: int, clocks: str = "both") -> tuple[FloatArray, FloatArray]:
    """Return (index, time) angular frequencies of rotary attention, (head_width / 4,) each.

    With clocks "index" all head_width / 2 pairs turn with the place in the sequence, and none with time.

    Half of the pairs turn with the place in the sequence (wavelengths 6 to 10,000 events), half with musical
    time (wavelengths 6 to 6,144 steps). Source: Su et al., "RoFormer", 2021; two clocks are ours.
    """
    if clocks == "index":
        return 2 * np.pi / np.geomspace(6.0, 10_000.0, head_width // 2), np.empty(0)
    pairs = head_width // 4
    index = 2 * np.pi / np.geomspace(6.0, 10_000.0, pairs)
    time = 2 * np.pi / np.geomspace(6.0, 6_144.0, pairs)
    return index, time
