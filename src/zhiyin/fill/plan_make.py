"""Making a plan: decides everything that the wishes leave open, and says what it decided.

Conventions: the same wishes and seed give the same plan; what was asked is never changed silently.
This module writes no notes: see `zhiyin.fill.decode`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.errors import ConflictingWishes
from zhiyin.fill.form import energy_curve, make_form
from zhiyin.fill.norms import Leaning, Norms, leaning_of, norms_of
from zhiyin.fill.plan import Plan
from zhiyin.fill.plan_players import choose_players
from zhiyin.fill.plan_texture import make_textures
from zhiyin.fill.progressions import Harmony, given_chords, write_chords
from zhiyin.score.wishes import MAX_BARS, Wishes
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.key import MODE_FIFTHS, Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.moods import MOODS, find_mood
from zhiyin.theory.style_words import STYLE_NAMES_ZH, base_style, find_style
from zhiyin.units import Bpm, Seconds, bpm_to_seconds_per_quarter, ticks_to_quarters

MIN_TEMPO, MAX_TEMPO = 20.0, 300.0
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
    leaning = leaning_of(moods, avoid=wishes.avoid_moods)
    metre = wishes.metre or norms.metres[0]
    key = _key(wishes, norms, leaning, rng, notes)
    bars, tempo = _length(wishes, norms, leaning, metre, notes)
    sections = make_form(bars, form=norms.form, asked=wishes.form, lift=leaning.energy)
    energy = energy_curve(sections)
    players = choose_players(norms, asked=wishes.players, excluded=wishes.excluded)
    chords = (
        given_chords(wishes.chords, bars=bars, metre=metre)
        if wishes.chords
        else write_chords(Harmony(key, norms, metre), sections, rng)
    )
    textures = make_textures(
        players,
        sections,
        energy,
        norms=norms,
        leaning=leaning,
        density=wishes.density,
        polyphony=wishes.polyphony,
    )
    return Plan(
        title=wishes.title or _title(name, moods, key),
        style=base_style(name), variant="" if base_style(name) == name else name, moods=moods, key=key, metre=metre,
        tempo_bpm=tempo, bars=bars, sections=sections, chords=chords, players=players, energy=energy,
        textures=textures, polyphony=wishes.polyphony, notes=tuple(notes),
    )  # fmt: skip


def _style(wishes: Wishes, notes: Notes) -> str:
    if wishes.style is not None:
        return find_style(wishes.style)
    families = {find_instrument(name).family for name in wishes.players}
    names = {find_instrument(name).name for name in wishes.players}
    chinese = {
        "erhu",
        "guzheng",
        "pipa",
        "dizi",
        "xiao",
        "sheng",
        "suona",
        "guqin",
        "ruan",
        "yangqin",
        "hulusi",
    }
    if names & chinese:
        style = "chinese"
    elif any(find_instrument(name).is_drums for name in wishes.players) or "synth" in families:
        style = "pop"
    elif names == {"piano"}:
        style = "romantic-piano"
    elif families and families <= {"bowed"} and len(wishes.players) > 1:
        style = "string-quartet"
    elif families and families <= {"voice"}:
        style = "choir"
    elif names and names <= {"guitar", "nylon-guitar"}:
        style = "guitar"
    elif names:
        style = "chamber"
    else:
        style = "song"
    notes.append((f"style {style}: none was asked", f"风格取{STYLE_NAMES_ZH[style]}：未指定"))
    return style


def _key(wishes: Wishes, norms: Norms, leaning: Leaning, rng: np.random.Generator, notes: Notes) -> Key:
    if wishes.key is not None:
        return wishes.key
    if wishes.mode is not None:
        mode = wishes.mode
    elif norms.name in ("chinese", "jiangnan"):
        mode = "gong" if rng.random() < norms.major + leaning.major else "yu"
    else:
        mode = leaning.mode or ("major" if rng.random() < norms.major + leaning.major else "minor")
    if wishes.chords:
        return _key_of_chords(wishes, mode)
    if mode not in MODE_FIFTHS:
        raise ConflictingWishes(
            f"mode must be one of {', '.join(MODE_FIFTHS)}, got {mode!r}: name one of them"
        )
    is_minor = Key(0, mode).is_minor
    tonics = _MINOR_TONICS if is_minor else _MAJOR_TONICS
    weights = np.array([1.0, 0.8, 0.7, 0.5, 0.4, 0.3, 0.2])
    key = Key(tonics[int(rng.choice(len(tonics), p=weights / weights.sum()))], mode)
    notes.append((f"key {key.name}: chosen for style and mood", f"调性取{key.name_zh}：依风格与情绪而定"))
    return key


def _key_of_chords(wishes: Wishes, mode: str) -> Key:
    """Return the key whose scale holds most of the given chords' notes; its tonic is favoured at either end."""
    marks = [chord for _, chord in given_chords(wishes.chords, bars=len(wishes.chords), metre=Metre(4, 4))]
    modes = (
        (wishes.mode,)
        if wishes.mode
        else ("major", "minor")
        if mode in ("major", "minor")
        else (mode, "major", "minor")
    )

    def fit(key: Key) -> float:
        inside = sum(
            len(set(c.pitch_classes) & key.pitch_classes) / len(c.pitch_classes) for c in marks
        ) / len(marks)
        third = (key.tonic + (3 if key.is_minor else 4)) % 12
        home = [
            0.1 if c.root == key.tonic and third in c.pitch_classes else 0.0 for c in (marks[0], marks[-1])
        ]
        return inside + sum(home) - 0.01 * len(key.pitch_classes)

    keys = [Key.from_pitch_class(tonic, each) for each in modes for tonic in range(12)]
    return max(keys, key=fit)


