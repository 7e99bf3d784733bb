"""One line under all its wishes: templates for words that must stand in it, the search, and the choice of the best.

Conventions: a rhyme is asked as the classes that will do; candidates are read aloud whole before they count, so that
what a character or word alone does not tell (its reading in context) is checked. This module plans no song.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from zhiyin.lyrics.fit import LineFit, Weights, fit_of, line_worth, tone_worth, word_worth
from zhiyin.lyrics.language import Language, Syllable
from zhiyin.lyrics.line_model import LineModel, LinePrompt
from zhiyin.lyrics.phrases import Phrase
from zhiyin.lyrics.safety import COARSE, SLUR, find_slurs
from zhiyin.lyrics.write import Draft, Fixed, LineTask, Search, search_line
from zhiyin.lyrics.write_lexicon import Lexicon
from zhiyin.lyrics.write_worth import worth_of
from zhiyin.units import BoolArray, FloatArray

MOST_TEMPLATES = 4
ACROSS_COST = 8.0  # of a word that a rest cuts
ECHO_COST = 1.2  # of a pair of characters, or a word, that the song has said
CHOICE_NOISE = 0.6  # of the choice among finished lines, nats
# Nats a syllable: a line that a model finds likelier than this is no better for it.
WORN = {"zh": 4.0, "en": 3.6}


class Copies(Protocol):
    """What knows the lines a model learned from."""

    def longest_run(self, line: Sequence[str]) -> int:
        """Return how many units in a row may stand in a training text, at most."""
        ...

    def is_line(self, line: Sequence[str]) -> bool:
        """Return whether the units are a whole training line."""
        ...

    def completes(self, line: Sequence[str], unit: str) -> bool:
        """Return whether a unit to the left of a line begins a run that is too long."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Tools:
    """What lines are written with.

    banned: words that may not come, in the language's own spelling; readings: a person's; most_copied: units in a row
    that may stand in a training line; doubts: (units,) nats off for words that are said otherwise elsewhere;
    clear_ends: (units,) which may end a rhymed line, being read one way by all.
    """

    language: Language
    model: LineModel
    lexicon: Lexicon
    weights: Weights
    table: str
    allowed: BoolArray
    copies: Copies | None = None
    banned: frozenset[str] = frozenset()
    readings: Mapping[str, str] = field(default_factory=dict)
    most_copied: int = 7
    search: Search = Search()
    doubts: FloatArray | None = None
    clear_ends: BoolArray | None = None

    def read(self, text: str) -> tuple[Syllable, ...]:
        """Return the syllables of a line with the person's readings."""
        return self.language.read(text, self.readings or None)


