"""Wishes about the frame: tempo, metre, length in bars or seconds, players.

Conventions: these hold by construction of the frame; their checks read the finished score.
This module masks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.fill.constraints.base import Unmasked, Verdict
from zhiyin.score import Score, Timeline
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.metre import Metre
from zhiyin.units import Bpm, Seconds


@dataclass(frozen=True)
class KeepTempo(Unmasked):
    """The piece runs at a tempo (quarters a minute) from its first beat."""

    bpm: Bpm
    name: str = "tempo"

    def check(self, score: Score) -> Verdict:
        """Compare the first tempo mark, to 0.01 BPM."""
        found = score.tempos[0].bpm
        kept = abs(found - self.bpm) <= 0.01
        return Verdict(
            self.name, True, kept, f"{found:g} BPM", "" if kept else "bar 1",
            f"Tempo {found:g} BPM, asked {self.bpm:g}.", f"速度 {found:g} BPM，要求 {self.bpm:g}。",
        )  # fmt: skip


@dataclass(frozen=True)
class KeepMetre(Unmasked):
    """Every bar has one metre."""

    metre: Metre
    name: str = "metre"

    def check(self, score: Score) -> Verdict:
        """Compare every metre mark."""
        wrong = [m for m in score.metres if m.metre != self.metre]
        found = ", ".join(dict.fromkeys(str(m.metre) for m in score.metres))
        where = f"tick {wrong[0].tick}" if wrong else ""
        return Verdict(
            self.name, True, not wrong, found, where,
            f"Metre {found}, asked {self.metre}.", f"拍号 {found}，要求 {self.metre}。",
        )  # fmt: skip


@dataclass(frozen=True)
class KeepBars(Unmasked):
    """The piece has a number of bars, and music in the last of them."""

    bars: int
    name: str = "bars"

    def check(self, score: Score) -> Verdict:
        """Count bars up to the end of the written length, and see that notes reach the last one."""
        line = Timeline.of(score)
        count = line.bar_count(score.end)
        sounding = line.bar_count(max((p.notes.end for p in score.parts), default=0))
        kept = count == self.bars == sounding
        return Verdict(
            self.name, True, kept, f"{count} bars, music up to bar {sounding}", "" if kept else "end",
            f"{count} bars, asked {self.bars}.", f"共 {count} 小节，要求 {self.bars} 小节。",
        )  # fmt: skip


@dataclass(frozen=True)
class KeepSeconds(Unmasked):
    """The written length is a number of seconds, to 0.1 s."""

    seconds: Seconds
    name: str = "seconds"

    def check(self, score: Score) -> Verdict:
        """Measure the written length through the tempo map."""
        found = Timeline.of(score).duration_s(score.end)
        kept = abs(found - self.seconds) <= 0.1
        return Verdict(
            self.name, True, kept, f"{found:.2f} s", "" if kept else "end",
            f"{found:.2f} seconds, asked {self.seconds:g}.", f"时长 {found:.2f} 秒，要求 {self.seconds:g} 秒。",
        )  # fmt: skip


@dataclass(frozen=True)
class KeepPlayers(Unmasked):
    """Exactly these players sound, and each of them plays; excluded ones are absent.

    players: instrument names in order; excluded: names that must not sound.
    """

    players: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    name: str = "players"

    def check(self, score: Score) -> Verdict:
        """Compare programs of sounding parts with those of the players."""
        found = sorted((p.is_drums, 0 if p.is_drums else p.program) for p in score.parts if len(p.notes))
        asked = sorted(_identity(name) for name in self.players)
        banned = {_identity(name) for name in self.excluded} - set(asked)
        kept = found == asked and not banned & set(found)
        names = ", ".join(p.name for p in score.parts if len(p.notes))
        return Verdict(
            self.name, True, kept, names, "" if kept else "parts",
            f"Players: {names}.", f"演奏者：{names}。",
        )  # fmt: skip


def _identity(name: str) -> tuple[bool, int]:
    instrument = find_instrument(name)
    return instrument.is_drums, 0 if instrument.is_drums else instrument.program
