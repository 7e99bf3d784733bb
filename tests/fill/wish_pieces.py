"""A small frame for wishes on spans, one wish of each kind on it, and scores that keep or break each by hand."""

from __future__ import annotations

from collections.abc import Callable

from zhiyin.fill.constraints import Constraint
from zhiyin.fill.wish_text import read_wish
from zhiyin.score import KeyMark, MetreMark, Note, Notes, Part, Score, Section
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

Q = 10_080
BAR = 4 * Q
BARS = 4


def band(bars: int = BARS, *, key: str = "C") -> Score:
    """Return an empty frame in 4/4: violin (melody), piano, cello (bass), drums."""
    return Score(
        "Wishes",
        parts=(
            Part("Violin", role="melody", program=40),
            Part("Piano", role="accompaniment"),
            Part("Cello", role="bass", program=42),
            Part("Drums", role="drums", is_drums=True),
        ),
        metres=(MetreMark(0, Metre(4, 4)),),
        keys=(KeyMark(0, Key.parse(key)),),
        sections=(Section(0, "Verse"), Section(2 * BAR, "Chorus")),
        length_ticks=bars * BAR,
    )


def played(score: Score, **parts: list[tuple[float, float, int]]) -> Score:
    """Return the score with (quarter, quarters long, pitch) rows in the parts named."""
    names = [part.name.lower() for part in score.parts]
    changed = list(score.parts)
    for name, rows in parts.items():
        index = names.index(name)
        notes = Notes.of([Note(round(o * Q), round(d * Q), p) for o, d, p in rows])
        changed[index] = changed[index].with_notes(notes)
    return score.with_parts(changed)


def quarters(*pitches: int, start: float = 0.0) -> list[tuple[float, float, int]]:
    """Return pitches as quarters one after the other."""
    return [(start + i, 1.0, pitch) for i, pitch in enumerate(pitches)]


C_SCALE = (60, 62, 64, 65, 67, 69, 71, 72)
HELD_OVER = [(0.0, 0.5, 60), (0.5, 1.0, 60), (1.5, 1.0, 60), (2.5, 1.0, 60), (3.5, 0.5, 60)]

# name -> (text, a line of the violin that keeps it, one that breaks it); other parts where the wish is about them
TEXTS: dict[str, str] = {
    "scale": "scale D dorian @ 1-2 violin",
    "chord tones": "chords C | F7b5 @ 1-2 violin",
    "contour": "contour rising @ 1-2 violin",
    "motif": "motif C4:1 D4:1/2 E4:1/2 C4:2 @ 2 violin",
    "rhythm": "rhythm x.x.xxx. @ 1-2 violin",
    "attacks": "density 1-2 @ 1-2 violin",
    "voices": "polyphony 2-3 @ 1-2 piano",
    "pitch range": "range C4-C5 @ 1-2 violin",
    "syncopation": "syncopation more @ 1-2 violin",
    "cadence": "cadence authentic @ 2",
    "tension": "tension 0 1 @ 1-4",
    "longest note": "longest note 1 @ 1-2 violin",
    "avoid": "avoid F#, tritone @ 1-2 violin",
    "playable": "playable violin @ 1-2 violin",
    "similar": "like 1-2 0.8 @ 3-4 violin",
}
MOTIF = [(4.0, 1.0, 67), (5.0, 0.5, 69), (5.5, 0.5, 71), (6.0, 2.0, 67)]
SOURCE = quarters(60, 62, 64, 65, 67, 69, 71, 72)


def example_frame() -> Score:
    """Return the frame with a passage in bars 1-2 that a wish may want to resemble."""
    return played(band(), violin=SOURCE)


def wishes_by_name() -> dict[str, Constraint]:
    """Return one wish of each kind."""
    return {name: read_wish(text, score=example_frame()) for name, text in TEXTS.items()}


_TEMPLATE = [0, 1, 2, 2.5, 3]
KEEPS: dict[str, Callable[[], Score]] = {
    "scale": lambda: played(band(), violin=quarters(*C_SCALE)),
    "chord tones": lambda: played(band(), violin=[(0, 1, 60), (1, 1, 61), (2, 2, 67), (4, 2, 71), (6, 2, 63)]),
    "contour": lambda: played(band(), violin=quarters(65, 67, 69, 71, 72, 74, 76, 77)),
    "motif": lambda: played(band(), violin=MOTIF),
    "rhythm": lambda: played(band(), violin=[(b + x, 0.5, 60) for b in (0, 4) for x in _TEMPLATE]),
    "attacks": lambda: played(band(), violin=quarters(*C_SCALE)),
    "voices": lambda: played(band(), piano=[(i, 1, p) for i in range(8) for p in (60, 64)]),
    "pitch range": lambda: played(band(), violin=quarters(*C_SCALE)),
    "syncopation": lambda: played(band(), violin=[*HELD_OVER, *[(o + 4, d, p) for o, d, p in HELD_OVER]]),
    "cadence": lambda: played(band(), cello=[(2, 2, 43), (4, 4, 48)], violin=[(2, 2, 71), (4, 4, 72)]),
    "tension": lambda: played(
        band(), violin=[*quarters(60), *quarters(62, 64, start=4), *quarters(65, 67, 69, start=8),
                        *quarters(72, 74, 76, 77, start=12)]
    ),
    "longest note": lambda: played(band(), violin=quarters(*C_SCALE)),
    "avoid": lambda: played(band(), violin=quarters(60, 62, 64, 65)),
    "playable": lambda: played(band(), violin=[(0, 1, 55), (0, 1, 62), (1, 1, 90)]),
    "similar": lambda: played(band(), violin=[*SOURCE, *[(o + 8, d, p) for o, d, p in SOURCE]]),
}  # fmt: skip
BREAKS: dict[str, Callable[[], Score]] = {
    "scale": lambda: played(band(), violin=quarters(60, 61)),  # C# is not in D dorian
    # F7b5 has Cb, not C: the exact chord counts, not the F7 that the model knows
    "chord tones": lambda: played(band(), violin=[(4, 4, 60)]),
    "contour": lambda: played(band(), violin=quarters(77, 76, 74, 72, 71, 69, 67, 65)),
    "motif": lambda: played(band(), violin=[*MOTIF[:2], (5.5, 0.5, 70), MOTIF[3]]),
    "rhythm": lambda: played(band(), violin=[(b + x, 0.5, 60) for b in (0, 4) for x in (0, 1, 2, 3)]),
    "attacks": lambda: played(band(), violin=[(i / 4, 0.25, 60) for i in range(32)]),
    "voices": lambda: played(band(), piano=[(0, 1, 60), *[(4, 1, p) for p in (60, 64, 67, 72)]]),
    "pitch range": lambda: played(band(), violin=quarters(60, 73)),
    "syncopation": lambda: played(band(), violin=quarters(*C_SCALE)),
    "cadence": lambda: played(band(), cello=[(2, 2, 43), (4, 4, 45)], violin=[(2, 2, 71), (4, 4, 72)]),
    "tension": lambda: played(
        band(), violin=[*quarters(72, 74, 76, 77), *quarters(65, 67, 69, start=4), *quarters(62, 64, start=8),
                        *quarters(60, start=12)]
    ),
    "longest note": lambda: played(band(), violin=[(3, 1.5, 60)]),  # over the bar line
    "avoid": lambda: played(band(), violin=quarters(60, 65, 71)),  # F to B
    "playable": lambda: played(band(), violin=[(0, 1, 56), (0, 1, 58)]),  # both on the G string
    "similar": lambda: played(band(), violin=[*SOURCE, (8.5, 1, 40), (11.5, 1, 41)]),
}  # fmt: skip
