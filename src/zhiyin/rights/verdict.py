"""The verdict: what was found, in a careful sentence or two.

Conventions: every sentence is (English, Chinese); the gravest level comes first; nothing is called legal or illegal.
This module sets no threshold and searches nothing: `zhiyin.rights.report` hands in what passed its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.rights.lines import FEWEST_NOTES

Words = tuple[str, str]

LONG_RUN, ALIKE_LEVEL, PITCH_RUN, MANY_GRAMS = "long run", "alike", "pitch run", "many shared grams"
ORDINARY, NOTHING = "ordinary", "nothing to compare"
LEVELS = (LONG_RUN, ALIKE_LEVEL, PITCH_RUN, MANY_GRAMS, ORDINARY, NOTHING)

_LOOK: Words = ("Look at the passages below before you publish.", "发表前请先看下面的段落。")
_NO_JUDGEMENT: Words = ("This is a measurement, not a legal judgement.", "这是测量结果，不是法律意见。")
_TEXTURES: Words = (
    "Harmony and bass agree with the pieces listed below; that is told, not judged.",
    "和声与低音与下面列出的曲目有相同之处；这里只列出，不作判断。",
)
_FIGURES: Words = (
    "What else the table shows as known are figures that go round, which are nobody's own.",
    "表中其余的相同之处是循环往复的音型，不属于任何人。",
)
_UNSEEN: Words = (
    "Compared were the steps from note to note in each part's top line and written voices: notes moved by an octave, "
    "and a tune under other notes of its part, are not seen.",
    "比较的是每个声部最高的线条和写明的各条旋律中音与音之间的音程：个别音换了八度、或旋律藏在同一声部的其他音之下，是看不出来的。",
)


@dataclass(frozen=True, slots=True)
class Findings:
    """What is worth a sentence; 0, "" and False where it is not.

    longest: notes of the longest run in pitch and rhythm, whatever it is; long_run, pitch_run: notes of runs past
    their threshold; grams: (part, share of its 12-grams found, people's share) past its threshold; has_figures: more is
    known, but only goes round.
    """

    is_compared: bool
    longest: int = 0
    long_run: int = 0
    pitch_run: int = 0
    is_alike: bool = False
    grams: tuple[str, float, float] | None = None
    has_figures: bool = False
    has_textures: bool = False

    @property
    def levels(self) -> tuple[str, ...]:
        """Return every level that applies, gravest first; after a long run no likeness and no share is named."""
        if not self.is_compared:
            return (NOTHING,)
        is_short = not self.long_run
        found = {
            LONG_RUN: bool(self.long_run),
            ALIKE_LEVEL: self.is_alike and is_short,
            PITCH_RUN: self.pitch_run > self.long_run,
            MANY_GRAMS: self.grams is not None and is_short,
        }
        return tuple(level for level, is_found in found.items() if is_found) or (ORDINARY,)


def verdict_of(findings: Findings) -> Words:
    """Return what was found as (English, Chinese): a measure, never a legal judgement."""
    levels = findings.levels
    told: list[Words] = []
    if LONG_RUN in levels:
        told.append(_long_run(findings))
    if PITCH_RUN in levels:
        told.append(_pitch_run(findings))
    if ALIKE_LEVEL in levels:
        told.append(_alike(is_alone=PITCH_RUN not in levels))
    if MANY_GRAMS in levels:
        told.append(_many_grams(findings))
    if told and levels != (ALIKE_LEVEL,):
        told.append(_LOOK)
    if levels == (NOTHING,):
        told.append(_nothing())
    if levels == (ORDINARY,):
        told += [_ordinary(findings), *([_FIGURES] if findings.has_figures else []), _UNSEEN]
    if findings.has_textures and levels[0] in (ORDINARY, NOTHING):
        told.append(_TEXTURES)
    told.append(_NO_JUDGEMENT)
    return " ".join(en for en, _ in told), "".join(zh for _, zh in told)


def _long_run(findings: Findings) -> Words:
    notes = findings.long_run
    return (
        f"A run of {notes} notes agrees with an indexed piece.",
        f"有 {notes} 个音连续与已收录的曲目相同。",
    )


def _pitch_run(findings: Findings) -> Words:
    notes = findings.pitch_run
    return (
        f"In pitch alone, whatever the rhythm, a run of {notes} notes agrees with an indexed piece.",
        f"不看节奏、仅看音高，有 {notes} 个音连续与已收录的曲目相同。",
    )


def _alike(*, is_alone: bool) -> Words:
    return (
        ("No long run is shared, but a passage" if is_alone else "A passage")
        + " resembles an indexed piece with changes: listen to the two side by side.",
        ("没有很长的相同片段，但" if is_alone else "") + "有段落与已收录的曲目相似（有改动）：请对照听一听。",
    )


def _many_grams(findings: Findings) -> Words:
    assert findings.grams is not None, "only a share past its threshold has words"
    name, share, human = findings.grams
    part = (f"of {name!r}", f"“{name}”") if name else ("of one part", "一个声部")
    return (
        f"Many short runs are known: {100 * share:.0f} % of the 12-grams {part[0]} stand in the index (people with "
        f"people {100 * human:.1f} %), so it may hold pieces of known tunes.",
        f"有许多已知的短片段：{part[1]}的 12 元组有 {100 * share:.0f} % 在索引中（人与人之间 {100 * human:.1f} %），"
        "可能含有已知曲调的片段。",
    )


def _nothing() -> Words:
    return (
        f"There is nothing to compare: no pitched part has a line of {FEWEST_NOTES} notes or more, and drums are not "
        "compared.",
        f"没有可以比较的内容：没有一个有音高的声部有 {FEWEST_NOTES} 个音以上的线条；鼓不作比较。",
    )


def _ordinary(findings: Findings) -> Words:
    return (
        f"Nothing beyond what people's own pieces share was found (longest run {findings.longest} notes). The index "
        "holds only the pieces named in its documentation.",
        f"没有发现超出人们作品之间常见程度的相同之处（最长 {findings.longest} 个音）。索引只收录文档所列的曲目。",
    )
