"""Texture of a plan: how busy, how full and how high each player is in each bar, and when it rests.

Conventions: density is attacks a quarter, polyphony notes an attack, register the mean MIDI pitch.
This module does not choose players: see `zhiyin.fill.plan_players`.
"""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.fill.norms import Leaning, Norms
from zhiyin.fill.plan import PlannedSection, Player, Texture
from zhiyin.theory.instruments import INSTRUMENTS, Instrument

# Attacks a quarter of a role beside the melody's, and its notes an attack.
_DENSITY = {"bass": 0.6, "chords": 0.5, "accompaniment": 1.2, "drums": 2.0, "inner": 0.7}
_POLYPHONY = {"melody": 1.0, "bass": 1.0, "inner": 1.0, "chords": 3.0, "accompaniment": 2.0}
# Where the middle of a role lies within its instrument's range, 0 low to 1 high, and pitches it keeps near.
_PLACE = {"melody": 0.62, "inner": 0.5, "chords": 0.5, "accompaniment": 0.38, "bass": 0.3}
_USUAL = {"melody": 71.0, "inner": 62.0, "chords": 60.0, "accompaniment": 53.0, "bass": 43.0}
_QUIET_SECTIONS = ("intro", "outro", "coda", "interlude")


def make_textures(
    players: Sequence[Player],
    sections: Sequence[PlannedSection],
    energy: Sequence[float],
    *,
    norms: Norms,
    leaning: Leaning,
    density: float | None = None,
    polyphony: int | None = None,
) -> tuple[tuple[Texture, ...], ...]:
    """Return textures [player][bar]; an asked density or polyphony holds for every player that sounds."""
    rows: list[tuple[Texture, ...]] = []
    for index, player in enumerate(players):
        row: list[Texture] = []
        for section in sections:
            resting = _rests(index, players, section)
            for bar in range(section.first_bar, section.end_bar):
                busy = density or _density(player, norms, leaning, energy[bar])
                full = _polyphony(player, polyphony)
                row.append(
                    Texture(is_empty=True)
                    if resting
                    else Texture(busy, full, _register(player, leaning, energy[bar]))
                )
        rows.append(tuple(row))
    return tuple(rows)


def _rests(index: int, players: Sequence[Player], section: PlannedSection) -> bool:
    """Return whether a player is silent in a section: in bands of four or more, the tune and drums wait."""
    if len(players) < 4 or section.name not in _QUIET_SECTIONS:
        return False
    if section.name in ("intro", "interlude"):
        return players[index].role == ("melody" if section.name == "intro" else "drums")
    return players[index].role == "drums"


def _density(player: Player, norms: Norms, leaning: Leaning, energy: float) -> float:
    base = norms.melody_density if player.role == "melody" else _DENSITY.get(player.role, 1.0)
    if player.role == "accompaniment":
        base = min(base, 0.4 + 0.6 * norms.melody_density)
    return round(min(8.0, max(0.15, base * leaning.density * (0.7 + 0.6 * energy))), 2)


def _polyphony(player: Player, asked: int | None) -> float | None:
    usual = _POLYPHONY.get(player.role)
    if usual is None or player.is_drums:
        return None
    limit = float(INSTRUMENTS[player.instrument].polyphony if asked is None else asked)
    return min(usual, limit)


def _register(player: Player, leaning: Leaning, energy: float) -> float | None:
    if player.is_drums:
        return None
    instrument = INSTRUMENTS[player.instrument]
    wanted = _centre(instrument, player.role) + leaning.register + 4.0 * (energy - 0.5)
    return round(min(instrument.high - 4.0, max(instrument.low + 4.0, wanted)), 1)


def _centre(instrument: Instrument, role: str) -> float:
    """Return the usual mean pitch of a role on an instrument: between the role's and the instrument's own."""
    own = instrument.low + _PLACE.get(role, 0.5) * (instrument.high - instrument.low)
    usual = _USUAL.get(role, own)
    low, high = instrument.low + 5.0, instrument.high - 5.0
    return min(high, max(low, 0.6 * usual + 0.4 * own)) if low < high else own
