"""Reading an edit: from a sentence in Chinese or English to a plan of steps with their bars and parts.

Conventions: longer matches win, no character is used twice; what was not understood is said, never guessed.
This module changes no score: see edit_apply.py; the words are in edit_lexicon.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from zhiyin.brief.edit_clauses import Clause, clauses_of, find_matches
from zhiyin.brief.edit_plan import Ambiguity, BarRange, EditPlan, EditStep, Outline
from zhiyin.brief.edit_say import with_texts
from zhiyin.brief.edit_scene import Draft, side_of
from zhiyin.brief.edit_steps import drafts_of
from zhiyin.brief.edit_targets import EDGE_BARS, PartsSaid, join_ranges, no_part, no_section, question
from zhiyin.brief.leftover import leftovers
from zhiyin.brief.match import Folded, Match, fold
from zhiyin.errors import InvalidInput

MAX_CHARACTERS = 1000
_INSIDE = re.compile(r"(?<![a-z])(?:in|during|at|over|for|from|through|within)\s+(?:the\s+|all\s+)?$")
_INSIDE_ZH = re.compile(r"\s*(?:里面?|中|内|处)")
_TOPIC_END = re.compile(r"\s*(?:里面?|中|内|处)?\s*[,:，：]|\s*(?:里面?|中|内|处)")
# Kinds that concern the whole form: bars of an earlier clause are not theirs, and theirs are not for later ones.
_FORM_KINDS = {
    "repeat",
    "move",
    "delete",
    "insert",
    "swap",
    "copy",
    "extend",
    "continue",
    "ending",
    "add",
    "metre",
}
_PARTLESS = _FORM_KINDS | {"tempo", "tempo_curve"}
_PITCH_ONLY = {"counterpoint", "transpose", "register", "mode", "thirds", "reharmonise", "harmony"}
_PITCH_FIRST = _PITCH_ONLY | {"colour", "articulation"}  # drums only where they are named
_TUNE_KINDS = {"counterpoint", "double", "thirds", "instrument"}


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a clause points: its own bars and parts (None: none named), and the parts it leaves out."""

    bars: tuple[BarRange, ...] | None = None
    parts: tuple[int, ...] | None = None
    excluded: tuple[int, ...] = ()


