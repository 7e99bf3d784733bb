"""Words on their notes: the lines of a song as values, put into a score and read back from it.

Conventions: one line a phrase; a syllable stands on the first note of its slot, "la-" goes on to the next syllable.
This module writes no words: see `zhiyin.lyrics.song_write`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.fit import LineFit
from zhiyin.lyrics.language import Syllable
from zhiyin.lyrics.melody import Tune
from zhiyin.lyrics.phrases import Phrase, Song
from zhiyin.score import Score

BY_MODEL, BY_PERSON, BY_OTHER, AGAIN = "model", "person", "language model", "again"


@dataclass(frozen=True, slots=True)
class SungLine:
    """One line of words on one phrase.

    words: as written, in order; syllables: one a slot; rhyme: its group, "" free; rhyme_class: of its end in the table
    in force; fit: measures; nats: what the model gives it a syllable, 0 where none was asked; by: who wrote it;
    keywords: those it holds; copied: its longest run that stands in a training text, in units.
    """

    words: tuple[str, ...]
    text: str
    syllables: tuple[Syllable, ...]
    rhyme: str = ""
    rhyme_class: str = ""
    fit: LineFit = LineFit()
    nats: float = 0.0
    by: str = BY_MODEL
    keywords: tuple[str, ...] = ()
    copied: int = 0


@dataclass(frozen=True, slots=True)
class Lyrics:
    """The words of a song: a line a phrase, and what had to be said while writing, (English, Chinese)."""

    lang: str
    song: Song
    lines: tuple[SungLine, ...]
    notices: tuple[tuple[str, str], ...] = ()

    @property
    def fit(self) -> LineFit:
        """Return the measures of all lines together."""
        total = LineFit()
        for line in self.lines:
            total = total + line.fit
        return total


def with_words(score: Score, tune: Tune, lyrics: Lyrics) -> Score:
    """Return the score with the words on the tune; words that stood in that part are replaced."""
    part = score.parts[tune.part]
    sung = [""] * len(part.notes)
    for phrase, line in zip(lyrics.song.phrases, lyrics.lines, strict=True):
        for slot, syllable in zip(phrase.slots, line.syllables, strict=True):
            goes_on = syllable.place in ("begin", "middle") and lyrics.lang == "en"
            sung[slot.rows[0]] = syllable.text + "-" * goes_on
    notes = part.notes.with_columns(syllable=np.array(sung, np.str_))
    parts = [replace(p, notes=notes) if i == tune.part else p for i, p in enumerate(score.parts)]
    return score.with_parts(parts)


def lines_in(score: Score, tune: Tune, phrases: Sequence[Phrase], *, lang: str) -> tuple[str, ...]:
    """Return the words that stand on the notes of each phrase, as lines of text; "" for a phrase without."""
    sung = score.parts[tune.part].notes.syllable
    if sung is None:
        return ("",) * len(phrases)
    lines = []
    for phrase in phrases:
        found = [str(sung[row]) for slot in phrase.slots for row in slot.rows if sung[row]]
        if lang == "zh":
            lines.append("".join(text.strip("- ") for text in found))
        else:
            lines.append("".join(t[:-1] if t.endswith("-") else t + " " for t in found).strip())
    return tuple(lines)


def check_count(phrase: Phrase, syllables: Sequence[Syllable], *, line: int, text: str) -> None:
    """Raise InvalidInput unless a line has a syllable for every slot; lines count from 1 in the message."""
    if len(syllables) == phrase.size:
        return
    few = len(syllables) < phrase.size
    raise InvalidInput(
        f"line {line} must have {phrase.size} syllables, got {len(syllables)} in {text!r}: "
        f"{'add' if few else 'take away'} {abs(phrase.size - len(syllables))}, or cut the phrases with --phrases",
        zh=f"第 {line} 句应有 {phrase.size} 个音节，{text!r} 有 {len(syllables)} 个："
        f"请{'添' if few else '减'} {abs(phrase.size - len(syllables))} 个，或用 --phrases 重新分句",
    )


def check_room(phrase: Phrase, slot: int, count: int, *, text: str) -> None:
    """Raise InvalidInput unless so many fixed syllables from a slot (from 0) on end within their line."""
    if slot + count <= phrase.size:
        return
    raise InvalidInput(
        f"--fix must end within the line of {phrase.size} syllables, got {text!r}, which ends on syllable "
        f"{slot + count}: begin it at {max(phrase.size - count + 1, 1)} or before",
        zh=f"--fix 的字应落在这一句的 {phrase.size} 个音节之内，{text!r} 到了第 {slot + count} 个："
        f"最晚从第 {max(phrase.size - count + 1, 1)} 个开始",
    )
