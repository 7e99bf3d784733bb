"""One measure of one part as MusicXML text: notes, rests, ties, beams, tuplets, accidentals.

Conventions: places are steps (24 a quarter, which is <divisions>) from the measure's start.
This module does not know the score: see `zhiyin.io.musicxml_write`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from zhiyin.io.musicxml_rhythm import FLAGS, Piece, beam_groups, beam_marks, write_rhythm
from zhiyin.theory.metre import Metre
from zhiyin.theory.pitch import fifths_name, letter_semitones
from zhiyin.units import TICKS_PER_STEP

_ACCIDENTALS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
_SHARPS, _FLATS = "FCGDAEB", "BEADGCF"


@dataclass(slots=True)
class Head:
    """One note head: what is written between <note> and its duration, and what follows its type.

    pitch: inner XML of the pitch; place: (step, octave) on the staff; alter: semitones, None for percussion;
    instrument: id for percussion; velocity: "" or the dynamics attribute; lyric: XML or "".
    """

    pitch: str
    place: tuple[str, int]
    alter: int | None
    instrument: str = ""
    velocity: str = ""
    lyric: str = ""
    notehead: str = ""


@dataclass(slots=True)
class Stem:
    """An event inside a measure: steps, its heads low to high, and whether ties reach over its edges."""

    start: int
    end: int
    heads: list[Head]
    tied_in: bool = False
    tied_out: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for a measure: its length in steps, metre, signature, and the number of staves."""

    steps: int
    metre: Metre
    fifths: int
    staves: int


@dataclass(frozen=True, slots=True)
class Spot:
    """Whose bar is written: voice number, staff from 1, and whether it leads its staff in this bar.

    The rests of a voice that does not lead are not printed: the voice above counts the bar.
    """

    voice: int
    staff: int
    leads: bool = True


def pitch_head(pitch: int, spelling: int) -> Head:
    """Return the head of a MIDI pitch under a spelling (line of fifths).

    >>> pitch_head(61, -5).place, pitch_head(61, -5).alter
    (('D', 4), -1)
    """
    name = fifths_name(spelling)
    step, alter = name[0], name.count("#") - name.count("b")
    octave = (pitch - alter - letter_semitones(step)) // 12 - 1
    alter_xml = f"<alter>{alter}</alter>" if alter else ""
    xml = f"<pitch><step>{step}</step>{alter_xml}<octave>{octave}</octave></pitch>"
    return Head(xml, (step, octave), alter)


def signature_alter(step: str, fifths: int) -> int:
    """Return what a key signature does to a letter.

    >>> signature_alter("F", 1), signature_alter("B", -1), signature_alter("C", 0)
    (1, -1, 0)
    """
    return int(step in _SHARPS[: max(fifths, 0)]) - int(step in _FLATS[: max(-fifths, 0)])


def accidentals(voices: Sequence[tuple[int, Sequence[Stem]]], fifths: int) -> dict[int, str]:
    """Return the accidental to print for each head (by id), bar by bar and staff by staff.

    voices: (staff, stems); a tied-in head prints none.
    """
    heads = [
        (stem.start, staff, head, stem.tied_in)
        for staff, stems in voices
        for stem in stems
        for head in stem.heads
    ]
    state: dict[tuple[int, str, int], int] = {}
    printed: dict[int, str] = {}
    for _, staff, head, tied in sorted(heads, key=lambda item: (item[0], item[1])):
        if head.alter is None or tied:
            continue
        place = (staff, *head.place)
        if state.get(place, signature_alter(head.place[0], fifths)) != head.alter:
            printed[id(head)] = _ACCIDENTALS.get(head.alter, "natural")
            state[place] = head.alter
    return printed


