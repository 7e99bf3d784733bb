"""Reasons against the score before: rhythm kept, new chords, more or less density, height, loudness, syncopation.

Conventions: a part is compared with the part at the same place and of the same name; only written bars that both hold.
This module says nothing when there was no score before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zhiyin.analysis.columns import beats_of
from zhiyin.fill.reasons.base import Reason
from zhiyin.fill.reasons.rhythm import NEAR, SIXTEENTH
from zhiyin.fill.reasons.view import Heard, Span, View, bears_out, runs, top_of
from zhiyin.fill.reasons.words import Words, bars_words, upper, verb
from zhiyin.io.spelling import chord_name
from zhiyin.score import CHORD_ROW, Cell, Note, Score

DENSER, THINNER = 1.25, 0.8
MIN_HEIGHT, MIN_LOUDNESS = 2.0, 5.0  # semitones, MIDI velocity
MIN_SYNCOPATED, MIN_SYNCOPATED_SHARE = 2, 0.15
MIN_NOTES = 3


@dataclass(frozen=True, slots=True)
class Both:
    """A stretch of one part before and after."""

    span: Span
    before: tuple[Note, ...]
    after: tuple[Note, ...]


def _both(view: View, *, with_drums: bool = True) -> Iterator[Both]:
    """Yield the written stretches that hold enough notes before and after, in bars of equal length."""
    old = view.before
    for span in view.spans:
        is_known = old is not None and span.part < len(old.parts) and (
            old.parts[span.part].name == view.after.parts[span.part].name
        )  # fmt: skip
        is_drums = view.after.parts[span.part].is_drums
        if not is_known or not _has_same_bars(view, span) or (is_drums and not with_drums):
            continue
        before = tuple(n for bar in span.bars for n in view.cells_before.get(Cell(span.part, bar), ()))
        after = tuple(n for bar in span.bars for n in view.notes(span.part, bar))
        if min(len(before), len(after)) >= MIN_NOTES:
            yield Both(span, before, after)


def _has_same_bars(view: View, span: Span) -> bool:
    edges = view.edges_before
    stop = span.last + 2
    return len(edges) >= stop and np.array_equal(edges[span.first : stop], view.edges[span.first : stop])


def _reason(view: View, both: Both, *, kind: str, words: Words, importance: float) -> Reason:
    """Return a reason; words are templates with {here} and {who}."""
    here, name = bars_words(both.span.first, both.span.last), view.names[both.span.part]
    english = words[0].format(here=here[0], who=name)
    return Reason(
        kind,
        tuple(both.span.bars),
        (both.span.part,),
        english,
        words[1].format(here=here[1], who=name),
        importance,
    )


def _has_same_places(both: Both) -> bool:
    return len(both.before) == len(both.after) and all(
        abs(old.onset - new.onset) <= NEAR for old, new in zip(both.before, both.after, strict=True)
    )


def _has_same_lengths(both: Both) -> bool:
    rows = [sorted((n.onset, n.duration) for n in notes) for notes in (both.before, both.after)]
    return all(abs(old - new) <= SIXTEENTH for (_, old), (_, new) in zip(*rows, strict=True))


def find_rhythm_kept(view: View) -> Iterator[Reason]:
    """Yield stretches that keep every place and length (to a SIXTEENTH) of the score before and take other pitches."""
    for both in _both(view, with_drums=False):
        if not _has_same_places(both) or not _has_same_lengths(both):
            continue
        new = _new_pitches(both)
        if new:
            words = (
                f"{{who}} keeps its rhythm in {{here}}; {new} of {len(both.after)} pitches are new.",
                f"{{who}}在{{here}}节奏不变，{len(both.after)} 个音中 {new} 个换了音高。",
            )
            yield _reason(view, both, kind="rhythm-kept", words=words, importance=0.72)


def _new_pitches(both: Both) -> int:
    """Return how many notes stand where the same pitch did not stand before."""
    places: dict[int, list[int]] = {}
    for note in both.before:
        places.setdefault(note.pitch, []).append(note.onset)
    return sum(all(abs(n.onset - at) > NEAR for at in places.get(n.pitch, ())) for n in both.after)


def find_pitches_kept(view: View) -> Iterator[Reason]:
    """Yield stretches that keep the pitches of the score before, in order, and strike them at other places."""
    for both in _both(view, with_drums=False):
        orders = [[n.pitch for n in notes] for notes in (both.before, both.after)]
        if orders[0] == orders[1] and not _has_same_places(both):
            words = (
                "{who} keeps its pitches in {here}, in a new rhythm.",
                "{who}在{here}音高依次不变，节奏是新的。",
            )
            yield _reason(view, both, kind="pitches-kept", words=words, importance=0.72)


def find_density(view: View) -> Iterator[Reason]:
    """Yield stretches with clearly more or fewer attacks than before."""
    for both in _both(view):
        counts = [len({note.onset for note in notes}) for notes in (both.before, both.after)]
        ratio = counts[1] / counts[0]
        if THINNER < ratio < DENSER:
            continue
        is_more = ratio > 1
        words = (
            f"{{who}} is {'busier' if is_more else 'calmer'} in {{here}}: {counts[1]} attacks, {counts[0]} before.",
            f"{{who}}在{{here}}变{'密' if is_more else '疏'}：起音 {counts[1]} 次，原来 {counts[0]} 次。",
        )
        yield _reason(view, both, kind="density", words=words, importance=0.5)


def find_register(view: View) -> Iterator[Reason]:
    """Yield stretches that lie clearly higher or lower than before."""
    for both in _both(view, with_drums=False):
        means = [float(np.mean([note.pitch for note in notes])) for notes in (both.before, both.after)]
        rise = means[1] - means[0]
        if abs(rise) < MIN_HEIGHT:
            continue
        size = f"{abs(rise):.0f}"
        words = (
            f"{{who}} lies {size} semitones {'higher' if rise > 0 else 'lower'} on the mean in {{here}}.",
            f"{{who}}在{{here}}平均{'升高' if rise > 0 else '降低'} {size} 个半音。",
        )
        yield _reason(view, both, kind="register", words=words, importance=0.5)


def find_dynamics(view: View) -> Iterator[Reason]:
    """Yield stretches that are clearly louder or softer than before."""
    for both in _both(view):
        means = [float(np.mean([note.velocity for note in notes])) for notes in (both.before, both.after)]
        if abs(means[1] - means[0]) < MIN_LOUDNESS:
            continue
        is_louder = means[1] > means[0]
        words = (
            f"{{who}} is {'louder' if is_louder else 'softer'} in {{here}}: mean velocity {means[1]:.0f}, "
            f"{means[0]:.0f} before.",
            f"{{who}}在{{here}}变{'强' if is_louder else '弱'}：平均力度 {means[1]:.0f}，原来 {means[0]:.0f}。",
        )
        yield _reason(view, both, kind="dynamics", words=words, importance=0.5)


def find_syncopation(view: View) -> Iterator[Reason]:
    """Yield stretches with clearly more or fewer notes that begin off the beat and last past the next one."""
    for both in _both(view, with_drums=False):
        assert view.before is not None
        if _has_same_places(both):  # held a little longer is no other rhythm
            continue
        counts = [
            count_syncopated(notes, score)
            for notes, score in ((both.before, view.before), (both.after, view.after))
        ]
        (old, of_old), (new, of_new) = counts
        rise = new / of_new - old / of_old
        if abs(new - old) < MIN_SYNCOPATED or abs(rise) < MIN_SYNCOPATED_SHARE or rise * (new - old) <= 0:
            continue
        words = (
            f"{{who}} is {'more' if rise > 0 else 'less'} syncopated in {{here}}: {new} of {of_new} attacks, "
            f"{old} of {of_old} before.",
            f"{{who}}在{{here}}切分{'增多' if rise > 0 else '减少'}："
            f"{of_new} 次起音中 {new} 次，原来 {of_old} 次中 {old} 次。",
        )
        yield _reason(view, both, kind="syncopation", words=words, importance=0.52)


def count_syncopated(notes: tuple[Note, ...], score: Score) -> tuple[int, int]:
    """Return (attacks off the beat whose note lasts past the next beat, attacks); one note a moment counts."""
    edges = beats_of(score).edges
    line = top_of(notes, 0)
    index = np.searchsorted(edges, [tone.offset for tone in line], side="right") - 1
    nexts = edges[np.minimum(index + 1, len(edges) - 1)]
    pushed = sum(
        tone.offset != edges[i] and tone.offset + tone.duration > stop
        for tone, i, stop in zip(line, index.tolist(), nexts.tolist(), strict=True)
    )
    return int(pushed), len(line)


def find_new_chords(view: View) -> Iterator[Reason]:
    """Yield runs of bars that have other chords than before under the same melody."""
    tune = view.melody
    if view.before is None or tune is None or tune >= len(view.before.parts):
        return
    old = View(None, view.before, view.write)
    table = {bar: _new_chords(view, old, bar) for bar in _chord_bars(view, tune) if bar < old.bars}
    for first, last in runs([bar for bar, found in table.items() if found]):
        here, name = bars_words(first, last), view.names[tune]
        rows = [table[bar] for bar in range(first, last + 1)]
        was, now = (" | ".join(row[side] for row in rows if row) for side in (0, 1))
        yield Reason(
            "reharmonised", tuple(range(first, last + 1)), (tune,),
            f"{upper(here[0])} {verb(first, last, 'put')} new chords under the same {name}: {was} -> {now}.",
            f"{here[1]}在{name}不变的旋律下换了和弦：{was} → {now}。", 0.8,
        )  # fmt: skip


def _chord_bars(view: View, tune: int) -> list[int]:
    """Return the bars in which chords may have been written: the chord row or a pitched part beside the melody."""
    makers = {CHORD_ROW, *view.pitched} - {tune}
    return sorted({cell.bar for cell in view.write if cell.part in makers and 0 <= cell.bar < view.bars})


def _has_chords(view: View, bar: int) -> bool:
    """Return whether a bar has chords to speak of: marked ones, or a part beside the melody."""
    return bool(view.after.chords) or any(
        view.notes(part, bar) for part in view.pitched if part != view.melody
    )


def _new_chords(view: View, old: View, bar: int) -> tuple[str, str] | None:
    """Return (chords before, chords after) of a bar whose melody is the same and whose chords are others, else None.

    Both bars must have chords and say them throughout, with all their tones in this very bar.
    """
    tune = view.melody or 0
    if not view.notes(tune, bar) or view.notes(tune, bar) != old.notes(tune, bar):
        return None
    span = (view.start(bar), view.start(bar + 1))
    if span != (old.start(bar), old.start(bar + 1)):
        return None
    if not _has_chords(old, bar):
        return None
    rows = [[h for h in one.chords if h.start < span[1] and h.end > span[0]] for one in (old, view)]
    if not all(_is_borne_out(one, h, span) for one, row in zip((old, view), rows, strict=True) for h in row):
        return None
    if any(sum(min(h.end, span[1]) - max(h.start, span[0]) for h in row) < span[1] - span[0] for row in rows):
        return None
    names = [" ".join(chord_name(h.chord, h.key.fifths) for h in row) for row in rows]
    chords = [[(max(h.start, span[0]), h.chord) for h in row] for row in rows]
    return None if chords[0] == chords[1] else (names[0], names[1])


def _is_borne_out(view: View, heard: Heard, span: tuple[int, int]) -> bool:
    profile = view.profile(max(heard.start, span[0]), min(heard.end, span[1]))
    return view.is_lead_sheet or bears_out(profile, heard.chord)
