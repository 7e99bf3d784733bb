"""What the listener of sounds learns from: pieces of people played by banks at hand, and numbers of the sound.

Conventions: excerpts of 20 s from anywhere in a piece; works stay on one side; every draw follows from the seed.
Corpus tempi are often the reader's 120, so every tempo is stretched at random: it must not tell the source.
This module does not train: see sound_build.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from zhiyin.audio import Audio
from zhiyin.audio.loudness import loudness_lufs
from zhiyin.data.corpus import CorpusView, load_human_corpus, piece_to_score
from zhiyin.errors import InvalidInput
from zhiyin.judge.style_net_data import split_pieces
from zhiyin.listen.sound_features import USUAL_LUFS, sound_features, tracks_of, windows_of
from zhiyin.perform import humanise
from zhiyin.render import Synth
from zhiyin.render.room import reverberate
from zhiyin.score import Score, Timeline
from zhiyin.score.edit import scale_tempo, slice_ticks
from zhiyin.units import MAX_BPM, Float32Array, IntArray, Seconds, db_to_gain

RATE = 22_050
EXCERPT_S: Seconds = 20.0
MIN_NOTES = 24
TEMPO_OCTAVES = 0.3  # a tempo is stretched by up to this many octaves either way
PIECES_A_STYLE = {"train": 30, "valid": 8, "test": 10}
STYLES = (
    "art-song", "baroque", "choir", "folk", "game", "guitar", "hymn", "march", "mazurka", "orchestral", "polonaise",
    "pop", "ragtime", "romantic-piano", "string-quartet", "waltz",
)  # fmt: skip
# The corpus writes every tune for a piano and every voice as "ah"; people hear these played by others as well.
PLAYERS: Mapping[str, tuple[int, ...]] = {
    "folk": (40, 73, 72, 21, 22, 105, 15, 46, 0, 24), "hymn": (52, 19, 0, 53), "choir": (52, 53),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Take:
    """One excerpt: of which piece (index in the corpus), its style, the side it stands on, and where it begins.

    start: share of the piece 0..1; stretch: factor of the tempo; program: who plays, None as written.
    """

    piece: int
    style: str
    side: str
    start: float
    stretch: float
    program: int | None
    seed: int


@dataclass(frozen=True, eq=False)
class SoundWindows:
    """Windows: features (n, features); for each its style, side, bank, piece index, copy (0 clean,
    1 changed) and excerpt (counted from 0)."""

    features: NDArray[np.float32]
    style: NDArray[np.str_]
    side: NDArray[np.str_]
    bank: NDArray[np.str_]
    piece: IntArray
    copy: IntArray
    take: IntArray


def draw_takes(view: CorpusView, *, seed: int = 0) -> list[Take]:
    """Return the excerpts of every style and side, PIECES_A_STYLE of each at most."""
    sides = split_pieces(view)
    missing = [name for name in STYLES if name not in sides]
    if missing:
        raise InvalidInput(
            f"the corpus must hold the styles {', '.join(missing)}: build it with all its sets"
        )
    drawn: list[tuple[int, int, Take]] = []
    for label, style in enumerate(STYLES):
        for number, (side, most) in enumerate(PIECES_A_STYLE.items()):
            rng = np.random.default_rng([seed, label, number])
            pieces = rng.permutation(np.array(sides[style][side], np.int64)).tolist()
            for order in range(min(most, 4 * len(pieces))):  # few pieces: several excerpts of each
                take = _take(pieces[order % len(pieces)], style, side, rng=rng)
                drawn.append((order, label, take))
    # Styles in turn: a run that was cut off has learned from all of them alike.
    return [take for _, _, take in sorted(drawn, key=lambda row: row[:2])]


def _take(piece: int, style: str, side: str, *, rng: np.random.Generator) -> Take:
    stretch = float(2.0 ** rng.uniform(-TEMPO_OCTAVES, TEMPO_OCTAVES))
    players = PLAYERS.get(style)
    program = int(rng.choice(players)) if players else None
    return Take(piece, style, side, float(rng.uniform(0.0, 1.0)), stretch, program, int(rng.integers(2**31)))


def excerpt_of(score: Score, take: Take) -> Score | None:
    """Return 20 s of a piece as a person would play it, None where it holds too few notes."""
    room = MAX_BPM / max(mark.bpm for mark in score.tempos)
    stretched = scale_tempo(score, min(take.stretch, room))
    line = Timeline.of(stretched)
    whole = line.duration_s(stretched.end)
    start_s = take.start * max(whole - EXCERPT_S, 0.0)
    bar = int(line.bar_of(int(line.seconds_to_ticks(start_s))))
    start = int(line.bar_start(bar))
    end = int(line.seconds_to_ticks(line.duration_s(start) + EXCERPT_S))
    cut = slice_ticks(stretched, start, max(min(end, stretched.end), start + 1))
    if cut.note_count < MIN_NOTES:
        return None
    if take.program is not None:
        program = take.program
        cut = cut.with_parts(part if part.is_drums else replace(part, program=program) for part in cut.parts)
    return humanise(cut, seed=take.seed)


def played(score: Score, synth: Synth, *, seed: int) -> Audio:
    """Return the sound of an excerpt in a room of random wetness, at about -20 LUFS."""
    audio = synth.render(score, sample_rate=RATE)
    wet = float(np.random.default_rng(seed).uniform(0.05, 0.3))
    samples = audio.samples + np.float32(wet) * reverberate(audio.samples, sample_rate=RATE)
    found = loudness_lufs(Audio(samples, RATE))
    gain = db_to_gain(USUAL_LUFS - found) if np.isfinite(found) else 1.0
    return Audio(samples * np.float32(gain), RATE)


def coloured(audio: Audio, *, seed: int) -> Audio:
    """Return the sound as another room, microphone and file would give it: tilted, dulled, with some noise."""
    rng = np.random.default_rng([seed, 1])
    mono = audio.samples.mean(axis=0).astype(np.float64)
    split = float(rng.uniform(400.0, 2000.0))
    low = sosfilt(butter(1, split, fs=audio.sample_rate, output="sos"), mono)
    tilt = db_to_gain(float(rng.uniform(-9.0, 9.0)))
    tilted = low + tilt * (mono - low)
    dull = float(np.exp(rng.uniform(np.log(3500.0), np.log(10_500.0))))
    dulled = sosfilt(butter(4, dull, fs=audio.sample_rate, output="sos"), tilted)
    level = float(np.sqrt(np.mean(dulled**2)))
    noise = rng.standard_normal(mono.size) * level * db_to_gain(-float(rng.uniform(25.0, 60.0)))
    return Audio(np.asarray(dulled + noise, np.float32)[None, :], audio.sample_rate)


def feature_rows(audio: Audio) -> Float32Array:
    """Return (windows, features) of a sound."""
    tracks = tracks_of(audio)
    return np.stack([sound_features(tracks, first, last) for first, last in windows_of(tracks)])


def _plan(
    takes: list[Take], banks: Mapping[str, Synth], unseen: Mapping[str, Synth]
) -> Iterator[tuple[Take, str]]:
    """Yield each excerpt with the banks that play it: learning ones by one of theirs, test ones by every bank."""
    names = list(banks)
    for take in takes:
        if take.side == "test":
            yield from ((take, name) for name in (*names, *unseen))
        else:
            yield take, names[take.seed % len(names)]


def play_corpus(
    corpus: Path,
    banks: Mapping[str, Synth],
    *,
    unseen: Mapping[str, Synth],
    seed: int = 0,
    report: Callable[[str], None] = lambda line: None,
) -> SoundWindows:
    """Return the windows of every excerpt. banks learn and measure; unseen ones only measure."""
    view = load_human_corpus(corpus)
    takes = draw_takes(view, seed=seed)
    rows: list[tuple[Float32Array, str, str, str, int, int, int]] = []
    for number, (take, bank) in enumerate(_plan(takes, banks, unseen)):
        score = excerpt_of(piece_to_score(view, take.piece), take)
        if score is None:
            continue
        audio = played(score, {**banks, **unseen}[bank], seed=take.seed)
        copies = (audio, coloured(audio, seed=take.seed)) if take.side != "test" else (audio,)
        for copy, sound in enumerate(copies):
            rows += [
                (row, take.style, take.side, bank, take.piece, copy, number) for row in feature_rows(sound)
            ]
        if number % 25 == 0:
            report(f"{number} excerpts, {len(rows)} windows, {take.style} {take.side}")
    columns = list(zip(*rows, strict=True))
    words = [np.array(column, dtype=np.str_) for column in columns[1:4]]
    counts = [np.array(column, np.int64) for column in columns[4:7]]
    return SoundWindows(
        np.stack(columns[0]), style=words[0], side=words[1], bank=words[2], piece=counts[0], copy=counts[1],
        take=counts[2],
    )  # fmt: skip
