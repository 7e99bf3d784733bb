"""Chord progressions: phrases from stock or drawn from learned tables, with cadences where phrases end.

Conventions: chords are (semitones above the tonic, quality); ticks from the section's start; phrases of four bars.
No chord is held for more than MOST_BARS_HELD bars. This module does not read corpora and does not know players.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.form import phrases_of
from zhiyin.fill.norms import Norms
from zhiyin.fill.plan import PlannedSection
from zhiyin.fill.progressions_bass import walk_bass, with_six_four
from zhiyin.fill.progressions_grammar import Phrase, stock_phrases, stock_share
from zhiyin.fill.progressions_harmony import PARENT_MODES, Harmony
from zhiyin.fill.progressions_mood import brightly_closed, choose_phrase, coloured, welcome
from zhiyin.fill.progressions_tables import TableChord, next_chords
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import Ticks

ChordMarks = tuple[tuple[Ticks, Chord], ...]
Marks = list[tuple[Ticks, TableChord]]

MOST_BARS_HELD = 2
# Twelve bars with the quick change; the last bar turns round to the next chorus. Eight bars likewise.
_BLUES = {12: (0, 5, 0, 0, 5, 5, 0, 0, 7, 5, 0, 7), 8: (0, 7, 5, 5, 0, 7, 0, 7)}
# The tables alone rock between I and V: flatten them a little, and tire of a chord heard within the last six.
_BOLDNESS, _STALE = 0.65, 0.4
_SIX_FOUR = {"art": 0.45, "dance": 0.3, "hymn": 0.35}


def cadences(
    sections: Sequence[PlannedSection], harmony: Harmony, *, ending: str = "authentic"
) -> tuple[str, ...]:
    """Return how each section ends: `authentic` (home), `half` (on the dominant) or `open` (where the loop stands)."""
    return (*(_cadence(sections, index, harmony) for index in range(len(sections) - 1)), ending)


def _cadence(sections: Sequence[PlannedSection], index: int, harmony: Harmony) -> str:
    section, norms = sections[index], harmony.norms
    if harmony.is_looping:
        return "open"
    following = sections[index + 1]
    if section.name in ("intro", "pre-chorus", "bridge", "interlude", "verse"):
        return "half"
    if section.name == "chorus":
        return "authentic"
    if norms.form == "strophic":
        return "authentic" if section.name == "B" else "half"
    if section.name != "A" and following.name == "A":
        return "half"  # a middle leads back to the return
    is_antecedent = section.bars <= 4 and following.name == section.name
    return "half" if is_antecedent else "authentic"


def write_chords(
    harmony: Harmony,
    sections: Sequence[PlannedSection],
    rng: np.random.Generator,
    *,
    ending: str = "authentic",
) -> ChordMarks:
    """Return chord marks for all sections: repeats copy, phrases answer, sections end with their cadence.

    ending: how the piece ends: "authentic", or "half" so that its end leads back to its beginning.
    """
    written: list[Marks] = []
    voiced: dict[tuple[tuple[Ticks, TableChord], ...], list[tuple[Ticks, Chord]]] = {}
    chords: list[tuple[Ticks, Chord]] = []
    held: tuple[TableChord, float] | None = None
    whole = harmony
    for index, (section, cadence) in enumerate(
        zip(sections, cadences(sections, whole, ending=ending), strict=True)
    ):
        harmony = whole.at(index, section)
        model = sections[section.like] if section.like >= 0 else None
        if model is not None and model.bars == section.bars and not _is_twelve_bar(harmony, section):
            marks = _with_cadence(written[section.like], cadence, harmony)
        else:
            marks = _section_chords(harmony, sections, index, cadence, written, rng)
            marks = coloured(marks, harmony, rng, is_first=index == 0, is_last=index == len(sections) - 1)
        if index == 0:
            marks = _opened(marks, harmony)
        if index == len(sections) - 1 and ending == "authentic":
            marks = brightly_closed(_closed(marks, harmony), harmony, rng)
        marks = _moved_on(marks, section, harmony, held)
        written.append(marks)
        shifted = index + 1 < len(sections) and sections[index + 1].key_shift != section.key_shift
        held = None if shifted else _held_at_end(marks, section, harmony, held)
        if tuple(marks) not in voiced:  # the same marks are voiced alike
            voiced[tuple(marks)] = _voiced(marks, section, harmony, rng)
        start = section.first_bar * harmony.metre.bar_ticks
        for tick, chord in voiced[tuple(marks)]:
            sounding = harmony.sounding(chord, shift=section.key_shift)
            if not chords or chords[-1][1] != sounding:
                chords.append((start + tick, sounding))
    return tuple(chords)


def _voiced(
    marks: Marks, section: PlannedSection, harmony: Harmony, rng: np.random.Generator
) -> list[tuple[Ticks, Chord]]:
    """Return the marks with inversions: phrases start and end in root position."""
    edges = {bar * harmony.metre.bar_ticks for bar, _ in phrases_of(replace(section, first_bar=0))}
    starts = {index for index, (tick, _) in enumerate(marks) if tick in edges}
    ends = {index - 1 for index in starts if index} | {len(marks) - 1, max(0, len(marks) - 2)}
    bass = walk_bass(marks, walk=harmony.walk, fixed=frozenset({0} | ends), rng=rng)
    voiced = [(tick, chord) for (tick, _), chord in zip(marks, bass, strict=True)]
    if harmony.norms.family == "pop" and harmony.walk == 0 and rng.random() < 0.5:
        voiced = _with_stepping_dominant(voiced)
    if not harmony.is_modal and rng.random() < _SIX_FOUR.get(harmony.norms.family, 0.0):
        voiced = with_six_four(voiced, tonic_quality=harmony.tonic[1], metre=harmony.metre)
    return voiced


def _with_stepping_dominant(marks: list[tuple[Ticks, Chord]]) -> list[tuple[Ticks, Chord]]:
    """Return the marks with I V vi as I V6 vi, whose bass falls by step."""
    found = list(marks)
    for index in range(1, len(marks) - 1):
        before, chord, after = (marks[index + step][1] for step in (-1, 0, 1))
        if (before.root, chord.root, after.root, chord.quality) == (0, 7, 9, ""):
            found[index] = (marks[index][0], Chord(7, "", 11))
    return found


def _held_at_end(
    marks: Marks, section: PlannedSection, harmony: Harmony, before: tuple[TableChord, float] | None
) -> tuple[TableChord, float]:
    """Return the last chord and the bars it has been held, counted back across the section's start."""
    tick, chord = marks[-1]
    bars = (section.bars * harmony.metre.bar_ticks - tick) / harmony.metre.bar_ticks
    is_whole = len(marks) == 1 and before is not None and _same(harmony, before[0], chord)
    return chord, bars + (before[1] if is_whole and before is not None else 0.0)


