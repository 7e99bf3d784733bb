"""Who plays which layer: the lead and the active players of each phrase, and the inner lines of each bar.

Conventions: players are indices into the ensemble; a line goes to a player by the cheapest matching in each bar,
where staying with one's line is worth something. This module does not move octaves: see `zhiyin.arrange.fitting`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from zhiyin.arrange.ensembles import Ensemble
from zhiyin.arrange.fitting import Clock, centre, comfort, playable, single
from zhiyin.arrange.lines import Tone
from zhiyin.arrange.reading import Phrase, Reading
from zhiyin.theory.instruments import Instrument
from zhiyin.units import TICKS_PER_QUARTER, FloatArray

LOUD, SOFT = 0.62, 0.3
FEW_PHRASES = 4  # in longer pieces the lead keeps the tune for two phrases
LARGE = 6  # an ensemble with more line players than this varies who is heard
STAY, TOO_FAST, NO_LINE = (
    4.0,
    5.0,
    40.0,
)  # in thirds of semitones of distance from where a player likes to lie
SEAT_STEP = 2.5  # semitones between players alike
LEAST_GAIN = 0.12  # quarters of new sound a bar that make a line worth a player


@dataclass(frozen=True, slots=True)
class Sheet:
    """Who does what in a phrase: the lead, who doubles it, who may take inner lines or chord tones."""

    phrase: Phrase
    lead: int | None
    twins: tuple[int, ...]
    inner: tuple[int, ...]


def sheets_of(reading: Reading, ensemble: Ensemble, clock: Clock) -> tuple[Sheet, ...]:
    """Return a sheet for each phrase."""
    lead_bars = reading.split(reading.lead)
    found: list[Sheet] = []
    for number, phrase in enumerate(reading.phrases):
        tune = [t for bar in range(phrase.first, phrase.last + 1) for t in lead_bars.get(bar, ())]
        turn = number // 2 if len(reading.phrases) > FEW_PHRASES else number
        lead = _lead(ensemble, phrase, turn, tune, clock=clock)
        found.append(_sheet(ensemble, phrase, number, lead))
    return tuple(found)


def _lead(ensemble: Ensemble, phrase: Phrase, turn: int, tune: Sequence[Tone], *, clock: Clock) -> int | None:
    """Return who leads: always the first, or by turns whom the tune suits; in loud phrases one who is doubled."""
    able = ensemble.who("lead") or ensemble.who("line") or ensemble.who("inner")
    if not able:
        return None
    if not ensemble.turns or len(able) == 1:
        return able[0]
    strong = [index for index in able if ensemble.players[index].may("twin")]
    fit = {index: _strain(ensemble, index, tune, clock) for index in able}
    if phrase.energy >= LOUD and strong:
        able = tuple(strong)
    easy = [index for index in able if fit[index] <= min(fit[i] for i in able) + 5.0]
    return easy[turn % len(easy)]


def _strain(ensemble: Ensemble, index: int, tune: Sequence[Tone], clock: Clock) -> float:
    """Return how far a tune lies from where a player's tunes lie, in semitones, octaves left aside if they must be."""
    if not tune:
        return 0.0
    player = ensemble.players[index]
    pitches = np.array([t.pitch for t in tune])
    shifts = 12 * np.arange(-4, 5)[:, None]
    moved = pitches[None, :] + shifts
    out = ((moved < player.instrument.low) | (moved > player.instrument.high)).mean(axis=1)
    away = np.abs(moved.mean(axis=1) - centre(player, "lead")) + 0.3 * np.abs(shifts[:, 0])
    left_out = len(single(tune)) - len(playable(tune, player.instrument, clock))
    return float((away + 60.0 * out).min()) + 5.0 * left_out


def _sheet(ensemble: Ensemble, phrase: Phrase, number: int, lead: int | None) -> Sheet:
    players = ensemble.players
    lines = [i for i, p in enumerate(players) if not p.has_hands and (p.may("inner") or p.may("punch"))]
    active = [i for i in lines if i != lead and not (players[i].may("punch") and phrase.energy < LOUD)]
    twins: list[int] = []
    if phrase.energy >= LOUD and lead is not None:
        twins = [i for i in ensemble.who("twin") if i != lead and not players[i].has_hands][:2]
    if len(lines) > LARGE:
        active = [i for i in active if players[i].section in _sections(ensemble, phrase, number, lead)]
    inner = sorted((i for i in active if i not in twins), key=lambda i: -seat_centre(ensemble, i, "inner"))
    return Sheet(phrase, lead, tuple(twins), tuple(inner))


def _sections(ensemble: Ensemble, phrase: Phrase, number: int, lead: int | None) -> set[str]:
    """Return the sections heard in a phrase of a large ensemble: the bass's and the lead's, then more as it grows."""
    names = list(dict.fromkeys(player.section for player in ensemble.players))
    if phrase.energy >= LOUD:
        return set(names)
    base = {ensemble.players[i].section for i in ensemble.who("bass")}
    base |= {ensemble.players[lead].section} if lead is not None else set()
    others = [name for name in names if name not in base and name != "drums"]
    if phrase.energy >= SOFT and others:
        base.add(others[number % len(others)])
    if not any(ensemble.players[i].may("inner") for i in _of(ensemble, base)) and others:
        base.add(others[(number + 1) % len(others)])
    return base


def _of(ensemble: Ensemble, sections: set[str]) -> list[int]:
    return [i for i, player in enumerate(ensemble.players) if player.section in sections]


