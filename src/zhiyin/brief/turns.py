# ruff: noqa: E501 - patterns keep one row a line
"""Turns: what changes on the way - "start calm, build tension from 0:30, explode at 1:15".

Conventions: a turn has one place (seconds, a bar, a share of the piece or the end) and what holds from there on.
This module does not plan how the music turns: see `zhiyin.fill`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from zhiyin.brief.match import Match
from zhiyin.score.wishes import Change


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: its place, the moods, loudness of feeling (`high`, `low`), dynamics or tempo from there, and how.

    tempo: `faster`, `slower` or beats a minute; how: `gradual`, `sudden` or ""; start, end: its clause in the folded
    text; used: indices of the matches that it speaks of; section: the section that the text names, "" for none.
    """

    start: int
    end: int
    at_s: float | None = None
    at_bar: int | None = None
    at_share: float | None = None
    is_end: bool = False
    moods: tuple[str, ...] = ()
    arousal: str = ""
    tempo: str | float | None = None
    dynamics: str = ""
    how: str = ""
    used: tuple[int, ...] = ()
    section: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the turn as plain values; what was not said is left out."""
        place: dict[str, Any] = (
            {"at": "end"} if self.is_end else {"at_s": self.at_s} if self.at_s is not None
            else {"at_bar": self.at_bar} if self.at_bar is not None else {"at_frac": self.at_share}
        )  # fmt: skip
        rest = {"mood": list(self.moods), "arousal": self.arousal, "tempo": self.tempo, "dynamics": self.dynamics,
                "how": self.how, "section": self.section.replace("-", "_")}  # fmt: skip
        return place | {name: value for name, value in rest.items() if value not in (None, "", [])}

    def change(self) -> Change | None:
        """Return the turn as a wish; None where it says only what wishes cannot hold."""
        level = {"high": 0.8, "low": -0.6}.get(self.arousal)
        scale = {"faster": 1.25, "slower": 0.8}.get(str(self.tempo))
        bpm = self.tempo if isinstance(self.tempo, float) else None
        if not (self.moods or level is not None or scale or bpm or self.dynamics):
            return None
        is_start = self.at_s == 0 and not self.is_end
        return Change(
            at_seconds=None if is_start else self.at_s, at_bar=self.at_bar,
            at_share=0.0 if is_start else self.at_share, is_at_end=self.is_end, moods=self.moods, arousal=level,
            tempo_bpm=bpm, tempo_scale=scale, dynamics=self.dynamics or None, is_gradual=self.how == "gradual",
        )  # fmt: skip


_CLAUSE = re.compile(
    r"[,，。;；!！?？\n、]|:(?!\d)|\.(?!\d)|\s-\s|(?<![a-z])(?:and(?= (?:then |finally |it |gradually |slowly |suddenly )*(?:ends?|explod|finish|then|build|get|becom|turn|fade|slow|speed|rise|stop|erupt|grow|return|go|clos|drop|settle|burst|calm|relax))|before(?= )|then(?= )|followed by)(?![a-z])|(?<=[^然随以之往])(?=然后|接着|随后|最后|最终)|(?<=[^\s,])(?=再(?:慢慢|逐渐|渐渐|变|转|回|到))"
)
_START = re.compile(
    r"(?<![a-z])(?:starts?|begins?|opens?|starting|beginning|at (?:the )?(?:very )?(?:start|beginning|first|outset|opening)|initially|first|before that|until then|up to then)(?![a-z])|在?那之前|此前|^\s*从(?!头)|开始(?:时|的时候|要|是|部分|得|于)?|开头|一开始|起初|开场|最初|先是|首先|(?:^|请)\s*先|起始|起先"
)
_END = re.compile(
    r"(?<![a-z])(?:finally|at (?:the )?(?:very )?end|in the end|towards? the end|by the end|ends?|ending|finish(?:es|ing)?|close(?:s)?|lastly|conclud\w+)(?![a-z])|最后|结尾|最终|末尾|结束时?|收尾|终于|末段|到最后"
)
_LAST_SECTION = re.compile(r"尾奏|尾声|尾段|(?<![a-z])(?:outro|coda)(?![a-z])")
_MIDDLE = re.compile(
    r"(?<![a-z])(?:in the middle|halfway|half way|midway|mid way|middle (?:section|part)|at the midpoint|second half)(?![a-z])|中间|中段|一半|过半|中途|中部|后半"
)
_THEN = re.compile(
    r"(?<![a-z])(?:then|after that|next|later|afterwards|followed by|before)(?![a-z])|然后|接着|随后|后来|继而|再|之后|转为|转入|变得|变成|过渡"
)
_BURST = re.compile(
    r"(?:big|huge|massive|heavy|the) drop|drops? (?:at|hits)|explo[ds]|erupt|burst|blow up|climax|all out|(?:go|goes) wild|peak|full force|full power|big finish|爆发|高潮|炸开|迸发|顶点|全开|沸腾|火力全开"
)
_HUSH = re.compile(
    r"calm down|quiet(?:en)? down|settle|die down|dies down|wind down|winds down|cool down|归于平静|安静下来|平静下来|沉寂|消散"
)
_GRADUAL = re.compile(
    r"gradual|slowly|build|grow|increas|bit by bit|little by little|rising|step by step|more and more|渐|慢慢|越来越|一步步|逐步|缓缓|循序|一点点|层层"
)
_SUDDEN = re.compile(r"sudden|abrupt|all at once|out of nowhere|突然|骤然|忽然|猛然|一下子|猛地")
_FROM_TO = re.compile(
    r"(?:(?<![a-z])(?:from|going|shift\w*|mov\w+|transition\w*)(?![a-z])|由|从)(.+?)(?:(?<![a-z])(?:to|into|towards?)(?![a-z])|转变?[为到成向]|变[为成得到]|过渡[到为]?|走向|逐渐到|到|至|转|渐变)(.+)"
)
_ARROW = re.compile(r"(.+?)\s*(?:→|->|=>|➡|⇒)\s*(.+)")
_FIRST_THEN = re.compile(r"先(.+?)(?:,|，)?\s*(?:后|再|然后|接着)(.+)")
_ENDINGS: dict[tuple[str, object], str] = {
    ("tempo_change", "slower"): "ritardando", ("dynamics", "diminuendo"): "fade_out",
}  # fmt: skip
_FIELDS = ("mood", "tempo_change", "dynamics", "tempo_bpm")
_PLACES = ("moment", "place")


def clauses(text: str) -> list[tuple[int, int]]:
    """Return the clauses of a folded text as (start, end)."""
    edges = [0]
    for found in _CLAUSE.finditer(text):
        edges += (
            [found.start(), found.end()]
            if found.group(0) in ",，。;；!！?？\n、:" or found.group(0) == "."
            else [found.start()]
        )
    edges.append(len(text))
    return [(a, b) for a, b in pairwise(edges) if text[a:b].strip(" ,，。;；!！?？\n、:.")]


def endings(matches: Sequence[Match], text: str) -> list[Match]:
    """Return the matches; slowing down or dying away that is said of the end is an ending."""
    found = list(matches)
    taken: set[int] = set()
    for start, end in clauses(text):
        said = _END.search(text[start:end]) or _LAST_SECTION.search(text[start:end])
        if said is None:
            continue
        for index, match in enumerate(found):
            is_inside = start <= match.start and match.end <= end
            if is_inside and (match.field, match.value) in _ENDINGS:
                first = start + said.start()
                between = [i for i, item in enumerate(found[:index]) if item.end > first]
                is_free = all(found[i].field == "BUT" for i in between)
                taken.update(between if is_free else [])
                own = min(first, match.start) if is_free else match.start
                found[index] = replace(
                    match, start=own, field="ending", value=_ENDINGS[match.field, match.value]
                )
    return [match for index, match in enumerate(found) if index not in taken]


def find_turns(matches: Sequence[Match], text: str, refused: frozenset[int]) -> tuple[Turn, ...]:
    """Return what changes on the way, in the order of the text.

    matches: in text order; text: the folded lower-case text; refused: indices of what is not wanted.
    """
    parts = section_turns(matches, text, refused)
    turns: list[Turn] = []
    for start, end in clauses(text):
        own = [turn for turn in parts if start <= turn.start < end]
        turns += own
        if own:
            continue
        inside = [
            index for index, match in enumerate(matches)
            if start <= match.start and match.end <= end and index not in refused
        ]  # fmt: skip
        pair = _two_ends(start, end, text, matches, inside)
        turns += pair or _one(start, end, text, matches, inside, bool(turns))
    turns = turns or _tempo_steps(matches, text, refused)
    spoken = {index for turn in turns for index in turn.used}
    for index, match in enumerate(matches):
        if match.field == "tempo_change" and index not in refused and index not in spoken:
            turns.append(
                Turn(
                    match.start, match.end, is_end=True, tempo=str(match.value), how="gradual", used=(index,)
                )
            )
    is_plain = all(turn.at_share == 0.5 and not turn.how for turn in turns)
    return () if is_plain and len(turns) == 1 and not _MIDDLE.search(text) else tuple(_placed(turns))


_ORDINALS = {
    "first": re.compile(r"第一[段部]分?|(?<![a-z])(?:the )?first (?:part|section|half)(?![a-z])|前半[段部]?分?"),
    "second": re.compile(r"第二[段部]分?|(?<![a-z])(?:the )?second (?:part|section|half)(?![a-z])|后半[段部]?分?"),
    "third": re.compile(r"第三[段部]分?|(?<![a-z])(?:the )?third (?:part|section)(?![a-z])"),
    "fourth": re.compile(r"第四[段部]分?|(?<![a-z])(?:the )?fourth (?:part|section)(?![a-z])"),
}  # fmt: skip
_BETWEEN = re.compile(r"(?<![a-z])(?:and|but|then)(?![a-z])|[和而但与]")


def section_turns(matches: Sequence[Match], text: str, refused: frozenset[int]) -> list[Turn]:
    """Return what holds in each section where at least two sections are told apart: "calm intro, explosive chorus"."""
    turns: list[Turn] = []
    names: list[str] = []
    for start, end in _section_clauses(matches, text):
        inside = [i for i, m in enumerate(matches) if start <= m.start and m.end <= end and i not in refused]
        clause = text[start:end]
        told = [_section_name(matches[i]) for i in inside if matches[i].field in ("section", "section_told")]
        told = told or [name for name, pattern in _ORDINALS.items() if pattern.search(clause)]
        names += [name for name in told if name not in names]
        content = [i for i in inside if matches[i].field in _FIELDS and not _is_beside(matches, i, text)]
        is_told = content or _BURST.search(clause) or _HUSH.search(clause)
        if len(told) != 1 or not is_told or any(matches[i].field in _PLACES for i in inside):
            continue
        place = _place_of(told[0], names, matches, start)
        turn = replace(place, start=start, end=end, section=told[0])
        turns.append(_filled(turn, matches, content, clause))
    return turns if len({turn.section for turn in turns}) > 1 else []


def _section_name(match: Match) -> str:
    return str(match.value[0] if isinstance(match.value, tuple) else match.value)


def _section_clauses(matches: Sequence[Match], text: str) -> Iterator[tuple[int, int]]:
    """Yield the clauses, those with several sections cut between them."""
    for start, end in clauses(text):
        inside = [m for m in matches if m.field == "section" and start <= m.start and m.end <= end]
        for one, other in pairwise(inside):
            cut = _BETWEEN.search(text, one.end, other.start)
            if cut is not None:
                yield start, cut.start()
                start = cut.end()
        yield start, end


def _place_of(name: str, names: Sequence[str], matches: Sequence[Match], at: int) -> Turn:
    """Return an empty turn at the place of a section: its bar where all bars before are told, else its share."""
    if name == "outro":
        return Turn(0, 0, is_end=True)
    if name in ("intro", "first") or names[0] == name:
        return Turn(0, 0, at_s=0.0)
    bars = [
        m.value[1] if isinstance(m.value, tuple) else int(str(m.value))
        for m in matches if m.field in ("section_told", "section_bars") and m.start < at
    ]  # fmt: skip
    if len(bars) == names.index(name) and all(bars):
        return Turn(0, 0, at_bar=1 + sum(bars))
    return Turn(0, 0, at_share=0.5)


def _tempo_steps(matches: Sequence[Match], text: str, refused: frozenset[int]) -> list[Turn]:
    """Return the turns of "120 bpm for 16 bars then 140 bpm"."""
    paces = [i for i, m in enumerate(matches) if m.field == "tempo_bpm" and i not in refused]
    if len(paces) != 2 or matches[paces[0]].value == matches[paces[1]].value:
        return []
    first, other = (matches[i] for i in paces)
    if not _THEN.search(text[first.end : other.start]):
        return []
    lasting = [
        i for i in range(paces[0] + 1, paces[1]) if matches[i].field in ("bars", "seconds") and matches[i].amount
    ]  # fmt: skip
    amount = matches[lasting[0]].amount if lasting else None
    turn = Turn(other.start, other.end, at_share=0.5)
    if amount is not None and amount.value is not None:
        is_bars = matches[lasting[0]].field == "bars"
        turn = replace(
            turn, at_share=None, at_bar=1 + int(amount.value) if is_bars else None,
            at_s=None if is_bars else amount.value,
        )  # fmt: skip
    opening = _filled(Turn(first.start, first.end, at_s=0.0), matches, paces[:1], "")
    return [opening, replace(_filled(turn, matches, paces[1:], ""), used=(paces[1], *lasting))]


def _two_ends(start: int, end: int, text: str, matches: Sequence[Match], inside: list[int]) -> list[Turn]:
    """Return the two turns of "from calm to tense"."""
    if any(matches[index].field in _PLACES for index in inside):
        return []
    for pattern in (_FROM_TO, _FIRST_THEN, _ARROW):
        found = pattern.search(text[start:end])
        if found is None:
            continue
        sides = []
        for group in (1, 2):
            low, high = start + found.start(group), start + found.end(group)
            sides.append(
                [
                    i
                    for i in inside
                    if low <= matches[i].start
                    and matches[i].end <= high
                    and matches[i].field in ("mood", "tempo_bpm")
                ]
            )
        if all(sides):
            first = _filled(Turn(start, end, at_s=0.0), matches, sides[0], "")
            how = "" if pattern is _FIRST_THEN else "gradual"
            last = _filled(Turn(start, end, is_end=True), matches, sides[1], "")
            between = tuple(i for i in inside if matches[i].field == "tempo_change")
            last = replace(last, used=(*last.used, *between))
            return [first, replace(last, how=how)]
    return []


def _one(
    start: int, end: int, text: str, matches: Sequence[Match], inside: list[int], has_earlier: bool
) -> list[Turn]:
    clause = text[start:end]
    content = [
        index for index in inside if matches[index].field in _FIELDS and not _is_beside(matches, index, text)
    ]
    if not content and not _BURST.search(clause) and not _HUSH.search(clause):
        return []
    turn = _anchored(Turn(start, end), clause, matches, inside)
    if (
        turn is None
        and has_earlier
        and (_THEN.search(clause) or _THEN.search(text[max(0, start - 7) : start]))
    ):
        turn = Turn(start, end, at_share=0.5)
    if turn is None:
        return []
    filled = _filled(turn, matches, content, clause)
    if (
        filled.dynamics in ("crescendo", "diminuendo")
        and not filled.moods
        and (filled.at_s == 0 or filled.is_end)
    ):
        return []  # the shape of the whole
    only_sound = not filled.moods and not filled.arousal and filled.tempo is None
    if only_sound and not filled.dynamics:
        return []
    return [] if filled.at_s == 0 and only_sound and not _START.search(clause) else [filled]


def _is_beside(matches: Sequence[Match], index: int, text: str) -> bool:
    """Return whether a word tells of one player only: "a soft shaker"."""
    match = matches[index]
    if match.field != "dynamics" or match.value not in ("soft", "loud") or index + 1 >= len(matches):
        return False
    after = matches[index + 1]
    return after.field == "instrument" and not text[match.end : after.start].strip(" 的")


def _anchored(turn: Turn, clause: str, matches: Sequence[Match], inside: list[int]) -> Turn | None:
    """Return the turn with its place, None where the clause names none."""
    for index in inside:
        match = matches[index]
        if match.field == "moment":
            return replace(turn, at_s=float(str(match.value)), used=(index,))
        if match.field == "place" and match.value == -1:
            return replace(turn, is_end=True, used=(index,))
        if match.field == "place" and match.value == 1:
            return replace(turn, at_s=0.0, used=(index,))
        if match.field == "place":
            return replace(turn, at_bar=int(str(match.value)), used=(index,))
    if _END.search(clause):
        return replace(turn, is_end=True)
    if _MIDDLE.search(clause):
        return replace(turn, at_share=0.5)
    if _START.search(clause):
        return replace(turn, at_s=0.0)
    return None


def _filled(turn: Turn, matches: Sequence[Match], content: list[int], clause: str) -> Turn:
    moods: list[str] = []
    tempo: str | float | None = None
    dynamics = ""
    for index in content:
        match = matches[index]
        if match.field == "mood" and str(match.value) not in moods:
            moods.append(str(match.value))
        elif match.field == "tempo_change":
            tempo = str(match.value)
        elif match.field == "tempo_bpm" and isinstance(match.value, float):
            tempo = match.value
        elif match.field == "dynamics":
            dynamics = str(match.value)
    arousal = "high" if _BURST.search(clause) else "low" if _HUSH.search(clause) else ""
    if arousal == "low" and not moods:
        moods = ["calm"]
    how = "sudden" if _SUDDEN.search(clause) else "gradual" if _GRADUAL.search(clause) else ""
    used = (*turn.used, *content)
    return replace(
        turn, moods=tuple(moods), tempo=tempo, dynamics=dynamics, arousal=arousal, how=how, used=used
    )


def _placed(turns: list[Turn]) -> Iterator[Turn]:
    """Yield the turns; those that only follow another share out the way between start and end."""
    loose = [turn for turn in turns if turn.at_share == 0.5 and turn.at_s is None]
    is_last_open = bool(loose) and loose[-1] is turns[-1] and len(turns) > 1
    for turn in turns:
        if turn in loose and len(loose) > 1:
            share = (loose.index(turn) + 1) / (len(loose) + (0 if is_last_open else 1))
            yield replace(turn, at_share=round(min(share, 0.9), 2))
        else:
            yield turn
