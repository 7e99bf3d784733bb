"""Small music in which a reason holds, and music that nearly has it: one pair or more for each kind.

Conventions: 4/4; `CASES` rows are (kind, music, sentence), `MISSES` rows (kind, music); all is written by default.
Does not know: how anything is found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.analysis.pieces import QUARTER, alberti, block, line
from zhiyin.score import Cell, ChordMark, KeyMark, Notes, Part, Score, Section
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key

BAR = 4 * QUARTER
C = (KeyMark(0, Key.parse("C")),)


@dataclass(frozen=True)
class Music:
    """A score, the one before it, and which (part, bar) cells were written; None for all."""

    after: Score
    before: Score | None = None
    write: tuple[tuple[int, int], ...] | None = None

    @property
    def cells(self) -> frozenset[Cell]:
        """Return the written cells."""
        bars = -(-self.after.end // BAR)
        every = [(part, bar) for part in range(len(self.after.parts)) for bar in range(bars)]
        return frozenset(Cell(*cell) for cell in (every if self.write is None else self.write))


def tune(
    text: str, *, key: str = "C", role: str = "melody", name: str = "Flute", velocity: int = 80
) -> Score:
    """Return a single line in a key."""
    return Score(
        parts=(Part(name, line(text, velocity=velocity), role=role, program=73),),
        keys=(KeyMark(0, Key.parse(key)),),
    )


def band(key: str = "C", **lines: str) -> Score:
    """Return parts of one line each: Flute sings, Cello is the bass, all others are inner."""
    roles = {"Flute": "melody", "Cello": "bass"}
    parts = tuple(Part(n, line(t), role=roles.get(n, "inner")) for n, t in lines.items())
    return Score(parts=parts, keys=(KeyMark(0, Key.parse(key)),))


def chords(symbols: str, *, key: str = "C", tune_text: str = "", low: int = 48) -> Score:
    """Return block chords, two a bar from a pitch up, marked as they are, with a tune above if any."""
    score = block(symbols)
    lifted = score.parts[0].notes.with_columns(pitch=score.parts[0].notes.pitch + low - 48)
    score = score.with_parts([score.parts[0].with_notes(lifted)])
    marks = tuple(ChordMark(i * BAR, Chord.parse(s)) for i, s in enumerate(symbols.split()))
    parts = (*((Part("Flute", line(tune_text), role="melody"),) if tune_text else ()), *score.parts)
    return replace(score, parts=parts, chords=marks, keys=(KeyMark(0, Key.parse(key)),))


def drums(*patterns: str) -> Score:
    """Return drum bars: eight eighths each, k kick, s snare, t tom, h hat, - nothing; sections every four bars."""
    keys = {"k": 36, "s": 38, "t": 45, "h": 42}
    rows = [
        (bar * BAR + step * QUARTER // 2, QUARTER // 2, keys[sign])
        for bar, pattern in enumerate(patterns)
        for step, sign in enumerate(pattern)
        if sign != "-"
    ]
    sections = tuple(Section(bar * BAR, name) for bar, name in ((0, "A"), (4, "B")) if bar < len(patterns))
    return Score(parts=(Part("Drums", Notes.of(rows), is_drums=True, role="drums"),), sections=sections)


def shorter(score: Score, ticks: int) -> Score:
    """Return a score all of whose notes are let go so many ticks sooner."""
    cut = [p.with_notes(p.notes.with_columns(duration=p.notes.duration - ticks)) for p in score.parts]
    return score.with_parts(cut)


def louder(score: Score, velocity: int) -> Score:
    """Return a score whose first part is struck with one velocity."""
    part = score.parts[0]
    return score.with_parts([part.with_notes(part.notes.with_columns(velocity=[velocity] * len(part.notes)))])


MOTIF = "C4:1.5 D4:0.5 E4 C4"
HOME = "C5:2 G4:2"  # keeps the key
FOUR_BARS = "C4:1.5 D4:0.5 E4 G4  A4 G4 E4 C4  D4:1.5 E4:0.5 F4 D4  G4 E4 C4:2"
CADENCE_TUNE = "E5:4 F5:4 D5:4 C5:4"
SONG = "C5:2 E5:2 E5:4 A5:4 C5:4"
GROOVE, FILL = "khshkhsh", "khsststs"
WALK = "C3 D3 E3 F3  G3:4  C3:4  C3:4"

DRONE = Part("Cello", line("C2:4 C2:4 C2:4 C2:4"), role="bass")

CASES: list[tuple[str, Music, str]] = [
    ("motif-repeated", Music(tune(f"{MOTIF} {HOME} {MOTIF} {HOME}"), write=((0, 2),)),
     "Bar 3 repeats the motif of bar 1 (Flute)."),
    ("motif-sequence", Music(tune(f"{MOTIF} D4:1.5 E4:0.5 F4 D4 {HOME}")),
     "Bar 2 answers the motif of bar 1 a step higher (Flute)."),
    ("motif-sequence", Music(tune(f"{MOTIF} B3:1.5 C4:0.5 D4 B3 A3:1.5 B3:0.5 C4 A3 {HOME}")),
     "Bars 2-3 carry the motif of bar 1 on in sequence, each time a step lower (Flute)."),
    ("motif-inverted", Music(tune(f"C4 E4:0.5 D4:1.5 G4  G4 E4:0.5 F4:1.5 C4 {HOME}")),
     "Bar 2 turns the motif of bar 1 upside down (inversion, Flute)."),
    ("motif-augmented", Music(tune(f"{MOTIF} C4:3 D4 E4:2 C4:2 {HOME}")),
     "Bars 2-3 stretch the motif of bar 1 to twice its length (augmentation, Flute)."),
    ("motif-augmented", Music(tune(f"{MOTIF} D4:0.5 E4:1.5 F4 D4  C4:3 D4 E4:2 C4:2  D4 E4:3 F4:2 D4:2")),
     "Bars 3-6 stretch the motif of bars 1-2 to twice its length (augmentation, Flute)."),
    ("motif-retrograde", Music(tune(f"C4:1.5 D4:0.5 E4 G4  G4 E4 D4:0.5 C4:1.5 {HOME}")),
     "Bar 2 reads the motif of bar 1 backwards (retrograde, Flute)."),
    ("motif-retrograde", Music(shorter(tune("C4:1.5 D4:0.5 E4 G4 A4:2 F4 D4  D4 F4 A4:2 G4 E4 D4:0.5 C4:1.5"), 10)),
     "Bars 3-4 read the motif of bars 1-2 backwards (retrograde, Flute)."),
    ("motif-diminished", Music(tune(f"{MOTIF} D4:0.75 E4:0.25 F4:0.5 D4:0.5 C4:2 {HOME}")),
     "Bar 2 runs through the motif of bar 1 in half the time (diminution, Flute)."),
    ("motif-fragment", Music(tune("C4 D4:0.5 E4:0.5 G4:2  C4 D4:0.5 E4:0.5 D4 E4:0.5 F4:0.5  C5:2 G4:2")),
     "Bar 2 takes the head of the motif of bar 1 alone and then a step higher (fragment, Flute)."),
    ("motif-tonal-answer", Music(tune(f"G4 C5:1.5 B4:0.5 C5  C5 G5:1.5 F5:0.5 G5 {HOME}")),
     "Bar 2 answers the motif of bar 1 at the fifth, the dominant by the tonic (tonal answer, Flute)."),
    ("rhythm-reused", Music(tune(f"{MOTIF} G4:1.5 E4:0.5 A4 B4 {HOME}")),
     "Bar 2 keeps the rhythm of bar 1 with new pitches (Flute)."),
    ("answer", Music(band(Flute=f"{MOTIF} -:4 {HOME}", Oboe=f"-:4 G4:1.5 A4:0.5 B4 G4 {HOME}")),
     "In bar 2 Oboe answers Flute's motif of bar 1 a fifth higher (call and response)."),
    ("return", Music(tune(f"{FOUR_BARS} {FOUR_BARS}"), write=tuple((0, b) for b in range(4, 8))),
     "Bars 5-8 bring bars 1-4 back note for note."),
    ("varied-return",
     Music(band(Flute=f"{FOUR_BARS} {FOUR_BARS.replace('G4  A4', 'B4  A4')}", Cello="C3:4 F3:4 G3:4 C3:4 " * 2)),
     "Bars 5-8 bring bars 1-4 back, varied: Flute keeps 14 of 15 notes."),
    ("varied-return",
     Music(band(Flute=f"{FOUR_BARS} {FOUR_BARS.replace('C4:2', 'C4:1')}", Cello="C3:4 F3:4 G3:4 C3:4 " * 2)),
     "Bars 5-8 bring bars 1-4 back, varied: Flute gives all 15 notes other lengths."),
    ("return", Music(band(Flute=f"{FOUR_BARS} {FOUR_BARS}", Cello="C3:4 F3:4 G3:4 C3:4 " * 2),
                     write=tuple((1, b) for b in range(4, 8))),  # the tune was given
     "In bars 5-8 Cello brings bars 1-4 back note for note."),
    ("climax", Music(tune("C4 D4 E4 D4  E4 G4 A4 F4  E4 D4 C4:2")),
     "Flute saves its highest note of bars 1-3, A4, for bar 2 and touches it once."),
    ("arch", Music(tune("C4 D4 E4 D4  E4 G4 A4 F4  E4 D4 C4:2")),
     "Flute draws an arch over bars 1-3: from C4 up to A4 in bar 2 and down to C4."),
    ("pentatonic", Music(tune("C4 D4 E4 G4  A4 G4 E4 D4  E4 G4 A4 G4  E4 D4 C4 C4")),
     "Flute keeps to the pentatonic scale C D E G A in bars 1-4."),
    ("borrowed-chord", Music(chords("C F Bb F G C", tune_text="C5:4 A4:4 D5:4 C5:4 B4:4 C5:4")),
     "Bar 3: Bb is bVII, borrowed from the parallel minor (C minor)."),
    ("borrowed-chord", Music(chords("C F Fm C G C")),
     "Bar 3: Fm is iv, borrowed from the parallel minor (C minor)."),
    ("secondary-dominant", Music(chords("C D7 G C F C")),
     "Bar 2: D7 is the dominant of G (V/V in C major) and goes there."),
    ("modulation", Music(chords("C F G C C F G C D7 G Em Am D7 G Em D7 G C D7 G")),
     "Bars 9-20 are in G major, after C major (modulation)."),
    ("cadence", Music(chords("C F G C", tune_text=CADENCE_TUNE)),
     "Bar 4 closes with a perfect authentic cadence (G - C)."),
    ("cadence", Music(chords("C G F C")), "Bar 4 closes with a plagal cadence (F - C)."),
    ("cadence", Music(chords("C F C G")), "Bar 4 closes with a half cadence (G)."),
    ("cadence", Music(chords("C F G Am")), "Bar 4 closes with a deceptive cadence (G - Am)."),
    ("reharmonised", Music(chords("C Am F C", tune_text=SONG), chords("C C F C", tune_text=SONG)),
     "Bar 2 puts new chords under the same Flute: C -> Am."),
    ("pedal", Music(replace(chords("C F G C", low=60), parts=(*chords("C F G C", low=60).parts, DRONE))),
     "Cello holds a pedal point on C2 in bars 1-4 under C-F-G."),
    ("bass-steps", Music(band(Flute="C5:4 B4:4 C5:4 C5:4", Cello="C3:2 B2:2 A2:2 G2:2 F2:4 C3:4")),
     "Cello walks down by step from C3 to F2 in bars 1-3."),
    ("bass-fifths", Music(chords("C Am Dm G C")), "The bass falls by fifths in bars 2-5: A-D-G-C."),
    ("under-melody",
     Music(Score(parts=(Part("Piano", line("G4 A4 B4 C5 D5 C5 B4 G4"), role="melody"),
                        Part("piano", line("E4 F4 G4 A4 B4 A4 G4 E4"), role="inner")), keys=C), write=((1, 0), (1, 1))),
     "piano 2 stays under Piano 1 throughout bars 1-2."),
    ("under-melody",
     Music(band(Flute="G4 A4 B4 C5 D5 C5 B4 G4", Oboe="E4 F4 G4 A4 B4 A4 G4 E4"), write=((1, 0), (1, 1))),
     "Oboe stays under Flute throughout bars 1-2."),
    ("contrary-motion", Music(band(Flute="C5 D5 E5 F5 G5 F5 E5 D5", Cello="C3 B2 A2 G2 F2 G2 A2 G2")),
     "Flute and Cello move in contrary motion in bars 1-2 (6 of 7 moves)."),
    ("parallels", Music(band(Flute="E5 F5 G5 F5 E5 D5 C5 E5", Oboe="C5 D5 E5 D5 C5 B4 A4 C5"), write=((1, 0), (1, 1))),
     "Oboe runs in thirds below Flute in bars 1-2."),
    ("parallels", Music(band(Flute="C5 D5 E5 F5", Oboe="E4 F4 G4 A4"), write=((1, 0),)),
     "Oboe runs in sixths below Flute in bar 1."),
    ("doubling", Music(band(Flute="C5 D5 E5 F5", Oboe="C4 D4 E4 F4"), write=((1, 0),)),
     "Oboe doubles Flute an octave below in bar 1."),
    ("rhythm-kept", Music(tune("C4 D4:1.5 E4:0.5 G4"), tune("C4 E4:1.5 F4:0.5 G4")),
     "Flute keeps its rhythm in bar 1; 2 of 4 pitches are new."),
    ("rhythm-kept", Music(shorter(tune("C4 D4:1.5 E4:0.5 G4"), 10), tune("C4 E4:1.5 F4:0.5 G4")),
     "Flute keeps its rhythm in bar 1; 2 of 4 pitches are new."),
    ("pitches-kept", Music(tune("C4 D4:1.5 E4:0.5 G4"), tune("C4 D4 E4 G4")),
     "Flute keeps its pitches in bar 1, in a new rhythm."),
    ("syncopation", Music(tune("C4:0.5 D4 E4 D4 C4:0.5"), tune("C4 D4 E4 C4")),
     "Flute is more syncopated in bar 1: 3 of 5 attacks, 0 of 4 before."),
    ("density", Music(tune("C4:0.5 D4:0.5 E4:0.5 F4:0.5 G4 C4"), tune("C4 D4 E4 C4")),
     "Flute is busier in bar 1: 6 attacks, 4 before."),
    ("density", Music(tune("C4:2 E4 C4"), tune("C4 D4 E4 C4")), "Flute is calmer in bar 1: 3 attacks, 4 before."),
    ("register", Music(tune("C5 D5 E5 C5"), tune("C4 D4 E4 C4")),
     "Flute lies 12 semitones higher on the mean in bar 1."),
    ("dynamics", Music(tune("C4 D4 E4 C4", velocity=60), tune("C4 D4 E4 C4")),
     "Flute is softer in bar 1: mean velocity 60, 80 before."),
    ("ornament", Music(chords("C C C C", tune_text="C5 D5 E5 G5 E5 F5 E5 C5 C5:4 C5:4")),
     "Flute has 1 passing note and 1 neighbour note in bars 1-4."),
    ("ornament", Music(chords("C G C G C C", tune_text="E5:2 C5:3 B4:1 G4:2  E5:2 C5:3 B4:1 G4:2  C5:4 C5:4")),
     "Flute has 2 suspensions in bars 1-6."),
    ("texture", Music(block("C F G C")), "Piano plays block chords in bars 1-4."),
    ("texture", Music(alberti("C F G C")), "Piano plays Alberti figures in bars 1-4."),
    ("texture", Music(replace(
        tune("C3:0.5 E3:0.5 G3:0.5 C4:0.5 E4:0.5 C4:0.5 G3:0.5 E3:0.5 " * 2, role="inner", name="Harp"),
        chords=(ChordMark(0, Chord.parse("C")),))), "Harp breaks the chords into arpeggios in bars 1-2."),
    ("groove", Music(drums(GROOVE, GROOVE, GROOVE, FILL)), "Drums keep one groove in bars 1-3."),
    ("drum-fill", Music(drums(GROOVE, GROOVE, GROOVE, FILL, GROOVE)),
     "Bar 4: Drums leave the groove for a fill into the section at bar 5."),
]  # fmt: skip

MISSES: list[tuple[str, Music]] = [
    ("motif-repeated", Music(tune(f"{MOTIF} {HOME} C4:1.5 D4:0.5 F4 C4 {HOME}"))),  # one pitch differs
    ("motif-repeated", Music(tune(f"{MOTIF} C4:1 D4:1 E4 C4 {HOME}"))),  # one length differs
    ("motif-sequence", Music(tune(f"{MOTIF} D4:1.5 E4:0.5 G4 D4 {HOME}"))),  # not all moved alike
    ("motif-sequence", Music(tune(f"{MOTIF} {MOTIF} {HOME}"))),  # not moved at all
    ("motif-inverted", Music(tune(f"C4 E4:0.5 D4:1.5 G4  G4 E4:0.5 F4:1.5 B3 {HOME}"))),
    ("motif-augmented", Music(tune(f"{MOTIF} C4:3 D4 E4:3 C4:1 {HOME}"))),
    ("motif-retrograde", Music(tune(f"C4:1.5 D4:0.5 E4 G4  G4 E4 D4:1.5 C4:0.5 {HOME}"))),  # its rhythm is not turned
    ("motif-retrograde", Music(tune(f"C4 E4 E4 C4  C4 E4 E4 C4 {HOME}"))),  # the same both ways
    ("motif-diminished", Music(tune(f"{MOTIF} D4:0.5 E4:0.5 F4:0.5 D4:0.5 C4:2 {HOME}"))),  # half of it is not quicker
    ("motif-fragment", Music(tune("C4 D4:0.5 E4:0.5 G4:2  C4 D4:0.5 E4:0.5 D4 E4:0.5 G4:0.5  C5:2 G4:2"))),
    ("motif-fragment",
     Music(tune("C4 D4:0.5 E4:0.5 D4 E4:0.5 F4:0.5  C4 D4:0.5 E4:0.5 D4 E4:0.5 F4:0.5  C5:2 G4:2"))),  # all of it
    ("motif-tonal-answer", Music(tune(f"G4 C5:1.5 B4:0.5 C5  D5 G5:1.5 F5:0.5 G5 {HOME}"))),  # a real answer
    ("rhythm-reused", Music(tune(f"{MOTIF} G4:1 E4:1 A4 B4 {HOME}"))),
    ("rhythm-reused", Music(tune("C4 D4 E4 C4  G4 E4 A4 B4"))),  # four quarters are no rhythm to keep
    ("answer", Music(band(Flute=f"{MOTIF} {MOTIF} {HOME}", Oboe=f"-:4 G4:1.5 A4:0.5 B4 G4 {HOME}"))),  # no reply: both
    ("answer", Music(band(Flute=f"{MOTIF} -:4 {HOME}", Oboe=f"-:4 G4:1.5 A4:0.5 B4 C5 {HOME}"))),
    ("return", Music(tune(f"{FOUR_BARS} {FOUR_BARS.replace('A4 G4', 'A4 F4').replace('G4 E4 C4:2', 'G4 F4 C4:2')}"))),
    ("varied-return",
     Music(band(Flute=f"{FOUR_BARS} {FOUR_BARS}", Cello="C3:4 F3:4 G3:4 C3:4 " * 2))),  # nothing varied
    ("return", Music(band(Flute=f"{FOUR_BARS} {FOUR_BARS}", Cello="C3:4 F3:4 G3:4 C3:4 E3:4 A3:4 D3:4 C3:4"),
                     write=tuple((1, b) for b in range(4, 8)))),  # only what was given comes back
    ("varied-return",
     Music(band(Flute=f"{FOUR_BARS} {FOUR_BARS.replace('G4  A4', 'B4  A4')}", Cello="C3:4 F3:4 G3:4 C3:4 " * 2),
           write=tuple((1, b) for b in range(4, 8)))),  # what was given varies
    ("varied-return",
     Music(replace(band(Flute=f"{FOUR_BARS} {FOUR_BARS}", Cello="C3:4 F3:4 G3:4 C3:4 " * 2), parts=(
         tune(f"{FOUR_BARS} {FOUR_BARS.replace('C4:2', 'C4:1.75')}").parts[0],
         Part("Cello", line("C3:4 F3:4 G3:4 C3:4 " * 2), role="bass"))))),  # let go a sixteenth sooner
    ("climax", Music(tune("C4 D4 E4 D4  E4 A4 E4 A4  E4 D4 C4:2"))),  # touched twice
    ("arch", Music(tune("C4 D4 E4 D4  E4 F4 G4 A4  E4 F4 G4:2"))),  # does not come down
    ("pentatonic", Music(tune("C4 D4 E4 G4  A4 G4 F4 D4  E4 G4 A4 G4  E4 D4 C4 C4"))),  # an F
    ("borrowed-chord", Music(chords("C F Bdim F G C"))),
    ("borrowed-chord", Music(chords("Am F Bb F E7 Am", key="Am"))),  # the key is minor
    ("borrowed-chord", Music(replace(chords("C F C F G C"), chords=(
        ChordMark(0, Chord.parse("C")), ChordMark(2 * BAR, Chord.parse("Bb")), ChordMark(3 * BAR, Chord.parse("F")),
    )))),  # marked, but the notes do not say it
    ("secondary-dominant", Music(chords("C D7 F C G C"))),  # does not go to G
    ("secondary-dominant", Music(chords("C Dm7 G C F C"))),  # no F sharp
    ("modulation", Music(chords("C F G C C F G C C F G C C F G C"))),
    ("modulation", Music(chords("C F G C C D7 G C C F G C C F G C"))),  # passing by is not moving
    ("borrowed-chord", Music(chords("C F Bb F G C", tune_text="C5:4 A4:4 D5:4 C5:4 B4:4 C5:4"),
                             write=tuple((0, b) for b in range(6)))),  # the chords were given
    ("secondary-dominant", Music(chords("C D7 G C F C", tune_text=SONG), write=((0, 1), (0, 2)))),
    ("modulation", Music(chords("C F G C C F G C D7 G Em Am D7 G Em D7 G C D7 G", tune_text="G4:4 " * 20),
                         write=tuple((0, b) for b in range(8, 20)))),
    ("cadence", Music(chords("C F G C", tune_text=CADENCE_TUNE), write=((0, 3),))),
    ("pedal", Music(replace(chords("C F G C", low=60), parts=(*chords("C F G C", low=60).parts, DRONE)),
                    write=tuple((0, b) for b in range(4)))),  # the drone was given
    ("bass-fifths", Music(chords("C Am Dm G C", tune_text="C5:4 E5:4 D5:4 D5:4 C5:4"),
                          write=tuple((0, b) for b in range(5)))),  # the bass was given
    ("cadence", Music(chords("C F Em C"))),
    ("cadence", Music(chords("C F G C/G"))),  # a six-four chord closes nothing
    ("reharmonised", Music(chords("C Am F C", tune_text=SONG), chords("C Am F C", tune_text=SONG))),
    ("reharmonised",
     Music(chords("C Am F C", tune_text=SONG), chords("C C F C", tune_text=SONG.replace("E5:4", "C5:4")))),
    ("reharmonised", Music(replace(chords("C C F C", tune_text=SONG), chords=(ChordMark(0, Chord.parse("Am")),)),
                           chords("C C F C", tune_text=SONG))),  # marked, not played
    ("reharmonised",
     Music(chords("C Am F C", tune_text="G4 E5 C5 E5 " * 4), tune("G4 E5 C5 E5 " * 4))),  # no chords before
    ("pedal", Music(Score(parts=(Part("Piano", line("C5:4 C5:4 C5:4 C5:4")), DRONE), keys=C))),  # nothing changes
    ("bass-steps", Music(band(Flute="C5:4 B4:4 C5:4 C5:4", Cello="C3:2 B2:2 A2:2 C3:2 B2:4 C3:4"))),  # turns back
    ("bass-fifths", Music(chords("C Am Dm F C"))),
    ("bass-fifths", Music(chords("C Am/C Dm G C"))),  # not in root position, so too short
    ("under-melody", Music(band(Flute="G4 A4 B4 C5 D5 C5 B4 G4", Oboe="E4 F4 G4 A4 B4 A4 C5 E4"))),  # crosses once
    ("under-melody", Music(band(Flute="G5 A5 B5 C6 D6 C6 B5 G5", Oboe="E3 F3 G3 A3 B3 A3 G3 E3"))),  # never near
    ("contrary-motion", Music(band(Flute="C5 D5 E5 F5 G5 F5 E5 D5", Cello="C3 D3 E3 F3 G3 F3 E3 D3"))),
    ("parallels", Music(band(Flute="E5 F5 G5 F5 E5 D5 C5 E5", Oboe="C5 D5 D5 D5 C5 B4 G4 C5"))),  # a fourth and a fifth
    ("doubling", Music(band(Flute="C5 D5 E5 F5", Oboe="C4 D4 E4 G4"))),
    ("doubling", Music(band(Flute="C5 D5 E5 F5", Oboe="C5 D5 E5 F5"))),  # one and the same height
    ("rhythm-kept", Music(tune("C4 D4:1.5 E4:0.5 G4"), tune("C4 E4:1 F4:1 G4"))),
    ("rhythm-kept", Music(tune("C4 D4:1.5 E4:0.5 G4"), tune("C4 D4:1.5 E4:0.5 G4"))),
    ("rhythm-kept", Music(tune("C4 D4:1.5 E4:0.5 G4"))),  # nothing came before
    ("pitches-kept", Music(tune("C4 D4:1.5 F4:0.5 G4"), tune("C4 D4 E4 G4"))),
    ("pitches-kept", Music(tune("C4 D4 E4 G4"), tune("C4 D4 E4 G4"))),
    ("pitches-kept", Music(shorter(tune("C4 D4 E4 G4"), 10), tune("C4 D4 E4 G4"))),  # let go a little sooner
    ("rhythm-kept", Music(shorter(tune("C4 D4:1.5 E4:0.5 G4"), 10), tune("C4 D4:1.5 E4:0.5 G4"))),
    ("syncopation", Music(tune("C4 D4:0.5 E4:0.5 E4 G4:0.5 C4:0.5"),
                          shorter(tune("C4 D4:0.5 E4:0.5 E4 G4:0.5 C4:0.5"), -10))),  # held over by a hair
    ("syncopation", Music(tune("C4:0.5 D4 E4 D4 C4:0.5"), tune("G4:0.5 D4 E4 D4 C4:0.5"))),
    ("density", Music(tune("C4 D4 E4 G4"), tune("C4 D4 E4 C4"))),
    ("register", Music(tune("C4 D4 E4 E4"), tune("C4 D4 E4 C4"))),
    ("dynamics", Music(tune("C4 D4 E4 C4", velocity=82), tune("C4 D4 E4 C4"))),
    ("ornament", Music(chords("C C C C", tune_text="C5 E5 G5 E5 C5 E5 G5 E5 C5:4 C5:4"))),  # chord tones alone
    ("ornament", Music(chords("C G C G C C", tune_text="E5:2 B4:3 D5:1 G4:2  E5:2 B4:3 D5:1 G4:2  C5:4 C5:4"))),
    ("texture", Music(tune("C4 D4 E4 F4 G4 A4 B4 C5 D5 C5 B4 A4"))),
    ("texture", Music(tune("C4:0.5 D4:0.5 E4:0.5 F4:0.5 G4:0.5 A4:0.5 B4:0.5 C5:0.5 " * 2))),  # a scale
    ("groove", Music(drums(GROOVE, GROOVE, FILL, GROOVE))),
    ("drum-fill", Music(drums(GROOVE, GROOVE, FILL, GROOVE, GROOVE))),  # no section begins after it
    ("drum-fill", Music(drums(GROOVE, GROOVE, GROOVE, "khshkhs-", GROOVE))),  # fewer strokes are no fill
]  # fmt: skip