@dataclass(frozen=True, slots=True, eq=False)
class LineWish:
    """What one line must be and should be.

    classes: rhyme classes that will do, None any; ends: end words that stand already; rivals: ends it must rhyme with;
    keywords: must stand in it, anywhere; fixed: (slot, words) a person's; before: lines above; theme; said: pairs or
    words that the song has said; bonus: (units,) nats.
    """

    phrase: Phrase
    kind: str = ""
    classes: frozenset[str] | None = None
    ends: frozenset[str] = frozenset()
    rivals: tuple[tuple[Syllable, ...], ...] = ()
    keywords: tuple[str, ...] = ()
    fixed: tuple[tuple[int, str], ...] = ()
    before: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    said: frozenset[str] = frozenset()
    bonus: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that keeps what it must, with its score (nats) and what is measured."""

    words: tuple[str, ...]
    text: str
    syllables: tuple[Syllable, ...]
    score: float
    nats: float
    fit: LineFit
    rhyme_class: str
    copied: int


def write_line(tools: Tools, wish: LineWish, *, rng: np.random.Generator) -> list[Candidate]:
    """Return lines that keep every wish that is hard, the best first; none where the search found none."""
    templates = templates_of(tools, wish, rng)
    if not templates:
        return []
    phrase = wish.phrase
    worth = worth_of(tools.lexicon, phrase.slots, tools.weights, breaks=phrase.breaks, allowed=tools.allowed)
    task = LineTask(
        phrase.size,
        LinePrompt(wish.kind, phrase.size, wish.before, wish.theme),
        worth,
        _last_mask(tools, wish),
        tuple(templates),
        _leanings(tools, wish),
        tools.weights.again,
        None if tools.copies is None else tools.copies.completes,
    )
    drafts = search_line(tools.model, tools.lexicon, task, search=tools.search, rng=rng)
    found = [c for c in (_candidate(tools, wish, draft) for draft in drafts) if c is not None]
    noise = CHOICE_NOISE * rng.gumbel(size=len(found))
    order = np.argsort(-(np.array([c.score for c in found]) + noise), kind="stable")
    return [found[i] for i in order.tolist()]


def judge_line(tools: Tools, wish: LineWish, text: str) -> Candidate | None:
    """Return a line that another wrote as a candidate, None where it does not keep every wish that is hard."""
    words = tools.lexicon.split(text)
    if not words or (tools.language.name == "zh" and not all(w in tools.lexicon.index for w in words)):
        return None
    return _candidate(tools, wish, Draft(tuple(tools.lexicon.ids_of(words)), words, 0.0, 0.0))


def _leanings(tools: Tools, wish: LineWish) -> FloatArray:
    """Return (units,) nats for or against each unit, wherever it stands."""
    total = np.zeros(len(tools.lexicon.units))
    for one in (wish.bonus, tools.doubts):
        if one is not None:
            total = total + one
    return total


def _last_mask(tools: Tools, wish: LineWish) -> BoolArray:
    """Return which units may end the line: of the classes asked, no end word again."""
    mask = np.ones(len(tools.lexicon.units), bool)
    if wish.classes is not None:
        mask &= np.isin(tools.lexicon.rhyme_classes(tools.table), list(wish.classes))
        if tools.clear_ends is not None:
            mask &= tools.clear_ends
    mask[[tools.lexicon.index[end] for end in wish.ends if end in tools.lexicon.index]] = False
    return mask


def _candidate(tools: Tools, wish: LineWish, draft: Draft) -> Candidate | None:
    """Return a draft as a line, None where reading it whole shows that it does not keep a wish."""
    text = tools.lexicon.join(draft.words)
    syllables = tools.read(text)
    if len(syllables) != wish.phrase.size or _is_banned(tools, draft.words, text):
        return None
    own = tools.language.rhyme_class(syllables, tools.table)
    if wish.classes is not None and own not in wish.classes:
        return None
    if wish.rivals and not all(tools.language.rhymes(syllables, r, tools.table) for r in wish.rivals):
        return None
    if draft.words[-1].lower() in wish.ends or not _holds(wish, draft.words, text, tools):
        return None
    copied = 0
    if tools.copies is not None:
        copied = tools.copies.longest_run(draft.words)
        if copied > tools.most_copied or tools.copies.is_line(draft.words):
            return None
    slots = wish.phrase.slots
    worn = -WORN[tools.language.name] * wish.phrase.size
    score = min(draft.model, worn) + line_worth(
        slots, syllables, weights=tools.weights, lang=tools.language.name
    )
    score += tools.weights.word * len(draft.words) * (tools.language.name == "en")
    score -= ACROSS_COST * words_across(tools, text, wish.phrase)
    score -= ECHO_COST * sum(one in wish.said for one in sayings(draft.words, tools.language.name))
    leanings = _leanings(tools, wish)
    score += float(sum(leanings[u] for u in draft.units if u >= 0))
    return Candidate(
        draft.words, text, syllables, score, draft.model / max(len(draft.words), 1),
        fit_of(slots, syllables, tools.language.name), own, copied,
    )  # fmt: skip


def _holds(wish: LineWish, words: Sequence[str], text: str, tools: Tools) -> bool:
    if tools.language.name == "zh":
        return all(word in text for word in wish.keywords)
    told = f" {' '.join(words).lower()} "
    return all(f" {' '.join(tools.lexicon.split(word)).lower()} " in told for word in wish.keywords)


def _is_banned(tools: Tools, words: Sequence[str], text: str) -> bool:
    if find_slurs(text, (SLUR, COARSE)):
        return True
    if tools.language.name == "zh":
        return any(word in text for word in tools.banned)
    told = f" {' '.join(words).lower()} "
    return any(f" {word} " in told for word in tools.banned)


def sayings(words: Sequence[str], lang: str) -> frozenset[str]:
    """Return what a line says that another should not say again: pairs of characters; longer words."""
    if lang == "zh":
        return frozenset(a + b for a, b in itertools.pairwise(words))
    return frozenset(word.lower() for word in words if len(word) > 4)


def words_across(tools: Tools, text: str, phrase: Phrase) -> int:
    """Return how many words of a line lie across a rest inside its phrase."""
    if not phrase.breaks:
        return 0
    read = enumerate(tools.read(text), start=1)
    ends = {at for at, syllable in read if syllable.place in ("single", "end")}
    return sum(cut not in ends for cut in phrase.breaks)


def can_hold(tools: Tools, wish: LineWish) -> bool:
    """Return whether there is a place in the line for all its keywords and fixed words."""
    return bool(_layouts(tools, wish))


def templates_of(tools: Tools, wish: LineWish, rng: np.random.Generator) -> list[tuple[Fixed, ...]]:
    """Return where fixed words and keywords may stand together, the places that fit the tune best first."""
    layouts = _layouts(tools, wish)
    scored = [(_template_worth(tools, wish, t) + 0.8 * rng.gumbel(), i) for i, t in enumerate(layouts)]
    order = [i for _, i in sorted(scored, key=lambda pair: (-pair[0], pair[1]))]
    return [layouts[i] for i in order[:MOST_TEMPLATES]]


def _layouts(tools: Tools, wish: LineWish) -> list[tuple[Fixed, ...]]:
    """Return every way in which fixed words and keywords stand in the line together."""
    base = [fixed for slot, text in wish.fixed for fixed in _units_at(tools, text, slot)]
    if any(f.end > wish.phrase.size for f in base):
        return []
    held = "".join(f.text for f in base) if tools.language.name == "zh" else " ".join(f.text for f in base)
    open_words = [word for word in wish.keywords if word not in held]
    layouts: list[tuple[Fixed, ...]] = [tuple(base)]
    for word in open_words:
        layouts = [
            (*layout, *block)
            for layout in layouts
            for start in range(wish.phrase.size)
            if (block := tuple(_units_at(tools, word, start))) and _fits(tools, wish, layout, block)
        ]
    return [tuple(sorted(layout, key=lambda f: f.start)) for layout in layouts]


def _units_at(tools: Tools, text: str, start: int) -> list[Fixed]:
    """Return the units of some words from a slot on."""
    found = []
    words = tools.lexicon.split(text)
    for word, unit in zip(words, tools.lexicon.ids_of(words), strict=True):
        size = max(len(tools.read(word)), 1)
        found.append(Fixed(start, size, unit, word))
        start += size
    return found


def _fits(tools: Tools, wish: LineWish, layout: Sequence[Fixed], block: Sequence[Fixed]) -> bool:
    """Return whether a keyword may stand there: in the line, over no other word, over no rest, rhyming at the end."""
    first, last = block[0].start, block[-1].end
    if last > wish.phrase.size or any(first < f.end and f.start < last for f in layout):
        return False
    if any(first < cut < last for cut in wish.phrase.breaks):
        return False
    if last < wish.phrase.size:
        return True
    syllables = tools.read(tools.lexicon.join([f.text for f in block]))
    if block[-1].text.lower() in wish.ends:
        return False
    if wish.rivals and not all(tools.language.rhymes(syllables, r, tools.table) for r in wish.rivals):
        return False
    return wish.classes is None or tools.language.rhyme_class(syllables, tools.table) in wish.classes


def _template_worth(tools: Tools, wish: LineWish, template: Sequence[Fixed]) -> float:
    """Return how well the fixed units sit on their notes, in nats."""
    slots, total, behind = wish.phrase.slots, 0.0, None
    lang = tools.language.name
    for fixed in template:
        syllables = tools.read(fixed.text)
        if len(syllables) != fixed.size:
            continue
        total += word_worth(slots[fixed.start : fixed.end], syllables, weights=tools.weights, lang=lang)
        if lang == "zh" and behind is not None and behind[0] == fixed.start:
            total += tone_worth(behind[1], syllables[0].tone, slot=slots[fixed.start], weights=tools.weights)
        behind = (fixed.end, syllables[-1].tone)
    if lang == "zh" and template and template[0].start % 2:
        total -= 0.7  # in Chinese verse pairs begin at odd places: 2-2-3
    return total
