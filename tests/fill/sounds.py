"""A score as plain lists of sounds by part and bar: what the reader of claims looks at.

Conventions: bars from 1; a sound is (onset, end, pitch, velocity), ticks; bar lines are the score's own.
Does not know: any analysis of the package.
"""

from __future__ import annotations

from zhiyin.score import Score, Timeline
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key

Sound = tuple[int, int, int, int]


class Piece:
    """A score as lists of sounds by part name and bar."""

    def __init__(self, score: Score) -> None:
        count = Timeline.of(score).bar_count(score.end)
        self.score, self.starts = score, Timeline.of(score).bar_starts(count).tolist()
        self.beats: list[int] = []
        for bar in range(count):
            beat = Timeline.of(score).metre_at(self.starts[bar]).beat_ticks
            self.beats += range(self.starts[bar], self.starts[bar + 1], beat)
        self.sounds: dict[str, list[Sound]] = {}
        self.is_drums: dict[str, bool] = {}
        names = [part.name.strip().rstrip(".") for part in score.parts]
        for index, part in enumerate(score.parts):
            name = names[index]
            if (known := [other.lower() for other in names]).count(name.lower()) > 1:
                name = f"{name} {known[: index + 1].count(name.lower())}"
            self.sounds[name] = [(n.onset, n.onset + n.duration, n.pitch, n.velocity) for n in part.notes]
            self.is_drums[name] = part.is_drums

    def bar(self, name: str, first: int, last: int | None = None) -> list[Sound]:
        """Return a part's notes that start in bars first..last (from 1), counted from the first one's start."""
        low, high = self.starts[first - 1], self.starts[last or first]
        return [(a - low, b - low, p, v) for a, b, p, v in self.sounds[name] if low <= a < high]

    def top(self, name: str, first: int, last: int | None = None) -> list[Sound]:
        """Return the highest note at each onset."""
        best: dict[int, Sound] = {}
        for sound in self.bar(name, first, last):
            if sound[0] not in best or sound[2] >= best[sound[0]][2]:
                best[sound[0]] = sound
        return [best[at] for at in sorted(best)]

    def pitched(self) -> list[Sound]:
        """Return every sound that is not a drum."""
        return [sound for name, row in self.sounds.items() if not self.is_drums[name] for sound in row]

    def weights(self, low: int, high: int) -> dict[int, int]:
        """Return how long each pitch class sounds from low to high."""
        found: dict[int, int] = {}
        for a, b, p, _ in self.pitched():
            if min(b, high) > max(a, low):
                found[p % 12] = found.get(p % 12, 0) + min(b, high) - max(a, low)
        return found

    def is_outside(self, pitch: int, tick: int) -> bool:
        """Return whether a pitch lies outside the chord marked at a tick; True where none is marked."""
        marks = [mark.chord for mark in self.score.chords if mark.tick <= tick]
        return not marks or marks[-1] is None or pitch % 12 not in marks[-1].pitch_classes

    def share_in(self, key: Key, bar: int) -> float:
        """Return the share of the sound in a bar and two bars around it that lies in a key."""
        heard = self.weights(self.starts[max(bar - 3, 0)], self.starts[min(bar + 2, len(self.starts) - 1)])
        return sum(heard.get(pc, 0) for pc in key.pitch_classes) / sum(heard.values())

    def has_chord(self, symbol: str, low: int, high: int) -> bool:
        """Return whether some run of beats that begins in [low, high) says a chord."""
        chord = Chord.parse(symbol)
        stops = [*self.beats, self.starts[-1]]
        for start in [beat for beat in self.beats if low <= beat < high]:
            for stop in [tick for tick in stops if start < tick <= start + 4 * (high - low)]:
                heard = self.weights(start, stop)
                inside = sum(heard.get(tone, 0) for tone in chord.pitch_classes)
                needed = {tone for tone in chord.pitch_classes if (tone - chord.root) % 12 != 7}
                if inside >= 0.7 * sum(heard.values()) > 0 and needed <= set(heard):
                    return True
        return False
