"""OpenScore String Quartets: whole quartets, cut into their movements.

Conventions: a new movement begins where the printed bar numbers start again; a quartet is one work.
This module does not tell a trio from a movement: both begin to count anew.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from zhiyin.data.base import Card, Piece, Source, files_of, slug
from zhiyin.data.reading import load_score
from zhiyin.data.zipped import musicxml_text
from zhiyin.score import MetreMark, Score, Timeline, slice_ticks
from zhiyin.units import TICKS_PER_QUARTER

MIN_BARS = 8
_MEASURE = re.compile(r'<measure\b[^>]*?\bnumber="(\d*)[^"]*"[^>]*>(.*?)</measure>', re.DOTALL)
_EVENT = re.compile(r"<(note|backup|forward|divisions)\b[^>]*>(.*?)</\1>", re.DOTALL)
_DURATION = re.compile(r"<duration>(\d+)</duration>")


class OpenScoreQuartets:
    """Reader of the OpenScore String Quartets corpus (.mxl)."""

    card = Card(
        name="openscore_quartets",
        title="OpenScore String Quartets",
        citation="Gotham et al., The OpenScore String Quartet Corpus, DLfM 2023",
        licence="CC0-1.0",
        ruling="train",
        repository="https://github.com/OpenScore/StringQuartets",
        commit="2c723a5b7b4ea5420826116dfa912956c6a022c2",
        checksum="8f15ead4956c0a037f372307df423844ea57f0269bb579fefd854c25865f063f",
        attribution="OpenScore String Quartets (CC0)",
    )
    files = ("scores/**/*.mxl",)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a quartet."""
        for path in files_of(root, self.files):
            _, composer, *names, _ = path.split("/")
            title = " ".join(names).replace("_", " ").strip()
            yield Source(
                id=slug(path.removeprefix("scores/").removesuffix(".mxl")),
                work=slug(f"{composer} {title}"),
                path=path,
                style="string-quartet",
                title=title,
                composer=composer.replace("_", " "),
                licence=self.card.licence,
            )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the movements of the quartet."""
        score = load_score(root, source)
        starts = movement_starts(musicxml_text(root / source.path))
        for index, movement in enumerate(cut_near(score, starts)):
            number = f"{index + 1}"
            yield Piece(
                replace(source, id=f"{source.id}-{number}", title=f"{source.title}, part {number}"), movement
            )


def movement_starts(text: str) -> list[float]:
    """Return where in the first part, in quarters, the printed bar numbers start again; 0 first.

    >>> bar = '<measure number="{}"><note><duration>4</duration></note></measure>'
    >>> movement_starts('<part id="P1">' + "".join(bar.format(n) for n in [*range(1, 10), 1, 2]) + "</part>")
    [0.0, 36.0]
    """
    first = text[text.find("<part ") :]
    measures = list(_MEASURE.finditer(first[: first.find("</part>")]))
    starts, at, divisions, since, before = [0.0], 0.0, 1, 0, 0
    for index, measure in enumerate(measures):
        number = int(measure.group(1) or -1)
        if number in (0, 1) and before > number and index - since >= MIN_BARS:
            starts.append(at)
            since = index
        before = number
        length, divisions = measure_quarters(measure.group(2), divisions)
        at += length
    return starts


def measure_quarters(text: str, divisions: int) -> tuple[float, int]:
    """Return how far one measure's events reach, in quarters, and the divisions of a quarter after it.

    >>> measure_quarters("<divisions>2</divisions><note><duration>3</duration></note>", 1)
    (1.5, 2)
    """
    reach = now = 0.0
    for kind, body in _EVENT.findall(text):
        if kind == "divisions":
            divisions = int(body)
            continue
        found = _DURATION.search(body)
        if found is None or "<chord" in body:
            continue  # a grace note, or one more note of a chord
        now += (-1 if kind == "backup" else 1) * int(found.group(1)) / divisions
        reach = max(reach, now)
    return reach, divisions


def cut_near(score: Score, starts: list[float]) -> list[Score]:
    """Return the stretches of a score between the bar lines nearest to the starts; silent ones are left out."""
    line = Timeline.of(score)
    bars = line.bar_starts(line.bar_count(score.end))
    ticks = [int(bars[np.abs(bars - start * TICKS_PER_QUARTER).argmin()]) for start in starts]
    edges = sorted({tick for tick in ticks if tick < score.end} | {score.end})
    pieces = [slice_ticks(score, low, high) for low, high in itertools.pairwise(edges)]
    return [with_pickup(piece) for piece in pieces if piece.note_count]


def with_pickup(score: Score) -> Score:
    """Return the score with a single short bar at its start as a pick-up instead of a metre of its own."""
    if len(score.metres) < 2:
        return score
    first, second = score.metres[:2]
    if not first.metre.bar_ticks == second.tick < second.metre.bar_ticks:
        return score
    metres = (MetreMark(0, second.metre), *score.metres[2:])
    return replace(score, metres=metres, pickup_ticks=second.tick)
