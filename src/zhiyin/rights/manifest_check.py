"""The shape of a manifest: whether a tree read from a file may be trusted to be one.

Conventions: a wrong field is named with what came; what a later format may add is let through.
This module knows no notes and no signatures: see manifest.py and signing.py.
"""

from __future__ import annotations

from typing import Any

from zhiyin.errors import InvalidInput
from zhiyin.rights.shares import ORIGIN_KINDS
from zhiyin.score.note import NO_ORIGIN

MAX_ORIGINS = 100_000
FIELDS: dict[str, type] = {
    "format": str, "software": str, "title": str, "content": dict, "origins": list, "parts": list, "shares": dict,
    "models": list,
}  # fmt: skip
_ORIGIN_FIELDS: dict[str, type] = {"kind": str, "name": str, "detail": str}
_CONTENT_FIELDS: dict[str, type] = {"notes": str, "music": str, "marks": str}
_PART_FIELDS: dict[str, type] = {"name": str, "notes": int, "origins": list, "rows": str}
_SHARE_FIELDS: dict[str, type] = {"name": str, "notes": int, "ticks": int, "by_kind": dict, "by_origin": list}
_MODEL_FIELDS: dict[str, type] = {"name": str, "version": str}
_DATA_FIELDS: dict[str, type] = {"title": str, "licence": str, "pieces": int, "attribution": str}


def check_fields(tree: dict[str, Any]) -> None:
    """Raise InvalidInput unless every field of a manifest has the shape that docs/provenance.md sets out."""
    _check(tree, FIELDS, "fields")
    count = len(tree["origins"])
    if count > MAX_ORIGINS:
        raise InvalidInput(f"a manifest must have at most {MAX_ORIGINS} origins, got {count}")
    _check(tree["content"], _CONTENT_FIELDS, "content")
    for origin in tree["origins"]:
        _check(origin, _ORIGIN_FIELDS, "origin")
    for part in tree["parts"]:
        _check_part(part, count)
    _check_shares(tree["shares"], count)
    for model in tree["models"]:
        _check(model, _MODEL_FIELDS, "model")
        data = model.get("data")
        if not isinstance(data, list | None):
            raise InvalidInput(f"a manifest's model must have a list of data or null, got {str(data)[:60]}")
        for row in data or ():
            _check(row, _DATA_FIELDS, "data")


def _check(tree: Any, fields: dict[str, type], what: str) -> None:
    if not isinstance(tree, dict) or any(type(tree.get(name)) is not kind for name, kind in fields.items()):
        wrong = tree if not isinstance(tree, dict) else {name: tree.get(name) for name in fields}
        names = ", ".join(f"{name} ({kind.__name__})" for name, kind in fields.items())
        raise InvalidInput(f"a manifest's {what} must have {names}, got {str(wrong)[:90]}")


def _check_part(part: Any, origins: int) -> None:
    _check(part, _PART_FIELDS, "part")
    runs = part["origins"]
    is_run = all(_is_counts(run, 2) and NO_ORIGIN <= run[0] < origins and run[1] > 0 for run in runs)
    if not is_run or sum(run[1] for run in runs) != part["notes"]:
        raise InvalidInput(
            f"a manifest's runs must be [origin, notes] that make {part['notes']} notes, got {str(runs)[:60]}"
        )


def _check_shares(shares: dict[str, Any], origins: int) -> None:
    _check(shares, {"overall": dict, "parts": list, "sections": list}, "shares")
    for row in (shares["overall"], *shares["parts"], *shares["sections"]):
        _check(row, _SHARE_FIELDS, "shares")
        kinds = all(kind in ORIGIN_KINDS and _is_counts(pair, 2) for kind, pair in row["by_kind"].items())
        named = all(_is_counts(item, 3) and NO_ORIGIN <= item[0] < origins for item in row["by_origin"])
        if not (kinds and named):
            raise InvalidInput(
                "a manifest's shares must be {kind: [notes, ticks]} and [[origin, notes, ticks]], "
                f"got {str(row)[:120]}"
            )


def _is_counts(row: Any, size: int) -> bool:
    return isinstance(row, list) and [type(value) for value in row] == [int] * size
