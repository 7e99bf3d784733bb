"""Laws of MusicXML; golden rows were worked out by hand from tests/golden/io/duet.musicxml."""

from __future__ import annotations

import io
import itertools
import re
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.errors import InvalidInput, UnreadableFile
from zhiyin.io import ReadWarning
from zhiyin.io.musicxml import MusicXml, PackedMusicXml
from zhiyin.io.musicxml_measure import signature_alter
from zhiyin.io.musicxml_rhythm import PLAIN, TRIPLET, beam_marks, write_rhythm
from zhiyin.io.musicxml_values import transposition_fifths
from zhiyin.io.musicxml_voices import arrange_voices, choose_clef, split_hands
from zhiyin.score import ChordMark, KeyMark, MetreMark, Note, Notes, Part, Score, Section, Tempo
from zhiyin.score.hands import join_hands
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

GOLDEN = Path(__file__).parent.parent / "golden" / "io"
Q, STEP = 10_080, 420


def read(text: str) -> Score:
    return MusicXml().read(text.encode(), path="x.musicxml")


def page(body: str, head: str = "") -> str:
    parts = f'<part-list><score-part id="P1"><part-name>Solo</part-name>{head}</score-part></part-list>'
    return f'<score-partwise>{parts}<part id="P1">{body}</part></score-partwise>'


def note(name: str, quarters: int = 1, inner: str = "") -> str:
    pitch = f"<pitch><step>{name[0]}</step><octave>{name[1]}</octave></pitch>"
    return f"<note>{pitch}<duration>{quarters}</duration>{inner}</note>"


def rows(notes: Notes) -> list[tuple[int, int, int, int]]:
    return sorted(tuple(n) for n in notes)


def again(score: Score) -> Score:
    return MusicXml().read(MusicXml().write(score).data, path="again.musicxml")


@pytest.fixture(scope="module")
def duet() -> Score:
    return MusicXml().read((GOLDEN / "duet.musicxml").read_bytes(), path="duet.musicxml")


def test_a_transposing_part_sounds_and_takes_dynamics_ties_and_words(duet: Score) -> None:
    part = duet.parts[0]
    assert (part.name, part.program) == ("Clarinet in Bb", 71)
    assert rows(part.notes) == [
        (0, Q, 62, 80), (Q, 2 * Q, 67, 48), (3 * Q, 2 * Q, 66, 48), (9 * Q, 3 * Q, 67, 100)
    ]  # fmt: skip
    assert part.notes.syllable is not None and part.notes.syllable.tolist() == ["O", "la-", "lu", ""]
    assert part.notes.spelling is not None and part.notes.spelling.tolist() == [2, 1, 6, 1]


def test_two_staves_are_one_part_and_voices_tell_the_staff(duet: Score) -> None:
    notes = duet.parts[1].notes
    assert rows(notes) == [
        (Q, 3 * Q, 67, 80), (Q, 3 * Q, 71, 80), (2 * Q, 6720, 50, 80), (26_880, 3360, 52, 80), (3 * Q, Q, 54, 80)
    ]  # fmt: skip
    assert notes.voice is not None and notes.voice.tolist() == [0, 0, 4, 4, 4]


def test_percussion_reads_its_drum_key(duet: Score) -> None:
    part = duet.parts[2]
    assert part.is_drums and part.role == "drums" and rows(part.notes) == [(0, Q, 36, 80)]


