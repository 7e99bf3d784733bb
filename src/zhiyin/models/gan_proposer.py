"""The `gan` family as a proposer: phrases of four bars tile the window, written from noise beside what is given.

Conventions: each phrase hears the last bar of the one before and every given row; of several draws of noise the one
nearest to the wishes of density is taken. Bars over 16 sixteenths are written in pieces; all lies on sixteenths.
This module does not decode: see `zhiyin.models.proposal`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from zhiyin.encode.fields import PITCHES
from zhiyin.encode.levels import density_level
from zhiyin.encode.scene import Scene
from zhiyin.models.gan_inputs import draw_noise, tell
from zhiyin.models.gan_rolls import (
    BARS,
    BASS,
    BEAT,
    DRUMS,
    FIRST,
    HARMONY,
    HOLD,
    KIT,
    LOW,
    MELODY,
    SLICES,
    SLOTS,
    SPAN,
    STEPS,
    Phrases,
    sounding,
    track_of,
)
from zhiyin.models.gan_runtime import DEFAULT, GanWriter, chances, hard, load_gan
from zhiyin.models.gan_scene import Stretch, given_cells, phrase_of, rows_by_track, stretches
from zhiyin.models.proposal import Proposal
from zhiyin.score import ROLES
from zhiyin.units import BoolArray, Float32Array, IntArray

WEIGHTS = (DEFAULT,)
DRAWS = 24  # noises a phrase to choose from
ROUGH = 12.0  # levels of density that a line of nothing but wide leaps is worth
WIDE, USUAL_REPEATS = 9, 0.25  # semitones; share of a tune's notes that repeat the one before
SURE = 0.99  # the chance of the likeliest symbols; the rest leaves room for masks
STRAY = 1e-4  # share of its odds that a roll's other keys keep
BASE_LEVEL = {MELODY: 5.0, HARMONY: 4.0, BASS: 4.0, DRUMS: 4.0}
ACCENT = 0.6  # levels that a beat stands out


@dataclass(frozen=True, eq=False)
class Written:
    """Phrases of one stretch after the choice: odds and codes, (STEPS, WIDTH) each."""

    odds: Float32Array
    codes: Float32Array


class GanProposer:
    """Proposes rolls for melody, harmony, bass and drums; `version` is the digest of its weights.

    needs_style: it learned with a style told; without one it writes at a pace of its own.
    """

    name = "gan"
    needs_style = True
    order = "bar"

    def __init__(self, writer: GanWriter, *, draws: int = DRAWS) -> None:
        self.writer, self.draws = writer, draws
        self.version, self.card = writer.version, writer.card

    def serves(self, role: int, program: int) -> bool:
        """Return whether it writes rows of a kind: all but the chord row."""
        return track_of(role, program) is not None

    def propose(self, scene: Scene, rng: np.random.Generator) -> Proposal:
        """Return soft rolls for the scene."""
        shape = (scene.rows.size, scene.sixteenths, PITCHES)
        strike, hold = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        before: tuple[Stretch, Written] | None = None
        for stretch in stretches(scene, overlap=1):
            written = self.write(scene, stretch, rng, before=before)
            _lay(scene, stretch, written, strike=strike, hold=hold)
            before = (stretch, written)
        return Proposal(strike, hold, _levels(scene), _mono(scene))

    def write(
        self,
        scene: Scene,
        stretch: Stretch,
        rng: np.random.Generator,
        *,
        before: tuple[Stretch, Written] | None,
    ) -> Written:
        """Return one phrase; `before` is the one that ends with this one's first bar."""
        phrase, given = phrase_of(scene, stretch), given_cells(scene, stretch)
        if before is not None and before[0].shift == stretch.shift:
            phrase, given = _with_first_bar(phrase, given, before[1])
        if not scene.write[stretch.column].any():
            return Written(phrase.codes[0].astype(np.float32), phrase.codes[0].astype(np.float32))
        n = self.draws
        many = Phrases(*(np.repeat(getattr(phrase, f), n, axis=0) for f in Phrases.__dataclass_fields__))
        told = tell(many, np.repeat(given[None], n, axis=0))
        logits = self.writer(told, draw_noise(self.writer.config, n, rng))
        codes = hard(logits) * told.write + told.kept
        drawn = replace(many, codes=codes.astype(np.uint8))
        best = int(np.argmin(_unlike(drawn, scene, stretch) + ROUGH * rough(drawn, scene, stretch)))
        odds = chances(logits) * told.write + told.kept
        return Written(odds[best], codes[best])


