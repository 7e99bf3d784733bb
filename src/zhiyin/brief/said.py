"""What a text says, and only that: one frozen value with a field for each thing a brief can ask for.

Conventions: names are snake_case English as the words say them ("salsa", "fiddle"), None or () where nothing was said.
This module decides nothing and fills nothing in: see `zhiyin.brief.wish` for wishes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhiyin.brief.match import Amount, Match
from zhiyin.brief.turns import Turn
from zhiyin.brief.words_control import tempo_range_without, tempo_word_range
from zhiyin.brief.words_players import singing_words
from zhiyin.theory.key import Key
from zhiyin.theory.moods import MOODS, blend_moods
from zhiyin.theory.pitch import fifths_name

HIGH, LOW, SWEET = 0.4, -0.3, 0.15
_GENERIC_USES = ("background", "game", "film", "work")
# Words that are stiller than the mood they name, and the plainer mood beside a finer one.
_STILL = frozenset(
    ["eerie", "spooky", "creepy", "uncanny", "haunting", "suspense", "suspenseful", "solemn", "stately", "dignified",
     "sacred", "holy", "reverent", "阴森", "诡异", "悬疑", "悬疑感", "阴冷", "庄严", "肃穆", "庄严肃穆", "庄重", "神圣",
     "圣洁", "虔诚", "肃静"]
)  # fmt: skip
_PLAINER = {"melancholic": "sad"}
_VOICES = ("voice",)
_JAZZ_TRIO = ("piano", "upright-bass", "drums")


@dataclass(frozen=True, slots=True)
class KeySaid:
    """A key as it was told; every part may be open."""

    tonic: str | None = None
    mode: str | None = None
    not_mode: str | None = None
    not_key: str | None = None


@dataclass(frozen=True, slots=True)
class VocalsSaid:
    """Singing as it was told: wanted or not, and by whom (`female`, `male`, `child`, `humming`, `rap` or "")."""

    is_present: bool
    who: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Everything that a text says.

    tempo: beats a minute of the unit that was told; seconds, bars: length; valence: neg, neutral or pos, arousal: low,
    mid or high, both of the moods; structure: sections with their bars (None: open); tempo_scale, transpose
    (semitones), tempo_step (beats a minute): edits.
    """

    styles: tuple[str, ...] = ()
    exclude_styles: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    avoid_moods: tuple[str, ...] = ()
    valence: str | None = None
    arousal: str | None = None
    changes: tuple[Turn, ...] = ()
    tempo: Amount | None = None
    key: KeySaid | None = None
    metre: str | None = None
    seconds: Amount | None = None
    bars: Amount | None = None
    hits: tuple[float, ...] = ()
    players: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    is_only: bool = False
    structure: tuple[tuple[str, int | None], ...] = ()
    exclude_sections: tuple[str, ...] = ()
    dynamics: str | None = None
    register: str | None = None
    density: str | None = None
    is_loop: bool | None = None
    ending: str | None = None
    usage: str | None = None
    vocals: VocalsSaid | None = None
    fx: tuple[str, ...] = ()
    exclude_fx: tuple[str, ...] = ()
    era: str | None = None
    references: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    chords: tuple[str, ...] = ()
    title: str | None = None
    tempo_scale: float | None = None
    transpose: int | None = None
    tempo_step: float | None = None


def tempo_left(words: Sequence[str]) -> Amount:
    """Return the tempi that refused tempo words leave: moderate ones where both fast and slow are refused.

    >>> tempo_left(["fast"]).high, tempo_left(["fast", "slow"]).low
    (100.0, 84.0)
    """
    ranges = [tempo_range_without(word) for word in words]
    is_low, is_high = any(high <= 110 for _, high in ranges), any(high > 110 for _, high in ranges)
    if is_low and is_high:
        return Amount(*tempo_word_range("moderate"))
    low, high = ranges[0]
    return Amount(None, high) if is_low else Amount(low, None)


def feeling_of(moods: Sequence[str], avoided: Sequence[str]) -> tuple[str | None, str | None]:
    """Return (valence, arousal) in words for moods wanted and avoided; None for both where no mood is told.

    >>> feeling_of(("sad",), ()), feeling_of((), ("sad",))
    (('neg', 'low'), ('pos', 'mid'))
    """
    if not moods and not avoided:
        return None, None
    valence, arousal = blend_moods(tuple(moods), avoid=tuple(avoided))
    sweet = "pos" if valence >= SWEET else "neg" if valence <= -SWEET else "neutral"
    return sweet, "high" if arousal >= HIGH else "low" if arousal <= LOW else "mid"


