"""What music makes a mood: cues that add up, by mood, and how they mix, lean and grow with intensity.

Conventions: every cue is a shift from what is usual in a style, 0 leaves it alone; cues add without interactions
(Eerola, Friberg & Bresin, "Emotional expression in music", Frontiers in Psychology 4, 2013: linear sums explain 77-89
% of ratings); signs after Gabrielsson, "The relationship between musical structure and perceived expression" (2014) and
Livingstone et al., "Changing musical emotion" (2010). This module does not know styles: see `zhiyin.fill.norms`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from zhiyin.errors import InvalidInput
from zhiyin.theory.moods import MOODS, find_mood

INTENSITIES = (1, 2, 3, 4, 5)
USUAL_INTENSITY = 3
# How much of a mood's cues each intensity takes.
GAINS = {1: 0.4, 2: 0.7, 3: 1.0, 4: 1.3, 5: 1.6}


@dataclass(frozen=True, slots=True)
class MoodCues:
    """Shifts from the usual.

    tempo, density, articulation: natural logarithms of factors on the tempo, on attacks a quarter, and on how much of
    the time to the next note a note sounds; major: -1 (minor) to 1 (major); register: semitones; velocity: steps of
    127; tension: -1 (consonant) to 1 (dissonant); contour: -1 (falling) to 1 (rising); leaps: -1 (steps, narrow) to 1
    (leaps, wide); rubato: -1 (strict) to 1 (free).
    """

    tempo: float = 0.0
    density: float = 0.0
    major: float = 0.0
    register: float = 0.0
    velocity: float = 0.0
    articulation: float = 0.0
    tension: float = 0.0
    contour: float = 0.0
    leaps: float = 0.0
    rubato: float = 0.0

    def plus(self, other: MoodCues, share: float = 1.0) -> MoodCues:
        """Return the sum of these cues and a share of others.

        >>> MoodCues(tempo=0.5).plus(MoodCues(tempo=-0.5, register=2.0), 0.5)
        MoodCues(tempo=0.25, density=0.0, major=0.0, register=1.0, velocity=0.0, articulation=0.0, tension=0.0, \
contour=0.0, leaps=0.0, rubato=0.0)
        """
        return MoodCues(*(getattr(self, n) + share * getattr(other, n) for n in CUE_NAMES))

    def times(self, factor: float) -> MoodCues:
        """Return every cue times a factor."""
        return MoodCues(*(factor * getattr(self, name) for name in CUE_NAMES))


CUE_NAMES: tuple[str, ...] = tuple(field.name for field in fields(MoodCues))
# Cues that make a mood with a place on valence and arousal alone: what one unit of each adds. Least squares through
# the twelve moods below, so that a mood outside the table lies among its neighbours.
BY_VALENCE = MoodCues(0.03, -0.04, 0.9, 8.9, 1.2, 0.13, -0.55, 0.5, 0.0, 0.0)
BY_AROUSAL = MoodCues(0.54, 0.39, 0.0, -1.5, 40.0, -0.39, 0.25, 0.15, 0.6, -0.6)

# Middle of each mood's usual range (quarters a minute against 92, melody notes a second against 2.7, mean pitch against
# 65, velocity against 72, length over gap against .85), and directions for the rest; sources as in the module's head,
# contour and leaps after Micallef Grimaud & Eerola, "Emotional expression through musical cues" (2022).
# mood | tempo | density | major | register | velocity | articulation | tension | contour | leaps | rubato
_TABLE = """
happy      |  .35 |  .12 |  .8 |   6.5 |  18 | -.24 | -.3 |  .5 |  .2 | -.4
energetic  |  .48 |  .27 |  .5 |   4.0 |  34 | -.32 |  .1 |  .2 |  .4 | -.8
heroic     |  .25 |  .22 |  .4 |   1.0 |  36 | -.04 |  .0 |  .6 |  .6 | -.4
tender     | -.26 | -.26 |  .7 |   3.0 | -17 |  .14 | -.5 |  .3 | -.6 |  .4
calm       | -.39 | -.34 |  .4 |    .0 | -24 |  .18 | -.6 |  .0 | -.6 |  .2
hopeful    |  .07 |  .00 |  .6 |   4.0 |   0 |  .03 | -.1 |  .7 |  .1 |  .0
nostalgic  | -.17 | -.09 |  .0 |   1.0 | -14 |  .08 |  .2 | -.3 | -.1 |  .6
sad        | -.43 | -.30 | -.8 |  -4.5 | -24 |  .18 |  .1 | -.7 | -.5 |  .8
mysterious | -.23 | -.29 | -.5 |  -5.0 | -20 |  .10 |  .5 |  .0 |  .0 |  .3
tense      |  .28 |  .25 | -.6 |  -6.0 |  16 | -.44 |  .7 |  .3 |  .3 | -.5
scary      |  .10 |  .10 | -.8 |  -6.0 |  12 | -.20 | 1.0 |  .2 |  .9 |  .0
angry      |  .51 |  .40 | -.8 |  -9.0 |  44 | -.59 |  .8 |  .3 |  .7 | -.8
"""
TABLE: dict[str, MoodCues] = {
    cells[0].strip(): MoodCues(*map(float, cells[1:]))
    for cells in (line.split("|") for line in _TABLE.strip().splitlines())
}


def cues_at(valence: float, arousal: float) -> MoodCues:
    """Return the cues of a place on valence and arousal, each -1..1."""
    return BY_VALENCE.times(valence).plus(BY_AROUSAL, arousal)


def cues_of_mood(name: str) -> MoodCues:
    """Return the cues of a mood: its row of the table, or those of its place. Raises NotFound.

    >>> cues_of_mood("悲伤").tempo < 0 < cues_of_mood("happy").tempo
    True
    """
    mood = find_mood(name)
    return TABLE.get(mood.name) or cues_at(mood.valence, mood.arousal)


@dataclass(frozen=True, slots=True)
class MoodAim:
    """What a mix of moods aims at: its place (valence, arousal), each -1..1, and its cues, grown with intensity."""

    valence: float = 0.0
    arousal: float = 0.0
    cues: MoodCues = MoodCues()

    @property
    def is_neutral(self) -> bool:
        """Return whether nothing is asked for."""
        return self == MoodAim()

    def between(self, other: MoodAim, share: float) -> MoodAim:
        """Return the aim a share 0..1 of the way to another."""
        return MoodAim(
            self.valence + share * (other.valence - self.valence),
            self.arousal + share * (other.arousal - self.arousal),
            self.cues.times(1 - share).plus(other.cues, share),
        )


def aim_of(
    moods: tuple[str, ...],
    *,
    avoid: tuple[str, ...] = (),
    valence: float | None = None,
    arousal: float | None = None,
    intensity: int | None = None,
) -> MoodAim:
    """Return what moods aim at: the mean of those wanted, else half the opposite of those to avoid.

    valence, arousal: where a person moved the mix by hand; the cues follow. intensity: 1 (a hint) to 5 (all out).
    Raises NotFound for an unknown mood, InvalidInput for an intensity outside 1..5.
    >>> aim_of(("happy", "sad")).cues.major, aim_of((), avoid=("sad",)).cues.tempo > 0
    (0.0, True)
    """
    if intensity is not None and intensity not in GAINS:
        raise InvalidInput(f"intensity must be 1..5, got {intensity}: 1 is a hint, 5 all out")
    wanted, share = (moods, 1.0) if moods else (avoid, -0.5)
    found = [MOODS[find_mood(name).name] for name in wanted]
    count = max(1, len(found))
    where = [
        share * sum(mood.valence for mood in found) / count,
        share * sum(mood.arousal for mood in found) / count,
    ]
    cues = MoodCues()
    for mood in found:
        cues = cues.plus(cues_of_mood(mood.name), share / count)
    moved = [
        0.0 if asked is None else asked - own for asked, own in zip((valence, arousal), where, strict=True)
    ]
    cues = cues.plus(cues_at(*moved))
    gain = GAINS[intensity or USUAL_INTENSITY]
    place = [max(-1.0, min(1.0, gain * (own + more))) for own, more in zip(where, moved, strict=True)]
    return MoodAim(place[0], place[1], cues.times(gain))