def _with_first_bar(phrase: Phrases, given: BoolArray, last: Written) -> tuple[Phrases, BoolArray]:
    """Return the phrase with what was just written as its first bar, all of it given."""
    codes, size = phrase.codes.copy(), STEPS // BARS
    codes[0, :size] = last.codes[-size:].astype(np.uint8)
    given = given.copy()
    given[0] = True
    return replace(phrase, codes=codes), given


def _unlike(phrases: Phrases, scene: Scene, stretch: Stretch) -> Float32Array:
    """Return (n,) how far the densities of phrases are from what the cells are asked, in levels."""
    apart = np.zeros(len(phrases), np.float32)
    bars = phrases.valid.reshape(len(phrases), BARS, -1).sum(axis=2)
    for track, rows in rows_by_track(scene).items():
        asked = scene.density[np.ix_(stretch.column, rows)].max(axis=1)
        asked = np.where(scene.write[np.ix_(stretch.column, rows)].any(axis=1), asked, -1)
        strike, _ = sounding(phrases.codes, phrases.valid, track)
        attacks = strike.any(axis=2).reshape(len(phrases), BARS, -1).sum(axis=2)
        level = density_level(attacks / np.maximum(bars / BEAT, 1))[:, : asked.size]
        apart += (np.abs(level - asked) * (asked >= 0)).sum(axis=1)
    return apart


def rough(phrases: Phrases, scene: Scene, stretch: Stretch) -> Float32Array:
    """Return (n,) how little the lines of phrases sing: the share of wide leaps, and of repeated notes beyond usual."""
    found = np.zeros(len(phrases), np.float32)
    rows = rows_by_track(scene)
    for track in (MELODY, BASS):
        if track not in rows or not scene.write[np.ix_(stretch.column, rows[track])].any():
            continue
        strike, _ = sounding(phrases.codes, phrases.valid, track)
        for number, roll in enumerate(strike):
            moved = np.abs(np.diff(np.nonzero(roll)[1]))
            if moved.size:
                repeats = max(float(np.mean(moved == 0)) - USUAL_REPEATS, 0.0)
                found[number] += float(np.mean(moved > WIDE)) + (repeats if track == MELODY else 0.0)
    return found


