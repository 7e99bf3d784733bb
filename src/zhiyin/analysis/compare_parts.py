"""Which part of one score is which part of another: by name, then by role, then by likeness.

Conventions: part indices, None where a part has no counterpart; pairs stand in the order of the second score.
This module does not compare notes bar by bar: see `compare_align.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from zhiyin.analysis.fingerprint import fingerprints, similarity
from zhiyin.analysis.roles import find_roles
from zhiyin.score import Part, Score

MIN_LIKENESS = 0.2  # parts that share less of what they play, and when, are different players


def match_parts(a: Score, b: Score) -> tuple[tuple[int | None, int | None], ...]:
    """Return pairs (part of a, part of b): matched ones and added ones in b's order, then the removed ones.

    Equal names (case and spaces aside) pair first, then equal role and instrument, then a role that each has once,
    then what plays most alike. Drums pair with drums only.
    """
    found: dict[int, int] = {}
    roles_a, roles_b = _roles(a), _roles(b)
    keys: tuple[Callable[[int, bool], Hashable], ...] = (
        lambda i, second: _name((b if second else a).parts[i]),
        lambda i, second: ((roles_b if second else roles_a)[i], (b if second else a).parts[i].program),
        lambda i, second: (roles_b if second else roles_a)[i],
    )
    for step, key in enumerate(keys):
        _pair_equal(a, b, key=key, found=found, only_single=step == 2)
    _pair_alike(a, b, found)
    back = {j: i for i, j in found.items()}
    rows: list[tuple[int | None, int | None]] = [(back.get(j), j) for j in range(len(b.parts))]
    return (*rows, *((i, None) for i in range(len(a.parts)) if i not in found))


def _name(part: Part) -> Hashable:
    name = " ".join(part.name.casefold().split())
    return name or None


def _roles(score: Score) -> tuple[str, ...]:
    heard = find_roles(score)
    return tuple(p.role if p.role != "unknown" else role for p, role in zip(score.parts, heard, strict=True))


def _pair_equal(
    a: Score, b: Score, *, key: Callable[[int, bool], Hashable], found: dict[int, int], only_single: bool
) -> None:
    """Pair free parts of equal key, in order; with only_single, only keys that each score has once."""
    left: dict[Hashable, list[int]] = {}
    right: dict[Hashable, list[int]] = {}
    for rows, score, second in ((left, a, False), (right, b, True)):
        taken = found.values() if second else found.keys()
        for index, part in enumerate(score.parts):
            value = key(index, second)
            if index not in taken and value is not None and _is_telling(value):
                rows.setdefault((part.is_drums, value), []).append(index)
    for value in sorted(left.keys() & right.keys(), key=str):
        if not only_single or len(left[value]) == len(right[value]) == 1:
            found.update(zip(left[value], right[value], strict=False))


def _is_telling(value: Hashable) -> bool:
    return value != "unknown" and not (isinstance(value, tuple) and value[0] == "unknown")


def _pair_alike(a: Score, b: Score, found: dict[int, int]) -> None:
    free_a = [i for i in range(len(a.parts)) if i not in found]
    free_b = [j for j in range(len(b.parts)) if j not in found.values()]
    ranked = sorted(
        (-_likeness(a.parts[i], b.parts[j]), abs(i - j), i, j)
        for i in free_a
        for j in free_b
        if a.parts[i].is_drums == b.parts[j].is_drums
    )
    for worth, _, i, j in ranked:
        if -worth >= MIN_LIKENESS and i not in found and j not in found.values():
            found[i] = j


def _likeness(a: Part, b: Part) -> float:
    """Return how much two parts share, 0..1: attacks with pitch, attacks alone, or melody in any key."""
    if not len(a.notes) or not len(b.notes):
        return 1.0 if len(a.notes) == len(b.notes) and a.program == b.program else 0.0
    struck = [set(zip(p.notes.onset.tolist(), p.notes.pitch.tolist(), strict=True)) for p in (a, b)]
    onsets = [{onset for onset, _ in rows} for rows in struck]
    alike = len(struck[0] & struck[1]) / max(map(len, struck))
    timing = len(onsets[0] & onsets[1]) / max(map(len, onsets))
    prints = [fingerprints(Score(parts=(p,))) for p in (a, b)] if not a.is_drums else []
    tune = similarity(*prints)[0] if prints else 0.0
    return max(alike, tune, 0.6 * timing if a.program == b.program else 0.3 * timing)
