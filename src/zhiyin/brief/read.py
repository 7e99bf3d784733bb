# ruff: noqa: E501 - word tables keep one row a line
"""Reading a brief: from a sentence to what it says, to wishes, and to what was not understood.

Conventions: longer matches win, no character is used twice, a negated thing is never wanted; nothing raises: what is
out of range or missing is told in `errors`. This module decides nothing that the text leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from zhiyin.brief.bands import without_replaced
from zhiyin.brief.domain import flags_of, is_music, language_of, references_of, styles_of_reference
from zhiyin.brief.edits import EditSaid, is_edit, read_edits
from zhiyin.brief.leftover import leftovers
from zhiyin.brief.lexicon import word_matches
from zhiyin.brief.match import Folded, Match, fold, longest_first
from zhiyin.brief.measure import Problem, bare_tempo, counted, hits_of, measured, of_section, with_moments
from zhiyin.brief.patterns import metre_matches, named_matches
from zhiyin.brief.quantities import quantity_matches, told_whole
from zhiyin.brief.said import Said, SaidBuilder
from zhiyin.brief.scope import OPERATORS, Scopes, scopes
from zhiyin.brief.turns import Turn, endings, find_turns
from zhiyin.brief.wish import WishReader
from zhiyin.brief.words_styles import BESIDE
from zhiyin.errors import InvalidInput
from zhiyin.score.wishes import Wishes
from zhiyin.theory.key import Key
from zhiyin.theory.usages import USAGES

MAX_CHARACTERS = 4000
_HIDDEN = frozenset((*OPERATORS, "unplanned", "trap", "bad", "moment", "place", "timecode", "fps"))
_SHOWN = {
    "ensemble": "instrument",
    "style_hint": "style",
    "no_voice": "instrument",
    "bare": "tempo_bpm",
    "tonic": "key",
}
_SUNG_ABOUT = re.compile(
    r"(?:(?<![a-z])about(?: the| a| my| our)?|关于|描写|描绘|讲述|表现|歌颂|主题[是为:]?)\s*$"
)
_ADJECTIVES = ("soft", "loud", "响亮", "洪亮", "轻轻的")
_DEGREES: tuple[tuple[int, re.Pattern[str]], ...] = (
    (5, re.compile(r"(?:extremely|intensely|utterly|insanely|incredibly|极度|极其|极|超级|无比|彻底|撕心裂肺地)\s*$")),
    (4, re.compile(r"(?<!不)(?:(?<!not )(?:very|really|deeply|so)|很|非常|十分|特别|相当|格外)\s*$")),
    (2, re.compile(r"(?:slightly|a bit|a little|a touch|somewhat|mildly|faintly|a hint of|有点儿?|有些|略微?|略带|稍微?|淡淡的?|一丝|些许|微微)\s*$")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the original text that was understood: its field, place, words and value.

    whole: (start, end) of the stretch that says the same alone, its negator included; said: the finer name;
    confidence: 0..1, below 1 for a corrected spelling, a number without a unit or what was only learned.
    """

    field: str
    start: int
    end: int
    text: str
    value: object
    is_negated: bool = False
    whole: tuple[int, int] = (0, 0)
    said: str = ""
    confidence: float = 1.0
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Brief:
    """A sentence read: what it says, what it asks for, and what was made of each word.

    said: only what the text says; wishes: what it asks of the music; unknown: words that carry meaning but were not
    understood; conflicts: what contradicts, and which side was taken; defaults: what was filled in and why;
    avoid_styles: styles not wanted; is_only: 'only' was said; errors: what is out of range, with the range;
    flags: what may not be done (copyright_copy, voice_clone, injection); scope: True, False or "partial", with reason;
    kind: new or edit; language: zh, en, mixed, "" or another's two letters; questions: what should be asked back.
    """

    text: str
    wishes: Wishes
    spans: tuple[Span, ...]
    unknown: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    defaults: tuple[str, ...] = ()
    avoid_styles: tuple[str, ...] = ()
    is_only: bool = False
    said: Said = field(default_factory=Said)
    errors: tuple[Problem, ...] = ()
    clashes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    scope: bool | str = True
    reason: str | None = None
    kind: str = "new"
    language: str = ""
    questions: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """Return the least confidence of what was understood, 1 where nothing was."""
        return min((span.confidence for span in self.spans), default=1.0)