def voice_xml(
    stems: Sequence[Stem],
    frame: Frame,
    spot: Spot,
    *,
    printed: dict[int, str],
    marks: list[tuple[int, str]],
) -> list[str]:
    """Return the notes and rests of one voice of a measure; `marks` (step, XML) are woven in where they fall."""
    spot = spot if frame.staves > 1 else replace(spot, staff=0)
    if not stems and frame.steps * TICKS_PER_STEP == frame.metre.bar_ticks:
        whole = Writing("", frame.steps, spot.voice, spot.staff)
        rest = _note(whole, rest=True, whole=True)
        return [*(_mark(step, xml, 0) for step, xml in marks), rest]
    events = _with_rests(stems, frame.steps)
    pieces = write_rhythm([(s, e, stem is None) for s, e, stem in events], frame.steps, frame.metre)
    rests = [events[piece.event][2] is None for piece in pieces]
    shift = max(frame.metre.bar_ticks // TICKS_PER_STEP - frame.steps, 0)
    beams = _beams(pieces, rests, frame.metre, shift)
    lines: list[str] = []
    waiting = sorted(marks)
    for index, piece in enumerate(pieces):
        while waiting and (waiting[0][0] < piece.start + piece.steps or index == len(pieces) - 1):
            step, xml = waiting.pop(0)
            lines.append(_mark(step, xml, piece.start))
        stem = events[piece.event][2]
        lines += _piece(piece, stem, beams.get(index, []), printed, spot)
    return lines


def _mark(step: int, xml: str, cursor: int) -> str:
    """Return a direction or harmony with its offset from the cursor; %OFFSET% marks where the schema wants it."""
    return xml.replace("%OFFSET%", f"<offset>{step - cursor}</offset>" if step != cursor else "")


def _with_rests(stems: Sequence[Stem], steps: int) -> list[tuple[int, int, Stem | None]]:
    events: list[tuple[int, int, Stem | None]] = []
    at = 0
    for stem in stems:
        if stem.start > at:
            events.append((at, stem.start, None))
        events.append((stem.start, stem.end, stem))
        at = stem.end
    if at < steps:
        events.append((at, steps, None))
    return events


def _beams(pieces: Sequence[Piece], rests: Sequence[bool], metre: Metre, shift: int) -> dict[int, list[str]]:
    beams: dict[int, list[str]] = {}
    for group in beam_groups(pieces, rests, metre, shift=shift):
        for index, marks in zip(group, beam_marks([FLAGS[pieces[i].kind] for i in group]), strict=True):
            beams[index] = marks
    return beams


@dataclass(frozen=True, slots=True)
class Writing:
    """What all heads of a piece share: the type with dots, length, voice, staff (0: not named), and notations."""

    kind: str
    steps: int
    voice: int
    staff: int
    triplet: str = ""
    tuplet: str = ""
    beams: str = ""
    is_hidden: bool = False


def _piece(
    piece: Piece, stem: Stem | None, beams: list[str], printed: dict[int, str], spot: Spot
) -> list[str]:
    kind = f"<type>{piece.kind}</type>" + "<dot/>" * piece.dots
    tuplet = "".join(
        f'<tuplet type="{edge}" number="1"{extra}/>'
        for edge, extra, stands in (
            ("start", f' bracket="{"no" if beams else "yes"}"', piece.opens),
            ("stop", "", piece.closes),
        )
        if stands
    )
    beam_xml = "".join(f'<beam number="{level}">{mark}</beam>' for level, mark in enumerate(beams, 1))
    is_hidden = stem is None and not spot.leads and not piece.triplet
    writing = Writing(kind, piece.steps, spot.voice, spot.staff, piece.triplet, tuplet, beam_xml, is_hidden)
    if stem is None:
        return [_note(writing, rest=True)]
    stops = not piece.first or stem.tied_in
    starts = not piece.last or stem.tied_out
    return [
        _note(
            writing,
            head=head,
            chord=index > 0,
            ties=(stops, starts),
            accidental="" if stops else printed.get(id(head), ""),
        )
        for index, head in enumerate(stem.heads)
    ]


def _note(
    writing: Writing,
    *,
    head: Head | None = None,
    rest: bool = False,
    whole: bool = False,
    chord: bool = False,
    ties: tuple[bool, bool] = (False, False),
    accidental: str = "",
) -> str:
    """Return one <note>, its children in the order the schema asks for."""
    body = ["<chord/>"] if chord else []
    if head is not None:
        body.append(head.pitch)
    elif rest:
        body.append('<rest measure="yes"/>' if whole else "<rest/>")
    body.append(f"<duration>{writing.steps}</duration>")
    names = [name for name, stands in zip(("stop", "start"), ties, strict=True) if stands]
    body += [f'<tie type="{name}"/>' for name in names]
    if head is not None and head.instrument:
        body.append(f'<instrument id="{head.instrument}"/>')
    body.append(f"<voice>{writing.voice + 1}</voice>{writing.kind}")
    if accidental:
        body.append(f"<accidental>{accidental}</accidental>")
    if writing.triplet:
        body.append(
            "<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes>"
            f"<normal-type>{writing.triplet}</normal-type></time-modification>"
        )
    if head is not None:
        body.append(head.notehead)
    body.append(f"<staff>{writing.staff}</staff>" if writing.staff else "")
    body.append("" if chord else writing.beams)
    notations = "".join(f'<tied type="{name}"/>' for name in names) + ("" if chord else writing.tuplet)
    body.append(f"<notations>{notations}</notations>" if notations else "")
    if head is not None and not ties[0]:
        body.append(head.lyric)
    velocity = f' dynamics="{head.velocity}"' if head is not None and head.velocity else ""
    shown = ' print-object="no"' if writing.is_hidden else ""
    return f"<note{shown}{velocity}>{''.join(body)}</note>"


def lyric_xml(syllable: str, before: str, *, extends: bool = False) -> str:
    """Return the <lyric> of a syllable, given the one before it in its voice.

    extends: whether it is held over further notes; a hyphen shows that of a word that goes on.
    >>> lyric_xml("la-", ""), lyric_xml("la", "", extends=True)[-32:]
    ('<lyric number="1"><syllabic>begin</syllabic><text>la</text></lyric>', '<text>la</text><extend/></lyric>')
    """
    if not syllable:
        return ""
    goes_on, went_on = syllable.endswith("-"), before.endswith("-")
    syllabic = {(0, 0): "single", (1, 0): "begin", (1, 1): "middle", (0, 1): "end"}[goes_on, went_on]
    text = escape(syllable[:-1] if goes_on else syllable)
    held = "<extend/>" if extends and not goes_on else ""
    return f'<lyric number="1"><syllabic>{syllabic}</syllabic><text>{text}</text>{held}</lyric>'