def test_marks_of_the_duet(duet: Score) -> None:
    assert (duet.title, duet.pickup_ticks, duet.length_ticks) == ("Little duet", Q, 12 * Q)
    assert duet.credits == (("composer", "Anon"), ("rights", "CC0"))
    assert duet.keys == (KeyMark(0, Key.parse("G")),)
    assert duet.tempos == (Tempo(0, 90.0),)
    assert duet.sections == (Section(Q, "A"),)
    assert duet.chords == (ChordMark(Q, Chord.parse("G/B")), ChordMark(35_280, Chord.parse("D7b9")))
    assert [(m.tick // Q, str(m.metre)) for m in duet.metres] == [(0, "3/4"), (7, "2/4"), (9, "3/4")]


def test_a_packed_file_reads_like_a_plain_one(duet: Score) -> None:
    assert PackedMusicXml().read(packed(), path="duet.mxl") == duet


def test_a_container_that_is_broken_gives_way_to_the_only_score(duet: Score) -> None:
    assert PackedMusicXml().read(packed(container="<container"), path="duet.mxl") == duet


def test_timewise_reads_like_partwise() -> None:
    wise = page(f'<measure number="1">{note("C4", 4)}</measure>')
    turned = wise.replace("score-partwise", "score-timewise")
    turned = turned.replace('<part id="P1"><measure number="1">', '<measure number="1"><part id="P1">')
    turned = turned.replace("</measure></part>", "</part></measure>")
    assert read(turned) == read(wise)


def test_a_tie_without_its_other_half_is_two_notes() -> None:
    tie = '<tie type="start"/>'
    score = read(
        page(f"<measure>{note('C4', 1, tie)}{note('D4')}{note('C4', 1, tie.replace('art', 'op'))}</measure>")
    )
    assert len(score.parts[0].notes) == 3


@pytest.mark.parametrize(
    ("diatonic", "chromatic", "fifths"), [(-1, -2, -2), (-5, -9, -3), (None, 3, -3), (4, 7, 1)]
)
def test_transpositions_on_the_line_of_fifths(diatonic: int | None, chromatic: int, fifths: int) -> None:
    assert transposition_fifths(diatonic, chromatic) == fifths


# Writing


def little(rows_: list[tuple[int, ...]], **part: object) -> Score:
    steps = [(row[0] * STEP, row[1] * STEP, *row[2:]) for row in rows_]
    return Score(parts=(Part("Solo", Notes.of(steps), **part),))  # type: ignore[arg-type]


def written(score: Score) -> str:
    return MusicXml().write(score).data.decode()


def kinds(score: Score) -> list[str]:
    found = re.findall(r"<type>(\w+)</type>((?:<dot/>)*)", written(score))
    return [kind + "." * (len(dots) // 6) for kind, dots in found]


def test_a_note_over_a_bar_line_is_tied() -> None:
    text = written(little([(72, 48, 60)], program=40))
    assert text.count('<tie type="start"/>') == text.count('<tie type="stop"/>') == 1
    assert (
        again(little([(72, 48, 60)], program=40)).parts[0].notes
        == again(again(little([(72, 48, 60)], program=40))).parts[0].notes
    )


def test_a_syncopation_shows_the_middle_of_the_bar() -> None:
    score = little([(0, 12, 60), (12, 24, 62), (36, 24, 64), (60, 36, 65)], program=40)
    assert kinds(score) == ["eighth", "quarter", "eighth", "eighth", "quarter."]


def test_triplets_are_bracketed_in_threes() -> None:
    text = written(little([(0, 8, 60), (8, 8, 62), (16, 8, 64), (24, 72, 65)], program=40))
    assert text.count("<actual-notes>3</actual-notes>") == 3
    assert text.count('<tuplet type="start"') == text.count('<tuplet type="stop"') == 1


def test_six_eight_beams_in_dotted_quarters() -> None:
    score = little([(12 * k, 12, 60 + k) for k in range(6)], program=40)
    text = written(Score(parts=score.parts, metres=(MetreMark(0, Metre(6, 8)),)))
    assert re.findall(r'<beam number="1">(\w+)', text) == ["begin", "continue", "end"] * 2


def test_accidentals_are_printed_once_a_bar() -> None:
    score = little([(0, 24, 66), (24, 24, 66), (48, 24, 65), (72, 24, 65), (96, 96, 66)], program=40)
    assert re.findall(r"<accidental>(\w+)", written(score)) == ["sharp", "natural", "sharp"]


def test_a_signature_alters_its_letters() -> None:
    assert [signature_alter(step, fifths) for step, fifths in (("F", 1), ("C", 1), ("B", -1), ("E", -1))] == [
        1,
        0,
        -1,
        0,
    ]


def test_beams_of_unequal_notes_have_hooks() -> None:
    assert beam_marks([1, 2]) == [["begin"], ["end", "backward hook"]]
    assert beam_marks([2, 1]) == [["begin", "forward hook"], ["end"]]


def test_hands_part_where_they_can_reach() -> None:
    chord = Notes.of([(0, Q, p) for p in (36, 43, 48, 64, 67, 72)])
    assert split_hands(chord).tolist() == [1, 1, 1, 0, 0, 0]


def test_the_higher_of_two_voices_comes_first() -> None:
    part = Part("Violin", Notes.of([(0, 4 * Q, 60), (0, Q, 72), (Q, 3 * Q, 74)]), program=40)
    voices = arrange_voices(part)
    assert {voice: [part.notes.pitch[list(e.rows)].tolist() for e in events] for voice, events in voices.items()} == {
        0: [[72], [74]], 1: [[60]],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("program", "pitch", "clef"),
    [(40, 76, ("G", 2, 0)), (41, 60, ("C", 3, 0)), (42, 45, ("F", 4, 0)), (33, 36, ("F", 4, -1))],
)
def test_clefs_follow_instrument_and_range(program: int, pitch: int, clef: tuple[str, int, int]) -> None:
    assert choose_clef(Part("x", program=program), np.array([pitch]), staff=1, staves=1) == clef


METRES = [
    Metre(4, 4),
    Metre(3, 4),
    Metre(6, 8),
    Metre(5, 8),
    Metre(2, 2),
    Metre(9, 8),
    Metre(7, 4),
    Metre(3, 8),
]


@given(st.sampled_from(METRES), st.lists(st.integers(1, 60), min_size=1, max_size=30), st.data())
def test_written_values_fill_the_bar_exactly(metre: Metre, lengths: list[int], data: st.DataObject) -> None:
    bar = metre.bar_ticks // STEP
    edges = sorted({0, bar, *(e for e in np.cumsum(lengths).tolist() if e < bar)})
    events = [(a, b, data.draw(st.booleans())) for a, b in itertools.pairwise(edges)]
    pieces = write_rhythm(events, bar, metre)
    assert [p.start for p in pieces] == [0, *np.cumsum([p.steps for p in pieces])[:-1]]
    assert sum(p.steps for p in pieces) == bar
    assert all((TRIPLET if p.triplet else PLAIN)[p.steps] == (p.kind, p.dots) for p in pieces)
    assert (
        [p.event for p in pieces if p.first]
        == [p.event for p in pieces if p.last]
        == list(range(len(events)))
    )


def scores() -> st.SearchStrategy[Score]:
    row = st.tuples(st.integers(0, 400), st.integers(1, 130), st.integers(30, 90), st.integers(1, 127))
    rows_ = st.lists(row, max_size=25)
    programs = st.sampled_from([0, 19, 24, 33, 40, 41, 73])
    parts = st.lists(st.tuples(rows_, programs, st.booleans()), min_size=1, max_size=3)
    return st.builds(_score, parts, st.sampled_from(METRES), st.integers(0, 20), st.integers(-6, 6))


def _score(
    parts: list[tuple[list[tuple[int, ...]], int, bool]], metre: Metre, pickup: int, fifths: int
) -> Score:
    made = [
        Part(
            f"P{k}",
            Notes.of([(o * STEP, d * STEP, p, v) for o, d, p, v in rows_]),
            program=program,
            is_drums=is_drums,
        )
        for k, (rows_, program, is_drums) in enumerate(parts)
    ]
    return Score(
        "t",
        tuple(made),
        metres=(MetreMark(0, metre),),
        keys=(KeyMark(0, Key(fifths)),),
        pickup_ticks=pickup * STEP,
    )


@settings(deadline=None, max_examples=40)
@given(scores())
def test_what_is_written_reads_back_note_for_note(score: Score) -> None:
    got = again(score)
    for ours, theirs in zip(score.parts, got.parts, strict=True):
        assert rows(ours.notes) == rows(theirs.notes)
        assert (ours.name, ours.program) == (theirs.name, theirs.program)
        assert ours.is_drums == theirs.is_drums or not len(ours.notes)
    assert got.metres == score.metres and got.pickup_ticks in (score.pickup_ticks, 0)


def rich() -> Score:
    voice = [(0, Q, 67), (Q, Q, 69), (2 * Q, 2 * Q, 71), (4 * Q, 4 * Q, 66)]
    words = np.array(["雨", "la-", "lu-", "lu<"])
    sung = Notes.of(voice).with_columns(syllable=words, spelling=[1, 3, 5, 6])
    piano = Notes.of(
        [(0, 2 * Q, 43, 60), (0, 2 * Q, 71, 64), (2 * Q, 6 * Q, 38, 70), (6 * Q, 840 * 3, 74, 33)]
    )
    chords = tuple(
        ChordMark(k * Q // 4, Chord(k % 12, quality, (k + 4) % 12)) for k, quality in enumerate(QUALITIES)
    )
    kit = Part("Kit", Notes.of([(0, Q, 36), (Q, Q, 42)]), is_drums=True, role="drums")
    return Score(
        "雨夜 & <rain>",
        (Part("Voice", sung, program=52), Part("Piano", piano), kit),
        tempos=(Tempo(0, 88.5), Tempo(4 * Q, 120.0)),
        metres=(MetreMark(0, Metre(4, 4)), MetreMark(4 * Q, Metre(3, 4)), MetreMark(7 * Q, Metre(2, 4))),
        keys=(KeyMark(0, Key.parse("G")), KeyMark(4 * Q, Key.parse("Em"))),
        chords=(*chords, ChordMark(7 * Q, None)),
        sections=(Section(0, "A"), Section(4 * Q, "副歌")),
        credits=(("composer", "阿炳"), ("rights", "CC0")),
    )  # fmt: skip


def test_marks_words_spelling_and_text_read_back() -> None:
    score, got = rich(), again(rich())
    for name in ("title", "tempos", "metres", "keys", "chords", "sections", "credits", "pickup_ticks"):
        assert getattr(got, name) == getattr(score, name), name
    assert got.parts[0].notes == score.parts[0].notes
    assert [p.role for p in got.parts] == ["unknown", "unknown", "drums"]


def test_voices_read_back() -> None:
    notes = Notes.of([(0, 4 * Q, 40), (0, Q, 72), (0, 2 * Q, 64)]).with_columns(voice=[4, 1, 0])
    assert again(Score(parts=(Part("Piano", notes),))).parts[0].notes.voice is not None
    assert again(Score(parts=(Part("Piano", notes),))).parts[0].notes.voice.tolist() == notes.voice.tolist()  # type: ignore[union-attr]


def test_music21_reads_the_same_notes() -> None:
    music21 = pytest.importorskip("music21")
    stream = music21.converter.parseData(written(rich()), format="musicxml")
    heard = sorted(
        (round(float(n.offset) * Q), round(float(n.quarterLength) * Q), p.midi)
        for part in stream.parts
        for n in part.stripTies().flatten().notes
        if "Harmony" not in n.classes and not isinstance(n, music21.note.Unpitched)
        for p in n.pitches
    )
    pitched = [p for p in rich().parts if not p.is_drums]
    assert heard == sorted((n.onset, n.duration, n.pitch) for p in pitched for n in p.notes)


def test_verovio_engraves_without_a_warning(capfd: pytest.CaptureFixture[str]) -> None:
    verovio = pytest.importorskip("verovio")
    toolkit = verovio.toolkit()
    assert toolkit.loadData(written(rich())) and toolkit.getPageCount() >= 1
    assert "Warning" not in toolkit.getLog() and "Warning" not in capfd.readouterr().err


def test_music_off_the_grid_is_quantised_and_told() -> None:
    score = Score(parts=(Part("Solo", Notes.of([(0, Q, 60), (Q + 100, Q, 62)])),))
    lost = MusicXml().write(score).lost
    assert lost == ("1 of 2 notes moved to the grid of 24 steps a quarter, by at most 100 ticks",)
    assert [n.onset for n in again(score).parts[0].notes] == [0, Q]


def test_what_the_page_cannot_hold_is_told() -> None:
    score = Score(parts=(Part("Solo", role="melody"),), keys=(KeyMark(0, Key.parse("D羽")),))
    assert MusicXml().write(score).lost == (
        "the roles of the parts were left out", "modes written as the church mode of the same signature: yu",
    )  # fmt: skip


def test_bars_shorter_than_a_step_are_refused() -> None:
    score = Score(
        parts=(Part("Solo", Notes.of([(0, Q, 60)])),),
        metres=(MetreMark(0, Metre(4, 4)), MetreMark(100, Metre(4, 4))),
    )
    with pytest.raises(InvalidInput, match="24th of a quarter or more"):
        MusicXml().write(score)


def test_writing_twice_gives_the_same_bytes() -> None:
    assert MusicXml().write(rich()).data == MusicXml().write(rich()).data


# Hostile and broken files


CONTAINER = '<container><rootfiles><rootfile full-path="score.xml"/></rootfiles></container>'


def packed(
    *, container: str = CONTAINER, score: bytes | None = None, name: str = "score.xml", copies: int = 1
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", container)
        for copy in range(copies):
            archive.writestr(
                name.format(copy), score if score is not None else (GOLDEN / "duet.musicxml").read_bytes()
            )
    return out.getvalue()


def lied(data: bytes) -> bytes:
    """Return a zip whose directory names a score that the archive does not hold whole."""
    return data[: len(data) // 3] + data[len(data) // 2 :]


LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE lolz [\n<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + k)} "{f"&{chr(97 + k)};" * 10}">' for k in range(9))
    + "]>\n<score-partwise>&j;</score-partwise>"
)
EXTERNAL = '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><score-partwise>&x;</score-partwise>'
N = note("C4")


def m(body: str) -> bytes:
    return page(f"<measure>\n{body}</measure>").encode()


BROKEN: list[tuple[bytes, str, str]] = [
    (b"", "byte 0", "empty"),
    (b"hello", "line 1", "malformed"),
    (b"<score-partwise>", "line 1", "cut off"),
    (b"<score-partwise>\n<part>\n</measure>", "line 3", "malformed"),
    (b"<html/>", "line 1", "root must be <score-partwise>"),
    (b"<score-partwise/>", "line 1", "1..512 parts, got 0"),
    (LAUGHS.encode(), "line 3", "may not declare entities"),
    (LAUGHS.encode("utf-16"), "line 3", "may not declare entities"),
    (EXTERNAL.encode(), "line 1", "may not declare entities"),
    (b"<!DOCTYPE s [<!ENTITY % p 'x'>]><score-partwise/>", "line 1", "may not declare entities"),
    (b'<?xml version="1.0" encoding="klingon"?><score-partwise/>', "line 1", "encoding"),
    (b"\xff\xfe\x00\x00", "line 1", "malformed"),
    (
        m("<note><pitch><step>H</step><octave>4</octave></pitch><duration>1</duration></note>"),
        "line 1",
        "letter A-G",
    ),
    (
        m("<note><pitch><step>C</step><octave>99</octave></pitch><duration>1</duration></note>"),
        "line 1",
        "MIDI 0..127",
    ),
    (
        m("<note><pitch><step>C</step><octave>x</octave></pitch><duration>1</duration></note>"),
        "line 1",
        "octave",
    ),
    (m(note("C4", -5)), "line 1", "positive"),
    (m(N.replace("1</dur", "9" * 9000 + "</dur")), "line 1", "duration"),
    (m(N.replace("1</dur", "nan</dur")), "line 1", "<duration> must be a number"),
    (m(N.replace("1</dur", "99999999</dur")), "line 1", "shorter than"),
    (m("<attributes><divisions>0</divisions></attributes>"), "line 1", "divisions"),
    (m("<attributes><key><fifths>900</fifths></key></attributes>"), "line 1", "-7..7, got 900"),
    (
        m("<attributes><time><beats>4</beats><beat-type>7</beat-type></time></attributes>"),
        "line 1",
        "power of two",
    ),
    (m("<attributes><time><beats>x</beats><beat-type>4</beat-type></time></attributes>"), "line 1", "beats"),
    (m("<attributes><transpose><chromatic>900</chromatic></transpose></attributes>"), "line 1", "transpose"),
    (page(f"<measure>{N}</measure>\n\n<measure>{note('C4', -1)}</measure>").encode(), "line 3", "positive"),
    (b"PK\x03\x04" + b"\0" * 50, "the zip container", "damaged"),
    (packed()[:200], "the zip container", "damaged"),
    (lied(packed()), "the zip container", "damaged"),
    (
        packed(container="<x/>", name="{}.xml", copies=2),
        "META-INF/container.xml",
        "exactly one .xml file, got 2",
    ),
    (packed(name="{}.txt", copies=1), "META-INF/container.xml", "got 0"),
    (packed(name="{}.bin", copies=1200, score=b""), "the zip directory", "at most 1000 files"),
    (packed(score=b"<score-partwise>" + b" " * 30_000_000), "score.xml", "zip bomb"),
    (b"<a/>" * 6_000_001, "line 1", "at most 6000000 tags"),
    (b"<score-partwise>" + b"<part>" * 100_000, "line 1", "malformed or cut off"),
]


@pytest.mark.parametrize(("data", "place", "reason"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_is_refused_with_place_and_reason(data: bytes, place: str, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as caught:
        (PackedMusicXml() if data[:2] == b"PK" else MusicXml()).read(data, path="bad.musicxml")
    assert caught.value.place.startswith(place) and "bad.musicxml" in str(caught.value)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 6000))
def test_a_file_cut_anywhere_is_refused(size: int) -> None:
    data = (GOLDEN / "duet.musicxml").read_bytes()
    if size < len(data.rstrip()):
        with pytest.raises(UnreadableFile, match=r"cut\.xml"):
            MusicXml().read(data[:size], path="cut.xml")


def test_packing_changes_the_bytes_and_nothing_else() -> None:
    packed_bytes = PackedMusicXml().write(rich()).data
    assert packed_bytes[:2] == b"PK" and packed_bytes == PackedMusicXml().write(rich()).data
    assert PackedMusicXml().read(packed_bytes, path="a.mxl") == again(rich())


def test_an_empty_score_can_be_written_and_read() -> None:
    assert again(Score()).note_count == 0


def test_a_note_row_is_a_note() -> None:
    assert next(iter(again(little([(0, 24, 60, 90)])).parts[0].notes)) == Note(0, Q, 60, 90)


HANDS = Score(
    parts=(
        Part("Piano, upper", Notes.of([(0, Q, 72), (0, 2 * Q, 60), (2 * Q, Q, 74)]), "melody"),
        Part("Piano, lower", Notes.of([(0, Q, 53), (Q, Q, 55), (4 * Q, 4 * Q, 48)]), "accompaniment"),
    ),
    length_ticks=8 * Q,
)


def test_joined_hands_stand_on_two_staves_of_one_part_and_come_back() -> None:
    joined = join_hands(HANDS)
    text = MusicXml().write(joined).data.decode()
    assert text.count("<score-part ") == 1 and "<staves>2</staves>" in text
    clefs = re.findall(r'<clef number="(\d)"><sign>(\w)</sign>', text)
    assert clefs == [("1", "G"), ("2", "F")]
    staff_of_step = re.findall(r"<step>(\w)</step>.*?<staff>(\d)</staff>", text)
    assert staff_of_step == [("C", "1"), ("D", "1"), ("C", "1"), ("F", "2"), ("G", "2"), ("C", "2")]
    back = again(joined).parts[0].notes
    assert rows(back) == rows(joined.parts[0].notes)
    assert back.voice is not None and back.voice.tolist() == joined.parts[0].notes.voice.tolist()


def test_every_staff_counts_its_bar_and_only_leading_voices_print_rests() -> None:
    text = MusicXml().write(join_hands(HANDS)).data.decode()
    first, second = text.split("<measure ")[1:]
    by_voice: dict[str, int] = {}
    for duration, voice in re.findall(r"<note.*?<duration>(\d+)</duration>.*?<voice>(\d)</voice>", first):
        by_voice[voice] = by_voice.get(voice, 0) + int(duration)
    assert by_voice == {"1": 96, "2": 96, "5": 96}
    hidden = re.findall(r'<note print-object="no"><rest/>.*?<voice>(\d)</voice>', first)
    assert set(hidden) == {"2"}
    assert '<rest measure="yes"/><duration>96</duration><voice>1</voice><staff>1</staff>' in second


def test_a_keyboard_part_of_one_hand_has_one_staff() -> None:
    low = Part("Piano", Notes.of([(i * Q, Q, p) for i, p in enumerate((36, 43, 48, 43))]))
    text = MusicXml().write(Score(parts=(low,))).data.decode()
    assert "<staves>" not in text and "<sign>F</sign>" in text


def test_notes_are_spelled_by_the_chord_that_sounds() -> None:
    score = Score(
        parts=(Part("Flute", Notes.of([(0, Q, 72), (Q, Q, 72), (2 * Q, 2 * Q, 75)]), program=73),),
        keys=(KeyMark(0, Key.parse("F#m")),),
        chords=tuple(
            ChordMark(tick, Chord.parse(name)) for tick, name in ((0, "G#7"), (Q, "Am"), (2 * Q, "Ebmaj7"))
        ),
    )
    text = MusicXml().write(score).data.decode()
    pitches = re.findall(r"<pitch><step>(\w)</step>(?:<alter>(-?\d)</alter>)?", text)
    assert pitches == [("B", "1"), ("C", ""), ("E", "-1")]
    roots = re.findall(r"<root-step>(\w)</root-step>(?:<root-alter>(-?\d)</root-alter>)?", text)
    assert roots == [("G", "1"), ("A", ""), ("E", "-1")]


def test_the_last_bar_line_is_light_and_heavy() -> None:
    text = MusicXml().write(HANDS).data.decode()
    for part in text.split("<part id=")[1:]:
        assert part.count("light-heavy") == 1 and part.index("light-heavy") > part.rindex("<measure ")


def test_a_metronome_mark_is_whole_and_the_tempo_exact() -> None:
    score = Score(parts=(Part("a", Notes.of([(0, Q, 60)])),), tempos=(Tempo(0, 112.25),))
    jig = MetreMark(0, Metre(6, 8))
    for metres, mark in (((), "112"), ((jig,), "75")):
        written = MusicXml().write(replace(score, metres=metres))
        assert f"<per-minute>{mark}</per-minute>" in written.data.decode()
        assert MusicXml().read(written.data, path="x").tempos == (Tempo(0, 112.25),)


def warnings_of(text: str) -> list[str]:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", ReadWarning)
        read(text)
    return [str(w.message).removeprefix("x.musicxml: ") for w in said]


def bar_line(inner: str, location: str = "right") -> str:
    return f'<barline location="{location}">{inner}</barline>'


def test_notes_that_are_left_out_are_counted() -> None:
    grace = "<note><grace/><pitch><step>D</step><octave>5</octave></pitch></note>"
    cue = note("E5", 1, "<cue/>")
    measure = f'<measure number="1">{grace}{grace}{note("C5", 3)}{cue}{grace}</measure>'
    assert warnings_of(page(measure)) == ["3 grace notes were left out", "1 cue note was left out"]


def test_repeats_endings_and_jumps_are_told_once_however_many_parts_write_them() -> None:
    first = bar_line('<repeat direction="forward"/>', "left") + note("C5", 4)
    again_1 = bar_line('<ending number="1" type="start"/>', "left") + note("D5", 4)
    again_1 += bar_line('<ending number="1" type="stop"/><repeat direction="backward"/>')
    again_2 = bar_line('<ending number="2" type="start"/>', "left") + note("E5", 4)
    again_2 += (
        '<direction><direction-type><words>D.C.</words></direction-type><sound dacapo="yes"/></direction>'
    )
    measures = "".join(f"<measure>{inner}</measure>" for inner in (first, again_1, again_2))
    names = "".join(f'<score-part id="P{n}"><part-name>{n}</part-name></score-part>' for n in (1, 2))
    parts = "".join(f'<part id="P{n}">{measures}</part>' for n in (1, 2))
    text = f"<score-partwise><part-list>{names}</part-list>{parts}</score-partwise>"
    assert warnings_of(text) == [
        "repeats are not played out, every bar was read once: 1 repeat, 2 endings, 1 jump"
    ]


def test_a_page_without_small_notes_and_repeats_is_read_without_a_word() -> None:
    light = bar_line("<bar-style>light-heavy</bar-style>")
    assert warnings_of(page(f'<measure>{note("C5", 4)}<sound tempo="90"/>{light}</measure>')) == []
