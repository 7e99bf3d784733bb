"""From what was matched to wishes: the style, players, moods, tempo and form that a text asks for.

Conventions: numbers win over words, named things over scenes; what is taken beyond the words is told in `defaults`.
This module decides nothing that the text leaves open: see `zhiyin.fill.plan_make`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from zhiyin.brief.lexicon import BANDS, PLAIN_BAND, PLAYERS_STYLES
from zhiyin.brief.match import Match
from zhiyin.brief.turns import Turn
from zhiyin.brief.words_control import tempo_range_without, tempo_word_range, tempo_words
from zhiyin.theory.families import all_members, family_players
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.moods import MOODS
from zhiyin.theory.style_words import base_style, most_specific
from zhiyin.theory.usages import USAGES

_DANCE_METRES = {"waltz": Metre(3, 4), "minuet": Metre(3, 4), "mazurka": Metre(3, 4), "polonaise": Metre(3, 4),
                 "march": Metre(2, 4)}  # fmt: skip
_CODES = {
    "tempo_bpm": "tempo",
    "tempo_range": "tempo",
    "seconds": "duration",
    "seconds_range": "duration",
    "mode": "key",
    "tonic": "key",
}
_OTHER_MODE = {"minor": "major", "major": "minor"}


class WishReader:
    """Collects wishes from matches; `conflicts` and `defaults` fill as it goes."""

    def __init__(
        self, matches: list[tuple[Match, bool]], *, turns: tuple[Turn, ...] = (), intensity: int | None = None
    ) -> None:
        self.matches = matches
        self.turns, self.intensity = turns, intensity
        self.conflicts: list[str] = []
        self.clashes: list[str] = []
        self.defaults: list[str] = []
        self.is_ballad = False

    def clash(self, line: str, *codes: str) -> None:
        """Add a contradiction in words, with its codes."""
        self.conflicts.append(line)
        self.clashes += [code for code in codes if code not in self.clashes]

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
            self.clash(f"{field} is given as {told}: the first is taken", _CODES.get(field, field))
        return values[0] if values else None

    def wishes(self) -> dict[str, Any]:
        """Return the fields of Wishes."""
        style, dance_metre = self.style()
        players, excluded = self.players(BANDS.get(base_style(style)) if style else None)
        moods, avoided = self.moods()
        key = self.one("key")
        tonic = self.one("tonic") if key is None else None
        if tonic is not None:
            key = Key(tonic.tonic_fifths, self.mode() or "major")
            if key.mode == "major" and not self.named("mode"):
                self.defaults.append(f"mode major taken for {key.name}: only its tonic is told")
        if key is not None and key.mode == "major" and "major pentatonic" in self.named("mode"):
            key = Key(key.tonic_fifths, "major pentatonic")
        metre = self.one("metre") or dance_metre
        self.check_metre(style, self.one("metre") if len(self.named("metre")) == 1 else None)
        textures = dict(self.named("texture"))
        tempo_bpm, tempo_range = self.tempo()
        if tempo_bpm is None and tempo_range is None:
            tempo_bpm = next(
                (t.tempo for t in self.turns if t.at_s == 0 and isinstance(t.tempo, float)), None
            )
        form, section_bars = self.form()
        self.check_length(metre)
        return {
            "style": style, "moods": moods, "avoid_moods": avoided, "tempo_bpm": tempo_bpm, "key": key,
            "mode": None if key else self.mode(), "metre": metre, "bars": self.bars(),
            "seconds": self.one("seconds"), "seconds_range": self.one("seconds_range"), "players": players,
            "excluded": excluded,
            "chords": self.one("chords") or (), "form": form, "title": self.one("title"),
            "density": textures.get("density"), "polyphony": textures.get("polyphony"),
            "tempo_range": tempo_range, "section_bars": section_bars,
            "avoid_styles": tuple(self.named("style", is_negated=True)), "dynamics": self.one("dynamics"),
            "decade": self.one("decade"), "is_loop": True if True in self.named("is_loop") else None,
            "without_sections": tuple(self.named("section", is_negated=True)), "register": self.one("register"),
            "ending": self.one("ending"), "usage": self.usage(), "intensity": self.intensity,
            "changes": tuple(change for turn in self.turns if (change := turn.change()) is not None),
        }  # fmt: skip

    def style(self) -> tuple[str | None, Metre | None]:
        """Return the style, and the metre of a dance named beside another style ("jazz waltz")."""
        styles = list(most_specific(self.named("style"))) or self.named("style_hint")
        if not styles:
            lent = [USAGES[name].style for name in self.named("usage") if USAGES[name].style]
            styles = [style for style in lent if style not in self.named("style", is_negated=True)][:1]
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
            self.clash(f"style is given as {', '.join(styles)}: {(others or dances)[0]} is taken")
        if others and dances:
            self.defaults.append(f"metre of a {dances[0]} taken for the {others[0]} style")
            return others[0], _DANCE_METRES[dances[0]]
        return (others or dances or [None])[0], None

    def usage(self) -> str | None:
        """Return what the music is for: the narrowest use that is named, by a word for a use or by a style word."""
        styled = [
            m.said.partition(":")[2] for m, no in self.matches if m.said.startswith("usage:") and not no
        ]
        uses = [*styled, *self.named("usage")]
        narrow = [use for use in uses if use not in ("background", "game", "film", "work")]
        return next((str(use) for use in (*narrow, *uses)), None)

    def players(self, band: tuple[str, ...] | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the wanted and the excluded instruments; one that is named wins over a refused family.

        band: who a plain band is in the style.
        """
        refused = [name for value in self.named("instrument", is_negated=True) for name in value]
        refused += ["voice"] if self.named("no_voice") else []
        wanted: list[str] = []
        named: set[str] = set()
        for told in self._wanted_players():
            value = band if band and told == PLAIN_BAND else told
            wanted += [name for name in value if name not in wanted]
            named |= set(value) if len(set(value)) == 1 else set()
        kept = {name for name in named if name not in refused}
        excluded = tuple(name for name in all_members(refused) if name not in kept)
        for name in [name for name in dict.fromkeys(wanted) if name in named and name in excluded]:
            self.clash(f"{name} is both asked for and excluded: it is left out")
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
        self.check_feeling(moods)
        for mood in set(self.named("mood")) & set(avoided):
            self.clash(f"mood {mood} is both asked for and avoided: it is avoided", "moods")
        lent = [USAGES[name].mood for name in self.named("usage") if USAGES[name].mood]
        hints = [hint for hint in dict.fromkeys((*lent, *self.named("hint"))) if hint not in avoided][:2]
        if not moods and hints and not any(turn.moods for turn in self.turns):
            moods = tuple(hints)
            self.defaults.append(f"mood {', '.join(hints)} taken from the scene, since no mood is named")
        return moods, avoided

    def check_feeling(self, moods: tuple[str, ...]) -> None:
        """Name moods that are each other's opposite, and a use that is at odds with the mood."""
        lent = [(name, USAGES[name].mood) for name in self.named("usage") if USAGES[name].mood]
        for first, other in combinations(moods, 2):
            if other == MOODS[first].opposite and first == MOODS[other].opposite:
                self.clash(f"mood is given as {first} and {other}, its opposite: both are kept", "moods")
        for use, mood in lent:
            against = [one for one in moods if MOODS[one].opposite == mood or MOODS[mood].opposite == one]
            if against:
                self.clash(
                    f"the mood {against[0]} is at odds with the use {use}: the mood is kept", "mood_vs_usage",
                )  # fmt: skip

    def check_metre(self, style: str | None, metre: Metre | None) -> None:
        """Name a metre that a dance or a march does not have."""
        own = _DANCE_METRES.get(style or "")
        if (
            own is not None
            and metre is not None
            and self.named("metre")
            and metre.numerator % 3 != own.numerator % 3
        ):
            is_odd = (own.numerator == 3) != (metre.numerator % 3 == 0)
            if is_odd:
                self.clash(
                    f"a {style} in {metre} is unusual: {metre} is taken", "metre_vs_style",
                )  # fmt: skip

    def tempo(self) -> tuple[float | None, tuple[float, float] | None]:
        """Return the exact tempo, or a range of tempo: numbers win over words, words over refused words."""
        bpm, numbers = self.one("tempo_bpm"), self.one("tempo_range")
        if bpm is not None and numbers is not None:
            self.clash(
                f"tempo is given as {bpm:g} and as {numbers[0]:g}..{numbers[1]:g}: {bpm:g} is taken", "tempo"
            )
        told = float(bpm) if bpm is not None else None
        span: tuple[float, float] | None = numbers if bpm is None else None
        for word in self.named("tempo_word"):
            _, low, high = tempo_words()[word]
            if told is None and span is None:
                span = tempo_word_range(word)
                self.defaults.append(f"tempo {span[0]:g}..{span[1]:g} BPM taken for {word!r}")
            elif told is not None and not low <= told <= high:
                self.clash(
                    f"{word!r} means {low:g}..{high:g} BPM but {told:g} is taken",
                    "tempo_word_vs_number",
                )
            elif span is not None and (span[1] < low or high < span[0]):
                self.clash(
                    f"{word!r} means {low:g}..{high:g} BPM but {span[0]:g}..{span[1]:g} is taken",
                    "tempo_word_vs_number",
                )
        refused = self.named("tempo_word", is_negated=True)
        if (
            told is None
            and span is None
            and len({tempo_range_without(word)[1] <= 110 for word in refused}) == 2
        ):
            span = tempo_word_range("moderate")
        for word in refused:
            if told is None and span is None:
                span = tempo_range_without(word)
                self.defaults.append(f"tempo {span[0]:g}..{span[1]:g} BPM taken for 'not {word}'")
        if self.is_ballad and told is None and span is None:
            span = tempo_word_range("slow")
            self.defaults.append(f"tempo {span[0]:g}..{span[1]:g} BPM taken for 'ballad'")
        return told, span

    def check_length(self, metre: Metre | None) -> None:
        """Name the contradiction of bars, length and tempo that were all told and cannot hold together."""
        told = [self.named(field) for field in ("tempo_bpm", "bars", "seconds")]
        exact = all(len(values) == 1 for values in told) and not any(
            m.amount is not None and (m.amount.value is None or m.amount.is_about)
            for m, no in self.matches if m.field in ("tempo_bpm", "bars", "seconds") and not no
        )  # fmt: skip
        if not exact:
            return
        bpm, bars, seconds = (float(values[0]) for values in told)
        quarters = 4.0 if metre is None else 4.0 * metre.numerator / metre.denominator
        lasts = bars * quarters * 60.0 / bpm
        if abs(lasts - seconds) > max(1.0, 0.05 * seconds):
            self.clash(
                f"{bars:g} bars at {bpm:g} BPM last {lasts:.0f} s, but {seconds:g} s are asked", "duration", "bars",
                "tempo", "duration_vs_bars",
            )  # fmt: skip

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
                self.clash(
                    f"{total} bars are asked, but the sections add up to {sum(own)}: {total} is taken",
                    "bars",
                    "structure",
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
                self.clash(
                    f"the form is given as {''.join(letters)} and by sections: the letters are taken",
                    "structure",
                )
            return tuple(letters), ()
        if names in (("intro",), ("outro",), ("intro", "outro")):
            return self._around_own_form(names, own)
        if len(names) < 2 and not any(own):
            return (), ()
        total = self.named("bars")
        is_refuted = bool(total) and 0 not in own and sum(own) != total[0]
        return names, () if is_refuted or not any(own) else own
