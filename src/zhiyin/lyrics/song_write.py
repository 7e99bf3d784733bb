"""A whole song: lines in order under one plan, rhymes chosen, choruses sung again, what failed tried otherwise.

Conventions: every line has a chance of its own, of (seed, line, draw), so that one line can be written anew and the
rest stay. This module searches no line itself: see `zhiyin.lyrics.write_line`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from zhiyin.errors import ConstraintsUnmet, InvalidInput
from zhiyin.lyrics.fit import fit_of
from zhiyin.lyrics.language import Syllable
from zhiyin.lyrics.line_plan import LinePlan
from zhiyin.lyrics.phrases import Song
from zhiyin.lyrics.scheme import Verse
from zhiyin.lyrics.song import AGAIN, BY_MODEL, BY_OTHER, BY_PERSON, Lyrics, SungLine, check_count
from zhiyin.lyrics.song_keywords import settle_keywords
from zhiyin.lyrics.song_rhymes import begin_rhymes
from zhiyin.lyrics.write_line import Candidate, LineWish, Tools, judge_line, sayings, write_line
from zhiyin.units import FloatArray

LINES_BEFORE = 3
LEAST_RHYMES = 12  # words of a class that a rhyme group is begun with
TRIES = 3  # draws of a line before a wish that may give way does
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class SongWish:
    """What the whole is written under.

    rhymes: classes told, in order of the rhyme groups; theme; given: whole lines of a person by index; fixed: (slot,
    words) by line; seed; draws: which draw each line takes (0 the first);
    proposals: lines that another wrote, taken where they keep every wish; bonus: (units,) nats.
    """

    plans: tuple[LinePlan, ...]
    verse: Verse
    rhymes: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    given: Mapping[int, str] = field(default_factory=dict)
    fixed: Mapping[int, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    seed: int = 0
    draws: Mapping[int, int] = field(default_factory=dict)
    proposals: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    bonus: FloatArray | None = None


@dataclass(slots=True)
class _Written:
    """What stands so far: lines by index, classes and ends of rhyme groups, end words, what was said."""

    lines: dict[int, SungLine] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    group_ends: dict[str, list[tuple[Syllable, ...]]] = field(default_factory=dict)
    ends: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    notices: list[tuple[str, str]] = field(default_factory=list)


def write_song(
    tools: Tools, song: Song, wish: SongWish, *, near: Tools | None = None, progress: Progress | None = None
) -> Lyrics:
    """Return the words of a song.

    near: tools with a wider rhyme table, taken with a notice where a rhyme cannot be found. Raises InvalidInput for a
    given line of another length, ConstraintsUnmet for a line that cannot be written.
    """
    given = _given(tools, wish)
    rhymes = begin_rhymes(tools, wish, given)
    state = _Written(classes=dict(rhymes.classes), notices=list(rhymes.notices))
    for index, line in given.items():
        _take(state, wish.plans[index], line)
    wish = _settled(tools, wish, state, closed=state.lines)
    for done in range(len(wish.plans)):
        if progress is not None:
            progress(done, len(wish.plans))
        plan = wish.plans[done]
        if plan.index in state.lines:
            continue
        if plan.copy_of >= 0:
            line = replace(state.lines[plan.copy_of], by=AGAIN)
            fit = fit_of(plan.phrase.slots, line.syllables, tools.language.name)
            state.lines[plan.index] = replace(line, fit=fit)
            continue
        try:
            _take(state, plan, _new_line(tools, wish, state, plan, near))
        except ConstraintsUnmet:
            if not plan.keywords or done + 1 == len(wish.plans):
                raise
            wish = _handed_on(tools, wish, state, done)
            _take(state, wish.plans[done], _new_line(tools, wish, state, wish.plans[done], near))
    lines = tuple(state.lines[plan.index] for plan in wish.plans)
    return Lyrics(tools.language.name, song, lines, tuple(state.notices))


def _settled(tools: Tools, wish: SongWish, state: _Written, *, closed: Collection[int]) -> SongWish:
    """Return the wish with keywords on lines that can hold them; those that no line can are told."""
    plans, left = settle_keywords(tools, wish.plans, fixed=wish.fixed, classes=state.classes, closed=closed)
    for word in left:
        state.notices.append(
            (
                f"the keyword {word!r} fits into no line and was left out",
                f"关键词“{word}”哪一句都放不下，没有用",
            )
        )
    return replace(wish, plans=plans)


def _handed_on(tools: Tools, wish: SongWish, state: _Written, index: int) -> SongWish:
    """Return the wish with the keywords of a line that found no words on lines behind it."""
    words = wish.plans[index].keywords
    behind = [replace(p, keywords=(*words, *p.keywords)) if p.index == index + 1 else p for p in wish.plans]
    behind[index] = replace(behind[index], keywords=())
    return _settled(tools, replace(wish, plans=tuple(behind)), state, closed={*state.lines, index})


def given_line(tools: Tools, plan: LinePlan, text: str) -> SungLine:
    """Return a person's own line, which is never changed. Raises InvalidInput for another number of syllables."""
    syllables = tools.read(text)
    check_count(plan.phrase, syllables, line=plan.index + 1, text=text)
    return SungLine(
        tools.lexicon.split(text), text, syllables, plan.rhyme, tools.language.rhyme_class(syllables, tools.table),
        fit_of(plan.phrase.slots, syllables, tools.language.name), by=BY_PERSON, keywords=plan.keywords,
    )  # fmt: skip


