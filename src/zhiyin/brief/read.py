"""Reading a brief: from a sentence to wishes, spans and what was not understood.

Conventions: longer matches win, no character is used twice, a negated thing is never wanted.
This module decides nothing that the text leaves open: see `zhiyin.fill.plan_make`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from zhiyin.brief.bands import without_replaced
from zhiyin.brief.leftover import leftovers
from zhiyin.brief.lexicon import (
    BANDS,
    PLAIN_BAND,
    PLAYERS_STYLES,
    tempo_range_without,
    tempo_word_range,
    tempo_words,
    word_matches,
)
from zhiyin.brief.match import Folded, Match, fold, longest_first
from zhiyin.brief.numbers import NUMBER, parse_number
from zhiyin.brief.patterns import named_matches, numeric_matches
from zhiyin.brief.scope import OPERATORS, unwanted
from zhiyin.errors import InvalidInput
from zhiyin.score.wishes import Wishes
from zhiyin.theory.families import all_members, family_players
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.style_words import base_style, most_specific

MAX_CHARACTERS, MAX_COUNT = 4000, 8
_COUNT = re.compile(rf"({NUMBER})\s*(?:把|支|个|架|只|件|台|位|面|条|管)?\s*$")
_DANCE_METRES = {"waltz": Metre(3, 4), "minuet": Metre(3, 4), "mazurka": Metre(3, 4), "polonaise": Metre(3, 4),
                 "march": Metre(2, 4)}  # fmt: skip
_OTHER_MODE = {"minor": "major", "major": "minor"}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the original text that was understood: its field, place, words and value."""

    field: str
    start: int
    end: int
    text: str
    value: object
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Brief:
    """A sentence read: what it asks for and what was made of each word.

    unknown: words that carry meaning but were not understood; conflicts: what contradicts, and which side was
    taken; defaults: what was filled in and why; avoid_styles: styles not wanted; is_only: 'only' was said.
    """

    text: str
    wishes: Wishes
    spans: tuple[Span, ...]
    unknown: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    defaults: tuple[str, ...] = ()
    avoid_styles: tuple[str, ...] = ()
    is_only: bool = False


