"""What each player was given and why, in English and Chinese, counted from the arrangement.

Conventions: bars are counted, not listed; a sentence is said only of bars in which it is true.
This module changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zhiyin.arrange.act import Arrangement
from zhiyin.theory.pitch import pitch_name

# deed: (English, Chinese), {bars} bars in which the player has it
WORDS: dict[str, tuple[str, str]] = {
    "lead": ("the tune in {bars} bars", "旋律 {bars} 小节"),
    "twin": ("doubles the tune in {bars} loud bars", "在响亮处重复旋律 {bars} 小节"),
    "bass": ("the bass in {bars} bars", "低音 {bars} 小节"),
    "under": ("the bass an octave lower in {bars} bars", "低八度重复低音 {bars} 小节"),
    "line": ("lines of the source between tune and bass in {bars} bars", "原曲的中间声部 {bars} 小节"),
    "fill": (
        "chord tones added where the source has no line to spare in {bars} bars",
        "补和弦音 {bars} 小节",
    ),
    "chords": ("chords and figures within the hand in {bars} bars", "手内可及的和弦与音型 {bars} 小节"),
    "punch": ("strokes on the root in {bars} loud bars", "在响亮处打根音 {bars} 小节"),
    "drums": ("drums in {bars} bars", "鼓 {bars} 小节"),
}
RESTS = ("rests: nothing in the source suits it", "休息：原曲里没有适合它的")


@dataclass(frozen=True, slots=True)
class PartStory:
    """One part's share: notes kept from the source and added, its range, what it plays in both languages."""

    name: str
    instrument: str
    instrument_zh: str
    notes: int
    lowest: str | None
    highest: str | None
    text_en: str
    text_zh: str

    def to_json(self) -> dict[str, Any]:
        """Return the story as plain values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def stories(made: Arrangement) -> tuple[PartStory, ...]:
    """Return a story for each part, in order of the score."""
    found = []
    for part, (name, player), deeds in zip(made.score.parts, made.players, made.deeds, strict=True):
        has_pitch = len(part.notes) > 0 and not part.is_drums
        said = [_said(deed, bars) for deed, bars in deeds.items()] if len(part.notes) else [RESTS]
        found.append(
            PartStory(
                name, player.instrument.name, player.instrument.zh, len(part.notes),
                pitch_name(int(part.notes.pitch.min())) if has_pitch else None,
                pitch_name(int(part.notes.pitch.max())) if has_pitch else None,
                "; ".join(one[0] for one in said), "；".join(one[1] for one in said),
            )
        )  # fmt: skip
    return tuple(found)


def _said(deed: str, bars: int) -> tuple[str, str]:
    en, zh = WORDS[deed]
    told = en.format(bars=bars)
    return (told[:-1] if bars == 1 and told.endswith("bars") else told), zh.format(bars=bars)


def remarks(made: Arrangement) -> Iterator[tuple[str, str]]:
    """Yield what else is to be said of the whole: added notes, what was left out."""
    yield (
        f"{made.kept} notes come from the source, {made.added} were added (doublings, chord tones, beats).",
        f"{made.kept} 个音来自原曲，{made.added} 个是添加的（重复、和弦音、鼓点）。",
    )
    if made.simplified:
        yield (
            f"{made.simplified} notes of the tune were left out: nobody plays them that fast.",
            f"旋律省去 {made.simplified} 个音：没有人奏得那么快。",
        )
    source = made.reading.pool.score
    if any(part.is_drums and len(part.notes) for part in source.parts) and not made.ensemble.who("drums"):
        yield (
            "The drums of the source are left out: nobody plays drums here.",
            "原曲的鼓省去：这里没有鼓手。",
        )
    if made.reading.is_bare and any(mark.chord is not None for mark in source.chords):
        yield (
            "The source is a tune with chord symbols: bass and harmony follow the chords written in it.",
            "原曲是旋律加和弦标记：低音与和声按写明的和弦添加。",
        )
    elif made.reading.is_bare:
        yield (
            "The source is a tune alone: bass and harmony follow the chords heard in it.",
            "原曲只有旋律：低音与和声按听出的和弦添加。",
        )
