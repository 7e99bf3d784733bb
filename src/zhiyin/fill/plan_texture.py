"""Texture of a plan: how busy, how full and how high each player is in each bar, and when it rests.

Conventions: density is attacks a quarter, polyphony notes an attack, register the mean MIDI pitch; what a role usually
does is measured (`zhiyin.fill.norms_texture`), energy moves it between the quartiles.
This module does not choose players: see `zhiyin.fill.plan_players`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zhiyin.fill.norms import Leaning, Norms
from zhiyin.fill.norms_texture import is_measured, texture_norm
from zhiyin.fill.plan import PlannedSection, Player, Texture
from zhiyin.theory.instruments import INSTRUMENTS, Instrument

# Energies at which a part moves at its lower quartile, its median and its upper quartile.
_ENERGIES = (0.2, 0.55, 0.9)
_LEAST_DENSITY = {"melody": 0.5, "accompaniment": 0.5, "drums": 1.0}
# Quartiles by hand where no corpus of ours speaks for the family: bands of popular music, walking basses of jazz.
_BY_HAND = {
    ("pop", "bass"): (0.5, 0.85, 1.3), ("pop", "chords"): (0.4, 0.6, 1.0), ("jazz", "bass"): (0.9, 1.0, 1.15),
    ("jazz", "chords"): (0.5, 0.75, 1.0),
}  # fmt: skip
_USUAL_MELODY = 1.5  # the melody density for which those hold
_SELDOM = {"timpani": 0.5}  # instruments that play less than their role
# Where the middle of a role lies within its instrument's range, 0 low to 1 high.
_PLACE = {"melody": 0.62, "inner": 0.5, "chords": 0.5, "accompaniment": 0.38, "bass": 0.3}
# Mean pitches between which hands and sections keep: lower hand, upper hand, bass, pad; how much of a mood's shift in
# register these bounds give way to.
LOWER_HAND, _UPPER_HAND, _BASS, _PAD = (48.0, 55.0), (67.0, 76.0), (36.0, 45.0), (60.0, 70.0)
_BOUNDS_GIVE = 0.6
_PADS = ("strings", "synth-pad", "choir", "organ", "hammond-organ", "brass", "sheng")
_TWO_HANDS = 8  # notes at once of players whose tunes thicken
_PAD_DENSITY = 0.4  # attacks a quarter: about one a half note
_BASS_CENTRE = 40.0
_BELOW_MELODY = {"accompaniment": 7.0, "chords": 5.0, "inner": 4.0}
# Bands of so many players in pieces of so many bars let some of them wait.
_BAND, _LONG = 4, 16
_MELODY_WAITS = 2
_LATE = ("strings", "brass", "choir", "synth-pad", "timpani", "trombone", "french-horn", "distortion-guitar")


def make_textures(
    players: Sequence[Player],
    sections: Sequence[PlannedSection],
    energy: Sequence[float],
    *,
    norms: Norms,
    leaning: Leaning | Sequence[Leaning],
    density: float | None = None,
    polyphony: int | None = None,
) -> tuple[tuple[Texture, ...], ...]:
    """Return textures [player][bar]; an asked density or polyphony holds for every player that sounds.

    leaning: of the mood, for the whole or one a bar.
    """
    leanings = [leaning] * len(energy) if isinstance(leaning, Leaning) else leaning
    rests = _rests(players, sections)
    melody = next((p for p in players if p.role == "melody"), None)
    rows: list[tuple[Texture, ...]] = []
    for index, player in enumerate(players):
        row: list[Texture] = []
        for bar, value in enumerate(energy):
            if (index, bar) in rests:
                row.append(Texture(is_empty=True))
                continue
            lean = leanings[bar]
            busy = density or _density(player, norms, lean, value)
            ceiling = (
                None if melody is None or player is melody else _register(melody, players, norms, lean, value)
            )
            height = _register(player, players, norms, lean, value, ceiling=ceiling)
            row.append(Texture(busy, _polyphony(player, norms, value, polyphony), height))
        rows.append(tuple(row))
    return tuple(rows)


def _rests(players: Sequence[Player], sections: Sequence[PlannedSection]) -> set[tuple[int, int]]:
    """Return the (player, bar) cells that rest: in larger bands entries are staggered, and nobody is left out."""
    bars = sections[-1].end_bar
    if len(players) < _BAND or bars < _LONG:
        return set()
    rests: set[tuple[int, int]] = set()
    for index, player in enumerate(players):
        mine = {bar for section in sections for bar in _resting_bars(player, section, sections)}
        if len(mine) < bars:
            rests |= {(index, bar) for bar in mine}
    crowded = [bar for bar in range(bars) if sum((i, bar) not in rests for i in range(len(players))) < 2]
    return {(index, bar) for index, bar in rests if bar not in crowded and bar != bars - 1}


def _resting_bars(player: Player, section: PlannedSection, sections: Sequence[PlannedSection]) -> range:
    """Return the bars of a section in which a player waits or has stopped."""
    start, half = section.first_bar, section.first_bar + section.bars // 2
    is_opening = section is sections[0]
    if section.name == "intro" and player.role == "melody":
        return range(start, start + min(_MELODY_WAITS, section.bars // 2))
    if section.name in ("intro", "interlude") and player.role == "drums":
        return range(start, half)
    if section.name in ("outro", "coda") and player.role == "drums":
        return range(half, section.end_bar)
    is_late = player.instrument in _LATE and player.role in ("chords", "accompaniment", "inner")
    if is_late and section.name in ("intro", "verse") and section.like < 0:
        return range(start, section.end_bar if section.name == "intro" else half)
    if is_late and is_opening and section.bars >= 8:
        return range(start, half)
    return range(0)


def _density(player: Player, norms: Norms, leaning: Leaning, energy: float) -> float:
    """Return attacks a quarter: the measured quartiles by energy, leant by the mood."""
    found = texture_norm(norms.name, player.role, family=norms.family)
    quartiles = np.array([found.density_low, found.density, found.density_high])
    if player.role == "melody" and not is_measured(norms.name, "melody"):
        quartiles = norms.melody_density * np.array([0.7, 1.0, 1.35])
    by_hand = _BY_HAND.get((norms.family, player.role))
    if by_hand is not None and not is_measured(norms.name, player.role):
        scale = norms.melody_density / _USUAL_MELODY if norms.family == "pop" else 1.0
        quartiles = scale * np.array(by_hand)
    if player.role == "accompaniment":
        quartiles = np.minimum(quartiles, 0.6 + 0.8 * norms.melody_density)
    value = float(np.interp(energy, _ENERGIES, quartiles)) * leaning.density
    if player.role == "chords" and player.instrument in _PADS:
        value = min(value, _PAD_DENSITY * (0.6 + energy))  # pads hold their chords
    value *= _SELDOM.get(player.instrument, 1.0)
    least = 0.25 if player.instrument in _SELDOM else _LEAST_DENSITY.get(player.role, 0.25)
    return round(min(8.0, max(least, value)), 2)


def _polyphony(player: Player, norms: Norms, energy: float, asked: int | None) -> float | None:
    """Return notes an attack: one for tunes and basses, fuller chords and accompaniments with more energy."""
    if player.is_drums:
        return None
    limit = float(INSTRUMENTS[player.instrument].polyphony if asked is None else asked)
    found = texture_norm(norms.name, player.role, family=norms.family)
    usual = float(np.interp(energy, (0.3, 0.9), (found.polyphony, found.polyphony_high)))
    if player.role == "melody" and limit >= _TWO_HANDS and is_measured(norms.name, "melody"):
        usual = float(np.interp(energy, _ENERGIES[1:], (found.polyphony, found.polyphony_high)))
        return round(min(limit, usual), 2)  # right hands strike octaves and thirds as people's do
    if player.role not in ("accompaniment", "chords"):
        return min(1.0, limit)
    low, high = (1.5, 3.0) if player.role == "accompaniment" else (3.0, 4.0)
    return round(min(limit, max(low, min(high, usual))), 2)


def _register(
    player: Player,
    players: Sequence[Player],
    norms: Norms,
    leaning: Leaning,
    energy: float,
    *,
    ceiling: float | None = None,
) -> float | None:
    """Return the mean pitch: the role's measured one drawn to the instrument's middle, below the tune."""
    if player.is_drums:
        return None
    instrument = INSTRUMENTS[player.instrument]
    wanted = _centre(instrument, player.role, norms) + leaning.register + 4.0 * (energy - 0.5)
    low, high = _bounds(player, players)
    moved = _BOUNDS_GIVE * leaning.register
    wanted = min(high + moved, max(low + moved, wanted))
    if ceiling is not None and player.role in _BELOW_MELODY:
        wanted = min(wanted, ceiling - _BELOW_MELODY[player.role])
    return round(min(instrument.high - 4.0, max(instrument.low + 4.0, wanted)), 1)


def _bounds(player: Player, players: Sequence[Player]) -> tuple[float, float]:
    """Return the mean pitches between which a player keeps."""
    instrument = INSTRUMENTS[player.instrument]
    hands = {other.role for other in players if other.instrument == player.instrument}
    if instrument.family == "keyboard" and hands >= {"melody", "accompaniment"}:
        return _UPPER_HAND if player.role == "melody" else LOWER_HAND
    if player.role == "bass" and (instrument.family == "bass" or instrument.low < 32):
        return _BASS
    if player.role == "chords" and player.instrument in _PADS:
        return _PAD
    return 0.0, 127.0


def _centre(instrument: Instrument, role: str, norms: Norms) -> float:
    """Return the usual mean pitch of a role on an instrument: between the role's and the instrument's own."""
    own = instrument.low + _PLACE.get(role, 0.5) * (instrument.high - instrument.low)
    usual = texture_norm(norms.name, role, family=norms.family).register
    if role == "bass" and instrument.family == "bass":
        usual = min(usual, _BASS_CENTRE)  # measured basses are mostly voices and cellos
    low, high = instrument.low + 5.0, instrument.high - 5.0
    return min(high, max(low, 0.7 * usual + 0.3 * own)) if low < high else own
