"""Ensembles: who plays, on what, and what each may do; read from a table or from a list of instruments.

Conventions: names in English and Chinese; ranges are those of `zhiyin.theory.instruments`, sounding.
This module does not know music: who gets which notes is decided in `zhiyin.arrange.casting`.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from zhiyin.errors import InvalidInput, NotFound
from zhiyin.theory.instruments import Instrument, find_instrument, instrument_words

DUTIES = ("lead", "inner", "bass", "under", "chords", "twin", "punch", "drums", "line")
GROOVES = ("none", "rock", "swing")
MAX_PLAYERS = 40
CHORDAL = frozenset({"keyboard", "plucked", "mallet"})
_NOT_HANDS = frozenset({"banjo", "sitar", "shamisen", "music-box", "kalimba", "steel-drums", "guqin"})
_SEPARATOR = re.compile(r"\s*(?:[,，、;；+]|\band\b|和|与)\s*")
_COUNTED = re.compile(r"^(\d+|two|three|four|两|二|三|四)\s*(?:x\s*|把|支|个|位)?\s*(.+)$")
_NUMBERS = {"two": 2, "three": 3, "four": 4, "两": 2, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, slots=True)
class Player:
    """One player (or a section that plays one line).

    name: of the part; section: players that are heard together; duties: names of DUTIES, the first wish first.
    """

    name: str
    instrument: Instrument
    section: str
    duties: tuple[str, ...]

    def may(self, duty: str) -> bool:
        """Return whether the player may take on a duty."""
        return duty in self.duties

    @property
    def has_hands(self) -> bool:
        """Return whether the player sounds several notes at once."""
        return self.may("chords")

    @property
    def is_keyboard(self) -> bool:
        """Return whether two hands share a keyboard, each with a part of its own."""
        return self.has_hands and self.instrument.family == "keyboard"


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Players from high to low as they stand in the score.

    turns: the lead passes from section to section; fills: players without a line of the source sound chord tones;
    groove: the drum pattern when the source has no drums, a name of GROOVES.
    """

    name: str
    zh: str
    players: tuple[Player, ...]
    aliases: tuple[str, ...] = ()
    turns: bool = False
    fills: bool = True
    groove: str = "none"

    def __post_init__(self) -> None:
        if not 1 <= len(self.players) <= MAX_PLAYERS:
            raise InvalidInput(
                f"an ensemble must have 1..{MAX_PLAYERS} players, got {len(self.players)}: name fewer"
            )

    def who(self, duty: str) -> tuple[int, ...]:
        """Return the indices of the players that may take on a duty, in order of the score."""
        return tuple(index for index, player in enumerate(self.players) if player.may(duty))


def _fold(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.strip().casefold())


def _player(text: str) -> Player:
    name, _, rest = text.partition("=")
    instrument, _, rest = rest.partition("@")
    section, _, duties = rest.partition(":")
    found = tuple(duties.split())
    assert found and set(found) <= set(DUTIES), text
    return Player(name.strip(), find_instrument(instrument.strip()), section.strip(), found)


def _ensemble(line: str) -> Ensemble:
    name, zh, aliases, turns, fills, groove, players = (cell.strip() for cell in line.split("|"))
    assert turns in ("turns", "fixed") and fills in ("fill", "leave") and groove in GROOVES, line
    words = tuple(word.strip() for word in aliases.split(",") if word.strip())
    people = tuple(_player(one) for one in players.split(";"))
    return Ensemble(name, zh, people, words, turns == "turns", fills == "fill", groove)


