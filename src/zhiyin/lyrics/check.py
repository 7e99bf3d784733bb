"""A person's own words against a tune: what clashes, where and why, line by line, in English and Chinese.

Conventions: lines and syllables count from 1 in sentences, from 0 in values; a fault is grave when it stops the line
from being sung. This module changes no words: see `zhiyin.lyrics.song_write`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhiyin.lyrics.fit import CLASH, LineFit, fit_of, pairs_of
from zhiyin.lyrics.language import Syllable
from zhiyin.lyrics.line_plan import LinePlan
from zhiyin.lyrics.phrases import Phrase
from zhiyin.lyrics.slots import Slot
from zhiyin.lyrics.write_line import Tools

CLOSED = 0.15  # vowels up to here are hard to hold
_TONES = {1: "55", 2: "35", 3: "21", 4: "51", 5: "·"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that clashes: its kind, the syllable (-1 the whole line), whether it is grave, what and why."""

    kind: str
    place: int
    is_grave: bool
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line of a person's words: its syllables, the slots there are, measures (None where counts differ), faults."""

    text: str
    syllables: tuple[Syllable, ...]
    slots: int
    fit: LineFit | None
    rhyme_class: str
    faults: tuple[Fault, ...]


def check_words(tools: Tools, plans: Sequence[LinePlan], texts: Sequence[str]) -> tuple[CheckedLine, ...]:
    """Return each line of a person's words as it sits on its phrase; lines without a phrase, and phrases without a
    line, are told as faults.
    """
    checked: list[CheckedLine] = []
    ends: dict[str, tuple[Syllable, ...]] = {}
    for index in range(max(len(plans), len(texts))):
        text = texts[index] if index < len(texts) else ""
        syllables = tools.read(text) if text else ()
        if index >= len(plans):
            told = Fault(
                "line", -1, True, f"the tune has {len(plans)} phrases; this line has no notes",
                f"旋律只有 {len(plans)} 句，这一句没有音可唱",
            )  # fmt: skip
            checked.append(CheckedLine(text, syllables, 0, None, "", (told,)))
            continue
        plan = plans[index]
        faults = list(_faults(tools, plan.phrase, text, syllables))
        own = tools.language.rhyme_class(syllables, tools.table) if syllables else ""
        if plan.rhyme and syllables:
            first = ends.setdefault(plan.rhyme, syllables)
            if first is not syllables and not tools.language.rhymes(first, syllables, tools.table):
                faults.append(_rhyme_fault(tools, first, syllables))
        fits = len(syllables) == plan.phrase.size
        fit = fit_of(plan.phrase.slots, syllables, tools.language.name) if fits else None
        checked.append(CheckedLine(text, syllables, plan.phrase.size, fit, own, tuple(faults)))
    return tuple(checked)


def _faults(tools: Tools, phrase: Phrase, text: str, syllables: Sequence[Syllable]) -> Iterator[Fault]:
    if len(syllables) != phrase.size:
        yield _count_fault(phrase, syllables, text)
        return
    slots, lang = phrase.slots, tools.language.name
    for pair in pairs_of(slots, syllables, lang):
        if pair.verdict == CLASH:
            i = pair.place
            say = _tone_fault if lang == "zh" else _stress_fault
            yield say((slots[i], slots[i + 1]), (syllables[i], syllables[i + 1]), i, pair.is_alarm)
    for cut in sorted(phrase.breaks):
        if syllables[cut - 1].word == syllables[cut].word:
            word = "".join(s.text for s in syllables if s.word == syllables[cut].word)
            yield Fault(
                "breath", cut, True, f"a rest cuts the word {word!r} before syllable {cut + 1}",
                f"第 {cut + 1} 字之前是休止，把词“{word}”断开了",
            )  # fmt: skip
    for i, (slot, syllable) in enumerate(zip(slots, syllables, strict=True)):
        yield from _place_faults(slot, syllable, i, _word_at(syllables, i, lang))