def _moved_on(
    marks: Marks, section: PlannedSection, harmony: Harmony, held: tuple[TableChord, float] | None
) -> Marks:
    """Return the marks with another chord put in wherever one would be held for too many bars."""
    size, end = harmony.metre.bar_ticks, section.bars * harmony.metre.bar_ticks
    merged = [
        mark
        for index, mark in enumerate(marks)
        if index == 0 or not _same(harmony, mark[1], marks[index - 1][1])
    ]
    moved: Marks = []
    for index, (tick, chord) in enumerate(merged):
        until = merged[index + 1][0] if index + 1 < len(merged) else end
        goes_on = index == 0 and held is not None and _same(harmony, held[0], chord)
        carried = held[1] if goes_on and held is not None else 0.0
        moved.append((tick, chord))
        room = tick + int((MOST_BARS_HELD - carried) * size)
        other = chord
        while room < until:
            following = merged[index + 1][1] if index + 1 < len(merged) else chord
            other = chord if other != chord else _another(harmony, chord, following)
            if room == tick:  # nothing of the chord itself fits here
                moved.pop()
            moved.append((room, other))
            room += size if other != chord else MOST_BARS_HELD * size
    return _ended(moved, merged[-1], size, end)


def _same(harmony: Harmony, one: TableChord, other: TableChord) -> bool:
    """Return whether two chords sound alike: in modes of five notes several do."""
    return one == other or harmony.sounding(Chord(*one)) == harmony.sounding(Chord(*other))


def _another(harmony: Harmony, chord: TableChord, following: TableChord) -> TableChord:
    """Return a chord to put between that sounds unlike the one before."""
    choices = (harmony.predominant(chord, following), harmony.open_end, harmony.leading, harmony.tonic)
    return next((one for one in choices if not _same(harmony, one, chord)), choices[0])


