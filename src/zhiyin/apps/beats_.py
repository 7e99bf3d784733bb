"""Found beats told to people: that a score was played apart from the written beats, and where the bars lie in it.

Conventions: bars count from 1; places are seconds of the person's file; tempo in quarter notes a minute.
This module finds no beats: see `zhiyin.analysis.beats`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhiyin.fill.desk import Desk

TABLE_BARS, MOST_ROWS = 4, 32  # a row of the table every so many bars; longer pieces have fewer rows

_FOUND = (
    "Played apart from the written beats: {bars} bars of {metre} at about {tempo:.0f} BPM{quarters} were found; bars "
    "are counted in those.",
    "演奏与写明的拍子不合：找到 {bars} 小节 {metre} 拍，约 {tempo:.0f} BPM{quarters}；小节按找到的来数。",
)
_QUARTERS = (" (counting quarter notes)", "（按四分音符计）")
_HEADS = (("found bar", "begins in the file at"), ("找到的小节", "在文件中的位置"))
_SECONDS = ("{at:.2f} s", "{at:.2f} 秒")


def beats_tree(desk: Desk) -> dict[str, Any] | None:
    """Return the bars found in a performance as plain values, None where the written ones hold.

    metre: of most bars; starts_s: where each bar begins in the person's file, in seconds.
    """
    if not desk.is_performed or not desk.bars:
        return None
    from zhiyin.score import Timeline
    from zhiyin.units import TICKS_PER_QUARTER

    line, own = Timeline.of(desk.frame), Timeline.of(desk.own)
    edges = line.bar_starts(desk.bars).tolist()
    seconds = own.ticks_to_seconds(desk.warp.to_own(edges)).tolist()
    metre = Counter(str(line.metre_at(start)) for start in edges[:-1]).most_common(1)[0][0]
    quarters = (edges[-1] - edges[0]) / TICKS_PER_QUARTER
    return {
        "metre": metre, "tempo_bpm": round(60.0 * quarters / (seconds[-1] - seconds[0]), 1), "bars": desk.bars,
        "starts_s": [round(second, 3) for second in seconds[:-1]],
    }  # fmt: skip


def beats_words(beats: dict[str, Any], lang: str) -> str:
    """Return in one sentence what was found and that bars are counted so.

    >>> beats_words({"bars": 24, "metre": "3/4", "tempo_bpm": 91.6}, "en")[:66]
    'Played apart from the written beats: 24 bars of 3/4 at about 92 BP'
    """
    zh = lang == "zh"
    is_compound = beats["metre"].endswith("8") and int(beats["metre"].split("/")[0]) % 3 == 0
    return _FOUND[zh].format(
        bars=beats["bars"], metre=beats["metre"], tempo=beats["tempo_bpm"],
        quarters=_QUARTERS[zh] if is_compound else "",
    )  # fmt: skip


def beats_rows(beats: dict[str, Any]) -> list[tuple[int, float]]:
    """Return (bar, second of the file) every few bars.

    >>> beats_rows({"starts_s": [0.5, 2.5, 4.5, 6.5, 8.5]})
    [(1, 0.5), (5, 8.5)]
    """
    starts = beats["starts_s"]
    step = TABLE_BARS * -(-len(starts) // (TABLE_BARS * MOST_ROWS))
    return [(bar + 1, starts[bar]) for bar in range(0, len(starts), step)]


def beats_lines(beats: dict[str, Any] | None, lang: str) -> list[str]:
    """Return the sentence and the table as Markdown lines; nothing where the written beats hold."""
    if not beats:
        return []
    zh = lang == "zh"
    rows = [f"| {bar} | {_SECONDS[zh].format(at=at)} |" for bar, at in beats_rows(beats)]
    return ["", beats_words(beats, lang), "", f"| {_HEADS[zh][0]} | {_HEADS[zh][1]} |", "|---|---|", *rows]