def read_edit(text: str, *, outline: Outline) -> EditPlan:
    """Return the plan of a sentence such as "make bars 9-12 darker" or "鼓再简单一点" for a score of this outline.

    Raises InvalidInput when nothing is understood, a part, section or bar is not there, or the text is too long.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput(
            f"an edit must have at most {MAX_CHARACTERS} characters, got {len(text)}: say it in two"
        )
    if not text.strip():
        raise InvalidInput(
            f"the sentence must say what to change, got {text!r}: write e.g. 'bars 9-12 softer'"
        )
    folded = fold(text)
    matches = find_matches(folded, outline)
    reader = _Reader(text, folded, outline)
    for clause in clauses_of(matches, folded.lower):
        reader.read(clause)
    if not reader.steps:
        raise InvalidInput(
            f"nothing in {text!r} was understood as an edit: write e.g. 'make bars 9-12 darker' or '鼓再简单一点'"
        )
    steps = tuple(with_texts(reader.spared(step), outline) for step in reader.steps)
    left = (*leftovers(_blanked(folded, matches)), *reader.unused)
    return EditPlan(text, steps, tuple(dict.fromkeys(left)), tuple(reader.questions))


def _blanked(text: Folded, matches: list[Match]) -> str:
    marks = list(text.lower)
    for match in matches:
        marks[match.start : match.end] = "\0" * (match.end - match.start)
    return "".join(marks)


class _Reader:
    """Clauses turned into steps one by one, each hearing what the ones before it spoke of."""

    def __init__(self, text: str, folded: Folded, outline: Outline) -> None:
        self.text, self.folded, self.outline = text, folded, outline
        self.steps: list[EditStep] = []
        self.questions: list[Ambiguity] = []
        self.unused: list[str] = []
        self.kept: list[tuple[tuple[BarRange, ...], tuple[int, ...]]] = []
        self._before = _Target()
        self._topic: tuple[BarRange, ...] | None = None

    def read(self, clause: Clause) -> None:
        """Add the steps of a clause. Raises InvalidInput for what the score has not."""
        drafts = drafts_of(clause, self.folded.lower, self.outline)
        own = self._target(clause, drafts)
        if clause.is_fresh:
            self._topic = None
        if self._is_topic(clause, own):
            self._topic = own.bars
        if not drafts:
            self.unused += [
                self.said(match.start, match.end) for match in clause.matches if match.field != "degree"
            ]
        for draft in drafts:
            if draft.kind == "keep":
                bars = own.bars or self.outline.whole
                self.kept.append((bars, own.parts or tuple(range(len(self.outline.parts)))))
                continue
            target = self._inherited(draft, own, clause)
            self._add(draft, target, clause)
        if drafts and drafts[-1].kind != "keep":
            is_gone = drafts[-1].kind in (*_FORM_KINDS, "drop")
            heard = own if own.bars or own.parts or clause.of("whole") else self._before
            self._before = _Target() if is_gone else heard

    def _target(self, clause: Clause, drafts: list[Draft]) -> _Target:
        used = {match for draft in drafts for match in draft.used}
        bars: list[BarRange] = []
        parts: list[int] = []
        excluded: list[int] = []
        zone = self._except_zone(clause)
        for match in clause.matches:
            if match in used:
                continue
            if match.field == "bars" and isinstance(match.value, tuple):
                is_curve = bool(drafts) and drafts[0].kind in ("swell", "tempo_curve")
                bars += self._beside(match, match.value, is_curve=is_curve)
            elif match.field == "no_section":
                raise no_section(str(match.value), self.outline)
            elif match.field == "edge":
                last = self.outline.bars - 1
                edge = min(EDGE_BARS, self.outline.bars)
                bars.append((last - edge + 1, last) if match.value else (0, edge - 1))
            elif isinstance(match.value, PartsSaid):
                (excluded if match.start in zone else parts).extend(self._parts(match, match.value))
        told = tuple(dict.fromkeys(parts)) if parts else None
        return _Target(tuple(bars) or None, told, tuple(excluded))

    def _beside(self, match: Match, spans: tuple[BarRange, ...], *, is_curve: bool) -> tuple[BarRange, ...]:
        """Return bars, or all that come after or before them where the words say so."""
        side, last = side_of(match, self.folded.lower), self.outline.bars - 1
        found = spans
        if side == "after":
            found = ((spans[-1][1] + 1, last),)
        elif side == "before":
            first = spans[0][0] - EDGE_BARS if is_curve else 0
            found = ((max(0, first), spans[0][0] - 1),)
        if found[0][0] > found[0][1]:
            words = self.said(match.start, match.end)
            raise InvalidInput(f"bars must be left {side} {words!r}, got none: name another place")
        return found

    def _except_zone(self, clause: Clause) -> range:
        said = clause.of("except")
        if not said:
            return range(0)
        later = [m.start for m in clause.of("act", "adjective") if m.start > said[0].end]
        return range(said[0].end, later[0] if later else len(self.folded.lower) + 1)

    def _parts(self, match: Match, said: PartsSaid) -> tuple[int, ...]:
        words = self.said(match.start, match.end)
        if not said.parts:
            raise no_part(words, self.outline)
        if said.is_one:
            self.questions.append(question(words, said.parts, self.outline))
        return said.parts

    def _is_topic(self, clause: Clause, own: _Target) -> bool:
        """Return whether the bars open the clause as what the whole sentence is about ("in the chorus, ...")."""
        first = clause.matches[0]
        if first.field != "bars" or own.bars is None:
            return False
        lower = self.folded.lower
        is_led = bool(_INSIDE.search(lower[: first.start]))
        tail = _TOPIC_END.match(lower[first.end :])
        return bool(tail) or (is_led and len(clause.of("parts")) > 0)

    def _inherited(self, draft: Draft, own: _Target, clause: Clause) -> _Target:
        bars, parts = own.bars, own.parts
        if clause.of("whole") or draft.kind in _FORM_KINDS:
            return own
        is_bare = bars is None and parts is None and not own.excluded
        if bars is None:
            bars = self._topic
        if (
            bars is None
            and (is_bare or clause.of("there"))
            and not (draft.kind == "tempo" and draft.unit == "bpm")
        ):
            bars = self._before.bars
        if (
            parts is None
            and not own.excluded
            and draft.kind not in _PARTLESS
            and (is_bare or self._is_inside(clause))
        ):
            parts = self._before.parts
        return replace(own, bars=bars, parts=parts)

    def _is_inside(self, clause: Clause) -> bool:
        """Return whether the clause's bars are only where it happens ("... and softer in the chorus")."""
        for match in clause.of("bars", "edge"):
            lower = self.folded.lower
            if _INSIDE.search(lower[: match.start]) or _INSIDE_ZH.match(lower[match.end :]):
                return True
        return False

    def _add(self, draft: Draft, target: _Target, clause: Clause) -> None:
        outline = self.outline
        bars = target.bars if target.bars is not None else draft.bars or outline.whole
        if draft.kind not in ("swap", "copy", "move", "repeat"):
            bars = join_ranges(bars)
        parts = self._parts_of(draft, target)
        kind = draft.kind
        if kind == "drop":
            kind, parts = self._dropped(draft, target, parts, clause)
        if kind == "insert":
            bars = outline.whole
        start, end = clause.start, clause.end
        unit = "" if draft.unit == "only" else draft.unit
        step = EditStep(
            kind, bars, parts, draft.direction, draft.amount, unit, draft.value, draft.at,
            self.said(start, end), self.folded.places[start], self.folded.places[end - 1] + 1,
        )  # fmt: skip
        self.steps.append(step)
        if draft.kind == "colour":  # darker is softer too, brighter louder
            everyone = parts if target.parts is not None else self._all_but(target.excluded)
            soft = replace(
                step, kind="loudness", parts=everyone, amount=0.5, unit="velocity", value=6 * draft.direction
            )
            self.steps.append(soft)

    def _dropped(
        self, draft: Draft, target: _Target, parts: tuple[int, ...], clause: Clause
    ) -> tuple[str, tuple[int, ...]]:
        if draft.unit == "only":
            kept = target.parts or ()
            parts = tuple(i for i in range(len(self.outline.parts)) if i not in kept)
            return ("mute" if target.bars else "drop"), parts
        if target.parts is None and not target.excluded:
            if target.bars is None:
                words = self.said(clause.start, clause.end)
                raise InvalidInput(
                    f"{words!r} must name a part or bars: say e.g. 'drop the piano' or '删掉第5-8小节'"
                )
            return "delete", tuple(range(len(self.outline.parts)))
        return ("mute" if target.bars else "drop"), parts

    def _all_but(self, excluded: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(i for i in range(len(self.outline.parts)) if i not in excluded)

    def _parts_of(self, draft: Draft, target: _Target) -> tuple[int, ...]:
        kind, outline = draft.kind, self.outline
        if kind == "add":
            return ()
        if kind in _PARTLESS:
            return tuple(range(len(outline.parts)))
        if target.parts is None:
            tune = [i for i, part in enumerate(outline.parts) if part.role == "melody"]
            if tune and (kind in _TUNE_KINDS or draft.unit == "ornament"):
                return tuple(i for i in tune if i not in target.excluded)
            pool = outline.pitched if kind in _PITCH_FIRST else range(len(outline.parts))
            named = tuple(i for i in pool if i not in target.excluded)
            if not named:
                raise InvalidInput(
                    f"an edit of kind {kind} must have parts with pitches, got none: name other parts"
                )
            return named
        parts = tuple(i for i in target.parts if i not in target.excluded)
        if kind in _PITCH_ONLY:
            parts = tuple(i for i in parts if i in outline.pitched)
            if not parts:
                names = ", ".join(outline.parts[i].name for i in target.parts)
                raise InvalidInput(
                    f"parts to {kind} must have pitches, got {names}: name a part that is not drums"
                )
        return tuple(sorted(parts))

    def spared(self, step: EditStep) -> EditStep:
        """Return the step without the parts, or the bars of all parts, that the sentence keeps."""
        for spans, parts in self.kept:
            if step.kind in _PARTLESS:
                break
            if spans == self.outline.whole:
                step = replace(step, parts=tuple(i for i in step.parts if i not in parts))
            elif set(step.parts) <= set(parts):
                kept = {bar for first, last in spans for bar in range(first, last + 1)}
                left = [bar for first, last in step.bars for bar in range(first, last + 1) if bar not in kept]
                step = replace(step, bars=join_ranges((bar, bar) for bar in left))
            if not step.parts or not step.bars:
                raise InvalidInput(f"{step.words!r} must leave something to change, got all kept: keep less")
        return step

    def said(self, start: int, end: int) -> str:
        """Return a stretch of the folded text as it was typed."""
        return self.text[self.folded.places[start] : self.folded.places[end - 1] + 1].strip()
