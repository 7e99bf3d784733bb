"""Hands that play several notes at once: keyboards of one or two players, plucked strings, packed moment by moment.

Conventions: hands stand from high to low; the tune is on top of the first, the bass at the bottom of the last; a
finger lets go when it is needed elsewhere (a pedal may hold on). This module does not know fingerings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from zhiyin.arrange.ensembles import Player
from zhiyin.arrange.fitting import Clock
from zhiyin.arrange.lines import Tone
from zhiyin.theory.instruments import Instrument
from zhiyin.units import Seconds

WIDEST, FINGERS = 16, 4  # an octave and a third; a hand that also has to move keeps a finger free
ROLL_S: Seconds = 0.06  # a chord played a little apart
FASTEST_S: Seconds = 0.11  # a hand strikes chords at most so often; faster is left to single notes
# Open strings from low to high of plucked instruments held in one frame of the left hand.
# Sources: Adler (guitar); Han, Pipa performance (A D E A).
FRETTED: dict[str, tuple[int, ...]] = {
    "guitar": (40, 45, 50, 55, 59, 64), "nylon-guitar": (40, 45, 50, 55, 59, 64),
    "electric-guitar": (40, 45, 50, 55, 59, 64), "distortion-guitar": (40, 45, 50, 55, 59, 64),
    "ukulele": (60, 64, 67, 69), "pipa": (45, 50, 52, 57), "ruan": (43, 50, 55, 62), "mandolin": (55, 62, 69, 76),
    "banjo": (48, 55, 59, 62),
}  # fmt: skip
FRETS, FRET_FRAME = 19, 4


@cache
def fits_frets(pitches: tuple[int, ...], strings: tuple[int, ...]) -> bool:
    """Return whether each pitch (ascending) has a string of its own within one frame of the hand, open ones free.

    >>> fits_frets((40, 47, 52, 56, 59, 64), FRETTED["guitar"]), fits_frets((40, 41), FRETTED["guitar"])
    (True, False)
    """
    return _place(pitches, strings, ())


def _place(pitches: tuple[int, ...], strings: tuple[int, ...], frets: tuple[int, ...]) -> bool:
    if not pitches:
        return True
    if len(strings) < len(pitches):
        return False
    for index in range(len(strings) - len(pitches) + 1):
        fret = pitches[0] - strings[index]
        held = (*frets, fret) if fret > 0 else frets
        fits = 0 <= fret <= FRETS and (not held or max(held) - min(held) <= FRET_FRAME)
        if fits and _place(pitches[1:], strings[index + 1 :], held):
            return True
    return False


@dataclass
class Hand:
    """What one hand holds and has played."""

    number: int
    instrument: Instrument
    widest: int
    fingers: int
    held: list[Tone] = field(default_factory=list)
    done: list[Tone] = field(default_factory=list)
    struck_s: Seconds = -9.0
    home: float = 60.0
    top: Tone | None = None  # the tune's last tone, while it sounds nothing covers it
    bottom: Tone | None = None  # the bass's last tone

    def release(self, tick: int) -> None:
        """Let go of what has ended."""
        self.done += [tone for tone in self.held if tone.end <= tick]
        self.held = [tone for tone in self.held if tone.end > tick]

    def can_hold(self, pitches: Sequence[int]) -> bool:
        """Return whether the hand can hold these keys or strings at once."""
        keys = tuple(sorted(set(pitches)))
        if len(keys) > self.fingers:
            return False
        strings = FRETTED.get(self.instrument.name)
        return fits_frets(keys, strings) if strings else not keys or keys[-1] - keys[0] <= self.widest

    def take(self, tone: Tone, *, must: bool) -> bool:
        """Hold a tone if it fits; for a must, let go of older tones that are in its way."""
        others = [t for t in self.held if t.pitch != tone.pitch or t.onset == tone.onset]
        if any(t.pitch == tone.pitch for t in others):
            return False
        if must:
            others = self._yielding(others, tone)
        if not self.can_hold([tone.pitch, *(t.pitch for t in others)]):
            return False
        for old in [t for t in self.held if t not in others]:
            self.done.append(old._replace(end=max(min(old.end, tone.onset), old.onset + 1)))
        self.held = [*others, tone]
        self.home += 0.25 * (tone.pitch - self.home)
        return True

    def _yielding(self, others: list[Tone], tone: Tone) -> list[Tone]:
        kept = sorted(others, key=lambda t: (-t.onset, abs(t.pitch - tone.pitch)))
        while (
            kept and not self.can_hold([tone.pitch, *(t.pitch for t in kept)]) and kept[-1].onset < tone.onset
        ):
            kept.pop()
        return kept


@dataclass(frozen=True)
class Wanted:
    """What hands are asked to play: the tune and the bass if they have them, and tones to choose from."""

    top: Sequence[Tone]
    bottom: Sequence[Tone]
    inner: Sequence[Tone]


def hands_of(player: Player, *, widest: int = WIDEST) -> list[Hand]:
    """Return the hands of a player: two at a keyboard, a harp or a zither; one frame on a fretted instrument."""
    instrument = player.instrument
    if instrument.name in FRETTED:
        return [
            Hand(
                0,
                instrument,
                widest,
                len(FRETTED[instrument.name]),
                home=(instrument.low + instrument.high) / 2,
            )
        ]
    homes = (72.0, 50.0)
    fingers = min(FINGERS, max(instrument.polyphony // 2, 2))
    return [Hand(n, instrument, widest, fingers, home=home) for n, home in enumerate(homes)]


def duet_hands(players: Sequence[Player], *, widest: int = WIDEST) -> list[Hand]:
    """Return the hands of several players at one keyboard, from high to low."""
    hands = [hand for player in players for hand in hands_of(player, widest=widest)]
    count = len(hands)
    for number, hand in enumerate(hands):
        hand.number, hand.home = number, 82.0 - number * 44.0 / max(count - 1, 1)
    return hands


def pack(hands: Sequence[Hand], wanted: Wanted, clock: Clock) -> list[list[Tone]]:
    """Return what each hand plays: the tune and the bass always, other tones as they fit, rarest chord tones first."""
    moments: dict[int, list[tuple[int, Tone]]] = defaultdict(list)
    for rank, tones in enumerate((wanted.top, wanted.bottom, wanted.inner)):
        for tone in tones:
            moments[tone.onset].append((rank, tone))
    ticks = sorted(moments)
    for tick, second in zip(ticks, clock.seconds(ticks).tolist(), strict=True):
        for hand in hands:
            hand.release(tick)
        here = moments[tick]
        for rank, hand in ((0, hands[0]), (1, hands[-1])):
            for tone in [t for r, t in here if r == rank]:
                _must(hands, hand, (rank, tone), second)
        _choose(hands, [t for r, t in here if r == 2], second)
    for hand in hands:
        hand.release(1 << 60)
    return [sorted(hand.done) for hand in hands]


def _must(hands: Sequence[Hand], hand: Hand, ranked: tuple[int, Tone], second: Seconds) -> None:
    """Give the tune (rank 0) or the bass to its hand; a key that another hand holds is let go there."""
    rank, tone = ranked
    for other in hands:
        if other is hand or other.instrument is not hand.instrument:
            continue
        clash = [t for t in other.held if t.pitch == tone.pitch]
        if any(t.onset == tone.onset for t in clash):
            return  # sounds already, under the same finger
        other.done += [t._replace(end=max(min(t.end, tone.onset), t.onset + 1)) for t in clash]
        other.held = [t for t in other.held if t not in clash]
    if hand.take(tone, must=True):
        hand.struck_s = second
        if rank == 0:
            hand.top = tone
        else:
            hand.bottom = tone


def _choose(hands: Sequence[Hand], tones: Sequence[Tone], second: Seconds) -> None:
    """Take as many of a moment's tones as fit: new pitch classes first, then long ones, doublings last."""
    heard = {t.pitch % 12 for hand in hands for t in hand.held}
    waiting = sorted(tones, key=lambda t: (t.pitch % 12 in heard, -(t.end - t.onset), -t.pitch))
    for tone in waiting:
        is_doubled = tone.pitch % 12 in heard
        if is_doubled and sum(len(hand.held) for hand in hands) >= 2 * len(hands):
            continue
        shifts = (0,) if is_doubled else (0, -12, 12, -24, 24)
        if any(
            _offer(hands, tone._replace(pitch=tone.pitch + s), second)
            for s in shifts
            if 0 <= tone.pitch + s < 128
        ):
            heard.add(tone.pitch % 12)