@dataclass(frozen=True, slots=True)
class _Clock:
    """Turns bars and tempo into seconds in one metre."""

    quarters: float

    def seconds(self, bars: int, bpm: Bpm) -> Seconds:
        """Return the length of bars at a tempo."""
        return bars * self.quarters * bpm_to_seconds_per_quarter(bpm)

    def tempo(self, bars: int, seconds: Seconds) -> Bpm:
        """Return the tempo at which bars last so many seconds."""
        return bars * self.quarters * 60.0 / seconds


def _length(wishes: Wishes, norms: Norms, leaning: Leaning, metre: Metre, notes: Notes) -> tuple[int, Bpm]:
    """Return bars and tempo that keep what was asked of bars, seconds and tempo."""
    clock = _Clock(ticks_to_quarters(metre.bar_ticks))
    usual = round(min(norms.fast, max(norms.slow, norms.usual * leaning.tempo)))
    bars, seconds, tempo = wishes.bars, wishes.seconds, wishes.tempo_bpm
    if seconds is None:
        if tempo is None:
            notes.append(
                (
                    f"tempo {usual:g} BPM: chosen for style and mood",
                    f"速度取每分钟{usual:g}拍：依风格与情绪而定",
                )
            )
        if bars is None:
            notes.append(
                (f"{norms.bars} bars: the style's usual length", f"长度取{norms.bars}小节：该风格的常见长度")
            )
        return _with_form(bars or norms.bars, wishes, asked=bars is not None), float(tempo or usual)
    if bars is not None:
        return bars, _tempo_for(clock, bars, seconds, tempo, notes)
    if tempo is not None:
        bars = max(1, len(wishes.form), round(seconds / clock.seconds(1, tempo)))
        _check_bars(bars, seconds)
        notes.append((
            f"{bars} whole bars at {tempo:g} BPM last {clock.seconds(bars, tempo):.2f} s for the {seconds:g} s asked",
            f"每分钟{tempo:g}拍的{bars}个整小节长{clock.seconds(bars, tempo):.2f}秒（要求{seconds:g}秒）",
        ))  # fmt: skip
        return bars, float(tempo)
    bars = _bars_for(clock, seconds, float(usual), norms, least=max(1, len(wishes.form)))
    return bars, _tempo_for(clock, bars, seconds, None, notes)


def _with_form(bars: int, wishes: Wishes, *, asked: bool) -> int:
    """Return the bars, at least four a section when a form was asked and bars were not."""
    return bars if asked or not wishes.form else max(bars, 4 * len(wishes.form))


def _check_bars(bars: int, seconds: Seconds) -> None:
    if bars > MAX_BARS:
        raise ConflictingWishes(
            f"a piece must have at most {MAX_BARS} bars, got {bars} for {seconds:g} s: ask for less time"
        )


def _tempo_for(clock: _Clock, bars: int, seconds: Seconds, tempo: Bpm | None, notes: Notes) -> Bpm:
    exact = clock.tempo(bars, seconds)
    if tempo is not None:
        if abs(clock.seconds(bars, tempo) - seconds) > 0.5 * clock.seconds(1, tempo):
            raise ConflictingWishes(
                f"bars, seconds and tempo must agree within half a bar, got {bars} bars at {tempo:g} BPM "
                f"({clock.seconds(bars, tempo):.1f} s) for {seconds:g} s: drop one of the three"
            )
        return float(tempo)
    if not MIN_TEMPO <= exact <= MAX_TEMPO:
        raise ConflictingWishes(
            f"tempo must be {MIN_TEMPO:g}..{MAX_TEMPO:g} BPM, got {exact:.1f} for {bars} bars in {seconds:g} s: "
            "change one of them"
        )
    notes.append((
        f"tempo {exact:.2f} BPM, so that {bars} bars last exactly {seconds:g} s",
        f"速度取每分钟{exact:.2f}拍，使{bars}小节恰为{seconds:g}秒",
    ))  # fmt: skip
    return exact


def _bars_for(clock: _Clock, seconds: Seconds, usual: Bpm, norms: Norms, *, least: int) -> int:
    """Return a number of bars whose exact tempo is near the usual one: fours of bars first, then twos, then any."""
    low, high = min(norms.slow, usual), max(norms.fast, usual)
    for group in (8, 4, 2, 1):
        floor = max(group, -(-least // group) * group)
        counts = range(floor, MAX_BARS + 1, group)
        fitting = [bars for bars in counts if low <= clock.tempo(bars, seconds) <= high]
        best = min(fitting, key=lambda bars: abs(clock.tempo(bars, seconds) - usual), default=None)
        if best is not None and (group == 1 or abs(clock.tempo(best, seconds) / usual - 1) < 0.12):
            return best
    nearest = min(range(least, MAX_BARS + 1), key=lambda bars: abs(clock.tempo(bars, seconds) - usual))
    _check_bars(nearest, seconds)
    return nearest


def _title(style: str, moods: tuple[str, ...], key: Key) -> str:
    mood = f"{MOODS[moods[0]].name} " if moods else ""
    return f"{mood}{style.replace('-', ' ')} in {key.name}".capitalize().replace(key.name.lower(), key.name)
