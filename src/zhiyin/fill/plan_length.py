"""Length and tempo of a plan: bars, seconds and tempo that hold together.

Conventions: tempo in quarter notes a minute; an exact tempo, bars and sections are never changed; a range of tempo
is never left; asked seconds are kept to 0.05 s wherever whole bars allow it, and what was decided is noted.
This module does not choose forms or metres.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from zhiyin.errors import ConflictingWishes
from zhiyin.fill.norms import Leaning, Norms, leant_tempo
from zhiyin.score.wishes import MAX_BARS, MAX_TEMPO, MIN_TEMPO, Wishes
from zhiyin.theory.metre import Metre
from zhiyin.units import Bpm, Seconds, bpm_to_seconds_per_quarter, ticks_to_quarters

EXACT_S = 0.05  # how far the written length may lie from the asked seconds and count as kept
_OPEN_SECTION_BARS = 8
Notes = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Clock:
    """Turns bars and tempo into seconds in one metre; quarters: length of a bar."""

    quarters: float

    def seconds(self, bars: int, bpm: Bpm) -> Seconds:
        """Return the length of bars at a tempo."""
        return bars * self.quarters * bpm_to_seconds_per_quarter(bpm)

    def tempo(self, bars: int, seconds: Seconds) -> Bpm:
        """Return the tempo at which bars last so many seconds."""
        return bars * self.quarters * 60.0 / seconds

    def round_tempo(self, bars: int, seconds: Seconds, *, low: Bpm, high: Bpm) -> Bpm:
        """Return the roundest tempo within low..high at which bars last so many seconds to 0.01 s."""
        exact = self.tempo(bars, seconds)
        rounded = (round(exact, digits) for digits in range(4))
        return next(
            (
                t
                for t in rounded
                if low <= t <= high and abs(self.seconds(bars, t) - seconds) <= 0.2 * EXACT_S
            ),
            exact,
        )


@dataclass(frozen=True, slots=True)
class Pace:
    """The tempi that may be chosen: slowest, usual and fastest; is_asked: the bounds are the person's own."""

    low: Bpm
    usual: Bpm
    high: Bpm
    is_asked: bool = False


def pace_of(wishes: Wishes, norms: Norms, leaning: Leaning) -> Pace:
    """Return the tempi open to a plan: one, the asked range, or the style's own leant by the mood.

    Within an asked range the usual tempo lies between the range's middle and the style's own.
    """
    own = float(round(leant_tempo(norms, leaning)))
    if wishes.tempo_bpm is not None:
        return Pace(wishes.tempo_bpm, float(wishes.tempo_bpm), wishes.tempo_bpm, is_asked=True)
    if wishes.tempo_range is not None:
        low, high = wishes.tempo_range
        middle = (low * high) ** 0.5
        usual = 0.5 * (middle + min(high, max(low, own)))
        return Pace(low, min(high, max(low, float(round(usual)))), high, is_asked=True)
    return Pace(min(norms.slow, own), own, max(norms.fast, own))


def asked_bars(wishes: Wishes) -> int | None:
    """Return the bars that wishes fix: told for the whole, or for every section."""
    if wishes.bars is None and wishes.section_bars and 0 not in wishes.section_bars:
        return sum(wishes.section_bars)
    return wishes.bars


def choose_length(
    wishes: Wishes, norms: Norms, leaning: Leaning, *, metre: Metre, notes: Notes
) -> tuple[int, Bpm]:
    """Return bars and tempo that keep what was asked of bars, sections, seconds and tempo; decisions go to notes.

    Raises ConflictingWishes when they cannot hold together.
    """
    clock = Clock(ticks_to_quarters(metre.bar_ticks))
    pace, bars = pace_of(wishes, norms, leaning), asked_bars(wishes)
    if wishes.seconds is None:
        _note_tempo(pace, wishes, notes)
        return bars or _usual_bars(wishes, norms, notes), pace.usual
    if bars is None:
        bars = _bars_for(clock, wishes.seconds, pace, norms, least=_least_bars(wishes))
    return bars, _tempo_for(clock, bars, wishes, pace, notes)


def _note_tempo(pace: Pace, wishes: Wishes, notes: Notes) -> None:
    if wishes.tempo_bpm is not None:
        return
    if wishes.tempo_range is not None:
        notes.append((
            f"tempo {pace.usual:g} BPM: chosen within {pace.low:g}..{pace.high:g} as asked",
            f"速度取每分钟{pace.usual:g}拍：在所要求的{pace.low:g}至{pace.high:g}之内",
        ))  # fmt: skip
        return
    notes.append((
        f"tempo {pace.usual:g} BPM: chosen for style and mood", f"速度取每分钟{pace.usual:g}拍：依风格与情绪而定",
    ))  # fmt: skip


def _least_bars(wishes: Wishes) -> int:
    """Return the fewest bars that hold the asked form: what sections were told, one for each open one."""
    told = sum(max(1, bars) for bars in wishes.section_bars)
    return max(1, len(wishes.form), told)


def _usual_bars(wishes: Wishes, norms: Norms, notes: Notes) -> int:
    """Return the style's usual bars, or what the asked sections add up to with open ones of eight."""
    if wishes.section_bars:
        usual = {"*": norms.bars}
        pairs = zip(wishes.section_bars, wishes.form, strict=True)
        bars = sum(own or usual.get(name, _OPEN_SECTION_BARS) for own, name in pairs)
        notes.append(
            (
                f"{bars} bars: open sections take {_OPEN_SECTION_BARS}",
                f"共{bars}小节：未说明的段落取{_OPEN_SECTION_BARS}小节",
            )
        )
        return bars
    bars = max(norms.bars, 4 * len(wishes.form))
    bars += 4 * sum(name in ("intro", "outro") for name in wishes.form if "*" in wishes.form)
    notes.append((f"{bars} bars: the style's usual length", f"长度取{bars}小节：该风格的常见长度"))
    return bars


