"""How well words sit on notes: tones against the tune's motion, stresses on beats, open vowels on long notes.

Conventions: a pair is two neighbouring syllables of a line; verdicts are AGREE, CLASH, OBLIQUE; shares are 0..1.
Mandarin tones are Chao's heights: 55, 35, 21 (214 only at the end of a phrase), 51; a neutral tone is free.
This module writes nothing: see `zhiyin.lyrics.write`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.language import Syllable
from zhiyin.lyrics.slots import Slot

AGREE, CLASH, OBLIQUE = "agree", "clash", "oblique"
ONSET = {1: 5, 2: 3, 3: 2, 4: 5}
OFFSET = {1: 5, 2: 5, 3: 1, 4: 1}
STRONG = 0.75  # accents from here on are strong beats


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each soft wish counts, in nats.

    tone: a pair of tones that goes with the tune, against it counts double on long, top and last notes; stress: a pair
    of stresses; beat: meaning on strong beats, small words off them; open: open vowels on long and top notes; level:
    平 and 仄 in turn; again: a word or character said before; theme: a word near the theme; word: each
    English word, lest long ones, of which a line needs few, crowd out those that people sing.
    """

    tone: float = 2.6
    stress: float = 2.6
    beat: float = 2.6
    open: float = 0.5
    level: float = 0.15
    again: float = 1.5
    theme: float = 0.5
    word: float = 2.2


PROFILES: dict[str, Weights] = {
    "国风": Weights(),
    "classical": Weights(),
    "pop": Weights(tone=0.95, level=0.0),
}
_PROFILE_NAMES = {"guofeng": "国风", "古风": "国风", "戏曲": "国风", "流行": "pop", "古典": "classical"}


def find_profile(name: str) -> tuple[str, Weights]:
    """Return the name and weights of a profile. Raises InvalidInput for one that is not known.

    >>> find_profile("流行")[0]
    'pop'
    """
    told = name.strip().lower()
    told = _PROFILE_NAMES.get(told, told)
    if told in ("cantonese", "粤语"):
        raise InvalidInput(
            "Cantonese has tones of its own that are not known here, got profile 'cantonese': take pop or 国风",
            zh="粤语声调另成一套，这里还不会：请用 pop 或 国风",
        )
    if told not in PROFILES:
        raise InvalidInput(
            f"the profile must be one of {', '.join(PROFILES)}, got {name!r}: choose one",
            zh=f"配字方式应为 {'、'.join(PROFILES)}，得到 {name!r}",
        )
    return told, PROFILES[told]


def tone_verdict(left: int, right: int, interval: int) -> str:
    """Return how two tones go with the step between their notes, semitones.

    >>> tone_verdict(3, 1, 4), tone_verdict(1, 3, 4), tone_verdict(1, 1, 4)
    ('agree', 'clash', 'oblique')
    """
    if left not in OFFSET or right not in ONSET or interval == 0:
        return OBLIQUE
    move = ONSET[right] - OFFSET[left]
    if move == 0:
        return OBLIQUE
    return AGREE if (move > 0) == (interval > 0) else CLASH


def stress_verdict(left: Syllable, right: Syllable, slots: tuple[Slot, Slot]) -> str:
    """Return how two neighbouring syllables of one word go with the beats they fall on."""
    if left.word != right.word or left.stress == right.stress or slots[0].accent == slots[1].accent:
        return OBLIQUE
    return AGREE if (left.stress > right.stress) == (slots[0].accent > slots[1].accent) else CLASH


@dataclass(frozen=True, slots=True)
class Pair:
    """The verdict on the step from one syllable (its place in the line) to the next."""

    place: int
    verdict: str
    kind: str  # "tone" or "stress"
    is_alarm: bool = False