def alternatives(
    tools: Tools, wish: SongWish, lyrics: Lyrics, *, line: int, count: int = 5
) -> tuple[SungLine, ...]:
    """Return other lines for one place of a song (from 0), all different, that rhyme and fit as it must.

    Raises InvalidInput for a line that is not there, ConstraintsUnmet when none is found.
    """
    if not 0 <= line < len(wish.plans):
        raise InvalidInput(
            f"the line must be 1..{len(wish.plans)}, got {line + 1}: choose one of them",
            zh=f"句号应在 1 到 {len(wish.plans)} 之间，得到 {line + 1}",
        )
    plan = wish.plans[line]
    if plan.copy_of >= 0:
        line, plan = plan.copy_of, wish.plans[plan.copy_of]
    standing = {
        other.index: there
        for other, there in zip(wish.plans, lyrics.lines, strict=True)
        if line not in (other.index, other.copy_of)
    }
    rhymes = begin_rhymes(tools, wish, standing)
    state = _Written(classes=dict(rhymes.classes))
    for index, there in standing.items():
        _take(state, wish.plans[index], there)
    if plan.rhyme and plan.rhyme not in rhymes.bound:
        state.classes[plan.rhyme] = lyrics.lines[line].rhyme_class
    found: dict[str, SungLine] = {}
    ends: set[str] = set()
    openings = {lyrics.lines[line].text}
    first = wish.draws.get(line, 0) + 1
    for draw in range(first, first + 4 * count):
        for candidate in _drawn(tools, wish, state, plan, draw=draw):
            fresh = candidate.words[-1] not in ends or draw > first + count
            if candidate.text not in openings and candidate.text not in found and fresh:
                found[candidate.text] = _sung(tools, plan, candidate)
                ends.add(candidate.words[-1])
                break
        if len(found) >= count:
            break
    if not found:
        raise _unmet(plan, wish)
    return tuple(found.values())


def replaced(lyrics: Lyrics, plans: Sequence[LinePlan], *, line: int, new: SungLine) -> Lyrics:
    """Return the song with one line changed, and with it the lines that repeat it."""
    source = plans[line].copy_of if plans[line].copy_of >= 0 else line
    lines = [
        new if p.index == source
        else replace(new, by=AGAIN, fit=fit_of(p.phrase.slots, new.syllables, lyrics.lang))
        if p.copy_of == source else old
        for p, old in zip(plans, lyrics.lines, strict=True)
    ]  # fmt: skip
    return replace(lyrics, lines=tuple(lines))


def settled_rhymes(tools: Tools, wish: SongWish) -> dict[str, str]:
    """Return the classes of the rhyme groups that stand before a line is written."""
    return dict(begin_rhymes(tools, wish, _given(tools, wish)).classes)


def _given(tools: Tools, wish: SongWish) -> dict[int, SungLine]:
    """Return the lines of a person by index. Raises InvalidInput for another number of syllables."""
    return {
        plan.index: given_line(tools, plan, wish.given[plan.index])
        for plan in wish.plans
        if plan.index in wish.given
    }


def _new_line(tools: Tools, wish: SongWish, state: _Written, plan: LinePlan, near: Tools | None) -> SungLine:
    """Return a new line: more draws, a wider search, then what may give way gives way and is said."""
    proposed = _proposed(tools, wish, state, plan)
    if proposed is not None:
        return proposed
    first = wish.draws.get(plan.index, 0)
    wide = replace(tools, search=replace(tools.search, width=3 * tools.search.width, keep=120, per_beam=160))
    for draw in range(first, first + TRIES):
        found = _drawn(tools if draw == first else wide, wish, state, plan, draw=draw)
        if found:
            return _sung(tools, plan, found[0])
    if near is not None and plan.rhyme:
        other = replace(near, search=wide.search)
        known = state.group_ends.get(plan.rhyme, [])
        classes = frozenset(other.language.rhyme_class(end, other.table) for end in known)
        found = _drawn(other, wish, state, plan, draw=first, classes=classes or None, rivals=())
        if found:
            state.notices.append(
                (
                    f"line {plan.index + 1} rhymes only nearly ({other.table})",
                    f"第 {plan.index + 1} 句只押近似的韵（{other.table}）",
                )
            )
            return _sung(tools, plan, found[0])
    raise _unmet(plan, wish)


