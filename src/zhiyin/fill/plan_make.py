"""Making a plan: decides everything that the wishes leave open, and says what it decided.

Conventions: the same wishes and seed give the same plan; what was asked is never changed silently.
This module writes no notes: see `zhiyin.fill.decode`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zhiyin.errors import ConflictingWishes
from zhiyin.fill.folk_counts import FINAL
from zhiyin.fill.form import energy_curve, with_key_shifts
from zhiyin.fill.manners_plan import with_manners
from zhiyin.fill.norms import Leaning, Norms, all_norms, leaning_to, major_share, norms_of
from zhiyin.fill.plan import Plan
from zhiyin.fill.plan_changes import first_aim, first_moods
from zhiyin.fill.plan_feelings import (
    course_notes,
    feelings_of,
    leanings_of,
    reasons,
    tones_of,
    with_arousal,
    with_modes,
)
from zhiyin.fill.plan_players import choose_players
from zhiyin.fill.plan_texture import make_textures
from zhiyin.fill.plan_timed import time_plan
from zhiyin.fill.progressions import given_chords, write_chords
from zhiyin.fill.progressions_harmony import Harmony
from zhiyin.score.wishes import Wishes
from zhiyin.theory.chinese import FIVE_MODES
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.key import MODE_FIFTHS, Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.moods import MOODS, find_mood
from zhiyin.theory.style_words import STYLE_NAMES_ZH, base_style, find_style

# Tonics that players like, most usual first, as fifths from C.
_MAJOR_TONICS, _MINOR_TONICS = (0, 1, -1, 2, -2, -3, 3), (3, 4, 2, 1, 0, -1, 5)
Notes = list[tuple[str, str]]


def make_plan(wishes: Wishes, *, seed: int) -> Plan:
    """Return the plan of a piece: form, key, tempo, metre, chords, players, energy and textures.

    Raises ConflictingWishes when bars, seconds and tempo cannot hold together or nobody is left to play.
    >>> make_plan(Wishes(style="waltz", bars=16), seed=1).metre
    Metre(numerator=3, denominator=4)
    """
    rng = np.random.default_rng(seed)
    notes: Notes = []
    name = _style(wishes, notes)
    norms = norms_of(name)
    moods = tuple(dict.fromkeys(find_mood(mood).name for mood in wishes.moods))
    leaning = leaning_to(first_aim(wishes), moods)
    metre = wishes.metre or norms.metres[0]
    key = _key(wishes, norms, leaning, rng, notes)
    timed = time_plan(wishes, norms, leaning, metre=metre, notes=notes)
    course, leanings = timed.course, leanings_of(timed.course, wishes, norms, first=leaning)
    sections = with_modes(timed.sections, course, key=key, wishes=wishes, norms=norms)
    if wishes.key is None and not wishes.chords and not wishes.is_loop:
        sections = with_key_shifts(sections, style=name, is_minor=key.is_minor, rng=rng)
    is_leading_on = bool(wishes.is_loop) or wishes.ending == "abrupt"
    energy = with_arousal(energy_curve(sections, dynamics=wishes.dynamics, is_loop=is_leading_on), leanings)
    players = choose_players(norms, asked=wishes.players, excluded=wishes.excluded)
    harmony = Harmony(key, norms, metre, tones_of(sections, leanings))
    is_open = wishes.is_loop or wishes.ending == "open"
    chords = (
        given_chords(wishes.chords, bars=timed.bars, metre=metre)
        if wishes.chords
        else write_chords(harmony, sections, rng, ending="half" if is_open else "authentic")
    )
    textures = make_textures(
        players,
        sections,
        energy,
        norms=norms,
        leaning=leanings,
        density=wishes.density,
        polyphony=wishes.polyphony,
    )
    if wishes.density is None and wishes.polyphony is None:
        is_felt = any(item.valence or item.arousal or item.register for item in leanings)
        textures, manners = with_manners(
            textures, players, sections, style=name, metre=metre, seed=seed, is_felt=is_felt
        )
        notes += manners
    told = (*notes, *reasons(leanings[0], wishes, first_moods(wishes)), *course_notes(course, sections))
    return Plan(
        title=wishes.title or _title(name, moods, key),
        style=base_style(name), variant="" if base_style(name) == name else name, moods=moods, key=key, metre=metre,
        tempo_bpm=timed.marks[0][1], bars=timed.bars, sections=sections, chords=chords, players=players, energy=energy,
        textures=textures, polyphony=wishes.polyphony, notes=told, tempos=timed.marks[1:],
        feelings=feelings_of(course, leanings, ending=wishes.ending),
    )  # fmt: skip


_CHINESE = frozenset(
    ("erhu", "guzheng", "pipa", "dizi", "xiao", "sheng", "suona", "guqin", "ruan", "yangqin", "hulusi")
)
# What a decade brings to mind when no style is named, and who steps in for a style not wanted.
_DECADE_STYLES = {1900: "ragtime", 1910: "ragtime", 1920: "jazz", 1930: "swing", 1940: "swing", 1950: "rock",
                  1960: "soul", 1970: "funk", 1980: "synthpop", 1990: "pop", 2000: "pop", 2010: "edm",
                  2020: "pop"}  # fmt: skip
_OTHERS = ("song", "pop", "classical", "folk", "ambient", "jazz", "march")


def _style(wishes: Wishes, notes: Notes) -> str:
    if wishes.style is not None:
        return find_style(wishes.style)
    decade = _DECADE_STYLES.get(wishes.decade or 0)
    style = decade or _style_of_players(wishes.players)
    avoided = {find_style(name) for name in wishes.avoid_styles}
    if style in avoided or base_style(style) in avoided:
        style = next(name for name in (*_OTHERS, *all_norms()) if name not in avoided)
    if style == decade:
        notes.append((
            f"style {style}: taken for the {wishes.decade}s",
            f"风格取{STYLE_NAMES_ZH[style]}：依{wishes.decade}年代而定",
        ))  # fmt: skip
    else:
        notes.append((f"style {style}: none was asked", f"风格取{STYLE_NAMES_ZH[style]}：未指定"))
    return style


def _style_of_players(players: tuple[str, ...]) -> str:
    """Return the style that instruments bring to mind."""
    found = [find_instrument(name) for name in players]
    names, families = {item.name for item in found}, {item.family for item in found}
    if names & _CHINESE:
        return "chinese"
    if any(item.is_drums for item in found) or "synth" in families:
        return "pop"
    if names == {"piano"}:
        return "romantic-piano"
    if families and families <= {"bowed"} and len(players) > 1:
        return "string-quartet"
    if families and families <= {"voice"}:
        return "choir"
    if names and names <= {"guitar", "nylon-guitar"}:
        return "guitar"
    return "chamber" if names else "song"


def _key(wishes: Wishes, norms: Norms, leaning: Leaning, rng: np.random.Generator, notes: Notes) -> Key:
    if wishes.key is not None:
        return wishes.key
    if wishes.mode is not None:
        mode = wishes.mode
    elif norms.name in ("chinese", "jiangnan"):
        mode = _five_note_mode(norms, leaning, rng)
    else:
        mode = leaning.mode or ("major" if rng.random() < major_share(norms, leaning) else "minor")
    if wishes.chords:
        return _key_of_chords(wishes, mode)
    if mode not in MODE_FIFTHS:
        raise ConflictingWishes(
            f"mode must be one of {', '.join(MODE_FIFTHS)}, got {mode!r}: name one of them",
            zh=f"调式须是 {'、'.join(MODE_FIFTHS)} 之一，现为 {mode!r}：请选其中一个",
        )
    is_minor = Key(0, mode).is_minor
    tonics = _MINOR_TONICS if is_minor else _MAJOR_TONICS
    weights = np.array([1.0, 0.8, 0.7, 0.5, 0.4, 0.3, 0.2])
    key = Key(tonics[int(rng.choice(len(tonics), p=weights / weights.sum()))], mode)
    notes.append((f"key {key.name}: chosen for style and mood", f"调性取{key.name_zh}：依风格与情绪而定"))
    return key


def _five_note_mode(norms: Norms, leaning: Leaning, rng: np.random.Generator) -> str:
    """Return a Chinese mode as often as folk songs end on its degree; moods lean towards 宫 and 徵, or away."""
    bright = major_share(norms, leaning)
    lifts = {True: bright / norms.major, False: (1 - bright) / (1 - norms.major)}
    weights = np.array(
        [FINAL[degree] * lifts[mode in ("gong", "zhi")] for mode, degree in FIVE_MODES.items()]
    )
    return list(FIVE_MODES)[int(rng.choice(len(weights), p=weights / weights.sum()))]


def _key_of_chords(wishes: Wishes, mode: str) -> Key:
    """Return the key that the given chords cadence in and whose scale holds most of their notes."""
    marks = [chord for _, chord in given_chords(wishes.chords, bars=len(wishes.chords), metre=Metre(4, 4))]
    modes = (
        (wishes.mode,)
        if wishes.mode
        else ("major", "minor")
        if mode in ("major", "minor")
        else (mode, "major", "minor")
    )

    def fit(key: Key) -> float:
        inside = sum(_share_inside(chord, key) for chord in marks) / len(marks)
        first, last = _is_home(marks[0], key), _is_home(marks[-1], key)
        home = 0.2 * (first and last) or 0.1 * first or 0.05 * last
        return inside + home + _cadence_weight(marks, key) - 0.01 * len(key.pitch_classes)

    keys = [Key.from_pitch_class(tonic, each) for each in modes for tonic in range(12)]
    return max(keys, key=fit)


def _share_inside(chord: Chord, key: Key) -> float:
    """Return the share 0..1 of a chord's notes in a key; the raised sixth of minor counts half."""
    raised = {(key.tonic + 9) % 12} if key.mode == "minor" else set()
    notes = set(chord.pitch_classes)
    return (len(notes & key.pitch_classes) - 0.5 * len(notes & raised)) / len(notes)