def _lay(
    scene: Scene, stretch: Stretch, written: Written, *, strike: Float32Array, hold: Float32Array
) -> None:
    """Write the rolls of a stretch's rows."""
    place, source = stretch.place, stretch.source
    sure = _sure(written)[place]
    for track, rows in rows_by_track(scene).items():
        block = sure[:, SLICES[track]]
        if track == DRUMS:
            for kind, keys in enumerate(KIT):
                strike[np.ix_(rows, source, np.array(keys[:1]))] = block[None, :, kind, None]
            continue
        begins, goes_on = _rolls(block, track)
        if track == HARMONY:
            goes_on = _held_for_all(begins, goes_on, place // SLOTS)
        dealt = _dealt(begins, goes_on, rows.size if track == HARMONY else 1)
        for number, row in enumerate(rows.tolist()):
            struck, held = dealt[number if track == HARMONY else 0]
            shift = LOW[track] - stretch.shift + 12 * _octaves(scene, stretch, row, share=struck, track=track)
            _place(strike[row], source, struck, shift)
            _place(hold[row], source, held, shift)


def _sure(written: Written) -> Float32Array:
    """Return (STEPS, WIDTH) the likeliest symbols as all but sure, the others as all but shut out.

    Lines choose one symbol of all, so what is left may go to the others; in rolls every key is asked by itself, and
    small odds of fifty keys in every sixteenth would be many notes.
    """
    left = np.full(written.odds.shape[1], STRAY, np.float32)
    for track in (MELODY, BASS):
        left[SLICES[track]] = 1 - SURE
    return SURE * written.codes + left * written.odds


def _rolls(block: Float32Array, track: int) -> tuple[Float32Array, Float32Array]:
    """Return (strike, hold), (steps, span) each."""
    if track == HARMONY:
        begins = block[:, : SPAN[HARMONY]]
        return begins, block[:, SPAN[HARMONY] :] * (1 - begins)  # a key struck again was let go before
    return block[:, FIRST:], np.repeat(block[:, HOLD : HOLD + 1], SPAN[track], axis=1)


def _held_for_all(begins: Float32Array, goes_on: Float32Array, bar: IntArray) -> Float32Array:
    """Return the hold roll in which keys that a bar does not use go on as long as the longest of the others.

    A mask may move a note to such a key: it then lasts like its neighbours instead of one
    sixteenth. Nothing is held into a bar by this: what sounded before it would sound on.
    """
    out = goes_on.copy()
    for number in np.unique(bar):
        rows = np.flatnonzero(bar == number)
        idle = ~((begins[rows] > 0.5) | (goes_on[rows] > 0.5)).any(axis=0)
        out[np.ix_(rows[1:], np.flatnonzero(idle))] = goes_on[rows[1:]].max(axis=1, keepdims=True)
    return out


def _dealt(begins: Float32Array, goes_on: Float32Array, rows: int) -> list[tuple[Float32Array, Float32Array]]:
    """Return each row's (strikes, holds): keys are dealt out from the top whenever one is struck, so that nobody rests.

    Where fewer sound than there are rows, neighbours share a key; a row that takes another lets its own go.
    """
    if rows == 1:
        return [(begins, goes_on)]
    dealt = [(np.zeros_like(begins), goes_on.copy()) for _ in range(rows)]
    held: list[set[int]] = [set() for _ in range(rows)]
    for step in range(len(begins)):
        struck = set(np.flatnonzero(begins[step] > 0.5).tolist())
        held = [{key for key in mine if goes_on[step, key] > 0.5 and key not in struck} for mine in held]
        if not struck:
            continue
        keys = sorted(struck.union(*held), reverse=True)
        for row, (strike, hold) in enumerate(dealt):
            low = row * len(keys) // rows
            mine = set(keys[low : max((row + 1) * len(keys) // rows, low + 1)])
            strike[step, sorted(mine - held[row])] = SURE
            hold[step, sorted(held[row] - mine)] = 0.0
            held[row] = mine
    return dealt


def _octaves(scene: Scene, stretch: Stretch, row: int, *, share: Float32Array, track: int) -> int:
    """Return the octaves by which a row is moved to the register it is asked for; 0 where that is open."""
    asked = scene.register_pitch[stretch.column, row]
    asked = asked[np.nan_to_num(asked) > 0]
    struck = share > 0.5
    if not asked.size or not struck.any():
        return 0
    mean = LOW[track] - stretch.shift + float(np.nonzero(struck)[1].mean())
    return int(np.clip(np.rint((asked.mean() - mean) / 12), -3, 3))


def _place(roll: Float32Array, source: Any, block: Float32Array, shift: int) -> None:
    """Lay a block into a roll (sixteenths, 128) so that its lowest key is `shift`; what falls outside is left out."""
    low, high = max(shift, 0), min(shift + block.shape[1], PITCHES)
    roll[source, low:high] = block[:, low - shift : high - shift]


def _levels(scene: Scene) -> Float32Array:
    """Return (rows, sixteenths) velocity levels: a base a track, beats a little louder, the first of a bar most."""
    accent = np.zeros(scene.sixteenths, np.float32)
    for low, high in zip(scene.edges[:-1].tolist(), scene.edges[1:].tolist(), strict=True):
        accent[low:high:BEAT] += ACCENT
        accent[low] += ACCENT
    tracks = [track_of(r, p) for r, p in zip(scene.role.tolist(), scene.program.tolist(), strict=True)]
    base = np.array([4.0 if t is None else BASE_LEVEL[t] for t in tracks], np.float32)
    return base[:, None] + accent[None]


def _mono(scene: Scene) -> BoolArray:
    """Return (rows,) whether a row plays one note at a time: melody, bass, and inner voices."""
    voices = [ROLES.index(name) for name in ("melody", "bass", "inner")]
    drums = [
        track_of(r, p) == DRUMS for r, p in zip(scene.role.tolist(), scene.program.tolist(), strict=True)
    ]
    mono: BoolArray = np.isin(scene.role, voices) & ~np.array(drums)
    return mono


@cache
def open_gan(checkpoint: Path | None = None) -> GanProposer:
    """Return the shipped family, or one of a file. Raises NotFound or UnreadableFile."""
    return GanProposer(load_gan(checkpoint or DEFAULT))