def _count_fault(phrase: Phrase, syllables: Sequence[Syllable], text: str) -> Fault:
    more = len(syllables) - phrase.size
    if not text:
        return Fault(
            "count",
            -1,
            True,
            f"no words for this phrase of {phrase.size} notes",
            f"这一句 {phrase.size} 个音没有词",
        )
    many = more > 0
    return Fault(
        "count", -1, True,
        f"{len(syllables)} syllables for {phrase.size} notes: {abs(more)} too {'many' if many else 'few'}",
        f"{len(syllables)} 个音节对 {phrase.size} 个音：{'多' if many else '少'} {abs(more)} 个",
    )  # fmt: skip


def _tone_fault(slots: tuple[Slot, Slot], pair: tuple[Syllable, Syllable], place: int, alarm: bool) -> Fault:
    left, right = pair
    rises = slots[1].interval > 0
    step = abs(slots[1].interval)
    heard = ", and it is heard: a long, top or last note" if alarm else ""
    return Fault(
        "tone", place + 1, False,
        f"{left.text}{right.text} ({_TONES[left.tone]} {_TONES[right.tone]}): the tune "
        f"{'rises' if rises else 'falls'} by {step} semitones where the tones go {'down' if rises else 'up'}{heard}",
        f"“{left.text}{right.text}”（{_TONES[left.tone]} {_TONES[right.tone]}）旋律{'上行' if rises else '下行'} "
        f"{step} 个半音，声调却往{'下' if rises else '上'}走{'，且在长音、高音或句末，易成倒字' if alarm else ''}",
    )  # fmt: skip


def _stress_fault(
    slots: tuple[Slot, Slot], pair: tuple[Syllable, Syllable], place: int, alarm: bool
) -> Fault:
    strong = place + (pair[1].stress > pair[0].stress)
    weak = 2 * place + 1 - strong
    texts = {place: pair[0].text, place + 1: pair[1].text}
    return Fault(
        "stress", strong, False,
        f"{texts[strong]!r} is stressed but stands on a weaker beat than {texts[weak]!r} in the same word",
        f"重读音节 {texts[strong]!r} 落在比同一词里 {texts[weak]!r} 更弱的拍上",
    )  # fmt: skip


def _place_faults(slot: Slot, syllable: Syllable, place: int, word: str) -> Iterator[Fault]:
    if slot.is_long and syllable.openness <= CLOSED:
        yield Fault(
            "vowel", place, False, f"{word!r} has a closed vowel on a long note",
            f"长音上的“{word}”是闭口元音，不易拉开",
        )  # fmt: skip
    if not syllable.tone and syllable.place == "single" and not syllable.is_content and slot.weight == 3:
        yield Fault(
            "beat", place, False, f"the small word {syllable.text!r} stands on a downbeat",
            f"虚词 {syllable.text!r} 落在强拍上",
        )  # fmt: skip
    if not syllable.is_sure:
        yield Fault(
            "reading", place, False,
            f"{word!r} may be read otherwise than {syllable.reading}: fix it with --readings",
            f"“{word}”不止一读，这里按 {syllable.reading} 算：可用 --readings 指定",
        )  # fmt: skip


def _rhyme_fault(tools: Tools, first: tuple[Syllable, ...], own: tuple[Syllable, ...]) -> Fault:
    classes = [tools.language.rhyme_class(s, tools.table) for s in (first, own)]
    words = [_word_at(s, len(s) - 1, tools.language.name) for s in (first, own)]
    return Fault(
        "rhyme", len(own) - 1, False,
        f"{words[1]!r} ({classes[1]}) does not rhyme with {words[0]!r} ({classes[0]}) in {tools.table}",
        f"“{words[1]}”（{classes[1]}）与“{words[0]}”（{classes[0]}）在{tools.table}里不押韵",
    )  # fmt: skip


def _word_at(syllables: Sequence[Syllable], place: int, lang: str) -> str:
    """Return the word that a syllable belongs to; in Chinese the character alone."""
    if lang == "zh":
        return syllables[place].text
    return "".join(one.text for one in syllables if one.word == syllables[place].word)