def pairs_of(slots: Sequence[Slot], syllables: Sequence[Syllable], lang: str) -> tuple[Pair, ...]:
    """Return the verdicts on all pairs of a line; a tone that clashes where it is heard most is an alarm (倒字)."""
    found = []
    for i, (left, right) in enumerate(itertools.pairwise(syllables)):
        if lang == "zh":
            verdict = tone_verdict(left.tone, right.tone, slots[i + 1].interval)
            heard = slots[i + 1].is_final or slots[i + 1].is_long or slots[i + 1].is_top
            found.append(Pair(i, verdict, "tone", verdict == CLASH and heard))
        elif left.word == right.word:
            found.append(Pair(i, stress_verdict(left, right, (slots[i], slots[i + 1])), "stress"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class LineFit:
    """What is measured of a line on its notes.

    agree, clash, oblique, alarms: pairs (tones in Mandarin, stresses inside words in English); strong_content,
    content: English words of one syllable that carry meaning, on strong beats and in all; down_function, function:
    small words on downbeats and in all; open_sum, open_count: openness of vowels on long and top notes.
    """

    agree: int = 0
    clash: int = 0
    oblique: int = 0
    alarms: int = 0
    strong_content: int = 0
    content: int = 0
    down_function: int = 0
    function: int = 0
    open_sum: float = 0.0
    open_count: int = 0

    def __add__(self, other: LineFit) -> LineFit:
        return LineFit(*(getattr(self, name) + getattr(other, name) for name in LineFit.__dataclass_fields__))

    @property
    def agreement(self) -> float | None:
        """Return the share of decided pairs that agree, None where none is decided."""
        decided = self.agree + self.clash
        return self.agree / decided if decided else None

    @property
    def openness(self) -> float | None:
        """Return the mean openness of vowels on long and top notes, None without such notes."""
        return self.open_sum / self.open_count if self.open_count else None


def fit_of(slots: Sequence[Slot], syllables: Sequence[Syllable], lang: str) -> LineFit:
    """Return the measures of a line; slots and syllables are of one length."""
    pairs = pairs_of(slots, syllables, lang)
    lone = [(s, t) for s, t in zip(slots, syllables, strict=True) if lang == "en" and t.place == "single"]
    heard = [t.openness for s, t in zip(slots, syllables, strict=True) if s.is_long or s.is_top]
    return LineFit(
        agree=sum(p.verdict == AGREE for p in pairs),
        clash=sum(p.verdict == CLASH for p in pairs),
        oblique=sum(p.verdict == OBLIQUE for p in pairs),
        alarms=sum(p.is_alarm for p in pairs),
        strong_content=sum(t.is_content and s.accent >= STRONG for s, t in lone),
        content=sum(t.is_content for _, t in lone),
        down_function=sum(not t.is_content and s.weight == 3 for s, t in lone),
        function=sum(not t.is_content for _, t in lone),
        open_sum=float(sum(heard)),
        open_count=len(heard),
    )


def tone_worth(left: int, right: int, *, slot: Slot, weights: Weights) -> float:
    """Return what a pair of tones is worth before a slot, in nats: clashes weigh more where they are heard."""
    verdict = tone_verdict(left, right, slot.interval)
    if verdict == OBLIQUE:
        return 0.0
    heard = 1.5 if slot.is_final or slot.is_long or slot.is_top else 1.0
    return 0.5 * weights.tone if verdict == AGREE else -weights.tone * heard


def place_worth(slot: Slot, syllable: Syllable, *, weights: Weights, lang: str) -> float:
    """Return what one syllable is worth on its slot by itself, in nats: vowels, and meaning on beats."""
    worth = (
        weights.open * (syllable.openness - 0.5) * (slot.is_long + 0.5 * slot.is_top + 0.3 * slot.is_final)
    )
    if lang == "zh":
        return worth
    if syllable.place == "single":
        if syllable.is_content:
            return worth + weights.beat * (slot.accent - 0.6)
        heavy = 1.5 if slot.weight == 3 else 1.0
        return worth - weights.beat * 1.4 * heavy * max(slot.accent - 0.5, 0.0) - 0.4 * slot.is_long
    pull = {2: 0.4, 1: 0.1, 0: -0.6}[syllable.stress]
    return worth + weights.beat * pull * (slot.accent - 0.35)


def word_worth(slots: Sequence[Slot], syllables: Sequence[Syllable], *, weights: Weights, lang: str) -> float:
    """Return what one word is worth on its slots, in nats: its syllables and, in English, its stresses."""
    total = sum(place_worth(s, t, weights=weights, lang=lang) for s, t in zip(slots, syllables, strict=True))
    if lang == "en":
        for i in range(len(syllables) - 1):
            verdict = stress_verdict(syllables[i], syllables[i + 1], (slots[i], slots[i + 1]))
            is_uneven = syllables[i].stress != syllables[i + 1].stress
            total += {
                AGREE: 0.08 * weights.stress, CLASH: -2.5 * weights.stress,
                OBLIQUE: -0.3 * weights.stress * is_uneven,
            }[verdict]  # fmt: skip
    return total


def line_worth(slots: Sequence[Slot], syllables: Sequence[Syllable], *, weights: Weights, lang: str) -> float:
    """Return what a whole line is worth on its slots, in nats."""
    words: dict[int, list[int]] = {}
    for i, syllable in enumerate(syllables):
        words.setdefault(syllable.word, []).append(i)
    total = sum(
        word_worth([slots[i] for i in places], [syllables[i] for i in places], weights=weights, lang=lang)
        for places in words.values()
    )
    if lang == "zh":
        tones = [syllable.tone for syllable in syllables]
        total += sum(
            tone_worth(a, b, slot=slot, weights=weights)
            for a, b, slot in zip(tones, tones[1:], slots[1:], strict=False)
        )
        total += weights.level * _turns(tones)
    return total


def _turns(tones: Sequence[int]) -> float:
    """Return how often 平 and 仄 change at the even places of a line, less where they stand still."""
    even = [tone in (1, 2) for tone in tones[1::2] if tone in (1, 2, 3, 4)]
    return float(sum(1 if a != b else -1 for a, b in itertools.pairwise(even)))