def _offer(hands: Sequence[Hand], tone: Tone, second: Seconds) -> bool:
    """Return whether a hand took the tone: the nearest that keeps below the hands over it and above those under."""
    for hand in sorted(hands, key=lambda h: _distance(h, tone)):
        if not hand.instrument.low <= tone.pitch <= hand.instrument.high:
            continue
        above = [t.pitch for h in hands if h.number < hand.number for t in h.held]
        below = [t.pitch for h in hands if h.number > hand.number for t in h.held]
        if (above and tone.pitch >= min(above)) or (below and tone.pitch <= max(below)):
            continue
        if hand.top in hand.held and hand.top is not None and tone.pitch >= hand.top.pitch:
            continue  # nothing covers the tune
        if hand.bottom in hand.held and hand.bottom is not None and tone.pitch <= hand.bottom.pitch:
            continue
        if ROLL_S < second - hand.struck_s < FASTEST_S:
            continue
        if hand.take(tone, must=False):
            hand.struck_s = second
            return True
    return False


def _distance(hand: Hand, tone: Tone) -> float:
    near: list[float] = [t.pitch for t in hand.held] or [hand.home]
    return min(abs(tone.pitch - pitch) for pitch in near) + 1.5 * len(hand.held)


def without_tremolo(tones: Sequence[Tone], clock: Clock) -> list[Tone]:
    """Return a line's tones with fast repetitions of a pitch (a tremolo, a roll) joined into held ones."""
    found: list[Tone] = []
    last: dict[int, int] = {}
    starts = clock.seconds([t.onset for t in tones]) if tones else ()
    begun: dict[int, Seconds] = {}
    for tone, at in zip(tones, starts, strict=True):
        index = last.get(tone.pitch)
        is_again = index is not None and at - begun[tone.pitch] < FASTEST_S
        begun[tone.pitch] = float(at)
        if is_again and index is not None:
            found[index] = found[index]._replace(end=max(found[index].end, tone.end))
        else:
            last[tone.pitch] = len(found)
            found.append(tone)
    return found