def _bars_for(clock: Clock, seconds: Seconds, pace: Pace, norms: Norms, *, least: int) -> int:
    """Return a number of bars whose exact tempo is near the usual one: whole phrases first, then any."""
    groups: tuple[int, ...] = (12, 4, 2, 1) if norms.form == "blues" else (8, 4, 2, 1)
    if pace.low == pace.high:
        groups = (1,)
    for group in groups:
        floor = max(group, -(-least // group) * group)
        fitting = [
            b for b in range(floor, MAX_BARS + 1, group) if pace.low <= clock.tempo(b, seconds) <= pace.high
        ]
        best = min(fitting, key=lambda bars: abs(clock.tempo(bars, seconds) - pace.usual), default=None)
        if best is not None and (group == 1 or abs(clock.tempo(best, seconds) / pace.usual - 1) < 0.12):
            return best
    if pace.is_asked:  # the last bar may end early, never late
        nearest = max(least, math.ceil(seconds / clock.seconds(1, pace.low) - 0.01))
    else:
        nearest = min(
            range(least, MAX_BARS + 1), key=lambda bars: abs(clock.tempo(bars, seconds) - pace.usual)
        )
    if nearest > MAX_BARS:
        raise ConflictingWishes(
            f"a piece must have at most {MAX_BARS} bars, got {nearest} for {seconds:g} s: ask for less time",
            zh=f"一首曲子最多 {MAX_BARS} 小节，{seconds:g} 秒需要 {nearest} 小节：请缩短时间",
        )
    return nearest


def _tempo_for(clock: Clock, bars: int, wishes: Wishes, pace: Pace, notes: Notes) -> Bpm:
    """Return the tempo for bars that are settled; says where the seconds are not met to EXACT_S."""
    seconds = wishes.seconds or 0.0
    exact = clock.tempo(bars, seconds)
    low, high = (pace.low, pace.high) if pace.is_asked else (MIN_TEMPO, MAX_TEMPO)
    tempo = min(high, max(low, exact))
    got = clock.seconds(bars, tempo)
    if abs(got - seconds) <= EXACT_S and low < high:
        tempo = clock.round_tempo(bars, seconds, low=low, high=high)
        notes.append((
            f"tempo {tempo:g} BPM, so that {bars} bars last {seconds:g} s",
            f"速度取每分钟{tempo:g}拍，使{bars}小节长{seconds:g}秒",
        ))  # fmt: skip
        return tempo
    if asked_bars(wishes) is not None:
        _check_agreement(clock, bars, seconds, exact, pace)
    if abs(got - seconds) > EXACT_S:
        notes.append((
            f"no whole number of bars lasts {seconds:g} s at {_told(low, high)} BPM: {bars} bars at {tempo:g} BPM last "
            f"{got:.2f} s" + (f", so the last chord ends at {seconds:g} s inside bar {bars}" if got > seconds else ""),
            f"每分钟{_told(low, high)}拍时没有整小节恰为{seconds:g}秒：{bars}小节长{got:.2f}秒"
            + (f"，最后的和弦在第{bars}小节内{seconds:g}秒处结束" if got > seconds else ""),
        ))  # fmt: skip
    return float(tempo)


def _told(low: Bpm, high: Bpm) -> str:
    return f"{low:g}" if low == high else f"{low:g}..{high:g}"


def _check_agreement(clock: Clock, bars: int, seconds: Seconds, exact: Bpm, pace: Pace) -> None:
    if not pace.is_asked:
        raise ConflictingWishes(
            f"tempo must be {MIN_TEMPO:g}..{MAX_TEMPO:g} BPM, got {exact:.1f} for {bars} bars in {seconds:g} s: "
            "change one of them",
            zh=f"速度须在 {MIN_TEMPO:g}..{MAX_TEMPO:g} BPM，{seconds:g} 秒 {bars} 小节需要 {exact:.1f}：请改其中一个",
        )
    nearest = min(pace.high, max(pace.low, exact))
    if abs(clock.seconds(bars, nearest) - seconds) > 0.5 * clock.seconds(1, nearest):
        raise ConflictingWishes(
            f"bars, seconds and tempo must agree within half a bar, got {bars} bars at {_told(pace.low, pace.high)} "
            f"BPM ({clock.seconds(bars, nearest):.1f} s) for {seconds:g} s: drop one of the three",
            zh=f"小节数、秒数与速度须在半小节之内相符，{bars} 小节以 {_told(pace.low, pace.high)} BPM 演奏是 "
            f"{clock.seconds(bars, nearest):.1f} 秒，不是 {seconds:g} 秒：三项中请去掉一项",
        )
    short = seconds - clock.seconds(bars, nearest)
    if short > 2 * EXACT_S:  # the last bar may end early, but not late
        raise ConflictingWishes(
            f"bars, seconds and tempo must agree, got {bars} bars at {nearest:g} BPM "
            f"({clock.seconds(bars, nearest):.4g} s) for {seconds:g} s: ask for {clock.seconds(bars, nearest):.4g} s, "
            f"{exact:.4g} BPM, or leave the bars open",
            zh=f"小节数、秒数与速度须相符，{bars} 小节以 {nearest:g} BPM 演奏是 {clock.seconds(bars, nearest):.4g} 秒，"
            f"不是 {seconds:g} 秒：请改为 {clock.seconds(bars, nearest):.4g} 秒、{exact:.4g} BPM，或不定小节数",
        )
