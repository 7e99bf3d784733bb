"""Scores readings of briefs against what each must be read as, field by field.

Conventions: a number must lie within its tolerance, lists of styles are equal as sets, flags and errors are contained;
what is said without being asked for counts as too much. Does not know: how briefs are read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_BESIDE = frozenset(
    ("spans", "warnings", "defaults", "confidence", "valence", "arousal", "lang", "in_scope", "reason", "raw",
     "optional", "derived", "references", "theme")
)  # fmt: skip
_CONTAINED = ("flags", "errors", "conflicts", "exclude_styles", "fx", "references")
Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """One brief: which fields were right, what was said too much, and whether something refused was wanted."""

    fields: dict[str, bool] = field(default_factory=dict)
    extra: tuple[str, ...] = ()
    is_violated: bool = False

    @property
    def is_exact(self) -> bool:
        """True when every field is right and nothing was said too much."""
        return all(self.fields.values()) and not self.extra


def score_rows(rows: list[Tree], read: dict[str, Tree]) -> list[Score]:
    """Return the score of each row; read: what each id was read as."""
    return [_score(row["expect"], read.get(row["id"], {})) for row in rows]


def _score(wanted: Tree, said: Tree) -> Score:
    fields = {name: _is_right(name, value, said) for name, value in wanted.items()}
    known = set(wanted) | ({"styles"} if "styles_any" in wanted else set())
    extra = tuple(
        name for name, value in said.items()
        if name not in _BESIDE and name not in known and value not in (None, [], {}, "", False)
    )  # fmt: skip
    players, moods = wanted.get("instruments") or {}, wanted.get("moods") or {}
    is_violated = bool(
        set(players.get("exclude", [])) & set((said.get("instruments") or {}).get("include", []))
        or set(moods.get("none", [])) & set((said.get("moods") or {}).get("want", []))
    )
    return Score(fields, extra, is_violated)


def _is_right(name: str, wanted: Any, said: Tree) -> bool:
    told = said.get(name)
    if name in ("tempo", "duration_s"):
        return _is_within(wanted, told)
    if name == "tempo_scale":
        return isinstance(told, dict) and abs(told["value"] - wanted["value"]) <= wanted["tol"]
    if name in ("valence", "arousal"):
        return told in wanted
    if name == "instruments":
        return _are_players(wanted, told or {})
    if name == "moods":
        return _are_moods(wanted, told or {})
    if name == "styles":
        return set(wanted) == set(told or [])
    if name == "styles_any":
        return bool(set(wanted) & set(said.get("styles") or []))
    if name in _CONTAINED:
        return set(wanted) <= set(told or [])
    return _holds(wanted, told)


def _ends(amount: Tree, give: float = 0.0) -> tuple[float, float]:
    if "value" in amount:
        return amount["value"] - give, amount["value"] + give
    return amount.get("min", float("-inf")), amount.get("max", float("inf"))


def _is_within(wanted: Tree, told: Any) -> bool:
    if not isinstance(told, dict):
        return False
    low, high = _ends(wanted, wanted.get("tol", 0))
    first, last = _ends(told)
    is_inside = last <= high + 1e-6 and (("max" in wanted and "min" not in wanted) or low - 1e-6 <= first)
    return is_inside and all(
        told.get(name) == wanted[name] for name in ("beat_unit", "quarter_bpm") if name in wanted
    )


def _are_players(wanted: Tree, told: Tree) -> bool:
    include, exclude = set(told.get("include", [])), set(told.get("exclude", []))
    groups = [set(group) for group in wanted.get("include_any", [])]
    allowed = set(wanted.get("include", [])) | set(wanted.get("optional", [])) | set().union(*groups)
    return (
        set(wanted.get("include", [])) <= include <= allowed
        and all(include & group for group in groups)
        and exclude == set(wanted.get("exclude", []))
        and not include & exclude
        and bool(told.get("only", False)) == wanted.get("only", False)
    )


def _are_moods(wanted: Tree, told: Tree) -> bool:
    want, avoid = set(told.get("want", [])), set(told.get("avoid", []))
    every, some, none = (set(wanted.get(name, [])) for name in ("all", "any", "none"))
    return (
        every <= want and (not some or bool(want & some)) and none <= avoid and len(want - every - some) <= 1
    )


def _holds(wanted: Any, told: Any) -> bool:
    """Return whether every part of what is wanted stands in what was said."""
    if isinstance(wanted, dict):
        return isinstance(told, dict) and all(
            bool(set(value) & set(told.get("mood", []))) if name == "mood_any"
            else set(value) <= set(told.get("mood", [])) if name == "mood"
            else _holds(value, told.get(name))
            for name, value in wanted.items()
        )  # fmt: skip
    if isinstance(wanted, list):
        return isinstance(told, list) and len(wanted) == len(told) and all(map(_holds, wanted, told))
    if isinstance(wanted, float) or isinstance(told, float):
        return told is not None and abs(float(wanted) - float(told)) < 1e-3
    return bool(wanted == told)
