"""Every sentence is true: what explain says of many pieces is read back and checked on plain lists of notes.

Conventions: the checker (`claims.py`) shares no code with the detectors; pieces are the small ones of the kinds, the
golden files and pieces drawn with a seed.
Does not know: which sentences are chosen.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.fill.claims import CHECKS, is_true
from tests.fill.reason_pieces import BAR, CASES, MISSES, Music
from zhiyin.fill.explain import REASONS, all_reasons
from zhiyin.io import load
from zhiyin.score import ChordMark, KeyMark, Notes, Part, Score, Section
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key

STEP = BAR // 8
SCALE = (0, 2, 4, 5, 7, 9, 11)
RHYTHMS = ((2, 2, 2, 2), (3, 1, 2, 2), (1, 1, 2, 4), (4, 2, 2), (1, 2, 2, 2, 1), (6, 2))
LOOPS = ("C F G C", "C Am Dm G", "C C7 F Fm", "C D7 G C", "Am F C G", "C Bb F C", "C/E F G C", "Em Am D7 G")


def drawn(seed: int) -> Score:
    """Return eight bars of tune, second voice, chords and bass: motifs are repeated, moved, turned or new by chance."""
    rng = np.random.default_rng(seed)
    bars: list[list[tuple[int, int, int]]] = []
    for bar in range(8):
        act = rng.integers(0, 5) if bar else 4
        model = bars[int(rng.integers(0, bar))] if bar else []
        if act == 0:
            bars.append(model)
        elif act in (1, 2):
            shift = int(rng.integers(-3, 4))
            bars.append(
                [(at, size, (degree if act == 1 else 8 - degree) + shift) for at, size, degree in model]
            )
        else:
            sizes = RHYTHMS[int(rng.integers(0, len(RHYTHMS)))]
            starts = np.cumsum((0, *sizes))[:-1].tolist()
            bars.append([(s, z, int(rng.integers(-1, 9))) for s, z in zip(starts, sizes, strict=True)])
    line = [(b * 8 + at, size, degree) for b, row in enumerate(bars) for at, size, degree in row]
    loop = LOOPS[seed % len(LOOPS)].split() * 2
    lag = (0, 8, 2)[seed % 3]  # together, a bar later, or in thirds below
    second = [
        (at + (8 if lag == 8 else 0), size, degree - (2 if lag == 2 else 7)) for at, size, degree in line
    ]
    return Score(
        parts=(
            Part("Flute", _notes(line, base=72), role="melody"),
            Part("Oboe", _notes([row for row in second if row[0] < 64], base=72), role="inner"),
            Part("Piano", Notes.of([(b * BAR + h * BAR // 2, BAR // 2, 48 + t) for b, s in enumerate(loop)
                                    for h in range(2) for t in Chord.parse(s).pitch_classes]), role="chords"),
            Part("Cello", Notes.of([(b * BAR, BAR, 36 + Chord.parse(s).bass) for b, s in enumerate(loop)]),
                 role="bass"),
        ),
        keys=(KeyMark(0, Key.parse("C")),),
        chords=tuple(ChordMark(b * BAR, Chord.parse(s)) for b, s in enumerate(loop)) if seed % 2 else (),
        sections=(Section(0, "A"), Section(4 * BAR, "B")),
    )  # fmt: skip


def _notes(rows: list[tuple[int, int, int]], *, base: int) -> Notes:
    return Notes.of([(at * STEP, size * STEP, base + 12 * (d // 7) + SCALE[d % 7]) for at, size, d in rows])


def false_claims(music: Music) -> list[str]:
    """Return the sentences that the notes do not bear out."""
    told = all_reasons(music.before, music.after, write=music.cells)
    return [r.text_en for r in told if not is_true(r.text_en, r.kind, before=music.before, after=music.after)]


@pytest.mark.parametrize("number", range(len(CASES) + len(MISSES)))
def test_what_is_said_of_the_small_pieces_is_true(number: int) -> None:
    assert false_claims([row[1] for row in (*CASES, *MISSES)][number]) == []


@pytest.mark.parametrize("seed", range(40))
def test_what_is_said_of_drawn_pieces_and_of_changes_between_them_is_true(seed: int) -> None:
    assert false_claims(Music(drawn(seed))) == []
    assert false_claims(Music(drawn(seed), before=drawn(seed + 1))) == []


@pytest.mark.parametrize(
    "name", ["hymn.mid", "hymn.musicxml", "hymn.abc", "hymn.krn", "hymn.mxl", "duet.musicxml"]
)
def test_what_is_said_of_golden_files_is_true(name: str, root: Path) -> None:
    assert false_claims(Music(load(root / "tests" / "golden" / "io" / name))) == []


def test_the_drawn_pieces_bring_out_most_kinds() -> None:
    seen = {
        r.kind
        for seed in range(40)
        for r in all_reasons(drawn(seed + 1), drawn(seed), write=Music(drawn(seed)).cells)
    }
    assert len(seen) >= 18, sorted(set(REASONS) - seen)


@pytest.mark.parametrize(
    ("kind", "music", "sentence"), CASES, ids=[f"{k}-{i}" for i, (k, *_) in enumerate(CASES)]
)
def test_the_checker_refuses_the_sentence_about_other_music(kind: str, music: Music, sentence: str) -> None:
    assert is_true(sentence, kind, before=music.before, after=music.after)
    drums = [part.is_drums for part in music.after.parts]
    others = []
    for seed in (4, 7, 10):  # voices apart by a bar, on other chords
        lines = [
            Part(part.name, drawn(seed).parts[i % 4].notes, is_drums=drums[i])
            for i, part in enumerate(music.after.parts)
        ]
        others.append(Score(parts=tuple(lines), length_ticks=max(music.after.end, 8 * BAR)))
    if kind != "ornament":  # its checker knows shapes alone
        assert not all(is_true(sentence, kind, before=music.before, after=other) for other in others)


def test_every_kind_can_be_read_back() -> None:
    against = {
        "rhythm-kept",
        "pitches-kept",
        "syncopation",
        "density",
        "register",
        "dynamics",
        "reharmonised",
    }
    assert set(CHECKS) | against == set(REASONS)