class SaidBuilder:
    """Collects what is said from matches; `scope` holds which are unwanted or merely allowed."""

    def __init__(
        self,
        matches: Sequence[Match],
        *,
        unwanted: frozenset[int],
        allowed: frozenset[int],
        used: frozenset[int],
    ) -> None:
        self.rows = [
            (match, index in unwanted, index in allowed)
            for index, match in enumerate(matches)
            if index not in used
        ]

    def said(self, field: str, *, is_refused: bool = False) -> list[str]:
        """Return the names that words of a field say, wanted or refused, each once."""
        return list(
            dict.fromkeys(
                match.said or str(match.value)
                for match, refused, allowed in self.rows
                if match.field == field and refused == is_refused and not allowed
            )
        )

    def first(self, field: str) -> Match | None:
        """Return the first wanted match of a field."""
        return next(
            (m for m, refused, allowed in self.rows if m.field == field and not refused and not allowed), None
        )

    def build(self, *, is_only: bool, turns: tuple[Turn, ...], hits: tuple[float, ...], text: str) -> Said:
        """Return what is said."""
        styles, uses, sets = self._sorted_styles(is_refused=False)
        no_styles, _, no_sets = self._sorted_styles(is_refused=True)
        in_trio = any(
            m.value == _JAZZ_TRIO and not no
            for m, no, _ in self.rows
            if m.field in ("instrument", "ensemble")
        )
        styles += ["jazz"] if in_trio and "jazz" not in styles else []
        moods, avoided = self.said("mood"), self.said("mood", is_refused=True)
        moods = [mood for mood in moods if mood not in avoided]
        optional = tuple(self._optional())
        sweet, stirred = feeling_of(moods or [m for turn in turns for m in turn.moods], avoided)
        stirred = "mid" if stirred == "high" and self._is_still(text) else stirred
        players, excluded = self._players(is_refused=False), self._players(is_refused=True)
        texture = self.first("texture")
        density = texture.value if texture is not None and isinstance(texture.value, tuple) else None
        uses = [*uses, *self.said("usage")]
        loop = [match.value is not refused for match, refused, _ in self.rows if match.field == "is_loop"]
        title = self.first("title")
        chords = self.first("chords")
        return Said(
            styles=tuple(styles), exclude_styles=tuple(no_styles), moods=tuple(moods), avoid_moods=tuple(avoided),
            valence=sweet, arousal=stirred, changes=turns, tempo=self._tempo(), key=self._key(), metre=self._metre(),
            seconds=self._amount(("seconds", "seconds_range")), bars=self._amount(("bars",)), hits=hits,
            players=tuple(name for name in dict.fromkeys((*sets, *players)) if name not in optional),
            excluded=tuple(dict.fromkeys((*no_sets, *excluded))),
            optional=optional, is_only=is_only, structure=self._structure(text),
            exclude_sections=tuple(name.replace("-", "_") for name in self.said("section", is_refused=True)),
            dynamics=next(iter(self.said("dynamics")), None), register=next(iter(self.said("register")), None),
            density={0.5: "sparse", 2.5: "dense"}.get(density[1]) if density and density[0] == "density" else None,
            is_loop=loop[0] if loop else None, ending=next(iter(self.said("ending")), None),
            usage=_narrowest(uses), vocals=self._vocals(text), fx=tuple(self.said("fx")),
            exclude_fx=tuple(self.said("fx", is_refused=True)), era=self._era(),
            theme=tuple(self.said("hint")), title=str(title.value) if title else None,
            chords=chords.value if chords is not None and isinstance(chords.value, tuple) else (),
        )  # fmt: skip

    def _is_still(self, text: str) -> bool:
        """Return whether every mood is told by a word that is stiller than its mood: eerie, solemn."""
        words = [text[m.start : m.end] for m, no, _ in self.rows if m.field == "mood" and not no]
        return bool(words) and all(word in _STILL for word in words)

    def _sorted_styles(self, *, is_refused: bool) -> tuple[list[str], list[str], list[str]]:
        """Return styles, uses and sets of players that style words say."""
        styles, uses, sets = list[str](), list[str](), list[str]()
        for name in self.said("style", is_refused=is_refused):
            kind, _, rest = name.partition(":")
            (uses if kind == "usage" else sets if kind == "player" else styles).append(rest or name)
        if len(styles) > 1 and "dance" in styles:
            styles.remove("dance")  # a Latin dance
        return styles, uses, sets

    def _players(self, *, is_refused: bool) -> list[str]:
        found: list[str] = []
        for match, refused, allowed in self.rows:
            if (
                match.field != "instrument"
                or refused != is_refused
                or allowed
                or match.value in (_VOICES, ("soprano", "tenor"))
            ):
                continue
            if match.said:
                found.append(match.said)
            elif isinstance(match.value, tuple) and len(set(match.value)) == 1:
                found.append(str(match.value[0]).replace("-", "_"))
        return list(dict.fromkeys(found))

    def _optional(self) -> Iterable[str]:
        return dict.fromkeys(
            m.said or str(m.value) for m, _, allowed in self.rows if allowed and m.field == "instrument"
        )

    def _vocals(self, text: str) -> VocalsSaid | None:
        for match, refused, allowed in self.rows:
            if allowed:
                continue
            if match.field == "no_voice":
                return VocalsSaid(is_present=refused and "no" not in text[match.start : match.end])
            if match.field == "instrument" and match.value in (_VOICES, ("soprano", "tenor")):
                words = text[match.start : match.end].replace("-", " ")
                who = next((who for word, who in singing_words().items() if who and word in words), "")
                return VocalsSaid(is_present=not refused, who=who)
        return None

    def _tempo(self) -> Amount | None:
        for field in ("tempo_bpm", "tempo_range", "bare", "tempo_word"):
            match = self.first(field)
            if match is not None and match.amount is not None:
                return match.amount
        refused = next((m for m, no, _ in self.rows if m.field == "tempo_word" and no), None)
        words = [str(m.value) for m, no, _ in self.rows if m.field == "tempo_word" and no]
        return tempo_left(words) if refused is not None else None

    def _amount(self, fields: tuple[str, ...]) -> Amount | None:
        for field in fields:
            match = self.first(field)
            if match is not None and match.amount is not None:
                return match.amount
        return None

    def _key(self) -> KeySaid | None:
        key, mode = self.first("key"), self.first("mode")
        tonic = self.first("tonic") if key is None else None
        refused = [m for m, no, _ in self.rows if no and m.field in ("mode", "key")]
        found = KeySaid()
        if key is not None and isinstance(key.value, Key):
            found = KeySaid(fifths_name(key.value.tonic_fifths), key.value.mode.replace(" ", "_"))
            if mode is not None and found.mode == "major" and "pentatonic" in str(mode.value):
                found = replace(found, mode=str(mode.value).replace(" ", "_"))
        elif mode is not None:
            found = KeySaid(mode=str(mode.value).replace(" ", "_"))
        if tonic is not None and isinstance(tonic.value, Key):
            found = replace(found, tonic=fifths_name(tonic.value.tonic_fifths))
        for match in refused:
            if match.field == "mode":
                found = replace(found, not_mode=str(match.value).replace(" ", "_"))
            elif isinstance(match.value, Key):
                found = replace(found, not_key=match.value.name)
        return None if found == KeySaid() else found

    def _metre(self) -> str | None:
        match = self.first("metre")
        return None if match is None else str(match.value)

    def _era(self) -> str | None:
        match = self.first("decade")
        return None if match is None else f"{match.value}s"

    def _structure(self, text: str) -> tuple[tuple[str, int | None], ...]:
        """Return the sections in order; letters of a form count as sections, "twice" repeats one."""
        letters = self.first("form")
        if letters is not None and isinstance(letters.value, tuple):
            return tuple((str(letter), None) for letter in letters.value)
        rows: list[tuple[str, int | None]] = []
        waiting: int | None = None
        for match, refused, allowed in self.rows:
            if refused or allowed:
                continue
            if match.field == "bars_of_next":
                waiting = int(str(match.value))
            elif match.field == "section_told" and isinstance(match.value, tuple):
                rows.append((str(match.value[0]), int(match.value[1]) or None))
            elif match.field == "section":
                rows.append((str(match.value), waiting))
                waiting = None
                twice = re.match(r"\s*(?:[x×]\s*2|twice|两遍|两次|重复一遍)", text[match.end :])
                rows += [rows[-1]] if twice else []
            elif match.field == "section_bars" and rows:
                rows[-1] = (rows[-1][0], int(str(match.value)))
        return tuple((name.replace("-", "_"), bars) for name, bars in rows)


