"""The arranger's desk: layers given to players one after another, the tune first, chord tones last.

Conventions: what is given is never taken back; each player's bars carry the names of what they play (DEEDS).
This module does not write a score: see `zhiyin.arrange.act`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from zhiyin.arrange.casting import LOUD, Sheet, cast_lines, seat_centre, sheets_of
from zhiyin.arrange.ensembles import Ensemble
from zhiyin.arrange.filling import Heard, Seat, Slot, fill
from zhiyin.arrange.fitting import (
    Clock,
    Place,
    centre,
    fold,
    in_octaves,
    playable,
    single,
    thinned,
    with_breaths,
)
from zhiyin.arrange.lines import TOGETHER, Tone
from zhiyin.arrange.reading import Reading, Span
from zhiyin.score import Timeline
from zhiyin.units import TICKS_PER_QUARTER

DEEDS = ("lead", "twin", "bass", "under", "line", "fill", "chords", "punch", "drums")
SEATS = 4  # filled together; more cost too much time
SOFTER = 0.82  # added notes beside the bar's own loudness
BIG = 1 << 60


@dataclass
class Desk:
    """One piece of work: the source, the players, and what each has been given so far."""

    reading: Reading
    ensemble: Ensemble
    clock: Clock
    sheets: tuple[Sheet, ...]
    lines: dict[int, list[Tone]] = field(default_factory=lambda: defaultdict(list))
    deeds: dict[int, dict[str, set[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    left: tuple[Tone, ...] = ()
    simplified: int = 0  # notes of the tune that nobody could play
    added: int = 0  # notes written that are not in the source

    @classmethod
    def of(cls, reading: Reading, ensemble: Ensemble) -> Desk:
        """Return an empty desk."""
        clock = Clock(Timeline.of(reading.pool.score), reading.beats)
        return cls(reading, ensemble, clock, sheets_of(reading, ensemble, clock))

    def give(self, player: int, deed: str, tones: Iterable[Tone]) -> None:
        """Give tones to a player under the name of a deed."""
        for tone in tones:
            self.lines[player].append(tone)
            self.deeds[player][deed].add(self.reading.bar_of(tone.onset))

    def is_line(self, player: int) -> bool:
        """Return whether a player sounds one note at a time."""
        one = self.ensemble.players[player]
        return not one.has_hands and not one.may("drums")

    def means(self, tones: Iterable[Tone], extra: float) -> dict[int, float]:
        """Return the mean pitch of tones in each bar, plus something."""
        bars = self.reading.split(list(tones))
        return {bar: float(np.mean([t.pitch for t in own])) + extra for bar, own in bars.items() if own}

    def loudness(self, bar: int) -> int:
        """Return the velocity of an added note in a bar."""
        return self._loudness.get(bar, 64)

    def __post_init__(self) -> None:
        bars = self.reading.split(self.reading.pool.tones)
        self._loudness = {
            bar: max(1, min(127, round(SOFTER * float(np.mean([t.velocity for t in own])))))
            for bar, own in bars.items()
        }
        self.sounding_bars = {
            bar
            for tone in (*self.reading.bass, *(t for line in self.reading.inner for t in line))
            for bar in range(self.reading.bar_of(tone.onset), self.reading.bar_of(tone.end - 1) + 1)
        }

    def wants_harmony(self, bar: int) -> bool:
        """Return whether chord tones may be added in a bar: where the source has harmony, or none anywhere."""
        return self.reading.is_bare or bar in self.sounding_bars


def give_lead(desk: Desk) -> None:
    """Give each phrase of the tune to its lead, in whole octaves; loud phrases are doubled."""
    by_player: dict[int, list[Tone]] = defaultdict(list)
    twins: dict[int, list[Tone]] = defaultdict(list)
    bars = desk.reading.split(desk.reading.lead)
    for sheet in desk.sheets:
        tune = [t for bar in range(sheet.phrase.first, sheet.phrase.last + 1) for t in bars.get(bar, ())]
        if sheet.lead is not None:
            by_player[sheet.lead] += tune
            for twin in sheet.twins:
                twins[twin] += [t._replace(source=-1) for t in tune]
    for deed, given in (("lead", by_player), ("twin", twins)):
        for player, tones in given.items():
            one = desk.ensemble.players[player]
            place = Place(_tune_centre(desk, player, deed), {}, {})
            line = single(tones) if one.has_hands else playable(tones, one.instrument, desk.clock)
            desk.simplified += len(single(tones)) - len(line) if deed == "lead" else 0
            desk.give(player, deed, in_octaves(desk.reading.split(line), one, place))


def _tune_centre(desk: Desk, player: int, deed: str) -> float:
    """Return where a tune likes to lie: at a keyboard where it is written, within reason, elsewhere by the player."""
    one = desk.ensemble.players[player]
    if deed == "lead" and (one.is_keyboard or one.may("line")) and desk.reading.lead:
        return min(max(float(np.mean([t.pitch for t in desk.reading.lead])), 62.0), 86.0)
    return centre(one, deed)


def give_bass(desk: Desk) -> bool:
    """Give the bass to who holds it, and an octave under it; return whether anybody does."""
    players = desk.ensemble.who("bass")
    lead = desk.ensemble.who("lead")
    if not players or (players == lead and desk.is_line(players[0])):
        return False
    holder, reading = players[0], desk.reading
    one = desk.ensemble.players[holder]
    bass = list(reading.bass) or _roots(desk)
    if desk.is_line(holder):
        bass = thinned(bass, one.instrument, desk.clock, lowest=True)
    leads = [t for p in desk.ensemble.who("lead") for t in desk.lines[p]]
    place = Place(_bass_centre(desk, holder), desk.means(leads, -4.0), {})
    desk.give(holder, "bass", in_octaves(reading.split(single(bass, lowest=True)), one, place))
    for player in desk.ensemble.who("under"):
        under = desk.ensemble.players[player]
        slow = thinned(desk.lines[holder], under.instrument, desk.clock, lowest=True)
        tones = [t._replace(pitch=_below(t.pitch, under.instrument.low), source=-1) for t in slow]
        tones = [t._replace(pitch=fold(t.pitch, under.instrument)) for t in tones]
        desk.give(player, "under", single(tones, lowest=True))
    return True


def _bass_centre(desk: Desk, holder: int) -> float:
    """Return where the bass likes to lie: at a keyboard where it is written, elsewhere where it suits the player."""
    one = desk.ensemble.players[holder]
    if one.is_keyboard and desk.reading.bass:
        return min(float(np.mean([t.pitch for t in desk.reading.bass])), 50.0)
    return centre(one, "bass")


def _below(pitch: int, low: int) -> int:
    return pitch - 12 if pitch - 12 >= low else pitch


def _roots(desk: Desk) -> list[Tone]:
    """Return a bass of chord roots for a tune that has none."""
    found = []
    for span in desk.reading.spans:
        bar = desk.reading.bar_of(span.start)
        if span.chord is not None and desk.wants_harmony(bar):
            pitch = 36 + span.chord.bass
            found.append(Tone(span.start, span.end, pitch, desk.loudness(bar), span.start))
    return found


def give_inner(desk: Desk, *, with_bass: bool) -> None:
    """Give the lines between to the players that take lines; what nobody takes is left for hands."""
    casting = cast_lines(
        desk.reading, desk.ensemble, sheets=desk.sheets, clock=desk.clock, with_bass=with_bass
    )
    desk.left = casting.left
    leads = [t for p in range(len(desk.ensemble.players)) if "lead" in desk.deeds[p] for t in desk.lines[p]]
    basses = [t for p in desk.ensemble.who("bass") for t in desk.lines[p]]
    ceiling, floor = desk.means(leads, 0.0), desk.means(basses, 0.0)
    for player, bars in casting.given.items():
        one = desk.ensemble.players[player]
        fitted = {bar: thinned(tones, one.instrument, desk.clock) for bar, tones in bars.items()}
        desk.give(
            player,
            "line",
            in_octaves(fitted, one, Place(seat_centre(desk.ensemble, player, "inner"), ceiling, floor)),
        )


def give_chord_tones(desk: Desk) -> None:
    """Give chord tones to players who have nothing in a bar that has harmony, the bass first."""
    if not desk.ensemble.fills:
        return
    _drop_overlaps(desk)
    holders = [p for p in desk.ensemble.who("bass") if desk.is_line(p) and "lead" not in desk.deeds[p]]
    if holders:
        _fill_group(desk, holders[:1], is_bass=True)
    sections: dict[str, list[int]] = defaultdict(list)
    used = {p for sheet in desk.sheets for p in sheet.inner}
    for player in sorted(used, key=lambda p: -seat_centre(desk.ensemble, p, "inner")):
        one = desk.ensemble.players[player]
        if one.instrument.family != "percussion":
            sections[one.section if len(used) > SEATS else ""].append(player)
    for players in sections.values():
        for at in range(0, len(players), SEATS):
            _fill_group(desk, players[at : at + SEATS], is_bass=False)


def _drop_overlaps(desk: Desk) -> None:
    for player in list(desk.lines):
        if desk.is_line(player):
            desk.lines[player] = single(desk.lines[player])


def _fill_group(desk: Desk, players: Sequence[int], *, is_bass: bool) -> None:
    duty = "bass" if is_bass else "inner"
    seats = [
        Seat(desk.ensemble.players[p].instrument, seat_centre(desk.ensemble, p, duty), is_bass)
        for p in players
    ]
    found = fill(_slots(desk, players), seats)
    for player, pairs in zip(players, found, strict=True):
        tones = [
            Tone(slot.start, slot.end, pitch, desk.loudness(desk.reading.bar_of(slot.start)), slot.start)
            for slot, pitch in pairs
        ]
        desk.give(player, "bass" if is_bass else "fill", tones)
        desk.lines[player] = single(desk.lines[player])


def _slots(desk: Desk, players: Sequence[int]) -> list[Slot]:
    """Return the slots in which some of the players are idle."""
    reading = desk.reading
    tops = [t for p in range(len(desk.ensemble.players)) if "lead" in desk.deeds[p] for t in desk.lines[p]]
    lowest = [t for p in desk.ensemble.who("bass") if p not in players for t in desk.lines[p]]
    top, bottom = Heard([tops]), Heard([lowest])
    others = Heard(
        [desk.lines[p] for p in range(len(desk.ensemble.players)) if p not in players and desk.lines[p]]
    )
    source = Heard([reading.lead, reading.bass, *reading.inner])
    own = {p: Heard([desk.lines[p]]) for p in players}
    played = {p: {bar for bars in desk.deeds[p].values() for bar in bars} for p in players}
    active = {
        bar: set(sheet.inner) | set(desk.ensemble.who("bass"))
        for sheet in desk.sheets
        for bar in range(sheet.phrase.first, sheet.phrase.last + 1)
    }
    found = []
    for span in _pieces(desk, players):
        bar = reading.bar_of(span.start)
        idle = tuple(
            seat for seat, p in enumerate(players)
            if p in active.get(bar, ()) and bar not in played[p] and not own[p].at(span.start)
        )  # fmt: skip
        if span.chord is not None and idle and desk.wants_harmony(bar):
            found.append(
                Slot(span.start, span.end, span.chord, idle, _one(top.at(span.start, TOGETHER)),
                     _one(bottom.at(span.start, TOGETHER)), others.at(span.start, TOGETHER),
                     source.weights(span.start, span.end))
            )  # fmt: skip
    return found


def _one(pitches: tuple[int, ...]) -> int | None:
    return pitches[0] if pitches else None


def _pieces(desk: Desk, players: Sequence[int]) -> list[Span]:
    """Return the chord spans; for singers cut where the tune moves on a beat, so that the choir speaks together."""
    spans = desk.reading.spans
    if any(desk.ensemble.players[p].instrument.family != "voice" for p in players):
        return list(spans)
    beats = set(desk.reading.beats.tolist())
    cuts = sorted(t.onset for t in desk.reading.lead if t.onset in beats)
    found = []
    for span in spans:
        inside = [c for c in cuts if span.start < c < span.end]
        edges = [span.start, *inside, span.end]
        found += [Span(a, b, span.chord) for a, b in pairwise(edges)]
    return found


def give_timpani(desk: Desk) -> None:
    """Give drums with a pitch the bass's root on the downbeats of loud phrases."""
    for player in desk.ensemble.who("punch"):
        one = desk.ensemble.players[player]
        if one.instrument.family != "percussion":
            continue
        tones = []
        for sheet in desk.sheets:
            for bar in range(sheet.phrase.first, sheet.phrase.last + 1):
                start = int(desk.reading.edges[bar])
                chord = desk.reading.chord_at(start)
                if sheet.phrase.energy >= LOUD and chord is not None and desk.wants_harmony(bar):
                    end = min(start + TICKS_PER_QUARTER, desk.reading.pool.score.end)
                    tones.append(
                        Tone(start, end, fold(36 + chord.root, one.instrument), desk.loudness(bar), start)
                    )
        desk.give(player, "punch", tones)


def finish_lines(desk: Desk) -> None:
    """Cut overlaps and make room for breaths in every single line."""
    for player in list(desk.lines):
        if desk.is_line(player):
            one = desk.ensemble.players[player]
            line = single(desk.lines[player])
            desk.lines[player] = with_breaths(line, one.instrument, desk.clock)
            if len(line) > len(desk.lines[player]):
                sung = {t.source for t in desk.lines[player]}
                tune = {t.source for t in desk.reading.lead}
                desk.simplified += sum(t.source in tune and t.source not in sung for t in line)