def read_brief(text: str) -> Brief:
    """Return what a sentence in Chinese, English or both says and asks for, with a span for each thing.

    >>> read_brief("一首忧伤的钢琴曲，80 BPM").wishes.moods
    ('sad',)
    """
    errors: list[Problem] = []
    if len(text) > MAX_CHARACTERS:
        errors.append(Problem(
            "text_too_long", f"a brief must have at most {MAX_CHARACTERS} characters, got {len(text)}: say it shorter",
        ))  # fmt: skip
    folded = fold(text[:MAX_CHARACTERS])
    found, problems = _matched(folded)
    errors += problems
    scope = scopes(found, folded.lower)
    replaced = without_replaced(found, scope.unwanted, folded.lower)
    rows, problems = counted(replaced, folded)
    errors += problems
    reading = _Reading(text, folded, rows=rows, scope=scope)
    return reading.brief(tuple(errors))


def _matched(folded: Folded) -> tuple[list[Match], list[Problem]]:
    """Return the matches that stay, numbers with their units and roles, and what is out of range."""
    raw = [*word_matches(folded), *quantity_matches(folded), *metre_matches(folded), *named_matches(folded)]
    kept = [told_whole(match, folded.lower) for match in longest_first(m for m in raw if m.field != "beside")]
    kept = endings(_apart(kept), folded.lower)
    kept = [_about(match, folded.lower) for match in with_moments(kept, folded.lower)]
    kept = [of_section(match, kept, index=index, folded=folded) for index, match in enumerate(kept)]
    kept, problems = measured(_only_felt(kept, folded.lower), folded)
    bare = bare_tempo(kept, folded)
    return (sorted([*kept, bare], key=lambda m: m.start) if bare is not None else kept), problems


def _about(match: Match, text: str) -> Match:
    """Return a use that is only sung about ("a song about school") as a scene."""
    if match.field != "usage" or not _SUNG_ABOUT.search(text[: match.start]):
        return match
    return replace(
        match,
        field="hint",
        value=USAGES[str(match.value)].mood or "thoughtful",
        said=text[match.start : match.end],
    )


_FEEL = re.compile(r"\s*(?:feel|feeling|vibe|vibes|flavou?r|sound)(?![a-z])|(?:的)?(?:感觉|味道|气息)")


def _only_felt(matches: list[Match], text: str) -> list[Match]:
    """Return the matches; a place beside a style that only names its feel ("Irish pub feel") is no use."""
    return [
        replace(match, field="trap")
        if match.field == "usage" and index and matches[index - 1].field == "style"
        and not text[matches[index - 1].end : match.start].strip() and _FEEL.match(text[match.end :])
        else match
        for index, match in enumerate(matches)
    ]  # fmt: skip


def _apart(matches: list[Match]) -> list[Match]:
    """Return the matches without those that a number has taken in ("not more than")."""
    grown = [match for match in matches if match.amount is not None]
    return [
        match
        for match in matches
        if match.amount is not None
        or not any(other.start < match.end and match.start < other.end for other in grown)
    ]


