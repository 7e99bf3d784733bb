"""The picture of what was heard: the music over time on top, answers as bars and the plane of moods below.

Conventions: one sheet, 1,600 pixels wide; every label in English and Chinese.
This module hears nothing: see listen_.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from zhiyin.apps.listen_words import both_words, label_words
from zhiyin.listen.base import Finding, Reason
from zhiyin.render.canvas import FAINT, INK, Box, Canvas
from zhiyin.render.charts import (
    BAR_HEIGHT,
    Share,
    curve,
    frame,
    heat_map,
    mood_plane,
    overview_roll,
    share_bars,
    ticks_below,
    ticks_left,
    time_ticks,
)
from zhiyin.render.drawing import colour_of
from zhiyin.score import Score, Timeline
from zhiyin.theory.pitch import pitch_name
from zhiyin.units import Float32Array, FloatArray

if TYPE_CHECKING:
    from zhiyin.apps.info import Info
    from zhiyin.apps.listen_ import Listened
    from zhiyin.listen.sound import SoundHeard
    from zhiyin.listen.sound_features import Tracks

WIDTH, LEFT, RIGHT, HEAD = 1600, 96, 40, 110
MOST_BARS, MOST_REASONS, MOST_MOOD_REASONS, MOST_NEAR = 6, 4, 3, 3
HEADING = 38
PLANE = 300
GAP = 56
WIDEST = 820  # of a block of bars
PITCH_CLASSES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
CORNERS = (
    ("happy, excited", "快乐激昂"),
    ("angry, tense", "愤怒紧张"),
    ("calm, tender", "平静温柔"),
    ("sad, tired", "悲伤低落"),
)
AXES = ("brighter 更明朗 (valence)", "more stirred 更激动 (arousal)")
MEL_RANGE_DB = (-75.0, -15.0)
MOST_COLUMNS = 1464  # more frames than pixels only blur


def sound_picture(heard: Listened, sound: SoundHeard) -> Canvas:
    """Return the sheet of a sound: mel spectrogram, chroma, tempo over time, then answers."""
    heights = (230, 150, 110)
    answers = _answers_height(heard)
    canvas = Canvas(WIDTH, HEAD + sum(heights) + GAP * 3 + answers, title=heard.title)
    _head(canvas, heard)
    tracks, top, boxes = sound.tracks, HEAD, []
    for height in heights:
        boxes.append((float(LEFT), float(top), float(WIDTH - RIGHT), float(top + height)))
        top += height + GAP
    _mel(canvas, boxes[0], tracks)
    _chroma(canvas, boxes[1], tracks)
    _tempo(canvas, boxes[2], sound)
    _answers(canvas, heard, top=top)
    return canvas


def notes_picture(heard: Listened, info: Info) -> Canvas:
    """Return the sheet of a score: a roll of all notes with its sections, then answers."""
    height = 360
    canvas = Canvas(WIDTH, HEAD + height + GAP + _answers_height(heard), title=heard.title)
    _head(canvas, heard)
    box = (float(LEFT), float(HEAD), float(WIDTH - RIGHT), float(HEAD + height))
    score = info.score if info.score.sections else _with_sections(info)
    frame(canvas, box, head="Piano roll with sections 钢琴卷帘与段落")
    end = max(score.end, 1)
    overview_roll(canvas, box, score, place=lambda tick: tick / end)
    _pitch_ticks(canvas, box, info)
    line = Timeline.of(score)
    bars = max(info.summary.bars, 1)
    step = next((s for s in (1, 2, 4, 8, 16, 32, 64, 128, 256) if bars / s <= 20), 512)
    starts = line.bar_starts(bars).tolist()
    ticks_below(canvas, box, [(starts[bar] / end, str(bar + 1)) for bar in range(0, bars, step)])
    _answers(canvas, heard, top=HEAD + height + GAP)
    return canvas


def _with_sections(info: Info) -> Score:
    return replace(info.score, sections=info.sections)


def _pitch_ticks(canvas: Canvas, box: Box, info: Info) -> None:
    pitched = [part.notes.pitch for part in info.score.parts if not part.is_drums and len(part.notes)]
    if not pitched:
        return
    low, high = min(int(p.min()) for p in pitched), max(int(p.max()) for p in pitched)
    has_drums = any(part.is_drums and len(part.notes) for part in info.score.parts)
    floor = 1 / 6 if has_drums else 0.0
    top = (box[3] - box[1] - (24 if info.sections else 0)) / (box[3] - box[1])
    room = (top - floor * top) / (high - low + 1)
    marks = [p for p in range(low, high + 1) if p % 12 == 0] or [low]
    ticks_left(
        canvas, box, [(floor * top + (p - low + 0.5) * room, pitch_name(p, key_fifths=0)) for p in marks]
    )
    if has_drums:
        ticks_left(canvas, box, [(floor * top / 2, "drums 鼓")])


def _head(canvas: Canvas, heard: Listened) -> None:
    canvas.text((LEFT, 34), heard.title, size=28, width=WIDTH - LEFT - RIGHT)
    canvas.text((LEFT, 68), "   ".join(_facts(heard)), size=15, fill=FAINT, width=WIDTH - LEFT - RIGHT)


def _facts(heard: Listened) -> list[str]:
    facts = heard.facts
    key = f"{heard.key.name} {heard.key.name_zh}" if heard.key else "no clear key 调性不明"
    tempo = f"{facts['tempo_bpm']:.0f} BPM" if facts["tempo_bpm"] else "no pulse 无明显拍子"
    told = [key, tempo, f"{facts['seconds']:.0f} s"]
    if heard.source_kind == "sound":
        return [
            *told,
            f"{facts['loudness_lufs']:.1f} LUFS",
            f"{facts['brightness_hz'] / 1000:.1f} kHz 明亮度",
        ]
    return [*told, " ".join(facts["metre"]), f"{facts['bars']} bars 小节", f"{facts['form']}"]


def _mel(canvas: Canvas, box: Box, tracks: Tracks) -> None:
    frame(canvas, box, head="Mel spectrogram 梅尔频谱")
    heat_map(canvas, box, _thinned(tracks.mel.values), low=MEL_RANGE_DB[0], high=MEL_RANGE_DB[1])
    bands = tracks.mel.bins
    ticks = [(float(np.searchsorted(bands, hz)) / bands.size, f"{hz:,} Hz") for hz in (250, 1000, 4000)]
    ticks_left(canvas, box, ticks)
    ticks_below(canvas, box, time_ticks(tracks.sound.duration_s))


def _chroma(canvas: Canvas, box: Box, tracks: Tracks) -> None:
    frame(canvas, box, head="Chroma: pitch classes 音级谱")
    heat_map(canvas, box, _thinned(tracks.chroma.values), low=0.0, high=1.0)
    ticks_left(
        canvas, box, [((n + 0.5) / 12, name) for n, name in enumerate(PITCH_CLASSES) if n in (0, 4, 7, 9)]
    )
    ticks_below(canvas, box, time_ticks(tracks.sound.duration_s))


def _thinned(values: Float32Array) -> FloatArray:
    """Return at most a column a pixel, each the mean of those it stands for."""
    columns = values.shape[1]
    if columns <= MOST_COLUMNS:
        return np.asarray(values, float)
    edges = np.linspace(0, columns, MOST_COLUMNS + 1).astype(int)[:-1]
    return np.add.reduceat(values.astype(float), edges, axis=1) / np.diff([*edges.tolist(), columns])


def _tempo(canvas: Canvas, box: Box, sound: SoundHeard) -> None:
    from zhiyin.audio.features_rhythm import tempo_curve

    frame(canvas, box, head="Tempo over time 速度曲线 (BPM)")
    seconds, bpm = tempo_curve(sound.tracks.sound)
    middle = sound.tempo.bpm or 100.0
    low, high = middle / 1.5, middle * 1.5
    ticks_left(canvas, box, [((bpm - low) / (high - low), f"{bpm:.0f}") for bpm in (low, middle, high)])
    level = sound.tracks.level
    loud = 20 * np.log10(np.maximum(level, 1e-4))
    share = np.arange(level.size) / max(level.size, 1)
    step = max(level.size // MOST_COLUMNS, 1)
    curve(canvas, box, (share[::step], loud[::step]), low=-60.0, high=0.0, colour="#dcd6c8")
    curve(canvas, box, (seconds / max(sound.duration_s, 1e-9), bpm), low=low, high=high, colour=colour_of(1))
    canvas.text((box[2], box[1] - 14), "grey: level 灰线：音量", size=13, fill=FAINT, align="r")
    ticks_below(canvas, box, time_ticks(sound.duration_s))


def _bar_findings(heard: Listened) -> list[Finding]:
    """Return the findings with bars; pieces that an earlier one was near to are not told again."""
    found: list[Finding] = []
    for finding in heard.findings.values():
        if not finding.values:
            is_told = any(finding.near == earlier.near for earlier in found)
            found.append(replace(finding, near=()) if is_told else finding)
    return found


def _block_height(finding: Finding) -> int:
    near = 26 + 20 * len(finding.near[:MOST_NEAR]) if finding.near else 0
    reasons = 20 * len(finding.reasons[:MOST_REASONS])
    return HEADING + BAR_HEIGHT * min(len(finding.labels), MOST_BARS) + 12 + reasons + near + 30


def _answers_height(heard: Listened) -> int:
    mood = 44 + HEADING + PLANE + 2 * 20 * MOST_MOOD_REASONS
    columns = [sum(map(_block_height, column)) for column in _columns(heard)]
    return max(mood, *columns) + 30


def _columns(heard: Listened) -> tuple[list[Finding], list[Finding]]:
    """Return the findings with bars in two columns about equally long, the first (style) on the left."""
    columns: tuple[list[Finding], list[Finding]] = ([], [])
    for finding in _bar_findings(heard):
        heights = [sum(map(_block_height, column)) for column in columns]
        columns[heights[1] < heights[0]].append(finding)
    return columns


def _answers(canvas: Canvas, heard: Listened, *, top: float) -> None:
    plane = next((finding for finding in heard.findings.values() if finding.values), None)
    column = (WIDTH - LEFT - RIGHT - PLANE - 2 * GAP) / 2
    columns = _columns(heard)
    for number, findings in enumerate(columns):
        y, left = top, LEFT + number * (column + GAP)
        right = left + (column if columns[1] else WIDEST)
        for finding in findings:
            _block(canvas, heard, finding, box=(left, y, right, 0.0))
            y += _block_height(finding)
    if plane is not None:
        _mood(canvas, heard, plane, left=WIDTH - RIGHT - PLANE, top=top)


def _heading(
    canvas: Canvas, heard: Listened, finding: Finding, *, at: tuple[float, float], width: float
) -> None:
    """Write the question, and under it the answer or why there is none."""
    title = both_words(heard.titles[finding.listener])
    canvas.text(at, f"{title[0].upper()}{title[1:]}", size=16, width=width)
    if finding.label is not None:
        words = f"{both_words(label_words(finding.label))}  {100 * finding.confidence:.0f} %"
    else:
        words = f"don't know 不知道: {finding.why[0]} {finding.why[1]}"
    canvas.text((at[0], at[1] + 21), words, size=13, fill=FAINT, width=width)


def _block(canvas: Canvas, heard: Listened, finding: Finding, *, box: Box) -> None:
    """Draw one listener's answer: bars, what moved it, the pieces nearest to it."""
    left, top, right, _ = box
    _heading(canvas, heard, finding, at=(left, top), width=right - left)
    y = top + HEADING
    shares = [
        Share(both_words(label_words(name)), share, name == finding.label)
        for name, share in finding.labels[:MOST_BARS]
    ]
    share_bars(canvas, (left, y, right, y), shares)
    y += BAR_HEIGHT * len(shares) + 18
    for reason in finding.reasons[:MOST_REASONS]:
        _reason(canvas, reason, (f"{reason.en} {reason.zh}",), at=(left, y), width=right - left)
        y += 20
    if finding.near:
        canvas.text((left, y + 6), "Nearest pieces 最相近的曲子", size=14)
        for row, piece in enumerate(finding.near[:MOST_NEAR]):
            words = ", ".join(filter(None, (piece.title, piece.composer, label_words(piece.label)[0])))
            canvas.text((left + 12, y + 28 + 20 * row), words, size=13, fill=FAINT, width=right - left - 12)


def _reason(
    canvas: Canvas, reason: Reason, lines: tuple[str, ...], *, at: tuple[float, float], width: float
) -> None:
    left, y = at
    canvas.text((left, y), "+" if reason.weight > 0 else "-", size=14, fill=INK)
    for row, words in enumerate(lines):
        canvas.text((left + 16, y + 18 * row), words, size=13, fill=FAINT, width=width - 16)


def _mood(canvas: Canvas, heard: Listened, finding: Finding, *, left: float, top: float) -> None:
    values = dict(finding.values)
    _heading(canvas, heard, finding, at=(left, top), width=PLANE)
    box = (left, top + HEADING + 24, left + PLANE, top + HEADING + 24 + PLANE)
    mood_plane(canvas, box, valence=values["valence"], arousal=values["arousal"], corners=CORNERS, axes=AXES)
    for row, reason in enumerate(finding.reasons[:MOST_MOOD_REASONS]):
        _reason(canvas, reason, (reason.en, reason.zh), at=(left, box[3] + 42 + 40 * row), width=PLANE)