def _narrowest(uses: Sequence[str]) -> str | None:
    narrow = [use for use in uses if use not in _GENERIC_USES]
    return next(iter((*narrow, *uses)), None)


def parsed_of(said: Said) -> dict[str, Any]:
    """Return what is said under the names that other programs read; fields that were not said are left out."""
    vocals = said.vocals
    tree: dict[str, Any] = {
        "styles": list(said.styles), "exclude_styles": list(said.exclude_styles),
        "moods": {"want": _with_plainer(said), "avoid": list(said.avoid_moods)}
        if said.moods or said.avoid_moods else None,
        "valence": said.valence, "arousal": said.arousal, "changes": [turn.to_json() for turn in said.changes],
        "tempo": _amount_tree(said.tempo), "key": _key_tree(said.key), "metre": said.metre,
        "duration_s": _amount_tree(said.seconds), "bars": _bars_tree(said.bars), "hits": list(said.hits),
        "instruments": _players_tree(said), "structure": [list(row) for row in said.structure],
        "exclude_sections": list(said.exclude_sections), "dynamics": said.dynamics, "register": said.register,
        "density": said.density, "loopable": said.is_loop, "ending": said.ending, "usage": said.usage,
        "vocals": None if vocals is None else {"present": vocals.is_present}
        | ({"gender": vocals.who} if vocals.who in ("female", "male", "child") else {})
        | ({"style": vocals.who} if vocals.who in ("humming", "rap") else {}),
        "fx": list(said.fx), "exclude_fx": list(said.exclude_fx), "era": said.era,
        "references": list(said.references), "theme": list(said.theme), "chords": list(said.chords),
        "title": said.title, "tempo_scale": None if said.tempo_scale is None else {"value": said.tempo_scale},
        "transpose": None if said.transpose is None else {"semitones": said.transpose},
        "tempo_step": None if said.tempo_step is None else {"bpm": _number(said.tempo_step)},
    }  # fmt: skip
    return {name: value for name, value in tree.items() if value not in (None, [], {})}


