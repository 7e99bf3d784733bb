"""melodise with words: a tune for given words, over given chords or over chords of a style.

Conventions: rhythm comes from the words, pitches from the model under that rhythm, leaning to where the tones go; of
several tries the one that fits the words best is kept. This module writes no notes itself: see `zhiyin.fill`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from zhiyin import __version__
from zhiyin.apps.acting import Acted
from zhiyin.apps.acting_files import refuse_place, write_answers
from zhiyin.apps.base import Progress
from zhiyin.apps.families import DEFAULT, check_family, open_family
from zhiyin.apps.files import named, owned, read_score
from zhiyin.apps.lyrics_make import read_lines
from zhiyin.apps.report import ReportSource
from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order, perform_act
from zhiyin.fill.acts.new_parts import Joined, cells_of, limits_of, textures_of_style
from zhiyin.fill.acts.usual import usual
from zhiyin.fill.constraints import Cadences, Constraint, LeaningTones, WithinBars
from zhiyin.fill.constraints.cadence import CLOSE, PAUSE
from zhiyin.fill.constraints.pinned import Hold
from zhiyin.fill.constraints.sung_motion import SungMotion
from zhiyin.fill.desk import Desk, lay_out
from zhiyin.fill.lock_words import with_locks
from zhiyin.fill.plan_make import make_plan
from zhiyin.fill.plan_players import named_players
from zhiyin.fill.request import Take
from zhiyin.fill.wish_text import read_wishes
from zhiyin.lyrics.fit import LineFit, fit_of
from zhiyin.lyrics.language import Language, Syllable
from zhiyin.lyrics.languages import LANGUAGES
from zhiyin.lyrics.melody import Tune, top_rows
from zhiyin.lyrics.phrases import Song, phrases_of
from zhiyin.lyrics.slots import slots_of
from zhiyin.lyrics.song import BY_PERSON, Lyrics, SungLine, with_words
from zhiyin.lyrics.song_rhythm import LineRhythm, plan_rhythm, tone_moves
from zhiyin.score import (
    Cell,
    ChordMark,
    KeyMark,
    MetreMark,
    Notes,
    Origin,
    Part,
    Score,
    Tempo,
    Timeline,
    Wishes,
)
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.metre import Metre
from zhiyin.theory.style_words import base_style
from zhiyin.units import TICKS_PER_STEP

if TYPE_CHECKING:
    from zhiyin.apps.melodise_ import MelodiseRequest

TRIES = 3  # takes of which the best sung is kept
MOST_LINES = 64
USUAL = {"zh": "chinese", "en": "folk"}


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """The words as they are read, and their rhythm."""

    lang: str
    texts: tuple[str, ...]
    lines: tuple[tuple[Syllable, ...], ...]
    rhythm: tuple[LineRhythm, ...] = ()


def language_of(text: str) -> str:
    """Return zh where a text holds Chinese characters, else en."""
    return "zh" if any("\u4e00" <= sign <= "\u9fff" for sign in text) else "en"


def sing_words(request: MelodiseRequest, progress: Progress) -> Acted:
    """Write a tune for the words of a file; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """
    assert request.lyrics is not None, "called for words only"
    refuse_place(replace(request, source=request.source or request.lyrics))
    words = _read(read_lines(request.lyrics))
    check_family(request.family, "melodise")
    rng = np.random.default_rng([request.seed, 77])
    score, warnings, words = _ground(request, words, rng)
    before = score
    desk = with_locks(lay_out(_with_rhythm(request, score, words)), request.locks)
    model = open_family(DEFAULT if request.family == "rules" else request.family, request.checkpoint)
    order = _order(request, desk, words)
    takes = []
    for number in range(request.takes):
        tries = []
        for one in range(TRIES):
            progress("write", number * TRIES + one, request.takes * TRIES)
            take = perform_act(order, model, take=number * TRIES + one)
            tries.append(_sung(take, words, part=len(desk.own.parts) - 1))
        takes.append(max(tries, key=lambda pair: pair[1].agreement or 0.0))
    source = ReportSource(
        verb="melodise", seed=request.seed, lang=request.lang, takes=tuple(take for take, _ in takes), model=model,
        source=str(request.source or request.lyrics), warnings=warnings, before=before, desk=desk,
        more={"sung": [_told(words, fit) for _, fit in takes]},
    )  # fmt: skip
    request = replace(request, source=request.source or request.lyrics)
    return Acted(request.out, source.takes, write_answers(source, request, progress))


def _read(texts: tuple[str, ...]) -> _Words:
    if len(texts) > MOST_LINES:
        raise InvalidInput(
            f"a song must have at most {MOST_LINES} lines of words, got {len(texts)}: give a verse at a time"
        )
    lang = language_of("".join(texts))
    language: Language = LANGUAGES[lang]
    return _Words(lang, texts, tuple(language.read(text) for text in texts))


def _ground(
    request: MelodiseRequest, words: _Words, rng: np.random.Generator
) -> tuple[Score, tuple[str, ...], _Words]:
    """Return the score that the tune joins, what reading it warned of, and the words with their rhythm."""
    if request.source is None:
        style = base_style(request.style) if request.style else USUAL[words.lang]
        metre = make_plan(Wishes(style=style, bars=16), seed=request.seed).metre
        words = replace(words, rhythm=plan_rhythm(words.lines, metre, lang=words.lang, rng=rng))
        bars = sum(line.bars for line in words.rhythm)
        return _chords(request, style=style, metre=metre, bars=bars), (), words
    read = owned(named(read_score(request.source), request.source), request.source)
    line = Timeline.of(read.score)
    metre = line.metre_at(0)
    words = replace(words, rhythm=plan_rhythm(words.lines, metre, lang=words.lang, rng=rng))
    bars, there = sum(one.bars for one in words.rhythm), line.bar_count(read.score.end)
    if bars > there:
        raise InvalidInput(
            f"the words need {bars} bars, got {there} in {request.source.name!r}: give fewer lines or more bars",
            zh=f"这些词要 {bars} 小节，{request.source.name!r} 只有 {there} 小节：减几句，或把曲子加长",
        )
    return read.score, read.warnings, words


def _chords(request: MelodiseRequest, *, style: str, metre: Metre, bars: int) -> Score:
    """Return chords of a style in so many bars, as block chords that a voice can be heard over."""
    plan = make_plan(Wishes(style=style, bars=bars, metre=metre), seed=request.seed)
    ends = [*(tick for tick, _ in plan.chords[1:]), bars * metre.bar_ticks]
    rows = [
        (tick, end - tick, pitch, 56)
        for (tick, chord), end in zip(plan.chords, ends, strict=True)
        for pitch in sorted({48 + (chord.bass % 12), *(55 + (p - 55) % 12 for p in chord.pitch_classes)})
    ]
    notes = Notes.of(rows)
    origin = Origin("model", "zhiyin plan", f"{__version__} seed={request.seed}")
    part = Part("piano", notes.with_columns(origin=np.zeros(len(notes), np.int64)), "chords", 0)
    title = request.lyrics.stem if request.lyrics is not None else ""
    return Score(
        title, (part,), (Tempo(0, plan.tempo_bpm),), (MetreMark(0, metre),), (KeyMark(0, plan.key),),
        tuple(ChordMark(tick, chord) for tick, chord in plan.chords), length_ticks=bars * metre.bar_ticks,
        provenance=(origin,),
    )  # fmt: skip


def _with_rhythm(request: MelodiseRequest, score: Score, words: _Words) -> Score:
    """Return the score with a part that has the words' rhythm, on one pitch as long as nothing is written."""
    instrument = find_instrument(request.instrument)
    middle = (instrument.low + instrument.high) // 2
    rows = [
        (onset, duration, middle)
        for one in words.rhythm
        for onset, duration in zip(one.onsets, one.durations, strict=True)
    ]
    taken = {part.name for part in score.parts}
    name = next(
        n for n in (instrument.name, *(f"{instrument.name} {i}" for i in range(2, 99))) if n not in taken
    )
    part = Part(name, Notes.of(rows), "melody", instrument.program)
    return score.with_parts([*score.parts, part])


