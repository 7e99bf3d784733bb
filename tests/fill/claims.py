"""An independent reader of reasons: it parses each English sentence and checks its claim on plain lists of notes.

Conventions: bars as in the sentence, from 1; a sound is (onset, end, pitch, velocity); nothing of `zhiyin.fill` or
`zhiyin.analysis` is used, only the score's notes and bar lines.
Does not know: how a reason was found. An unknown sentence raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from tests.fill.sounds import Piece, Sound
from zhiyin.score import Score
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.pitch import parse_pitch, parse_pitch_class
from zhiyin.units import TICKS_PER_QUARTER

SIZES = {
    "a step": {1, 2}, "a third": {3, 4}, "a fourth": {5, 6}, "a fifth": {6, 7, 8}, "a sixth": {8, 9},
    "a seventh": {10, 11}, "an octave": {12}, "a semitone": {1}, "a whole tone": {2}, "a minor third": {3},
    "a major third": {4}, "a tritone": {6}, "a minor sixth": {8}, "a major sixth": {9}, "a minor seventh": {10},
    "a major seventh": {11},
}  # fmt: skip
BARS = r"[Bb]ars? (\d+)(?:-(\d+))?"
LOW = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def shape(line: list[Sound]) -> list[tuple[int, int]]:
    """Return (onset, length) of each note."""
    return [(a, b - a) for a, b, *_ in line]


def pitches(line: list[Sound]) -> list[int]:
    """Return the pitch of each note."""
    return [p for _, _, p, _ in line]


def is_near(new: list[Sound], old: list[Sound], *, factor: float = 1) -> bool:
    """Return whether two rows stand at the same places; a length may differ by a sixteenth, times by a factor."""
    return len(new) == len(old) and all(
        abs(a - c * factor) <= TICKS_PER_QUARTER / 16 * factor
        and abs(b - d * factor) <= TICKS_PER_QUARTER / 4 * factor
        for (a, b), (c, d) in zip(sorted(shape(new)), sorted(shape(old)), strict=True)
    )


def span(first: str, last: str | None) -> list[int]:
    """Return the bars of a parsed range."""
    return list(range(int(first), int(last or first) + 1))


def part(text: str) -> str:
    """Return a part's name without what may stand before it."""
    return text.removeprefix("the top line of ")


def is_moved(new: list[Sound], old: list[Sound], how: str) -> bool:
    """Return whether a line is another in rhythm, moved by a size in words."""
    if how == "with the same notes":
        return is_near(new, old) and pitches(new) == pitches(old)
    size, way = how.rsplit(" ", 1)
    sign = {"higher": 1, "lower": -1}[way]
    steps = (
        [sign * (a - b) for a, b in zip(pitches(new), pitches(old), strict=True)]
        if len(new) == len(old)
        else [-99]
    )
    return is_near(new, old) and len(new) >= 3 and set(steps) <= SIZES[size]


def repeated(p: Piece, m: re.Match[str]) -> bool:
    here, there, who = span(m[1], m[2]), span(m[3], m[4]), part(m[5])
    rows = [(p.top(who, bar), p.top(who, there[i % len(there)])) for i, bar in enumerate(here)]
    return all(is_near(a, b) and pitches(a) == pitches(b) and len(a) > 2 for a, b in rows)


def sequence(p: Piece, m: re.Match[str]) -> bool:
    here, there, how, who = span(m[1], m[2]), span(m[3], m[4]), m[5], part(m[6])
    lag = here[0] - there[0]
    return all(is_moved(p.top(who, bar), p.top(who, bar - lag), how) for bar in here)


def inverted(p: Piece, m: re.Match[str]) -> bool:
    for bar, model in zip(span(m[1], m[2]), span(m[3], m[4]), strict=True):
        new, old = p.top(part(m[5]), bar), p.top(part(m[5]), model)
        if not is_near(new, old):
            return False
        moves = [
            (b - a, d - c)
            for (a, b), (c, d) in zip(pairwise(pitches(new)), pairwise(pitches(old)), strict=True)
        ]
        if any(abs(x + y) > 1 or (x == 0) != (y == 0) for x, y in moves):
            return False
    return True