def _with_plainer(said: Said) -> list[str]:
    """Return the moods; a finer one brings the plainer one that it is a kind of, unless that is refused."""
    plainer = [_PLAINER[mood] for mood in said.moods if mood in _PLAINER]
    return list(dict.fromkeys((*said.moods, *(mood for mood in plainer if mood not in said.avoid_moods))))


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, 3)


def _amount_tree(amount: Amount | None) -> dict[str, Any] | None:
    if amount is None:
        return None
    if amount.value is not None:
        tree: dict[str, Any] = {"value": _number(amount.value)}
    else:
        ends = {"min": amount.low, "max": amount.high}
        tree = {name: _number(end) for name, end in ends.items() if end is not None}
    if amount.is_about:
        tree["approx"] = True
    if amount.unit and amount.quarters is not None:
        tree["beat_unit"] = amount.unit
        if amount.value is not None:
            tree["quarter_bpm"] = _number(amount.value * amount.quarters)
    return tree


def _bars_tree(amount: Amount | None) -> Any:
    if amount is None:
        return None
    return int(amount.value) if amount.value is not None else _amount_tree(amount)


def _key_tree(key: KeySaid | None) -> dict[str, Any] | None:
    if key is None:
        return None
    tree = {"tonic": key.tonic, "mode": key.mode, "not_mode": key.not_mode, "not": key.not_key}
    return {name: value for name, value in tree.items() if value is not None}


def _players_tree(said: Said) -> dict[str, Any] | None:
    if not (said.players or said.excluded or said.optional):
        return None
    tree: dict[str, Any] = {
        "include": list(said.players),
        "exclude": list(said.excluded),
        "only": said.is_only,
    }
    return tree | ({"optional": list(said.optional)} if said.optional else {})


__all__ = ["MOODS", "KeySaid", "Said", "SaidBuilder", "VocalsSaid", "feeling_of", "parsed_of"]