def _is_home(chord: Chord, key: Key) -> bool:
    return chord.root == key.tonic and (key.tonic + (3 if key.is_minor else 4)) % 12 in chord.pitch_classes


def _cadence_weight(marks: Sequence[Chord], key: Key) -> float:
    """Return what cadences say for a key: V7-I .12, V-I .06, a V7 at the end .05, ii before V .05; at most .34."""
    weight = 0.0
    for index, chord in enumerate(marks):
        notes = {(note - chord.root) % 12 for note in chord.pitch_classes}
        if (chord.root - key.tonic) % 12 != 7 or 4 not in notes:
            continue
        after = marks[index + 1] if index + 1 < len(marks) else None
        # A seventh chord is no place of rest: C7 before F7 is not yet F major.
        rests = after is not None and _is_home(after, key) and not _is_dominant(after)
        if rests or (after is None and 10 in notes):
            weight += 0.05 if after is None else 0.12 if 10 in notes else 0.06
        before = marks[index - 1] if index else chord
        is_second = (before.root - key.tonic) % 12 == 2 and (before.root + 3) % 12 in before.pitch_classes
        weight += 0.05 if is_second else 0.0
    return min(weight, 0.34)


def _is_dominant(chord: Chord) -> bool:
    return {(chord.root + 4) % 12, (chord.root + 10) % 12} <= set(chord.pitch_classes)


def _title(style: str, moods: tuple[str, ...], key: Key) -> str:
    mood = f"{MOODS[moods[0]].name} " if moods else ""
    return f"{mood}{style.replace('-', ' ')} in {key.name}".capitalize().replace(key.name.lower(), key.name)