def _ended(marks: Marks, last: tuple[Ticks, TableChord], size: Ticks, end: Ticks) -> Marks:
    """Return the marks so that the section still ends on its own last chord."""
    if marks[-1][1] == last[1]:
        return marks
    tick = max(end - size, marks[-1][0])
    kept = [mark for mark in marks if mark[0] < tick]
    return [*kept, (tick, last[1])] if kept else [(end - size // 2, last[1])] if size < end else [last]


def _opened(marks: Marks, harmony: Harmony) -> Marks:
    """Return the marks with home as home at the start, not as a dominant of the chord that follows."""
    tick, (degree, quality) = marks[0]
    is_dominant = degree == 0 and quality.startswith("7") and not harmony.tonic[1].startswith("7")
    return [(tick, harmony.tonic), *marks[1:]] if is_dominant else marks


def _closed(marks: Marks, harmony: Harmony) -> Marks:
    """Return the marks with the last two chords leading home, unless they do already."""
    if len(marks) >= 2 and marks[-1][1][0] == 0 and marks[-2][1][0] == harmony.leading[0]:
        return marks
    last = (marks[-1][0], harmony.tonic)
    if harmony.norms.form == "blues" and marks[-1][1] == harmony.tonic:
        return marks
    if len(marks) < 2:
        return [last]
    if harmony.is_looping and marks[-2][1][0] != 0:
        return [*marks[:-1], last]
    return [*marks[:-2], (marks[-2][0], harmony.leading), last]


def _with_cadence(marks: Marks, cadence: str, harmony: Harmony) -> Marks:
    """Return copied marks that end as this section must."""
    ends = {"authentic": 0, "half": harmony.open_end[0]}
    if cadence == "open" or harmony.is_looping or marks[-1][1][0] == ends[cadence]:
        return marks
    return _with_ending(marks, cadence, harmony)


def _is_contrast(sections: Sequence[PlannedSection], index: int, norms: Norms) -> bool:
    """Return whether a section should start away from home: a new middle, not the answer within a strophe."""
    section = sections[index]
    if index == 0 or section.like >= 0:
        return False
    return section.name in ("bridge", "C", "D") or (section.name == "B" and norms.form != "strophic")


def _section_chords(
    harmony: Harmony,
    sections: Sequence[PlannedSection],
    index: int,
    cadence: str,
    heard: Sequence[Marks],
    rng: np.random.Generator,
) -> Marks:
    section = replace(sections[index], first_bar=0)
    if _is_twelve_bar(harmony, section):
        return _blues_chords(harmony, section, is_last=index == len(sections) - 1 and cadence == "authentic")
    phrases = phrases_of(section)
    is_contrast = _is_contrast(sections, index, harmony.norms)
    loop = _loop(harmony, is_contrast, heard, rng)
    marks: Marks = []
    first: Marks = []
    echo = 0.6 if harmony.norms.family == "pop" else 0.4
    for number, (bar, bars) in enumerate(phrases):
        kind = "open" if harmony.is_looping else _kind(number, len(phrases), cadence, harmony.norms)
        if loop is not None and bars == len(loop) and kind == "open":
            phrase = _placed(loop, harmony.metre)
        elif first and bars == phrases[0][1] and rng.random() < echo:
            phrase = _with_ending(first, kind, harmony)
        else:
            phrase = _phrase(harmony, bars, kind, marks, is_contrast and number == 0, rng)
        first = first or phrase
        marks += [(bar * harmony.metre.bar_ticks + tick, chord) for tick, chord in phrase]
    return marks


def _kind(number: int, phrases: int, cadence: str, norms: Norms) -> str:
    """Return how a phrase ends: the last as its section, earlier ones in turn half and open."""
    if number == phrases - 1:
        return cadence
    return "half" if norms.half_cadence and number % 2 == 0 else "open"


def _loop(
    harmony: Harmony, is_contrast: bool, heard: Sequence[Marks], rng: np.random.Generator
) -> Phrase | None:
    """Return a loop of four bars that the section turns on, not heard before; None where style or dice say none."""
    if not (harmony.is_looping or rng.random() < stock_share(harmony.groups[0])):
        return None
    pool = [loop for group in harmony.groups for loop in _fitting(harmony, group, "loop")]
    pool = [
        loop for loop in pool if all(_placed(loop, harmony.metre) != m[: sum(map(len, loop))] for m in heard)
    ] or pool
    away = [loop for loop in pool if loop[0][0][0] != 0]
    chosen = (away or pool) if is_contrast else pool
    return choose_phrase(chosen, harmony, rng) if chosen else None


def _fitting(harmony: Harmony, group: str, place: str) -> list[Phrase]:
    """Return the stock phrases of a place that a mode can carry."""
    phrases = stock_phrases(group, harmony.stock_mode, place)
    if not harmony.is_modal or harmony.stock_mode in ("zhi", "shang"):
        return list(phrases)
    home = Key(harmony.key.tonic_fifths, PARENT_MODES.get(harmony.key.mode, harmony.key.mode))
    inside = {(pc - home.tonic) % 12 for pc in home.pitch_classes}
    if home.mode == "minor":
        inside -= {9, 11}
    return [p for p in phrases if all(_tones(c) <= inside for bar in p for c in bar)]


def _tones(chord: TableChord) -> set[int]:
    return {(chord[0] + step) % 12 for step in QUALITIES[chord[1]]}


def _placed(phrase: Phrase, metre: Metre) -> Marks:
    """Return a stock phrase at its ticks: two chords in a bar part it at its middle, or before its last beat."""
    middle = metre.beat_ticks * (2 if metre.beats == 3 else metre.beats // 2) or metre.bar_ticks // 2
    return [
        (bar * metre.bar_ticks + place * middle, chord)
        for bar, chords in enumerate(phrase)
        for place, chord in enumerate(chords)
    ]


def _is_twelve_bar(harmony: Harmony, section: PlannedSection) -> bool:
    return harmony.norms.form == "blues" and (section.bars == 8 or section.bars % 12 == 0)


def _blues_chords(harmony: Harmony, section: PlannedSection, *, is_last: bool) -> Marks:
    pattern = _BLUES[8 if section.bars == 8 else 12]
    degrees = list(pattern * (section.bars // len(pattern)))
    if is_last:
        degrees[-1] = 0
    home = harmony.tonic[1]
    quality = {0: home, 5: home, 7: "7"}
    marks = [(bar * harmony.metre.bar_ticks, (degree, quality[degree])) for bar, degree in enumerate(degrees)]
    return [mark for index, mark in enumerate(marks) if index == 0 or mark[1] != marks[index - 1][1]]


def _endings(kind: str, harmony: Harmony) -> list[TableChord]:
    if harmony.is_jazz and kind != "open":
        two = (2, "m7b5" if harmony.table_mode == "minor" else "m7")
        return [two, harmony.leading, *([harmony.tonic] if kind == "authentic" else [])]
    if kind == "authentic":
        return [harmony.leading, harmony.tonic]
    return [harmony.open_end] if kind == "half" else []


def _with_ending(phrase: Marks, kind: str, harmony: Harmony) -> Marks:
    if kind != "open":  # the last bar holds one chord
        bar = phrase[-1][0] // harmony.metre.bar_ticks * harmony.metre.bar_ticks
        phrase = [mark for mark in phrase if mark[0] <= bar] or phrase[:1]
    ending = _endings(kind, harmony)[-len(phrase) :]
    keep = phrase[: len(phrase) - len(ending)]
    places = phrase[len(phrase) - len(ending) :]
    if len(keep) > 1 and ending and keep[-1][1][0] == ending[0][0]:
        keep = [*keep[:-1], (keep[-1][0], harmony.predominant(keep[-2][1], ending[0]))]
    return keep + [(tick, chord) for (tick, _), chord in zip(places, ending, strict=True)]


def _phrase(
    harmony: Harmony, bars: int, kind: str, before: Marks, is_contrast: bool, rng: np.random.Generator
) -> Marks:
    """Return one phrase: from stock as often as the style does so, else drawn from the tables."""
    if bars == 4 and rng.random() < stock_share(harmony.groups[0]):
        stock = _stock(harmony, kind, before, is_contrast, rng)
        if stock is not None:
            return _placed(stock, harmony.metre)
    return _drawn_phrase(harmony, bars, kind, before, is_contrast, rng)


_PLACES = {"authentic": ("close",), "half": ("half",), "open": ("open", "loop")}


def _stock(
    harmony: Harmony, kind: str, before: Marks, is_contrast: bool, rng: np.random.Generator
) -> Phrase | None:
    """Return a stock phrase for a place that does not begin with the chord just heard, None if there is none."""
    places = _PLACES[kind]
    if is_contrast:
        places = {"half": ("bridge-half",), "open": ("bridge", "bridge-half")}.get(kind, places)
    for group in harmony.groups:
        pool = [p for place in places for p in _fitting(harmony, group, place)]
        if is_contrast and not pool:
            pool = [p for place in _PLACES[kind] for p in _fitting(harmony, group, place)]
        if is_contrast:
            pool = [p for p in pool if p[0][0][0] != 0]
        elif not before:
            pool = [p for p in pool if p[0][0][0] == 0] or pool
        fresh = [p for p in pool if not before or p[0][0][0] != before[-1][1][0]]
        if fresh:
            return choose_phrase(fresh, harmony, rng)
    return None


def _drawn_phrase(
    harmony: Harmony, bars: int, kind: str, before: Marks, is_contrast: bool, rng: np.random.Generator
) -> Marks:
    """Return one phrase: chords drawn left to right, each looking one ahead at the fixed ending."""
    slots = _slots(harmony, bars, kind, rng)
    ending = _endings(kind, harmony)[-len(slots) :]
    free = len(slots) - len(ending)
    past = [chord for _, chord in before]
    chosen: list[TableChord] = []
    for index in range(free):
        if index == 0 and is_contrast:
            starts = [c for c in harmony.starts if not ending or free > 1 or c[0] != ending[0][0]]
            chosen.append(starts[int(rng.integers(len(starts)))] if starts else harmony.tonic)
            continue
        if index == 0 and (not past or (past[-1][0] != 0 and rng.random() < 0.5)):
            chosen.append(harmony.tonic)
            continue
        position = slots[index] // harmony.metre.bar_ticks
        ahead = ending[0] if ending and index == free - 1 else None
        chosen.append(_draw(harmony, [*past, *chosen], position, ahead, rng))
    return list(zip(slots, map(harmony.dressed, [*chosen, *ending]), strict=True))


def _draw(
    harmony: Harmony,
    past: list[TableChord],
    position: int,
    ahead: TableChord | None,
    rng: np.random.Generator,
) -> TableChord:
    family, mode = harmony.norms.family, harmony.table_mode
    chances = {
        chord: chance**_BOLDNESS
        * harmony.weight(chord)
        * welcome(harmony, chord)
        * _STALE ** past[-6:].count(chord)
        for chord, chance in next_chords(past, family=family, mode=mode, position=position).items()
        if not (past and chord[0] == past[-1][0]) and (ahead is None or chord[0] != ahead[0])
    }
    if ahead is not None:
        for chord in chances:
            onward = next_chords([*past, chord], family=family, mode=mode, position=position + 1)
            chances[chord] *= onward.get(ahead, 0.0) + 1e-4
    chances = {chord: chance for chord, chance in chances.items() if chance > 1e-7}
    if not chances:
        return harmony.tonic if not past or past[-1][0] != 0 else (5, harmony.tonic[1])
    names = sorted(chances)
    weights = np.array([chances[name] for name in names])
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


def _slots(harmony: Harmony, bars: int, kind: str, rng: np.random.Generator) -> list[Ticks]:
    """Return where chords change in a phrase; the last bar holds one chord, the leading chord stands before it."""
    bar_ticks, changes = harmony.metre.bar_ticks, harmony.norms.changes
    slots: list[Ticks] = []
    for bar in range(bars):
        is_last = bar == bars - 1
        if not is_last and bar and kind != "authentic" and rng.random() < _hold(changes, bar):
            continue
        slots.append(bar * bar_ticks)
        if not is_last:
            slots += [bar * bar_ticks + offset for offset in _splits(harmony.metre, changes, rng)]
    if kind == "authentic" and len(slots) == 1 and harmony.metre.beats > 1:
        slots.append(bar_ticks // harmony.metre.beats * (harmony.metre.beats // 2) or bar_ticks // 2)
    return slots


def _hold(changes: float, bar: int) -> float:
    """Return the chance that a bar keeps the chord of the bar before it."""
    if changes >= 1:
        return 0.12
    return 1 - changes if bar % 2 == 0 else min(1.0, 1.6 * (1 - changes))


def _splits(metre: Metre, changes: float, rng: np.random.Generator) -> list[Ticks]:
    """Return the extra chord places within a bar, on beats."""
    beats = [metre.beat_ticks * index for index in range(1, metre.beats)]
    extra = max(0.0, changes - 1)
    count = int(extra) + int(rng.random() < extra - int(extra))
    if not beats or count == 0:
        return []
    if count == 1:
        return [metre.beat_ticks * (metre.beats // 2 if metre.beats != 3 else 2)]
    chosen = rng.choice(len(beats), size=min(count, len(beats)), replace=False)
    return [beats[index] for index in sorted(chosen.tolist())]


def given_chords(symbols: Sequence[str], *, bars: int, metre: Metre) -> ChordMarks:
    """Return the chords a person gave, one a bar, cycled to the end; raises InvalidInput for a bad symbol.

    >>> [chord.name() for _, chord in given_chords(["C", "G"], bars=3, metre=Metre(4, 4))]
    ['C', 'G', 'C']
    """
    chords = [Chord.parse(symbol) for symbol in symbols]
    if not chords:
        raise InvalidInput("chords must name at least one chord, got none: write e.g. 'C G Am F'")
    marks = [(bar * metre.bar_ticks, chords[bar % len(chords)]) for bar in range(bars)]
    return tuple(mark for index, mark in enumerate(marks) if index == 0 or mark[1] != marks[index - 1][1])