def augmented(p: Piece, m: re.Match[str]) -> bool:
    here, there = span(m[1], m[2]), span(m[3], m[4])
    new, old = p.top(part(m[5]), here[0], here[-1]), p.top(part(m[5]), there[0], there[-1])
    spreads = []
    for first, bar in zip(here[::2], there, strict=True):
        rows = p.top(part(m[5]), first, first + 1), p.top(part(m[5]), bar)
        steps = [a - b for a, b in zip(pitches(rows[0]), pitches(rows[1]), strict=False)]
        spreads.append(max(steps) - min(steps))
    return is_near(new, old, factor=2) and max(spreads) <= 2


def retrograde(p: Piece, m: re.Match[str]) -> bool:
    here, there = span(m[1], m[2]), span(m[3], m[4])
    new, old = p.top(part(m[5]), here[0], here[-1]), p.top(part(m[5]), there[0], there[-1])
    length = p.starts[here[-1]] - p.starts[here[0] - 1]
    starts = [length - b for _, b, *_ in reversed(old)]
    is_placed = all(abs(a[0] - at) <= TICKS_PER_QUARTER // 2 for a, at in zip(new, starts, strict=False))
    moves = {a - b for a, b in zip(pitches(new), reversed(pitches(old)), strict=False)}
    return len(new) == len(old) >= 4 and is_placed and len(moves) == 1 and moves.pop() % 12 == 0


def diminished(p: Piece, m: re.Match[str]) -> bool:
    here, there = span(m[1], m[2]), span(m[3], m[4])
    old = p.top(part(m[5]), there[0], there[-1])
    new = p.top(part(m[5]), here[0], here[-1])[: len(old)]
    steps = [a - b for a, b in zip(pitches(new), pitches(old), strict=False)]
    return len(new) >= 3 and is_near(old, new, factor=2) and max(steps) - min(steps) <= 2


def fragmented(p: Piece, m: re.Match[str]) -> bool:
    here, there, how = span(m[1], m[2]), span(m[3], m[4]), m[5]
    new, old = p.top(part(m[6]), here[0], here[-1]), p.top(part(m[6]), there[0], there[-1])
    half = (p.starts[here[-1]] - p.starts[here[0] - 1]) // 2
    head = [s for s in old if s[0] < half]
    first = [s for s in new if s[0] < half]
    second = [(s[0] - half, s[1] - half, *s[2:]) for s in new if s[0] >= half]
    moves = {a - b for a, b in zip(pitches(first), pitches(head), strict=False)}
    return is_near(first, head) and {x % 12 for x in moves} == {0} and is_moved(second, first, how)


def tonal(p: Piece, m: re.Match[str]) -> bool:
    new, old = (p.top(part(m[5]), int(m[i]), int(m[i + 1] or m[i])) for i in (1, 3))
    moves = {(a - b) % 12 for a, b in zip(pitches(new), pitches(old), strict=False)}
    return (
        is_near(new, old)
        and len(old) >= 4
        and 5 in moves
        and bool(moves & {6, 7, 8})
        and moves <= {5, 6, 7, 8}
    )


def reused(p: Piece, m: re.Match[str]) -> bool:
    rows = [
        (p.top(part(m[5]), a), p.top(part(m[5]), b))
        for a, b in zip(span(m[1], m[2]), span(m[3], m[4]), strict=True)
    ]
    return all(is_near(a, b) and pitches(a) != pitches(b) for a, b in rows)


def answered(p: Piece, m: re.Match[str]) -> bool:
    bar, replier, caller, model, how = int(m[1]), m[2], m[3], int(m[4]), m[5]
    new, old = p.top(replier, bar), p.top(caller, model)
    return (
        model == bar - 1
        and replier != caller
        and is_moved(new, old, how)
        and shape(p.top(caller, bar)) != shape(old)
    )


def returned(p: Piece, m: re.Match[str]) -> bool:
    here = span(m["first"] or m["f"], m["last"] or m["l"])
    there = span(m["model"], m["end"])
    names = re.split(", | and ", m["who"]) if m["who"] else list(p.sounds)
    rows = [(p.bar(name, a), p.bar(name, b)) for a, b in zip(here, there, strict=True) for name in names]
    return all(is_near(new, old) and sorted(places(new)) == sorted(places(old)) for new, old in rows)


def places(row: list[Sound]) -> list[tuple[int, int]]:
    """Return (onset, pitch) of each note."""
    return [(s[0], s[2]) for s in row]


def varied(p: Piece, m: re.Match[str]) -> bool:
    here, there = span(m[1], m[2]), span(m[3], m[4])
    told: dict[str, tuple[int, int]] = {}
    for name in p.sounds:
        kept = re.search(rf"(?:^|, | and ){re.escape(name)} (?:keeps (\d+) of|gives all) (\d+) notes", m[5])
        if kept:
            told[name] = (int(kept[1] or kept[2]), int(kept[2]))
    for name in p.sounds:
        new, old = p.bar(name, here[0], here[-1]), p.bar(name, there[0], there[-1])
        if name not in told:
            if not is_near(new, old) or sorted(places(new)) != sorted(places(old)):
                return False
            continue
        stood = set(places(old))
        if (sum((x[0], x[2]) in stood for x in new), len(new)) != told[name]:
            return False
    return bool(told)


def climax(p: Piece, m: re.Match[str]) -> bool:
    line, top = p.top(m[1], int(m[2]), int(m[3] or m[2])), parse_pitch(m[4])
    return (
        max(pitches(line)) == top and pitches(line).count(top) == 1 and top in pitches(p.top(m[1], int(m[5])))
    )


def arch(p: Piece, m: re.Match[str]) -> bool:
    line = pitches(p.top(m[1], int(m[2]), int(m[3] or m[2])))
    first, top, last = (parse_pitch(m[i]) for i in (4, 5, 7))
    return (line[0], max(line), line[-1]) == (first, top, last) and top in pitches(p.top(m[1], int(m[6])))


def pentatonic(p: Piece, m: re.Match[str]) -> bool:
    allowed = {parse_pitch_class(name) for name in m[2].split()}
    steps = sorted((pc - parse_pitch_class(m[2].split()[0])) % 12 for pc in allowed)
    used = {pitch % 12 for pitch in pitches(p.top(m[1], int(m[3]), int(m[4] or m[3])))}
    return steps == [0, 2, 4, 7, 9] and used <= allowed


def borrowed(p: Piece, m: re.Match[str]) -> bool:
    bar, chord, tonic = int(m[1]), Chord.parse(m[2]), Key.parse(m[4]).tonic
    degree = {"bVII": 10, "iv": 5, "bVI": 8, "bIII": 3, "iiø": 2}[m[3]]
    low, high = p.starts[bar - 1], p.starts[bar]
    minor, major = (
        {(tonic + s) % 12 for s in row} for row in ((0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 5, 7, 9, 11))
    )
    foreign = set(chord.pitch_classes) - major
    is_heard = any(tone in p.weights(low, p.starts[min(bar + 1, len(p.starts) - 1)]) for tone in foreign)
    is_of_minor = len(set(chord.pitch_classes) - minor) <= (chord.quality in ("6", "m6", "9", "m9"))
    is_at_home = p.share_in(Key.parse(m[4].replace("minor", "major")), bar) >= 0.6
    return (
        p.has_chord(m[2], low, high)
        and chord.root == (tonic + degree) % 12
        and is_of_minor
        and is_heard
        and is_at_home
    )


def applied(p: Piece, m: re.Match[str]) -> bool:
    bar, chord, target, key = int(m[1]), Chord.parse(m[2]), Chord.parse(m[3]), Key.parse(m[5])
    low, high = p.starts[bar - 1], p.starts[bar]
    is_foreign = any(tone not in key.pitch_classes for tone in chord.pitch_classes)
    comes = p.has_chord(m[3], low, p.starts[min(bar + 3, len(p.starts) - 1)])
    steps = (0, 2, 3, 5, 7, 8, 10) if key.is_minor else (0, 2, 4, 5, 7, 9, 11)
    degree = steps[("I", "II", "III", "IV", "V", "VI", "VII").index(m[4].upper())]
    is_placed = (target.root - key.tonic) % 12 == degree and p.share_in(key, bar) >= 0.75
    is_fifth = (chord.root - target.root) % 12 == 7
    return p.has_chord(m[2], low, high) and comes and is_fifth and is_foreign and is_placed


def modulated(p: Piece, m: re.Match[str]) -> bool:
    new, old = Key.parse(m[3]).pitch_classes, Key.parse(m[4]).pitch_classes
    heard = p.weights(p.starts[int(m[1]) - 1], p.starts[int(m[2] or m[1])])
    own, lost = (sum(heard.get(pc, 0) for pc in tones) for tones in (new - old, old - new))
    return sum(heard.get(pc, 0) for pc in new) >= 0.9 * sum(heard.values()) and own > lost


def cadence(p: Piece, m: re.Match[str]) -> bool:
    bar, name, symbols = int(m[1]), m[2], m[3].split(" - ")
    low = p.starts[max(bar - 5, 0)]
    if not all(p.has_chord(symbol, low, p.starts[bar]) for symbol in symbols):
        return False
    chords = [Chord.parse(symbol) for symbol in symbols]
    if name == "half":
        return len(chords) == 1 and chords[0].quality == ""
    step = (chords[1].root - chords[0].root) % 12
    if name == "perfect authentic":
        last = [s for s in p.pitched() if s[0] < p.starts[bar]]
        end = min(max(s[1] for s in last), p.starts[bar])
        final = [s[2] for s in last if s[1] >= end]
        beats = [beat for beat in p.beats if low <= beat < p.starts[bar]]
        lowest = {
            min((s[2] for s in last if s[1] > beat), default=-1) % 12
            for beat in beats
            if beat >= p.starts[bar - 1]
        }
        return step == 5 and max(final) % 12 == chords[1].root and chords[1].root in lowest
    return {"authentic": {5}, "plagal": {7}, "deceptive": {1, 2}}[name] >= {step}


def pedal(p: Piece, m: re.Match[str]) -> bool:
    low, high = p.starts[int(m[3]) - 1], p.starts[int(m[4] or m[3])]
    note = parse_pitch(m[2])
    own = {s[2] for s in p.sounds[m[1]] if s[0] < high and s[1] > low}
    below = [s for s in p.pitched() if s[0] < high and s[1] > low and s[2] < note]
    return (
        own == {note} and not below and all(p.has_chord(c, low, high) for c in re.split(r"-(?=[A-G])", m[5]))
    )


def walked(p: Piece, m: re.Match[str]) -> bool:
    sign, first, last = (1 if m[2] == "climbs" else -1), parse_pitch(m[3]), parse_pitch(m[4])
    line = pitches(p.bar(m[1], int(m[5]), int(m[6] or m[5])))
    line = [pitch for i, pitch in enumerate(line) if i == 0 or pitch != line[i - 1]]
    for start, pitch in enumerate(line):
        end = start
        while pitch == first and end + 1 < len(line) and 1 <= sign * (line[end + 1] - line[end]) <= 2:
            end += 1
            if line[end] == last and end - start >= 4:
                return True
    return False


def fifths(p: Piece, m: re.Match[str]) -> bool:
    roots = [parse_pitch_class(name) for name in m[3].split("-")]
    low, high = p.starts[int(m[1]) - 1], p.starts[int(m[2] or m[1])]
    wanted, found = list(roots), [s for s in p.pitched() if s[1] > low and s[0] < high]
    for tick in sorted({s[0] for s in found}):
        lowest = min((s[2] for s in found if s[0] <= tick < s[1]), default=-1)
        if wanted and lowest % 12 == wanted[0]:
            wanted.pop(0)
    return not wanted and all((a - b) % 12 == 7 for a, b in pairwise(roots))


def under(p: Piece, m: re.Match[str]) -> bool:
    low, high = (p.bar(name, int(m[3]), int(m[4] or m[3])) for name in (m[1], m[2]))
    met = [(a[2], b[2]) for a in low for b in high if a[0] < b[1] and b[0] < a[1]]
    return len(met) >= 4 and all(x < y for x, y in met)


def contrary(p: Piece, m: re.Match[str]) -> bool:
    tops = {s[0]: s[2] for s in p.bar(m[1], int(m[3]), int(m[4] or m[3]))}
    lows: dict[int, int] = {}
    for s in reversed(p.bar(m[2], int(m[3]), int(m[4] or m[3]))):
        lows[s[0]] = s[2]
    moves = [(tops[b] - tops[a], lows[b] - lows[a]) for a, b in pairwise(sorted(set(tops) & set(lows)))]
    both = [(x, y) for x, y in moves if x and y]
    return (sum((x > 0) != (y > 0) for x, y in both), len(both)) == (int(m[5]), int(m[6]))


def parallel(p: Piece, m: re.Match[str]) -> bool:
    sizes = {"thirds": {3, 4}, "sixths": {8, 9}}[m[2]]
    return _at(p, (m[1], m[4]), bars=(m[5], m[6]), sizes={s if m[3] == "above" else -s for s in sizes})


def doubled(p: Piece, m: re.Match[str]) -> bool:
    size = (12 if m[3] == "an octave" else 24) * (1 if m[4] == "above" else -1)
    return _at(p, (part(m[1]), part(m[2])), bars=(m[5], m[6]), sizes={size})


def _at(p: Piece, names: tuple[str, str], *, bars: tuple[str, str | None], sizes: set[int]) -> bool:
    for bar in span(*bars):
        one, other = p.top(names[0], bar), p.top(names[1], bar)
        if [s[0] for s in one] != [s[0] for s in other] or not one:
            return False
        if not {a - b for a, b in zip(pitches(one), pitches(other), strict=True)} <= sizes:
            return False
    return True


def ornamented(p: Piece, m: re.Match[str]) -> bool:
    """Check that so many notes have the shape of their ornament and, under marked chords, lie outside them."""
    first, last = max(int(m[4]) - 1, 1), min(int(m[5] or m[4]) + 1, len(p.starts) - 1)
    line, low = p.top(m[1], first, last), p.starts[first - 1]
    count = {"passing": 0, "neighbour": 0, "suspension": 0}
    for (_, e0, x, _), (o, e1, y, _), (o2, _, z, _) in zip(line, line[1:], line[2:], strict=False):
        a, b = y - x, z - y
        is_outside, is_outside_later = (p.is_outside(y, low + tick) for tick in (o, e1 - 1))
        count["passing"] += is_outside and 1 <= abs(a) <= 2 and 1 <= abs(b) <= 2 and a * b > 0
        count["neighbour"] += is_outside and x == z and 1 <= abs(a) <= 2
        is_prepared = (a == 0 and e0 == o) or not p.is_outside(y, low + o) or not p.score.chords
        count["suspension"] += is_outside_later and is_prepared and -2 <= b <= -1 and o2 == e1
    told = re.findall(r"(\d+) (passing|neighbour|suspension)", m[3])
    return bool(told) and all(int(number) <= count[kind] for number, kind in told)


def textured(p: Piece, m: re.Match[str]) -> bool:
    for bar in span(m[3], m[4]):
        rows: dict[int, list[Sound]] = {}
        for sound in p.bar(m[1], bar):
            rows.setdefault(sound[0], []).append(sound)
        line = [row[0][2] for _, row in sorted(rows.items())]
        if m[2] == "plays block chords" and not (rows and all(len(row) >= 3 for row in rows.values())):
            return False
        if m[2] == "plays Alberti figures" and not (
            line and all(line[i] < line[i + 2] < line[i + 1] == line[i + 3] for i in range(0, len(line), 4))
        ):  # fmt: skip
            return False
        if m[2].startswith("breaks") and not (len(line) >= 6 and 3 <= len({x % 12 for x in line}) <= 4):
            return False
    return True


def groove(p: Piece, m: re.Match[str]) -> bool:
    rows = [{(s[0], s[2]) for s in p.bar(m[1], bar)} for bar in span(m[2], m[3])]
    return len(rows) >= 3 and all(row == rows[0] and row for row in rows)


def drum_fill(p: Piece, m: re.Match[str]) -> bool:
    bar, struck = int(m[1]), {37, 38, 39, 40, 41, 43, 45, 47, 48, 50}
    rows = [{(s[0], s[2]) for s in p.bar(m[2], b)} for b in (bar, bar - 1, bar - 2)]
    more = sum(key in struck for _, key in rows[0]) > sum(key in struck for _, key in rows[1])
    return rows[1] == rows[2] != rows[0] and int(m[3]) == bar + 1 and more


def against(p: Piece, m: re.Match[str], old: Piece) -> bool:
    """Check a comparison with the score before."""
    name, first, last = m["who"], int(m["first"]), int(m["last"] or m["first"])
    new, was = p.bar(name, first, last), old.bar(name, first, last)
    numbers, text = [int(x) for x in re.findall(r"\d+", m["rest"])], m["rest"]
    if "new rhythm" in text:
        return pitches(new) == pitches(was) and [s[0] for s in new] != [s[0] for s in was]
    if "pitches are new" in text:
        stood = set(places(was))
        fresh = sum((s[0], s[2]) not in stood for s in new)
        return is_near(new, was) and numbers == [fresh, len(new)]
    if "velocity" in text:
        means = [sum(s[3] for s in row) / len(row) for row in (new, was)]
        return numbers == [round(x) for x in means] and (means[0] > means[1]) == ("louder" in m["how"])
    if "semitones" in m["how"]:
        rise = sum(pitches(new)) / len(new) - sum(pitches(was)) / len(was)
        size = int(re.findall(r"(\d+) semitones", m["how"])[0])
        return abs(abs(rise) - size) <= 0.5 and (rise > 0) == ("higher" in m["how"])
    if "syncopated" in m["how"]:
        counts = [value for row, q in ((new, p), (was, old)) for value in syncopated(row, q, first)]
        return numbers == counts and (counts[0] > counts[2]) == ("more" in m["how"])
    counts = [len({s[0] for s in row}) for row in (new, was)]
    return numbers == counts and (counts[0] > counts[1]) == ("busier" in m["how"])


def syncopated(row: list[Sound], p: Piece, first: int) -> tuple[int, int]:
    """Return (attacks off the beat that last past the next one, attacks)."""
    best = {s[0]: s for s in sorted(row, key=lambda s: s[2])}
    start, stops = p.starts[first - 1], [*p.beats, p.starts[-1]]
    late = 0
    for onset, end, *_ in best.values():
        later = min(tick for tick in stops if tick > onset + start)
        late += onset + start not in stops and end + start > later
    return late, len(best)


def reharmonised(p: Piece, m: re.Match[str], old: Piece) -> bool:
    """Check that every bar's melody is kept and that both scores say the chords they are said to have."""
    first, last, was, now = int(m[1]), int(m[2] or m[1]), m[4].split(" | "), m[5].split(" | ")
    for bar, before, after in zip(range(first, last + 1), was, now, strict=True):
        low, high = p.starts[bar - 1], p.starts[bar]
        is_said = all(
            one.has_chord(name, max(low - 4 * (high - low), 0), high)
            for one, names in ((old, before), (p, after)) for name in names.split()
        )  # fmt: skip
        if p.bar(m[3], bar) != old.bar(m[3], bar) or not is_said:
            return False
    heard = [one.weights(p.starts[first - 1], p.starts[last]) for one in (p, old)]
    return was != now and heard[0] != heard[1]


WHO, NOTE = r"(.+?)", r"([A-G][#b]*-?\d)"
CHECKS: dict[str, tuple[str, Callable[[Piece, re.Match[str]], bool]]] = {
    "motif-repeated": (rf"{BARS} repeats? the (?:motif|phrase) of {BARS} \((.+)\)\.", repeated),
    "motif-sequence": (
        rf"{BARS} (?:answers?|carry) the (?:motif|phrase) of {BARS} (?:on in sequence, each time )?(.+?) \((.+)\)\.",
        sequence,
    ),
    "motif-inverted": (rf"{BARS} turns? the (?:motif|phrase) of {BARS} upside down \(inversion, (.+)\)\.", inverted),
    "motif-augmented": (
        rf"{BARS} stretch the motif of {BARS} to twice its length \(augmentation, (.+)\)\.",
        augmented,
    ),
    "motif-retrograde": (rf"{BARS} reads? the motif of {BARS} backwards \(retrograde, (.+)\)\.", retrograde),
    "motif-diminished": (
        rf"{BARS} runs? through the motif of {BARS} in half the time \(diminution, (.+)\)\.", diminished,
    ),
    "motif-fragment": (
        rf"{BARS} takes? the head of the motif of {BARS} alone and then (.+?) \(fragment, (.+)\)\.", fragmented,
    ),
    "motif-tonal-answer": (
        rf"{BARS} answers? the motif of {BARS} at the fifth, the dominant by the tonic \(tonal answer, (.+)\)\.",
        tonal,
    ),
    "rhythm-reused": (rf"{BARS} keeps? the rhythm of {BARS} with new pitches \((.+)\)\.", reused),
    "answer": (rf"In bar (\d+) {WHO} answers {WHO}'s motif of bar (\d+) (.+) \(call and response\)\.", answered),
    "return": (
        r"(?:Bars (?P<first>\d+)-(?P<last>\d+)|In bars (?P<f>\d+)-(?P<l>\d+) (?P<who>.+?)) brings? "
        r"bars (?P<model>\d+)-(?P<end>\d+) back note for note(?: \(section .+\))?\.", returned,
    ),
    "varied-return": (rf"{BARS} bring {BARS} back, varied: (.+)\.", varied),
    "climax": (rf"{WHO} saves its highest note of {BARS}, {NOTE}, for bar (\d+) and touches it once\.", climax),
    "arch": (rf"{WHO} draws an arch over {BARS}: from {NOTE} up to {NOTE} in bar (\d+) and down to {NOTE}\.", arch),
    "pentatonic": (rf"{WHO} keeps to the pentatonic scale ([A-G#b ]+) in {BARS}\.", pentatonic),
    "borrowed-chord": (r"Bar (\d+): (\S+) is (\S+), borrowed from the parallel minor \((.+)\)\.", borrowed),
    "secondary-dominant": (r"Bar (\d+): (\S+) is the dominant of (\S+) \(V/(\S+) in (.+)\) and goes there\.", applied),
    "modulation": (rf"{BARS} are in (.+), after (.+) \(modulation\)\.", modulated),
    "cadence": (
        r"Bar (\d+) closes with an? (perfect authentic|authentic|plagal|deceptive|half) cadence \((.+)\)\.",
        cadence,
    ),
    "pedal": (rf"{WHO} holds a pedal point on {NOTE} in {BARS} under (.+)\.", pedal),
    "bass-steps": (rf"{WHO} (climbs|walks down) by step from {NOTE} to {NOTE} in {BARS}\.", walked),
    "bass-fifths": (rf"The bass falls by fifths in {BARS}: (.+)\.", fifths),
    "under-melody": (rf"{WHO} stays under {WHO} throughout {BARS}\.", under),
    "contrary-motion": (rf"{WHO} and {WHO} move in contrary motion in {BARS} \((\d+) of (\d+) moves\)\.", contrary),
    "parallels": (rf"{WHO} runs in (thirds|sixths) (below|above) {WHO} in {BARS}\.", parallel),
    "doubling": (rf"{WHO} doubles {WHO} (an octave|two octaves) (below|above) in {BARS}\.", doubled),
    "ornament": (rf"{WHO} (has|adds) (.+) in {BARS}\.", ornamented),
    "texture": (
        rf"{WHO} (plays block chords|plays Alberti figures|breaks the chords into arpeggios) in {BARS}\.",
        textured,
    ),
    "groove": (rf"{WHO} keeps? one groove in {BARS}\.", groove),
    "drum-fill": (r"Bar (\d+): (.+) leaves? the groove for a fill into the section at bar (\d+)\.", drum_fill),
}  # fmt: skip
AGAINST = re.compile(
    r"(?P<who>.+?) (?P<how>keeps its (?:rhythm|pitches)|(?:is|lies) [^.]*?) in "
    r"[Bb]ars? (?P<first>\d+)(?:-(?P<last>\d+))?(?P<rest>.*)"
)


def is_true(sentence: str, kind: str, *, before: Score | None, after: Score) -> bool:
    """Return whether a sentence of a kind is borne out by the notes. Raises AssertionError when it cannot be read."""
    piece = Piece(after)
    if kind in CHECKS:
        pattern, check = CHECKS[kind]
        match = re.fullmatch(pattern, sentence)
        assert match, f"cannot read {kind}: {sentence}"
        return check(piece, match)
    if kind == "reharmonised":
        match = re.fullmatch(rf"{BARS} puts? new chords under the same (.+): (.+) -> (.+)\.", sentence)
        assert match and before is not None, f"cannot read {kind}: {sentence}"
        return reharmonised(piece, match, Piece(before))
    match = AGAINST.fullmatch(sentence)
    assert match and before is not None, f"cannot read {kind}: {sentence}"
    return against(piece, match, Piece(before))