def _unmet(plan: LinePlan, wish: SongWish) -> ConstraintsUnmet:
    """Return the error of a line that found no words: it blames only what was asked."""
    fixed = [text for _, text in wish.fixed.get(plan.index, ())]
    held = [*plan.keywords, *fixed]
    told = f" with {', '.join(map(repr, held))} in it" if held else ""
    told_zh = f"（要含 {'、'.join(held)}）" if held else ""
    ways = [
        ("another --rhyme or --scheme", "换一个韵或韵式", bool(plan.rhyme)),
        ("fewer or shorter keywords", "少用或用短一些的关键词", bool(plan.keywords)),
        ("other words to --fix", "换 --fix 的字", bool(fixed)),
        ("another --seed", "换 --seed", True),
    ]
    en, zh = [way[0] for way in ways if way[2]], [way[1] for way in ways if way[2]]
    return ConstraintsUnmet(
        f"line {plan.index + 1} of {plan.phrase.size} syllables{told} found no words: take {' or '.join(en)}",
        zh=f"第 {plan.index + 1} 句 {plan.phrase.size} 个音节{told_zh}写不出来：{'，或'.join(zh)}",
    )


def _proposed(tools: Tools, wish: SongWish, state: _Written, plan: LinePlan) -> SungLine | None:
    """Return the best proposal of another for a line that keeps every wish, None without one."""
    asked = _line_wish(tools, wish, state, plan)
    found = [judge_line(tools, asked, text) for text in wish.proposals.get(plan.index, ())]
    kept = [one for one in found if one is not None]
    return replace(_sung(tools, plan, max(kept, key=lambda c: c.score)), by=BY_OTHER) if kept else None


def _drawn(
    tools: Tools,
    wish: SongWish,
    state: _Written,
    plan: LinePlan,
    *,
    draw: int,
    classes: frozenset[str] | None = None,
    rivals: tuple[tuple[Syllable, ...], ...] | None = None,
) -> list[Candidate]:
    """Return the lines found in one draw."""
    asked = _line_wish(tools, wish, state, plan)
    asked = asked if classes is None else replace(asked, classes=classes)
    asked = asked if rivals is None else replace(asked, rivals=rivals)
    return write_line(tools, asked, rng=np.random.default_rng([wish.seed, plan.index, draw]))


def _line_wish(tools: Tools, wish: SongWish, state: _Written, plan: LinePlan) -> LineWish:
    """Return what a line must be and should be, given what stands."""
    classes = _classes_for(tools, state, plan) if plan.rhyme else None
    above = [state.lines[i].text for i in sorted(state.lines) if i < plan.index]
    return LineWish(
        plan.phrase, wish.verse.kind, classes, frozenset(state.ends), tuple(state.group_ends.get(plan.rhyme, ())),
        plan.keywords, tuple(wish.fixed.get(plan.index, ())), tuple(above[-LINES_BEFORE:]), wish.theme,
        frozenset(state.said), wish.bonus,
    )  # fmt: skip


def _classes_for(tools: Tools, state: _Written, plan: LinePlan) -> frozenset[str]:
    """Return the classes that a rhymed line may end on: its group's, or any that has words enough to go on with."""
    if plan.rhyme in state.classes:
        return frozenset({state.classes[plan.rhyme]})
    known = tools.lexicon.rhyme_classes(tools.table)
    usable = known[tools.allowed & (known != "")]
    names, counts = np.unique(usable, return_counts=True)
    taken = set(state.classes.values())
    least = min(LEAST_RHYMES, int(counts.max(initial=0)))  # a small vocabulary goes as far as it can
    return frozenset(
        n for n, c in zip(names.tolist(), counts.tolist(), strict=True) if c >= least and n not in taken
    )


def _sung(tools: Tools, plan: LinePlan, one: Candidate) -> SungLine:
    return SungLine(
        one.words, one.text, one.syllables, plan.rhyme, one.rhyme_class, one.fit, one.nats, BY_MODEL,
        plan.keywords, one.copied,
    )  # fmt: skip


def _take(state: _Written, plan: LinePlan, line: SungLine) -> None:
    """Write a line down: its rhyme, its end word and what it says bind those to come."""
    state.lines[plan.index] = line
    if plan.copy_of >= 0:
        return
    if plan.rhyme:
        state.classes.setdefault(plan.rhyme, line.rhyme_class)
        if line.rhyme_class == state.classes[plan.rhyme]:  # what does not rhyme is no law for others
            state.group_ends.setdefault(plan.rhyme, []).append(line.syllables)
    if line.words:
        state.ends.add(line.words[-1].lower())
    lang = "zh" if line.syllables and line.syllables[0].tone else "en"
    state.said |= sayings(line.words, lang)