def read_brief(text: str) -> Brief:
    """Return the wishes of a sentence in Chinese, English or both, with a span for each and the words left over.

    Raises InvalidInput when the text is longer than 4,000 characters or a number is out of its range.
    >>> read_brief("一首忧伤的钢琴曲，80 BPM").wishes.moods
    ('sad',)
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput(
            f"a brief must have at most {MAX_CHARACTERS} characters, got {len(text)}: say it shorter"
        )
    folded = fold(text)
    found = longest_first((*word_matches(folded), *numeric_matches(folded), *named_matches(folded)))
    found = [_of_section(match, found, index, folded) for index, match in enumerate(found)]
    negated, is_only = unwanted(found, folded.lower)
    found = without_replaced(found, negated, folded.lower)
    counted = [_with_count(match, found, index, folded) for index, match in enumerate(found)]
    reader = _Reader([(match, index in negated) for index, match in enumerate(counted)])
    return Brief(
        text,
        Wishes(**reader.wishes()),
        tuple(
            _span(match, folded, text, index in negated)
            for index, match in enumerate(counted)
            if match.field not in OPERATORS and match.field != "unplanned"
        ),
        (
            *leftovers(_blanked(folded, counted)),
            *(str(match.value) for match in counted if match.field == "unplanned"),
        ),
        tuple(reader.conflicts),
        (*reader.defaults, *_german_keys(counted, folded)),
        tuple(reader.named("style", is_negated=True)),
        is_only,
    )


def _of_section(match: Match, found: list[Match], index: int, folded: Folded) -> Match:
    """Return a bar count beside a section's name ("verse (8 bars)", "an 8-bar intro") as that section's own."""
    if match.field != "bars":
        return match
    if index and found[index - 1].field == "section":
        gap = folded.lower[found[index - 1].end : match.start].strip(" (:=of是为有,")
        if not gap:
            return replace(match, field="section_bars")
    if index + 1 < len(found) and found[index + 1].field == "section":
        gap = folded.lower[match.end : found[index + 1].start].strip(" -的of")
        if not gap:
            return replace(match, field="bars_of_next")
    return match


def _with_count(match: Match, found: list[Match], index: int, folded: Folded) -> Match:
    """Return an instrument match widened by a number before it ("two violins")."""
    if match.field != "instrument" or not isinstance(match.value, tuple):
        return match
    floor = found[index - 1].end if index else 0
    counted = _COUNT.search(folded.lower[floor : match.start])
    if not counted:
        return match
    count = parse_number(counted.group(1))
    if count != int(count) or not 1 <= count <= MAX_COUNT:
        raise InvalidInput(
            f"players of one instrument must number 1..{MAX_COUNT}, got {counted.group(1)!r} before {match.value[0]}"
        )
    return Match(floor + counted.start(), match.end, match.field, match.value * int(count), match.rank)


def _span(match: Match, folded: Folded, text: str, is_negated: bool) -> Span:
    start, end = folded.places[match.start], folded.places[match.end - 1] + 1
    value = () if match.field == "ensemble" else match.value
    field = {"ensemble": "instrument", "style_hint": "style"}.get(match.field, match.field)
    return Span(field, start, end, text[start:end], value, is_negated)


def _german_keys(matches: list[Match], folded: Folded) -> Iterator[str]:
    """Yield what is said of each key that was named H, the German B."""
    for match in matches:
        if match.field == "key" and isinstance(match.value, Key) and folded.lower[match.start] == "h":
            yield f"{match.value.name} taken for {folded.cased[match.start : match.end]!r}: H is the German name of B"


def _blanked(folded: Folded, matches: list[Match]) -> str:
    marks = list(folded.lower)
    for match in matches:
        marks[match.start : match.end] = "\0" * (match.end - match.start)
    return "".join(marks)


class _Reader:
    """Collects wishes from matches; `conflicts` and `defaults` fill as it goes."""

    def __init__(self, matches: list[tuple[Match, bool]]) -> None:
        self.matches = matches
        self.conflicts: list[str] = []
        self.defaults: list[str] = []
        self.is_ballad = False

    def named(self, field: str, *, is_negated: bool = False) -> list[Any]:
        """Return the distinct values of a field, wanted or not, in text order."""
        return list(
            dict.fromkeys(
                m.value for m, negated in self.matches if m.field == field and negated == is_negated
            )
        )

    def one(self, field: str) -> Any:
        """Return the first value of a field; later different ones are a conflict."""
        values = self.named(field)
        if len(values) > 1:
            told = ", ".join(str(getattr(value, "name", value)) for value in values)
            self.conflicts.append(f"{field} is given as {told}: the first is taken")
        return values[0] if values else None

    def wishes(self) -> dict[str, Any]:
        """Return the fields of Wishes."""
        style, dance_metre = self.style()
        players, excluded = self.players(BANDS.get(base_style(style)) if style else None)
        moods, avoided = self.moods()
        key = self.one("key")
        if key is not None and key.mode == "major" and "major pentatonic" in self.named("mode"):
            key = Key(key.tonic_fifths, "major pentatonic")
        metre = self.one("metre") or dance_metre
        textures = dict(self.named("texture"))
        tempo_bpm, tempo_range = self.tempo()
        form, section_bars = self.form()
        return {
            "style": style, "moods": moods, "avoid_moods": avoided, "tempo_bpm": tempo_bpm, "key": key,
            "mode": None if key else self.mode(), "metre": metre, "bars": self.bars(),
            "seconds": self.one("seconds"), "players": players, "excluded": excluded,
            "chords": self.one("chords") or (), "form": form, "title": self.one("title"),
            "density": textures.get("density"), "polyphony": textures.get("polyphony"),
            "tempo_range": tempo_range, "section_bars": section_bars,
            "avoid_styles": tuple(self.named("style", is_negated=True)), "dynamics": self.one("dynamics"),
            "decade": self.one("decade"), "is_loop": True if self.named("is_loop") else None,
            "without_sections": tuple(self.named("section", is_negated=True)),
        }  # fmt: skip

    def style(self) -> tuple[str | None, Metre | None]:
        """Return the style, and the metre of a dance named beside another style ("jazz waltz")."""
        styles = list(most_specific(self.named("style"))) or self.named("style_hint")
        if not styles:
            sets = [*self.named("ensemble"), *self.named("instrument")]
            styles = [PLAYERS_STYLES[value] for value in sets if value in PLAYERS_STYLES][:1]
            styles = [style for style in styles if style not in self.named("style", is_negated=True)]
        dances = [style for style in styles if style in _DANCE_METRES]
        others = [style for style in styles if style not in _DANCE_METRES]
        if "ballad" in others and len(others) == 2:  # a rock ballad: rock, slowly
            others.remove("ballad")
            self.is_ballad = True
        bases = {base_style(style) for style in others}
        if len(others) > 1 and len(bases) == 1 and len(dances) < 2:
            self.defaults.append(
                f"style {others[0]} taken for {', '.join(others)}: all are kinds of {bases.pop()}"
            )
        elif len(others) > 1 or len(dances) > 1:
            self.conflicts.append(f"style is given as {', '.join(styles)}: {(others or dances)[0]} is taken")
        if others and dances:
            self.defaults.append(f"metre of a {dances[0]} taken for the {others[0]} style")
            return others[0], _DANCE_METRES[dances[0]]
        return (others or dances or [None])[0], None

    def players(self, band: tuple[str, ...] | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the wanted and the excluded instruments; one that is named wins over a refused family.

        band: who a plain band is in the style.
        """
        refused = [name for value in self.named("instrument", is_negated=True) for name in value]
        wanted: list[str] = []
        named: set[str] = set()
        for told in self._wanted_players():
            value = band if band and told == PLAIN_BAND else told
            wanted += [name for name in value if name not in wanted]
            named |= set(value) if len(set(value)) == 1 else set()
        kept = {name for name in named if name not in refused}
        excluded = tuple(name for name in all_members(refused) if name not in kept)
        for name in [name for name in dict.fromkeys(wanted) if name in named and name in excluded]:
            self.conflicts.append(f"{name} is both asked for and excluded: it is left out")
        return tuple(name for name in wanted if name not in excluded), excluded

    def _wanted_players(self) -> Iterator[tuple[str, ...]]:
        """Yield the players of each match: a family as the few that stand for it, as many as were counted."""
        for match, negated in self.matches:
            if match.field == "instrument" and not negated and isinstance(match.value, tuple):
                players = family_players(match.value[0])
                is_family = players != match.value[:1]
                count = len(match.value) if len(match.value) > 1 else len(players)
                yield players[:count] if is_family else match.value

    def moods(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the wanted and the avoided moods; scenes lend a mood when none is named."""
        avoided = tuple(self.named("mood", is_negated=True))
        moods = tuple(mood for mood in self.named("mood") if mood not in avoided)
        for mood in set(self.named("mood")) & set(avoided):
            self.conflicts.append(f"mood {mood} is both asked for and avoided: it is avoided")
        hints = [hint for hint in self.named("hint") if hint not in avoided][:2]
        if not moods and hints:
            moods = tuple(hints)
            self.defaults.append(f"mood {', '.join(hints)} taken from the scene, since no mood is named")
        return moods, avoided

    def tempo(self) -> tuple[float | None, tuple[float, float] | None]:
        """Return the exact tempo, or a range of tempo: numbers win over words, words over refused words."""
        bpm, numbers = self.one("tempo_bpm"), self.one("tempo_range")
        if bpm is not None and numbers is not None:
            self.conflicts.append(
                f"tempo is given as {bpm:g} and as {numbers[0]:g}..{numbers[1]:g}: {bpm:g} is taken"
            )
        told = float(bpm) if bpm is not None else None
        span: tuple[float, float] | None = numbers if bpm is None else None
        for word in self.named("tempo_word"):
            _, low, high = tempo_words()[word]
            if told is None and span is None:
                span = tempo_word_range(word)
                self.defaults.append(f"tempo {span[0]:g}..{span[1]:g} BPM taken for {word!r}")
            elif told is not None and not low <= told <= high:
                self.conflicts.append(f"{word!r} means {low:g}..{high:g} BPM but {told:g} is taken")
            elif span is not None and (span[1] < low or high < span[0]):
                self.conflicts.append(
                    f"{word!r} means {low:g}..{high:g} BPM but {span[0]:g}..{span[1]:g} is taken"
                )
        for change in self.named("tempo_change"):
            self.defaults.append(f"one tempo throughout: getting {change} is understood but not planned")
        for word in self.named("tempo_word", is_negated=True):
            if told is None and span is None:
                span = tempo_range_without(word)
                self.defaults.append(f"tempo {span[0]:g}..{span[1]:g} BPM taken for 'not {word}'")
        if self.is_ballad and told is None and span is None:
            span = tempo_word_range("slow")
            self.defaults.append(f"tempo {span[0]:g}..{span[1]:g} BPM taken for 'ballad'")
        return told, span

    def bars(self) -> int | None:
        """Return the number of bars: told for the whole, or the sum when every section has its own."""
        total: int | None = self.one("bars")
        own, names = self._section_bars()
        is_around = names in (("intro",), ("outro",), ("intro", "outro"))
        if own and len(own) == len(names) and 0 not in own and not is_around:
            if total is None:
                self.defaults.append(f"{sum(own)} bars: the sum of the sections")
                return sum(own)
            if total != sum(own):
                self.conflicts.append(
                    f"{total} bars are asked, but the sections add up to {sum(own)}: {total} is taken"
                )
        return total

    def _section_bars(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Return the bars told for each section (0: open) and the sections' names, both in text order."""
        names: list[str] = []
        own: list[int] = []
        waiting: int | None = None
        for match, negated in self.matches:
            if match.field == "bars_of_next":
                waiting = int(str(match.value))
            elif match.field == "section_told" and isinstance(match.value, tuple) and not negated:
                names.append(str(match.value[0]))
                own.append(int(match.value[1]))
            elif match.field == "section" and not negated:
                names.append(str(match.value))
                own.append(waiting or 0)
                waiting = None
            elif match.field == "section_bars" and names:
                own[-1] = int(str(match.value))
        return tuple(own), tuple(names)

    def mode(self) -> str | None:
        """Return the mode named alone, or the opposite of one that is not wanted."""
        mode = self.one("mode")
        unwanted_modes = [_OTHER_MODE.get(value) for value in self.named("mode", is_negated=True)]
        return mode or next((value for value in unwanted_modes if value), None)

    def _around_own_form(
        self, names: tuple[str, ...], own: tuple[int, ...]
    ) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """Return the style's own form ("*") with an intro before it, an outro after it, or both."""
        place = 0 if names == ("outro",) else 1
        form = (*names[:place], "*", *names[place:])
        return form, (*own[:place], 0, *own[place:]) if any(own) else ()

    def form(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """Return the form and the bars of each section (() when none is told): letters, or sections as they come."""
        own, names = self._section_bars()
        letters = self.one("form")
        if letters:
            if any(own):
                self.conflicts.append(
                    f"the form is given as {''.join(letters)} and by sections: the letters are taken"
                )
            return tuple(letters), ()
        if names in (("intro",), ("outro",), ("intro", "outro")):
            return self._around_own_form(names, own)
        if len(names) < 2 and not any(own):
            return (), ()
        total = self.named("bars")
        is_refuted = bool(total) and 0 not in own and sum(own) != total[0]
        return names, () if is_refuted or not any(own) else own