def read_ensembles(text: str) -> dict[str, Ensemble]:
    """Return the ensembles of a table, by name; lines that begin with # say how to read it."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {one.name: one for one in map(_ensemble, lines)}


ENSEMBLES: dict[str, Ensemble] = read_ensembles(
    Path(__file__).with_name("ensembles.txt").read_text(encoding="utf-8")
)


@cache
def _words() -> dict[str, str]:
    return {_fold(word): one.name for one in ENSEMBLES.values() for word in (*one.aliases, one.zh, one.name)}


def find_ensemble(text: str) -> Ensemble:
    """Return the ensemble of a name in English or Chinese, or of a list of instruments.

    Raises NotFound, naming what is near, and InvalidInput for an empty list.
    >>> find_ensemble("弦乐四重奏").name, [p.name for p in find_ensemble("2 violins, cello").players]
    ('string quartet', ['Violin 1', 'Violin 2', 'Cello'])
    """
    words = _words()
    if _fold(text) in words:
        return ENSEMBLES[words[_fold(text)]]
    names = [name for name in _SEPARATOR.split(text.strip()) if name]
    if not names:
        raise InvalidInput(f"an ensemble must be a name or instruments, got {text!r}: write 'string quartet'")
    if len(names) == 1 and not _COUNTED.match(names[0]) and _fold(names[0]).replace(" ", "-") not in _known():
        near = dict.fromkeys(words[w] for w in difflib.get_close_matches(_fold(text), words, n=4, cutoff=0.5))
        hint = ", ".join(near) or ", ".join(list(ENSEMBLES)[:6])
        raise NotFound(
            f"an ensemble must be a known name or a list of instruments, got {text!r}: did you mean {hint}?"
        )
    return ensemble_of([one for name in names for one in _several(name)])


def _known() -> set[str]:
    return {form for word in instrument_words() for form in (word, word + "s")}


def _several(name: str) -> list[Instrument]:
    match = _COUNTED.match(name)
    if match is None or _fold(name).replace(" ", "-") in _known():  # 二胡 is one erhu
        return [find_instrument(name)]
    count = _NUMBERS.get(match[1]) or int(match[1])
    if not 1 <= count <= MAX_PLAYERS:
        raise InvalidInput(f"an instrument must be asked for 1..{MAX_PLAYERS} times, got {name!r}")
    return [find_instrument(match[2])] * count


def ensemble_of(instruments: list[Instrument]) -> Ensemble:
    """Return an ensemble of instruments: the highest line leads, the lowest holds the bass, hands take chords.

    Raises InvalidInput for none, or more than MAX_PLAYERS.
    """
    counts, seen = Counter(one.name for one in instruments), Counter[str]()
    players = []
    for one in instruments:
        seen[one.name] += 1
        name = one.name.replace("-", " ").title() + (f" {seen[one.name]}" if counts[one.name] > 1 else "")
        players.append(Player(name, one, one.family, _usual_duties(one)))
    players = _with_ends(players)
    title = ", ".join(dict.fromkeys(one.name for one in instruments))
    zh = "、".join(dict.fromkeys(one.zh for one in instruments))
    return Ensemble(title, zh, tuple(players), groove="rock", fills=True)


def _usual_duties(one: Instrument) -> tuple[str, ...]:
    if one.is_drums:
        return ("drums",)
    has_hands = one.polyphony >= 4 and one.name not in _NOT_HANDS
    return ("chords",) if has_hands else ("inner",)


def _with_ends(players: list[Player]) -> list[Player]:
    """Return the players with a lead and a bass chosen among them."""
    pitched = [i for i, p in enumerate(players) if not p.may("drums")]
    if not pitched:
        return players
    lines = [i for i in pitched if players[i].may("inner") and players[i].instrument.family != "bass"]
    lead = max(lines or pitched, key=lambda i: (_middle(players[i]), -i))
    rest = [i for i in pitched if i != lead] or [lead]
    bass = min(rest, key=lambda i: (players[i].instrument.low, i))
    found = list(players)
    for index, duty in ((bass, "bass"), (lead, "lead")):
        own = tuple(d for d in found[index].duties if d != "inner")
        found[index] = replace(found[index], duties=(duty, *own))
    return found


def _middle(player: Player) -> float:
    return (player.instrument.low + player.instrument.high) / 2