def _order(request: MelodiseRequest, desk: Desk, words: _Words) -> Order:
    """Return the order for a tune whose rhythm is held and whose motion is the words'."""
    part = len(desk.frame.parts) - 1
    (player,) = named_players([(find_instrument(request.instrument).name, "melody")])
    new = Joined(desk, (player,), part)
    cells = cells_of(new)
    moves: dict[int, int] = {}
    ends: dict[int, str] = {}
    for rhythm, syllables in zip(words.rhythm, words.lines, strict=True):
        wanted = tone_moves(syllables) if words.lang == "zh" else (0,) * len(syllables)
        steps = [onset // TICKS_PER_STEP for onset in rhythm.onsets]
        moves |= {step: move for step, move in zip(steps, wanted, strict=True) if move}
        ends[int(Timeline.of(desk.frame).bar_of(rhythm.onsets[-1]))] = PAUSE
    ends[max(ends)] = CLOSE
    wishes: list[Constraint] = [*limits_of(new), LeaningTones(frozenset({part})), Cadences(ends)]
    limits = (*usual(desk, cells, sounding=frozenset()).limits, WithinBars(desk.bars))
    style = None if request.style is None else base_style(request.style)
    return Order(
        desk, new.scope, (*wishes, SungMotion(part, moves)), limits, holds=_holds(desk, part),
        asked=read_wishes(request.wishes, score=desk.frame, bars=0), textures=textures_of_style(new, request.style),
        style=style, seed=request.seed, sampling=request.sampling,
    )  # fmt: skip


def _holds(desk: Desk, part: int) -> dict[Cell, Hold]:
    """Return the rhythm of each bar of the part as what must stay."""
    line, notes = Timeline.of(desk.frame), desk.frame.parts[part].notes
    found = {}
    for bar in range(desk.bars):
        here = notes.between(line.bar_start(bar), line.bar_start(bar + 1))
        rows = tuple((n.onset // TICKS_PER_STEP, n.duration // TICKS_PER_STEP, n.pitch) for n in here)
        found[Cell(part, bar)] = Hold(rows, "rhythm" if rows else "notes")
    return found


def _sung(take: Take, words: _Words, *, part: int) -> tuple[Take, LineFit]:
    """Return a take with the words on its notes, and how they fit."""
    tune = Tune(part, top_rows(take.score.parts[part]))
    slots = slots_of(take.score, tune)
    told = " ".join(str(len(line)) for line in words.lines)
    song: Song = phrases_of(take.score, tune, slots, lang=words.lang, told=told)
    sung = [
        SungLine((text,), text, syllables, fit=fit_of(phrase.slots, syllables, words.lang), by=BY_PERSON)
        for text, syllables, phrase in zip(words.texts, words.lines, song.phrases, strict=True)
    ]
    lyrics = Lyrics(words.lang, song, tuple(sung))
    return replace(take, score=with_words(take.score, tune, lyrics)), lyrics.fit


def _told(words: _Words, fit: LineFit) -> dict[str, Any]:
    share = fit.agreement
    return {
        "lines": list(words.texts), "syllables": sum(map(len, words.lines)), "agree": fit.agree, "clash": fit.clash,
        "alarms": fit.alarms, "agreement": None if share is None else round(share, 3),
    }  # fmt: skip