def seat_centre(ensemble: Ensemble, index: int, duty: str) -> float:
    """Return where a player's line likes to lie: of several alike the second lies under the first."""
    player = ensemble.players[index]
    name = player.instrument.name
    before = sum(other.instrument.name == name for other in ensemble.players[:index])
    return centre(player, duty) - SEAT_STEP * before


@dataclass(frozen=True)
class Casting:
    """Which tones of inner lines each player has in each bar, and the tones that nobody has."""

    given: dict[int, dict[int, list[Tone]]]  # player -> bar -> tones
    left: tuple[Tone, ...]


def cast_lines(
    reading: Reading, ensemble: Ensemble, *, sheets: Sequence[Sheet], clock: Clock, with_bass: bool
) -> Casting:
    """Return who plays the inner lines: in each bar the lines that add most, to the players they suit.

    with_bass: the bass line is given away here too, since no player has the bass.
    """
    lines = [*reading.inner, *([reading.bass] if with_bass and reading.bass else [])]
    bars: dict[int, dict[int, list[Tone]]] = defaultdict(lambda: defaultdict(list))
    for number, line in enumerate(lines):
        for tone in line:
            bars[reading.bar_of(tone.onset)][number].append(tone)
    known = reading.split([*reading.lead, *(() if with_bass else reading.bass)])
    given: dict[int, dict[int, list[Tone]]] = defaultdict(dict)
    left: list[Tone] = []
    before: dict[int, int] = {}  # line -> player
    for sheet in sheets:
        for bar in range(sheet.phrase.first, sheet.phrase.last + 1):
            here = {n: tones for n, tones in bars[bar].items() if tones} if bar in bars else {}
            chosen = _worthy(reading, bar, here, known.get(bar, []), count=len(sheet.inner), before=before)
            before = _match(ensemble, sheet, {n: here[n] for n in chosen}, clock, before)
            for number, player in before.items():
                given[player][bar] = here[number]
            left += [t for n, tones in here.items() if n not in before for t in tones]
    return Casting(dict(given), tuple(sorted(left)))


def _worthy(
    reading: Reading,
    bar: int,
    here: dict[int, list[Tone]],
    known: list[Tone],
    *,
    count: int,
    before: dict[int, int],
) -> list[int]:
    """Return the lines of a bar that add most to what already sounds, at most `count`, the best first."""
    heard = _sound(reading, bar, known) > 0
    sounds = {number: _sound(reading, bar, tones) for number, tones in here.items()}
    chosen: list[int] = []
    while len(chosen) < count:
        gains = {
            n: float((s * ~heard).sum()) + 0.12 * float(s.sum()) + 0.4 * (n in before)
            for n, s in sounds.items()
            if n not in chosen
        }
        if not gains or max(gains.values()) < LEAST_GAIN:
            break
        best = max(gains, key=lambda n: gains[n])
        chosen.append(best)
        heard |= sounds[best] > 0
    return chosen


def _sound(reading: Reading, bar: int, tones: Sequence[Tone]) -> FloatArray:
    """Return how many quarters each pitch class sounds in each quarter of a bar: (slots, 12)."""
    start, end = int(reading.edges[bar]), int(reading.edges[bar + 1])
    size = max(-(-(end - start) // TICKS_PER_QUARTER), 1)
    found = np.zeros((size, 12))
    for tone in tones:
        at, stop = max(tone.onset - start, 0), min(tone.end - start, end - start)
        slot = at // TICKS_PER_QUARTER
        while at < stop and slot < size:
            edge = min((slot + 1) * TICKS_PER_QUARTER, stop)
            found[slot, tone.pitch % 12] += (edge - at) / TICKS_PER_QUARTER
            at, slot = edge, slot + 1
    return found


def _match(
    ensemble: Ensemble, sheet: Sheet, here: dict[int, list[Tone]], clock: Clock, before: dict[int, int]
) -> dict[int, int]:
    """Return line -> player for a bar."""
    if not here or not sheet.inner:
        return {}
    numbers = list(here)
    lines = [_drawn(here[n], clock) for n in numbers]
    seats = [(p, ensemble.players[p].instrument, seat_centre(ensemble, p, "inner")) for p in sheet.inner]
    cost = np.array(
        [
            [_unease(one, middle, line) - STAY * (before.get(n) == p) for p, one, middle in seats]
            for n, line in zip(numbers, lines, strict=True)
        ]
    )
    rows, columns = linear_sum_assignment(cost)
    return {
        numbers[r]: sheet.inner[c]
        for r, c in zip(rows.tolist(), columns.tolist(), strict=True)
        if cost[r, c] < NO_LINE
    }


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A bar of a line: its pitches, their mean, notes a second."""

    pitches: tuple[int, ...]
    mean: float
    rate: float


def _drawn(tones: Sequence[Tone], clock: Clock) -> _Drawn:
    pitches = tuple(t.pitch for t in tones)
    begin, end = clock.seconds([tones[0].onset, tones[-1].end])
    return _Drawn(pitches, sum(pitches) / len(pitches), len(tones) / max(float(end - begin), 0.2))


def _unease(one: Instrument, middle: float, line: _Drawn) -> float:
    """Return how ill a bar of a line suits a player: height, notes out of range in the best octave, speed."""
    best = float("inf")
    for shift in (0, -12, 12, -24, 24):
        far = abs(line.mean + shift - middle) + 0.7 * abs(shift)
        if far < best:
            outside = sum(not one.low <= pitch + shift <= one.high for pitch in line.pitches)
            best = min(best, far + 12.0 * outside / len(line.pitches))
    return best / 1.5 + TOO_FAST * (line.rate > comfort(one))
