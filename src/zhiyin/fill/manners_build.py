"""Measuring manners of playing: reads the built corpus and writes `manners.csv` beside this module.

Conventions: run as `python -m zhiyin.fill.manners_build --from CORPUS`; people's music, training split only; a row is a
way to play one bar that several pieces of a style share, with how many do, how steadily they keep to it and what stands
beside it. No pitch of any piece is kept. Nothing else imports this module.
"""

from __future__ import annotations

import argparse
import csv
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from zhiyin.data.corpus import PieceArrays, load_human_corpus
from zhiyin.errors import InvalidInput
from zhiyin.fill.manners import BOUND, COLUMNS, FEWEST, LEANING, LED, MANNERED, TABLE
from zhiyin.score import ROLES
from zhiyin.units import STEPS_PER_QUARTER, IntArray

GRIDS = ((6, "s"), (8, "t"))  # steps of a place: sixteenths, else triplets of eighths
APART, LOW_SHARE = (
    5,
    0.4,
)  # semitones between a bar's lowest strikes for two levels, the part of them that is low
LEAST_BARS, MOST_BARS, LEAST_PIECES, MOST_ROWS, MOST_BESIDE = 8, 64, 3, 16, 6
TOLD = (*LED, "melody")  # roles that are measured
MEASURED_ONLY = ("nottingham", "kuiscima", "jsb_chorales")
Group = tuple[str, str, int]
Bar = tuple[
    str, float, float
]  # pattern, mean lowest pitch of its low strikes and of the others (nan for none)


def bar_of(onset: IntArray, pitch: IntArray, length: int, *, is_led: bool) -> Bar | None:
    """Return how a bar is played, None off both grids; onset: steps from the bar's start.

    is_led: levels and how many sound together are told; of tunes only where they strike.
    >>> bar_of(np.array([0, 24, 24, 48, 48]), np.array([43, 55, 59, 55, 59]), 72, is_led=True)[0]
    's:B...c...c...'
    """
    fits = (g for g in GRIDS if length % g[0] == 0 and not np.any(onset % g[0]))
    step, name = next(fits, (0, ""))
    if not step:
        return None
    places = np.unique(onset).tolist()
    lowest = {p: int(pitch[onset == p].min()) for p in places}
    floor, room = min(lowest.values()), max(lowest.values()) - min(lowest.values())
    cells, heights = ["."] * (length // step), ([], [])  # type: tuple[list[str], tuple[list[int], list[int]]]
    for place in places:
        is_low = room >= APART and lowest[place] - floor <= room * LOW_SHARE
        cells[place // step] = _kind(int((onset == place).sum()), is_low) if is_led else "x"
        heights[0 if is_low else 1].append(lowest[place])
    low, high = (float(np.mean(found)) if found else np.nan for found in heights)
    return f"{name}:{''.join(cells)}", low, high


def _kind(count: int, is_low: bool) -> str:
    return "BO"[min(count, 2) - 1] if is_low else "ncC"[min(count, 3) - 1]


def bars_of(piece: PieceArrays) -> Iterator[tuple[str, int, list[Bar]]]:
    """Yield (role, steps a bar, bars) of every part and length of bar."""
    starts, lengths = np.asarray(piece.bars["start"]), np.asarray(piece.bars["length"])
    owner, onset, pitch = (np.asarray(piece.notes[name]) for name in ("part", "onset", "pitch"))
    for part, role in enumerate(np.asarray(piece.parts["role"]).tolist()):
        mine = owner == part
        if not mine.any() or ROLES[role] not in TOLD:
            continue
        at, high = onset[mine], pitch[mine]
        bar = np.searchsorted(starts, at, side="right") - 1
        found: dict[int, list[Bar]] = defaultdict(list)
        for b in np.unique(bar)[:MOST_BARS].tolist():
            length, here = int(lengths[b]), bar == b
            one = bar_of(at[here] - starts[b], high[here], length, is_led=ROLES[role] in LED)
            found[length] += [one] if one else []
        yield from ((ROLES[role], length, bars) for length, bars in found.items() if len(bars) >= LEAST_BARS)


def measure(folder: Path) -> list[list[str]]:
    """Return the rows of the table, by style, role and length of bar, the most usual first."""
    view = load_human_corpus(folder, split="train")
    found: dict[Group, list[list[Bar]]] = defaultdict(list)
    for index in range(len(view)):
        piece_style = str(view.column("style")[index])
        if not view.note_counts[index] or piece_style not in MANNERED | BOUND | LEANING:
            continue
        piece = view.piece(index)
        if piece.info["set"] not in MEASURED_ONLY:
            for role, length, bars in bars_of(piece):
                found[piece_style, role, length].append(bars)
    rows = {group: rows_of(group, found[group]) for group in sorted(found)}
    return [row for group in rows if len(rows[group]) >= FEWEST for row in rows[group]]


def rows_of(group: Group, pieces: list[list[Bar]]) -> list[list[str]]:
    """Return the rows of a group; weight: how usual, the square of each piece's share where a role keeps its manner."""
    shares = [{p: n / len(bars) for p, n in Counter(b[0] for b in bars).items()} for bars in pieces]
    power = 2 if group[1] in LED else 1
    users = {p: [s for s in shares if p in s] for one in shares for p in one}
    known = {p: u for p, u in users.items() if len(u) >= LEAST_PIECES}
    weight = {p: sum(s[p] ** power for s in u) for p, u in known.items()}
    chosen = sorted(weight, key=lambda p: (-weight[p], p))[:MOST_ROWS]
    rows = []
    for pattern in chosen:
        stay = sum(s[pattern] ** 2 for s in known[pattern]) / sum(s[pattern] for s in known[pattern])
        beside = _beside(pattern, pieces, users=known[pattern], known=set(known), is_led=group[1] in LED)
        heights = [b[1:] for bars in pieces for b in bars if b[0] == pattern]
        low, high = (_mean([h[i] for h in heights]) for i in (0, 1))
        told = (str(len(known[pattern])), f"{weight[pattern]:.3f}", f"{stay:.2f}", low, high, beside)
        rows.append([group[0], group[1], f"{group[2] / STEPS_PER_QUARTER:g}", pattern, *told])
    return rows


def _beside(
    pattern: str, pieces: list[list[Bar]], *, users: list[dict[str, float]], known: set[str], is_led: bool
) -> str:
    """Return what stands beside a pattern in its pieces, or behind it where it is a tune's, with weights."""
    count: Counter[str] = Counter()
    if is_led:
        for shares in users:
            for other, share in shares.items():
                count[other] += round(1000 * share * shares[pattern])
    else:
        for bars in pieces:
            names = [b[0] for b in bars]
            count.update(after for before, after in itertools.pairwise(names) if before == pattern)
    most = [(p, n) for p, n in count.most_common() if p in known and n and (p != pattern or not is_led)]
    return " ".join(f"{p}={n}" for p, n in most[:MOST_BESIDE])


def _mean(values: list[float]) -> str:
    known = [v for v in values if not np.isnan(v)]
    return f"{np.mean(known):.1f}" if known else ""


def main() -> None:
    """Measure a corpus and write the table beside this module, or to --to."""
    parser = argparse.ArgumentParser(description="Measure manners of playing.")
    parser.add_argument("--from", dest="folder", type=Path, required=True, help="a built corpus")
    parser.add_argument("--to", type=Path, default=Path(__file__).with_name(TABLE))
    options = parser.parse_args()
    rows = measure(options.folder)
    if not rows:
        raise InvalidInput("the corpus must hold parts of 8 bars, found none: build it first")
    with options.to.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