class _Reading:
    """One text being read: matches, their scope, and what is made of them."""

    def __init__(self, text: str, folded: Folded, *, rows: list[Match], scope: Scopes) -> None:
        self.text, self.folded, self.rows, self.scope = text, folded, rows, scope
        self.lower = folded.lower
        self.names = references_of(folded.cased)
        self.is_edit = is_edit(folded.lower, rows)
        self.turns = find_turns(rows, self.lower, scope.unwanted | scope.allowed)
        self.used = frozenset(index for turn in self.turns for index in turn.used)
        self.beside_players = frozenset(self._beside_players())

    def _beside_players(self) -> Iterator[int]:
        """Yield the indices of loudness words that tell of one player only: "a soft shaker"."""
        for index, match in enumerate(self.rows[:-1]):
            after = self.rows[index + 1]
            gap = self.lower[match.end : after.start].strip(" 的")
            is_adjective = self.lower[match.start : match.end] in _ADJECTIVES
            if match.field == "dynamics" and is_adjective and after.field == "instrument" and not gap:
                yield index
            is_behind = (
                after.field == "dynamics" and after.value in ("soft", "loud") and match.field == "instrument"
            )
            if self.is_edit and match.field == "mood" and after.field == "instrument" and not gap:
                yield index  # add a gentle shaker
            if is_behind and match.end == after.start:  # 鼓轻一点
                yield index + 1

    def brief(self, errors: tuple[Problem, ...]) -> Brief:
        """Return the whole reading."""
        flags = flags_of(self.lower, references=[name for name, _, _ in self.names])
        edit = self._edit()
        reader = WishReader(self._wanted(), turns=self.turns, intensity=self._intensity())
        said = self._said(flags, edit)
        errors = (*errors, *self._empty())
        wishes, more = _checked(reader)
        more = [] if any(one.code.endswith("_out_of_range") for one in errors) else more
        unknown = (
            *leftovers(_blanked(self.folded, [*self.rows, *self._reference_marks()])),
            *(str(match.value) for match in self.rows if match.field == "unplanned"),
        )
        language = language_of(self.folded.cased)
        in_scope, reason = self._in_scope(flags, edit, unknown)
        clashes = list(reader.clashes)
        if set(said.players) & set(said.excluded):
            clashes.append("instruments")
            said = replace(said, players=tuple(name for name in said.players if name not in said.excluded))
        return Brief(
            self.text, wishes, tuple(self._spans()), unknown, tuple(reader.conflicts),
            (*reader.defaults, *_german_keys(self.rows, self.folded), *_assumed_rate(self.rows)),
            tuple(reader.named("style", is_negated=True)), self.scope.is_only, said, (*errors, *more),
            tuple(clashes), flags, in_scope, reason, "edit" if edit else "new", language,
            tuple(self._questions()),
        )  # fmt: skip

    def _wanted(self) -> list[tuple[Match, bool]]:
        return [
            (match, index in self.scope.unwanted)
            for index, match in enumerate(self.rows)
            if index not in self.used and index not in self.scope.allowed and index not in self.beside_players
        ]

    def _said(self, flags: tuple[str, ...], edit: EditSaid | None) -> Said:
        builder = SaidBuilder(
            self.rows, unwanted=self.scope.unwanted, allowed=self.scope.allowed,
            used=self.used | self.beside_players,
        )  # fmt: skip
        said = builder.build(
            is_only=self.scope.is_only, turns=self.turns, hits=hits_of(self.rows, self.used, self.lower),
            text=self.lower,
        )  # fmt: skip
        names = tuple(name for name, _, _ in self.names)
        extra = [player for words, player in BESIDE.items() if words in self.lower]
        said = replace(said, references=names, players=tuple(dict.fromkeys((*said.players, *extra))))
        if "voice_clone" in flags:
            said = replace(
                said, vocals=None, styles=(), players=tuple(p for p in said.players if p != "voice")
            )
        elif "copyright_copy" in flags:
            said = replace(said, styles=styles_of_reference(names) or said.styles)
        return edit.applied(said) if edit else said

    def _edit(self) -> EditSaid | None:
        return read_edits(self.folded.lower, self.rows, self.scope) if self.is_edit else None

    def _in_scope(
        self, flags: tuple[str, ...], edit: EditSaid | None, unknown: tuple[str, ...]
    ) -> tuple[bool | str, str | None]:
        if not self.lower.strip():
            return False, "empty"
        if {"voice_clone", "copyright_copy"} & set(flags):
            return "partial", flags[0]
        if edit is not None or is_music(
            self.lower, self.rows, unknown=0 if self.turns or self._has_hits() else len(unknown)
        ):
            return True, None
        return False, "not_music"

    def _has_hits(self) -> bool:
        return bool(hits_of(self.rows, self.used, self.lower))

    def _empty(self) -> tuple[Problem, ...]:
        if self.lower.strip():
            return ()
        return (Problem("empty", "a brief must say something, got nothing: write what you want to hear"),)

    def _intensity(self) -> int | None:
        """Return how much of a mood is asked for, by the word before the first one wanted."""
        for index, match in enumerate(self.rows):
            if match.field != "mood" or index in self.scope.unwanted or index in self.scope.allowed:
                continue
            before = self.lower[max(0, match.start - 14) : match.start]
            return next((level for level, pattern in _DEGREES if pattern.search(before)), None)
        return None

    def _questions(self) -> Iterator[str]:
        for match in self.rows:
            if match.confidence == 0.5 and match.field == "tempo_bpm" and match.amount is not None:
                yield f"{match.amount.low:g} has no unit: is it the tempo in beats a minute?"

    def _reference_marks(self) -> list[Match]:
        return [Match(start, end, "reference", name) for name, start, end in self.names]

    def _spans(self) -> Iterator[Span]:
        for index, match in enumerate(self.rows):
            if match.field in _HIDDEN:
                continue
            no, maybe = index in self.scope.unwanted, index in self.scope.allowed
            start, end = match.start, match.end
            if match.field == "section_bars" and index:
                start = self.rows[index - 1].start
            if no or maybe:
                start = min(start, self.scope.starts.get(index, start))
                end = max(end, self.scope.ends.get(index, end))
            yield self._span(match, (start, end), is_negated=no, is_optional=maybe)

    def _span(self, match: Match, whole: tuple[int, int], *, is_negated: bool, is_optional: bool) -> Span:
        places = self.folded.places
        start, end = places[match.start], places[match.end - 1] + 1
        wide = places[whole[0]], places[whole[1] - 1] + 1
        value = () if match.field == "ensemble" else match.value
        return Span(
            _SHOWN.get(match.field, match.field), start, end, self.text[start:end], value, is_negated, wide,
            match.said, match.confidence, is_optional,
        )  # fmt: skip

    @property
    def spoken_turns(self) -> tuple[Turn, ...]:
        """Return the turns that were found."""
        return self.turns


def _checked(reader: WishReader) -> tuple[Wishes, list[Problem]]:
    """Return the wishes, and what of them is out of range (left out then)."""
    fields = reader.wishes()
    try:
        return Wishes(**fields), []
    except InvalidInput as error:
        return Wishes(), [Problem("out_of_range", str(error))]


def _german_keys(matches: list[Match], folded: Folded) -> Iterator[str]:
    """Yield what is said of each key that was named H, the German B."""
    for match in matches:
        if match.field == "key" and isinstance(match.value, Key) and folded.lower[match.start] == "h":
            yield f"{match.value.name} taken for {folded.cased[match.start : match.end]!r}: H is the German name of B"


def _assumed_rate(matches: list[Match]) -> Iterator[str]:
    """Yield that timecodes were read at 24 frames a second, where no rate was told."""
    fields = {match.field for match in matches}
    if "timecode" in fields and "fps" not in fields:
        yield "timecode taken at 24 frames a second: no rate is told"


def _blanked(folded: Folded, matches: list[Match]) -> str:
    marks = list(folded.lower)
    for match in matches:
        marks[match.start : match.end] = "\0" * (match.end - match.start)
    return "".join(marks)
