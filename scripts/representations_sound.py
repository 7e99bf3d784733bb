"""Draw the pictures of sound in docs: ``python scripts/representations_sound.py [FOLDER]``; needs the extra `listen`.

Conventions: docs/examples/boat.abc played by the small bank, so that every machine draws the same.
Writes representations-sound.png/.svg (docs/representations.md), listen-notes.png and listen-sound.png (docs/listen.md).
Does not know: graphs and sequences (representations_notes.py).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from zhiyin.apps.listen_ import ListenRequest, run
from zhiyin.apps.listen_picture import MEL_RANGE_DB, PITCH_CLASSES
from zhiyin.audio import Audio
from zhiyin.audio.features import HOP_S, TimeFrequency, chroma, mel_spectrogram, mfcc, spectra
from zhiyin.audio.features_rhythm import onset_strength
from zhiyin.audio.files import write_audio
from zhiyin.encode.roll import piano_roll, roll_chroma
from zhiyin.io import load
from zhiyin.render import SmallBank
from zhiyin.render.canvas import Box, Canvas
from zhiyin.render.charts import curve, frame, heat_map, ticks_below, ticks_left, time_ticks
from zhiyin.render.drawing import colour_of
from zhiyin.score import Score
from zhiyin.theory.pitch import pitch_name
from zhiyin.units import Float32Array

ROOT = Path(__file__).resolve().parents[1]
TUNE, FOLDER = ROOT / "docs" / "examples" / "boat.abc", ROOT / "docs" / "img"
WIDTH, LEFT, RIGHT, TOP, GAP = 1200, 90, 30, 50, 62
SHOWN_S = 12.0
RATE = 22_050


def sound_of(score: Score) -> Audio:
    """Return the tune as the small bank plays it."""
    audio = SmallBank().render(score, sample_rate=RATE)
    return Audio(audio.samples * np.float32(0.5 / max(audio.peak, 1e-9)), RATE)


def representations(score: Score, audio: Audio) -> Canvas:
    """Return the same seconds as a roll, chroma of notes and of sound, mel, MFCC and onset strength."""
    sound = spectra(Audio(audio.samples[:, : int(SHOWN_S * RATE)], RATE))
    roll = piano_roll(score)
    heights = (150, 110, 110, 190, 110, 80)
    canvas = Canvas(WIDTH, TOP + sum(heights) + GAP * len(heights), title="One tune in six representations")
    boxes, top = [], float(TOP)
    for height in heights:
        boxes.append((float(LEFT), top, float(WIDTH - RIGHT), top + height))
        top += height + GAP
    _roll(canvas, boxes[0], roll)
    _chroma(canvas, boxes[1], roll_chroma(roll), head="Chroma of the notes 音符的音级谱")
    _chroma(canvas, boxes[2], chroma(sound), head="Chroma of the sound 声音的音级谱")
    _mel(canvas, boxes[3], mel_spectrogram(sound))
    frame(canvas, boxes[4], head="MFCC 1 to 19 梅尔倒谱系数")
    cepstrum = mfcc(sound).values[1:]
    heat_map(
        canvas, boxes[4], _first(cepstrum / np.abs(cepstrum).max(axis=1, keepdims=True)), low=-1.0, high=1.0
    )
    ticks_left(canvas, boxes[4], [(0.5 / 19, "1"), (9.5 / 19, "10"), (18.5 / 19, "19")])
    frame(canvas, boxes[5], head="Onset strength 起音强度")
    strength = onset_strength(sound)
    share = np.arange(strength.size) / strength.size
    top = float(strength.max())
    curve(canvas, boxes[5], (share, strength), low=0.0, high=top, colour=colour_of(1))
    for box in boxes:
        ticks_below(canvas, box, time_ticks(SHOWN_S))
    return canvas


def _first(values: Float32Array) -> Float32Array:
    return values[:, : round(SHOWN_S / HOP_S)]


def _roll(canvas: Canvas, box: Box, roll: TimeFrequency) -> None:
    used = np.flatnonzero(roll.values.any(axis=1))
    low, high = int(used[0]) - 1, int(used[-1]) + 1
    frame(canvas, box, head="Piano roll 钢琴卷帘")
    heat_map(canvas, box, _first(roll.values[low : high + 1]).astype(float), low=0.0, high=127.0)
    marks = [p for p in range(low, high + 1) if p % 12 in (0, 7)]
    rows = high - low + 1
    ticks_left(canvas, box, [((p - low + 0.5) / rows, pitch_name(p, key_fifths=0)) for p in marks])


def _chroma(canvas: Canvas, box: Box, found: TimeFrequency, *, head: str) -> None:
    frame(canvas, box, head=head)
    heat_map(canvas, box, _first(found.values).astype(float), low=0.0, high=1.0)
    ticks_left(canvas, box, [((n + 0.5) / 12, PITCH_CLASSES[n]) for n in (0, 4, 7, 11)])


def _mel(canvas: Canvas, box: Box, mel: TimeFrequency) -> None:
    frame(canvas, box, head="Mel spectrogram 梅尔频谱")
    heat_map(canvas, box, _first(mel.values).astype(float), low=MEL_RANGE_DB[0], high=MEL_RANGE_DB[1])
    bands = mel.bins
    ticks_left(
        canvas,
        box,
        [(float(np.searchsorted(bands, hz)) / bands.size, f"{hz:,} Hz") for hz in (250, 1000, 4000)],
    )


def draw_listening(audio: Audio, folder: Path) -> None:
    """Write what `zhiyin listen` draws of the tune and of its sound."""
    with tempfile.TemporaryDirectory() as work:
        wave = Path(work, "boat.wav")
        write_audio(audio, wave)
        for source, name in ((TUNE, "listen-notes.png"), (wave, "listen-sound.png")):
            run(ListenRequest(source, Path(work, name)))
            (folder / name).write_bytes(Path(work, name, "listen.png").read_bytes())


def main(words: Sequence[str]) -> int:
    """Write the pictures into the folder in the first word, or into docs/img."""
    folder = Path(words[0]) if words else FOLDER
    score = load(TUNE)
    audio = sound_of(score)
    canvas = representations(score, audio)
    (folder / "representations-sound.png").write_bytes(canvas.png())
    (folder / "representations-sound.svg").write_bytes(canvas.svg())
    draw_listening(audio, folder)
    print(f"wrote representations-sound.png, .svg, listen-notes.png and listen-sound.png into {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
