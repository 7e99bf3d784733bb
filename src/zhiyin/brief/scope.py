# ruff: noqa: E501 - patterns keep one row a line
"""Scope: which of the things named in a brief are wanted, unwanted or merely allowed, and whether nothing else may be.

Conventions: a negator reaches the next thing and whatever of its kind is joined to it by 'and', 'or', 和, 、; an
adjective takes the negation from its noun ("not a sad waltz" is a waltz). This module does not know what things are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhiyin.brief.match import Match
from zhiyin.brief.words_control import BUT, EXCEPT, FREE, MAYBE, MUST, NOT, NOT_LATER, ONLY

_JOINERS = re.compile(
    r"[\s、/&\"'()]|(?<![a-z])(?:and|or|nor|any|a|an|the|of|too|very|so|some|key|mode|kind|sort|that|really|much|many|all|overly|feel|feeling|feels|mood|vibe|sounding|please|at)(?![a-z])|以及|或者|或是|和|或|与|跟|及|也|太|很|过于|过分|任何|那么|这么|特别|有|把|个|支|台|架|面|件|什么|一点|一丝|半点|丝毫|感觉|情绪|之类|类|声"
)
_STOP = re.compile(r"[。;；!！?？\n]|\.(?!\d)")
_LATER_OR = re.compile(r"^[^。;；!！?？\n]*?(?:,\s*|\s)(?:or|nor)\s|^[^。;；!！?？\n]*?或")
_OR = re.compile(r"(?<![a-z])(?:or|nor)(?![a-z])|或|、|/")
_AND = re.compile(r"(?<![a-z])and(?![a-z])|和|与|跟|以及|及|&")
_NONE_ELSE = re.compile(
    r"都不|全不|全都不|一概不|其他不|其它不|不要其他|别的不|no other|nothing else|不要别的|什么都不|其余不|(?:其他|其它|其余|别的|剩下)(?:的)?(?:乐器|声部|声音|风格)?(?:都|一概|一律|全都?|统统|通通|就)*(?:不(?![限管论错])|别|去掉|免)"
)
_CLOSED = re.compile(
    r"nothing else|no other (?:instruments?|sounds?|parts?|players?)|and that's (?:it|all)|that's all|没有(?:别的|其[他它])(?:乐器|声音|伴奏)?|(?:别的|其[他它余])(?:的|乐器|声音|声部)?(?:都|一概|一律|全|通通|统统)*(?:不要|不用|去掉|别用|免)|不要(?:任何)?(?:别的|其[他它])|别无其他|no accompaniment|no (?:other )?instruments|(?:不要|没有|无)(?:任何)?乐器|无伴奏(?!合唱)|without accompaniment|(?:除此|此)(?:之外|以外)(?:都|什么|别的)?(?:不要|没有)|不加(?:别的|其[他它]|任何)"
)
_ALSO = re.compile(r"还|另外|再加|also|as well|too")
_TOO_MUCH = re.compile(
    r"too (?:many|much|loud|heavy|busy|prominent|dominant)|so (?:many|much)|overly (?:loud|busy)|太多|过多|太吵|太重|太响|太满|太大声|那么多|太过|太突出|太密"
)
_TAIL_MUCH = re.compile(r"^\s*(?:太|过于|那么|特别|too |so |overly )")
_CLAUSE_END = re.compile(r"^\s*(?:了|啦|哦|吧|哈|的|please|thanks)?\s*(?:$|[,，。.;；!！?？、\n)])")
_LATER_GAP = re.compile(
    r"^(?:[-\s'\"]|就|也|都|全|通通|统统|一概|一律|声|这些|那些|[:：]|之类的?|什么的|is|are|the|,? ?please|instruments?|parts?|乐器|声部|我|可以|的话|,? (?:they|it|that|those))*$"
)
_ALL_BEFORE = re.compile(r"(?:都|全|通通|统统|一概|一律|全都)(?:不要|不用|别用|去掉|不需要|免了|删掉)$")
_MAYBE_LATER = re.compile(r"optional|可选|可有可无|都行|都可以|可要可不要")
_CONTRAST = (
    "but",
    "但",
    "但是",
    "however",
    "不过",
    "yet",
    "而是",
    "却",
    "instead",
    "可是",
    "然而",
    "though",
    "我要",
    "要的是",
)
_WITHOUT = (
    "without",
    "没有",
    "无",
    "不带",
    "lacking",
    "with no",
    "缺",
    "没",
    "without any",
    "sans",
    "不含",
    "去掉",
)
_ALONE = ("独奏", "solo", "alone", "unaccompanied", "by itself", "on its own", "all by itself")
_ADJECTIVES = ("mood", "tempo_word", "mode", "texture", "register")
_NOUNS = ("instrument", "style", "usage", "hint", "section")
OPERATORS = frozenset((NOT, ONLY, EXCEPT, BUT, FREE, MUST, MAYBE, NOT_LATER))
_SILENT = ("trap", "bad", "bare")


@dataclass(frozen=True, slots=True)
class Scopes:
    """Indices of unwanted and of merely allowed matches, whether 'only' holds, and where each scope begins.

    starts: index of a match to the place in the folded text where its negator begins; only_at: (start, end) of the
    words that close the set of players, None where it is open.
    """

    unwanted: frozenset[int]
    allowed: frozenset[int]
    is_only: bool
    starts: dict[int, int]
    ends: dict[int, int]


class _Walk:
    """One pass over the matches in text order."""

    def __init__(self, matches: Sequence[Match], text: str) -> None:
        self.matches, self.text = matches, text
        self.unwanted: set[int] = set()
        self.allowed: set[int] = set()
        self.starts: dict[int, int] = {}
        self.ends: dict[int, int] = {}
        self.state, self.is_fresh, self.since = "", False, 0
        self.operator = -1
        self.is_closed = False

    def walk(self) -> None:
        """Decide for every match."""
        for index, match in enumerate(self.matches):
            before = self.matches[index - 1] if index else None
            gap = self.text[before.end if before else 0 : match.start]
            self._break_at(gap, match, before)
            if match.field in OPERATORS:
                self._hear(index, match)
            elif match.field not in _SILENT:
                self._decide(index, match, gap)

    def _break_at(self, gap: str, match: Match, before: Match | None) -> None:
        if _STOP.search(gap) or (
            "," in gap
            and ((self.is_fresh and not _is_led(before)) or not _list_goes_on(gap, self.text[match.end :]))
        ):
            self.state = ""

    def _hear(self, index: int, match: Match) -> None:
        """Take in an operator."""
        if match.field == FREE:
            self.state = ""
            return
        words = self.text[match.start : match.end]
        if match.field in (NOT, NOT_LATER) and self._is_later(index, match):
            self._refuse_before(index, match)
            self.state = ""
            return
        if match.field == BUT and self.state and self.is_fresh and words not in _CONTRAST:
            return  # "don't use"
        was, since = self.state, self.since
        self.is_fresh, self.operator, self.since = True, index, match.start
        if match.field == NOT or (match.field == NOT_LATER and re.search("不|别|去|删|撤", words)):
            is_double = was == "not" and words in _WITHOUT and self._same_clause(since, match.start)
            self.state, self.since = ("maybe", since) if is_double else ("not", match.start)
        elif match.field == MAYBE:
            is_later = (
                bool(_MAYBE_LATER.search(words))
                and index > 0
                and self.matches[index - 1].field not in OPERATORS
            )
            self.state = "" if is_later else "maybe"
            if is_later:
                self.allowed.add(index - 1)
                self.ends[index - 1] = match.end
        elif match.field == EXCEPT:
            self.state = "not" if self._except_refuses(index, match) else ""
        else:
            self.state = ""

    def _same_clause(self, start: int, end: int) -> bool:
        return not re.search(r"[,，]", self.text[start:end]) and not _STOP.search(self.text[start:end])

    def _is_later(self, index: int, match: Match) -> bool:
        """Return whether a refusal follows what it refuses: 鼓不要, "drums are not wanted"."""
        if (
            index == 0
            or self.matches[index - 1].field in OPERATORS
            or self.matches[index - 1].field in _SILENT
        ):
            return False
        before = self.matches[index - 1]
        if any(item.field == EXCEPT for item in self.matches[max(0, index - 3) : index - 1]):
            return False
        if not _LATER_GAP.match(self.text[before.end : match.start]):
            return False
        tail = self.text[match.end :]
        is_own = match.field == NOT_LATER and not _TAIL_MUCH.match(tail)
        return (is_own or bool(_CLAUSE_END.match(tail))) and before.field in (
            "instrument",
            "style",
            "mood",
            "fx",
        )

    def _refuse_before(self, index: int, match: Match) -> None:
        """Refuse what stands before, and what is joined to it."""
        place = index - 1
        kind = self.matches[place].field
        match_text = self.text[match.start : match.end]
        while place >= 0 and self.matches[place].field == kind:
            self.unwanted.add(place)
            self.starts[place] = self.matches[place].start
            self.ends[place] = match.end
            gap = self.text[self.matches[place - 1].end : self.matches[place].start] if place else ","
            is_side_by_side = bool(place) and not gap and _is_han(self.text[self.matches[place].start])
            is_all = gap.strip() == "," and bool(_ALL_BEFORE.search(self.text[: match.start] + match_text))
            is_joined = bool(_AND.search(gap) or _OR.search(gap)) and not _JOINERS.sub("", gap)
            if not (is_joined or is_side_by_side or is_all):
                break
            place -= 1

    def _except_refuses(self, index: int, match: Match) -> bool:
        """Return whether what 'except' names is refused; after a refusal it is wanted."""
        tail = re.split(r"[。;；!！?？\n]", self.text[match.end :])[0]
        is_after_not = any(
            item.field == NOT and not _STOP.search(self.text[item.end : match.start])
            for item in self.matches[max(0, index - 4) : index]
        )
        return not (is_after_not or _NONE_ELSE.search(tail) or _ALSO.search(tail))

    def _decide(self, index: int, match: Match, gap: str) -> None:
        if self.state and not self.is_fresh and not self._goes_on(index, match, gap):
            self.state = ""
        is_not = self.operator >= 0 and self.matches[self.operator].field == NOT
        if self.state == "not" and is_not and re.match(r"\s*(?:以外|之外)", self.text[match.end :]):
            self.state, self.is_fresh, self.is_closed = "", False, True  # 不要钢琴以外的
            return
        if self.state == "not":
            start = self.matches[self.operator].end if self.operator >= 0 else 0
            if match.field in ("instrument", "fx") and _TOO_MUCH.search(self.text[start : match.start]):
                self.allowed.add(index)
            else:
                self.unwanted.add(index)
        elif self.state == "maybe":
            self.allowed.add(index)
        if self.state:
            self.starts[index], self.ends[index] = self.since, match.end
        self.is_fresh = False

    def _goes_on(self, index: int, match: Match, gap: str) -> bool:
        """Return whether the negation reaches one thing further."""
        if _JOINERS.sub("", gap).replace(",", ""):
            return False
        before = self.matches[index - 1]
        if (
            before.field in _ADJECTIVES
            and match.field in _NOUNS
            and not (_OR.search(gap) or _AND.search(gap))
        ):
            return False
        is_same = before.field == match.field or {before.field, match.field} <= {
            "instrument",
            "no_voice",
            "fx",
        }
        return is_same or bool(_OR.search(gap)) or not _AND.search(gap)


def scopes(matches: Sequence[Match], text: str) -> Scopes:
    """Return what is unwanted, what is merely allowed, and whether nothing but the named players may sound.

    matches: in text order, without overlaps; text: the folded lower-case text.
    """
    walk = _Walk(matches, text)
    walk.walk()
    for index, match in enumerate(matches):
        if match.field == "instrument" and text[match.start : match.end].endswith("less"):
            walk.unwanted.add(index)  # drumless
    refused = walk.unwanted | walk.allowed
    is_only = walk.is_closed or _says_only(matches, text, refused)
    return Scopes(frozenset(walk.unwanted), frozenset(walk.allowed), is_only, walk.starts, walk.ends)


def _is_han(mark: str) -> bool:
    return "\u3400" <= mark <= "\u9fff"


def _is_player(match: Match) -> bool:
    """Return whether a match names who plays: an instrument, or a set such as a string quartet."""
    return match.field == "instrument" or match.said.startswith("player:")


def _is_led(match: Match | None) -> bool:
    return match is not None and match.field == EXCEPT


def _list_goes_on(gap: str, rest: str) -> bool:
    return not _JOINERS.sub("", gap).replace(",", "") and (
        bool(_LATER_OR.search(rest)) or bool(re.search(r"(?<![a-z])(?:or|nor)(?![a-z])|或", gap))
    )


def _says_only(matches: Sequence[Match], text: str, refused: set[int]) -> bool:
    """Return whether the set of players is closed: 只要古筝, "solo cello", "nothing else"."""
    wanted = [i for i, m in enumerate(matches) if _is_player(m) and i not in refused]
    if not wanted:
        return False
    if _CLOSED.search(text):
        return True
    for index, match in enumerate(matches):
        if match.field == EXCEPT and _NONE_ELSE.search(re.split(r"[。;；!！?？\n]", text[match.end :])[0]):
            return True
        if match.field != ONLY:
            continue
        words = text[match.start : match.end]
        if words in _ALONE:
            if _stands_alone(index, matches, text, wanted):
                return True
        elif _names_player(index, matches, text, refused):
            return True
    return False


def _names_player(index: int, matches: Sequence[Match], text: str, refused: set[int]) -> bool:
    """Return whether the next thing after 'only' in its clause is a player, or the thing just before ("piano only")."""
    ahead = range(index + 1, len(matches))
    for place in ahead:
        gap = text[matches[place - 1].end : matches[place].start]
        if re.search(r"[,，]", gap) or _STOP.search(gap):
            break
        item = matches[place]
        if _is_player(item):
            return place not in refused
        if item.field in OPERATORS or item.field in (
            "mood",
            "dynamics",
            "texture",
            "register",
            "style",
            "ensemble",
        ):
            continue
        return False
    if not index or not _is_player(matches[index - 1]) or (index - 1) in refused:
        return False
    match = matches[index]
    gap = text[matches[index - 1].end : match.start]
    return not gap.strip() and bool(_CLAUSE_END.match(text[match.end :]))


def _stands_alone(index: int, matches: Sequence[Match], text: str, wanted: list[int]) -> bool:
    """Return whether 'solo' names the one player there is, rather than a passage of one among others."""
    near = [place for place in (index - 1, index + 1) if place in wanted]
    if (
        text[matches[index].start : matches[index].end] in ("solo", "独奏")
        and index + 2 in wanted
        and not near
    ):
        near = [index + 2]
    if not near:
        return False
    group = {near[0]}
    for place in wanted:
        if place in group:
            continue
        last = max(group)
        gap = text[matches[last].end : matches[place].start]
        if place == last + 1 and not _JOINERS.sub("", gap) and "," not in gap:
            group.add(place)
    return group == set(wanted)
