"""How boldly to choose: the options of decoding, and choosing one of many by probability.

Conventions: log-probabilities are natural; rounding to 1e-4 before choosing keeps tiny differences of
arithmetic between processors from changing a choice. This module knows no notes and no models.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.units import BoolArray, FloatArray

MIN_TEMPERATURE, MAX_TEMPERATURE = 0.05, 3.0
MAX_BEST_OF = 8
# Which temperature a part's role takes; roles not named take that of inner parts.
_ROLE_NAMES = {
    "melody": "melody",
    "bass": "bass",
    "drums": "drums",
    "chords": "chords",
    "accompaniment": "chords",
}


_LIMITS = (("min_p", 0.0, 0.5), ("guidance", 0.0, 5.0), ("novelty", 0.0, 10.0), ("likeness", 0.0, 10.0))


@dataclass(frozen=True, slots=True)
class FieldTemperatures:
    """Temperature of each field of a note: when, what, how long, and how loud or tied (a chord's bass)."""

    onset: float = 1.0
    value: float = 1.0
    duration: float = 1.0
    extra: float = 0.9


@dataclass(frozen=True, slots=True)
class RoleTemperatures:
    """What each role multiplies the temperatures of fields by; chords are the chord row and accompaniments."""

    melody: float = 1.0
    bass: float = 1.0
    inner: float = 1.0
    drums: float = 1.0
    chords: float = 1.0


@dataclass(frozen=True, slots=True)
class Sampling:
    """How boldly to choose; every default is justified by a table in docs/lab.md.

    temperature: times those of the field and of the role, 0.05..3 together; top_p: the share of probability kept
    (nucleus sampling, Holtzman et al., ICLR 2020); min_p: choices less likely than this share of the likeliest are
    dropped (Nguyen et al., ICLR 2025), 0 none; guidance: how strongly style and mood steer (classifier-free guidance,
    Ho & Salimans, 2021): 1 as learned, 0 not at all; novelty: log-probability taken from going on with a verbatim
    repeat that no plan asks for, 0 none; likeness: log-probability added to going on as the bar does that a plan says
    this one resembles, 0 as learned; best_of: takes written inside for one that the judges choose.
    Raises InvalidInput when a number is out of range.
    """

    temperature: float = 1.0
    fields: FieldTemperatures = field(default_factory=FieldTemperatures)
    roles: RoleTemperatures = field(default_factory=RoleTemperatures)
    top_p: float = 0.98
    min_p: float = 0.0
    guidance: float = 1.0
    novelty: float = 0.0
    likeness: float = 1.0
    best_of: int = 1

    def __post_init__(self) -> None:
        _check_temperatures(self)
        for name, low, high in (
            ("min_p", 0.0, 0.5),
            ("guidance", 0.0, 5.0),
            ("novelty", 0.0, 10.0),
            ("likeness", 0.0, 10.0),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise InvalidInput(
                    f"{name} must be {low:g}..{high:g}, got {value!r}: give a number in that range"
                )
        if not 0.0 < self.top_p <= 1.0:
            raise InvalidInput(f"top_p must be in (0, 1], got {self.top_p!r}: 1 keeps every choice")
        if not (isinstance(self.best_of, int) and 1 <= self.best_of <= MAX_BEST_OF):
            raise InvalidInput(
                f"best_of must be a whole number 1..{MAX_BEST_OF}, got {self.best_of!r}: 1 takes the first"
            )

    def temperature_of(self, role: str, name: str) -> float:
        """Return the temperature for a field of a part's role.

        >>> Sampling(temperature=0.5, roles=RoleTemperatures(bass=0.8)).temperature_of("bass", "onset")
        0.4
        """
        by_role: float = getattr(self.roles, _ROLE_NAMES.get(role, "inner"))
        by_field: float = getattr(self.fields, name)
        return min(MAX_TEMPERATURE, max(MIN_TEMPERATURE, round(self.temperature * by_role * by_field, 9)))


def _check_temperatures(sampling: Sampling) -> None:
    given = [("temperature", sampling.temperature)]
    for group, which in ((sampling.fields, "fields"), (sampling.roles, "roles")):
        given += [(f"{which}.{item.name}", getattr(group, item.name)) for item in fields(group)]
    for name, value in given:
        if not MIN_TEMPERATURE <= value <= MAX_TEMPERATURE:
            raise InvalidInput(
                f"{name} must be a temperature {MIN_TEMPERATURE}..{MAX_TEMPERATURE:g}, got {value!r}: 1 is as learned"
            )


def with_temperatures(sampling: Sampling, text: str) -> Sampling:
    """Return the sampling with temperatures as typed: a number for all, or roles and fields by name.

    Raises InvalidInput for a word that is no number, role or field.
    >>> with_temperatures(Sampling(), "0.9, melody=1.1").roles.melody
    1.1
    """
    roles, by_field = {i.name for i in fields(RoleTemperatures)}, {i.name for i in fields(FieldTemperatures)}
    for item in (part.strip() for part in text.replace("，", ",").replace("＝", "=").split(",")):
        name, _, typed = item.rpartition("=")
        try:
            value = float(typed)
        except ValueError as error:
            raise _not_a_temperature(item) from error
        if name.strip() in roles:
            sampling = replace(sampling, roles=replace(sampling.roles, **{name.strip(): value}))
        elif name.strip() in by_field:
            sampling = replace(sampling, fields=replace(sampling.fields, **{name.strip(): value}))
        elif not name:
            sampling = replace(sampling, temperature=value)
        else:
            raise _not_a_temperature(item)
    return sampling


def _not_a_temperature(item: str) -> InvalidInput:
    names = [i.name for i in (*fields(RoleTemperatures), *fields(FieldTemperatures))]
    return InvalidInput(
        f"temperature must be a number or NAME=NUMBER with a name of {', '.join(names)}, got {item!r}: "
        "write e.g. 0.9 or melody=1.1,bass=0.8"
    )


def choose(
    log_probs: FloatArray,
    mask: BoolArray,
    rng: np.random.Generator,
    *,
    temperature: float,
    top_p: float,
    min_p: float = 0.0,
) -> int:
    """Return an index drawn among the allowed; the mask must allow at least one.

    >>> choose(np.log([0.9, 0.1]), np.array([False, True]), np.random.default_rng(0), temperature=1.0, top_p=0.9)
    1
    """
    allowed = mask.nonzero()[0]
    assert allowed.size, "choose() needs an allowed index"
    if allowed.size == 1:
        return int(allowed[0])
    scores = np.rint(log_probs[allowed] * 1e4)
    scores -= scores.max()
    weights = np.exp(scores * (1e-4 / temperature))
    order = (-weights).argsort(kind="stable")
    reached = weights[order].cumsum()
    last = int(reached.searchsorted((top_p - 1e-9) * reached[-1]))
    if min_p > 0.0:
        last = min(last, int(np.count_nonzero(weights >= min_p - 1e-12)) - 1)  # the likeliest weighs 1
    at = int(reached.searchsorted(rng.random() * reached[last], side="right"))
    return int(allowed[order[min(at, last)]])
