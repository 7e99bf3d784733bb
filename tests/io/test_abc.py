"""Laws of ABC: tunes of every custom are understood, what is written comes back, what is broken is named."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.io.scores import QUARTER, STEP, playable_score, respelled
from zhiyin.errors import UnreadableFile
from zhiyin.io.abc import Abc, read_tunes, split_tunes
from zhiyin.io.abc_write import key_text
from zhiyin.io.limits import ReadWarning
from zhiyin.score import (
    ChordMark,
    Control,
    KeyMark,
    MetreMark,
    Notes,
    Part,
    Score,
    Section,
    Tempo,
    Timeline,
)
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

ABC = Abc()
EIGHTH = QUARTER // 2


def tune(body: str, *, key: str = "C", metre: str = "4/4", length: str = "1/8", extra: str = "") -> Score:
    text = f"X:1\nT:t\nM:{metre}\nL:{length}\n{extra}K:{key}\n{body}\n"
    return ABC.read(text.encode(), path="t.abc")


def rows(score: Score, part: int = 0) -> list[tuple[float, float, int]]:
    """Return (onset, length, pitch) of a part, in eighths."""
    return [(n.onset / EIGHTH, n.duration / EIGHTH, n.pitch) for n in score.parts[part].notes]


def lengths(body: str, **header: str) -> list[float]:
    return [length for _, length, _ in rows(tune(body, **header))]


def pitches(body: str, **header: str) -> list[int]:
    return [pitch for _, _, pitch in rows(tune(body, **header))]


def again(score: Score) -> Score:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return ABC.read(ABC.write(score).data, path="t.abc")


def test_octaves_and_accidentals_are_as_the_standard_says() -> None:
    assert pitches("C,, C, C c c' ^c __d =e") == [36, 48, 60, 72, 84, 73, 72, 76]


def test_an_accidental_holds_to_the_bar_line_in_its_octave() -> None:
    assert pitches("^F F f F|F") == [66, 66, 77, 66, 65]


def test_an_accidental_may_hold_in_all_octaves_or_for_its_note_alone() -> None:
    assert pitches("^F f F|F", extra="%%propagate-accidentals pitch\n") == [66, 78, 66, 65]
    assert pitches("^F f F|F", extra="%%propagate-accidentals not\n") == [66, 77, 65, 65]


def test_a_tie_carries_its_accidental_over_the_bar_line() -> None:
    assert rows(tune("^F8-|F2 F2")) == [(0, 10, 66), (10, 2, 65)]


@pytest.mark.parametrize(
    ("key", "sharp_or_flat"),
    [("G", {66}), ("Em", {66}), ("Ddor", set()), ("Emix", {66, 68, 61}), ("Bb", {70, 63}), ("Cphr", {70, 63, 68, 61}),
     ("F#loc", {66}), ("Glyd", {66, 61}), ("none", set()), ("Amin", set()), ("D maj", {66, 61}), ("D =c ^g", {66, 68}),
     ("Hp", {66, 61}), ("HP", set()), ("C clef=bass", set())],
)  # fmt: skip
def test_a_key_alters_the_letters_of_its_signature(key: str, sharp_or_flat: set[int]) -> None:
    white = {60, 62, 64, 65, 67, 69, 71}
    assert set(pitches("CDEFGAB", key=key)) - white == sharp_or_flat


@pytest.mark.parametrize(
    ("body", "expected"),
    [("A A2 A/ A/2 A// A3/2 A3/ A/4", [1, 2, 0.5, 0.5, 0.25, 1.5, 1.5, 0.25]), ("A>B A<B", [1.5, 0.5, 0.5, 1.5]),
     ("A>>B A<<<B", [1.75, 0.25, 0.125, 1.875]), ("(3ABc d", [2 / 3] * 3 + [1]), ("(2AB", [1.5] * 2),
     ("(3:2:4ABcd e", [2 / 3] * 4 + [1]), ("(3::2AB c", [2 / 3] * 2 + [1]), ("(5ABcde", [0.4] * 5),
     ("(3A2B2c2", [4 / 3] * 3), ("[Ac]2 [A2c2]/2", [2, 2, 1, 1]), ("A{gf}B {/c}d", [1, 1, 1])],
)  # fmt: skip
def test_lengths_are_exact(body: str, expected: list[float]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReadWarning)
        found = lengths(body)
    assert [round(length, 3) for length in found] == [round(length, 3) for length in expected]


def test_five_notes_of_a_compound_metre_take_the_time_of_three() -> None:
    assert lengths("(5ABcde", metre="6/8") == [0.6] * 5


def test_without_a_unit_short_metres_count_sixteenths_and_long_ones_eighths() -> None:
    assert ABC.read(b"X:1\nM:2/4\nK:C\nA", path="").parts[0].notes.duration.tolist() == [2520]
    assert ABC.read(b"X:1\nM:3/4\nK:C\nA", path="").parts[0].notes.duration.tolist() == [5040]


def test_grace_notes_are_dropped_and_counted() -> None:
    with pytest.warns(ReadWarning, match="3 grace notes were dropped"):
        assert pitches("{ga}A{b}B") == [69, 71]


def test_rests_take_time_and_bars_of_rest_a_bar_each() -> None:
    assert rows(tune("z2 A x B|Z2|c", metre="3/4")) == [(2, 1, 69), (4, 1, 71), (17, 1, 72)]


def test_an_overlay_starts_again_at_its_bar_line() -> None:
    score = tune("A8|c4 d4 & E8|B8")
    assert rows(score) == [(0, 8, 69), (8, 8, 64), (8, 4, 72), (12, 4, 74), (16, 8, 71)]
    assert score.parts[0].notes.voice.tolist() == [0, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("words", "expected"),
    [("Glo-ri-a in", ["Glo-", "ri-", "a", "in"]), ("1.~Oh_ yes my", ["Oh", "", "yes", "my"]),
     ("Ah * far~off day", ["Ah", "", "far off", "day"]), ("well\\-known a b c", ["well-known", "a", "b", "c"]),
     ("one | two three", ["one", "", "two", "three"]), ("lone", ["lone", "", "", ""])],
)  # fmt: skip
def test_words_fall_on_their_notes(words: str, expected: list[str]) -> None:
    assert tune(f"A z B|c d\nw:{words}").parts[0].notes.syllable.tolist() == expected


def test_only_the_first_verse_is_read_and_words_belong_to_the_line_above() -> None:
    score = tune("A B\nw:a b\nw:x y\nc d\ne f\nw:e f")
    assert score.parts[0].notes.syllable.tolist() == ["a", "b", "", "", "e", "f"]


def test_words_beyond_the_notes_are_counted() -> None:
    with pytest.warns(ReadWarning, match="1 syllables without a note were dropped"):
        tune("A B\nw:one two three")


def test_chord_symbols_stand_where_they_are_written() -> None:
    score = tune('"Am7"A2 "^slow""D7/f+"B2|"N.C."c4 "Gm/bb"d4')
    assert score.chords == (
        ChordMark(0, Chord.parse("Am7")),
        ChordMark(10080, Chord.parse("D7/F#")),
        ChordMark(20160, None),
        ChordMark(40320, Chord.parse("Gm/Bb")),
    )


def test_a_chord_that_is_none_is_dropped_with_a_warning() -> None:
    with pytest.warns(
        ReadWarning, match=r"1 chord symbols were not understood and were dropped, such as 'G7xyz'"
    ):
        assert tune('"G7xyz"A "Segno"B').chords == ()


@pytest.mark.parametrize(
    ("text", "bpm"),
    [
        ("1/4=120", 120.0),
        ("3/8=60", 90.0),
        ('"Lively" 1/8=90 "ish"', 45.0),
        ("100", 50.0),
        ("1/4 3/8=40", 100.0),
    ],
)
def test_tempos_count_quarters(text: str, bpm: float) -> None:
    assert tune("A", extra=f"Q:{text}\n").tempos == (Tempo(0, bpm),)


def test_fields_in_the_music_take_effect_where_they_stand() -> None:
    score = tune("C8|[K:G][M:3/4]F4 [Q:1/4=60]F2|[P:B][L:1/4]F3|\nK:F\nB6")
    assert rows(score) == [(0, 8, 60), (8, 4, 66), (12, 2, 66), (14, 6, 66), (20, 12, 70)]
    assert score.keys == (KeyMark(0, Key(0)), KeyMark(40320, Key(1)), KeyMark(20 * EIGHTH, Key(-1)))
    assert score.metres[:2] == (MetreMark(0, Metre(4, 4)), MetreMark(40320, Metre(3, 4)))
    assert (score.tempos[1], score.sections) == (Tempo(12 * EIGHTH, 60.0), (Section(14 * EIGHTH, "B"),))


def test_a_pickup_and_a_bar_cut_by_a_repeat_keep_the_bar_lines() -> None:
    score = tune("G2|c4 d2|e4:|G2|c6||", metre="3/4")
    assert score.pickup_ticks == QUARTER
    assert Timeline.of(score).bar_starts(4).tolist() == [0, QUARTER, 4 * QUARTER, 7 * QUARTER, 10 * QUARTER]


def test_endings_and_repeat_signs_stay_as_written() -> None:
    assert lengths("|:A4 B4|1 c8:|2 d8:: e8 [1 f8 :|[2 g8|]") == [4, 4, 8, 8, 8, 8, 8]


def test_voices_may_take_turns_line_by_line_or_inside_a_line() -> None:
    apart = tune("V:1\nA8|\nV:2\nE8|\nV:1\nB8|\nV:2\nF8|")
    inside = tune("[V:1]A8|[V:2]E8|\n[V:1]B8|[V:2]F8|")
    assert rows(apart) == rows(inside) == [(0, 8, 69), (8, 8, 71)]
    assert rows(apart, 1) == [(0, 8, 64), (8, 8, 65)]


def test_a_clef_with_an_eight_and_octave_and_transpose_shift_what_sounds() -> None:
    assert pitches("C", key="C clef=treble-8") == [48]
    assert pitches("C", key="C octave=1 transpose=-2") == [70]
    assert tune("C", key="C transpose=-2").parts[0].notes.spelling is None


def test_a_line_goes_on_after_a_backslash() -> None:
    assert tune("A B\\\nc d\nw:a b c d").parts[0].notes.syllable.tolist() == ["a", "b", "c", "d"]


def test_a_hymn_for_two_voices_is_read_note_for_note(root: Path) -> None:
    score = ABC.read((root / "tests/golden/io/hymn.abc").read_bytes(), path="hymn.abc")
    assert (score.title, score.credits, score.pickup_ticks) == (
        "Golden Hymn",
        (("composer", "The Zhiyin authors"),),
        QUARTER,
    )
    assert rows(score) == [(0, 2, 65), (2, 3, 67), (5, 1, 66), (6, 2, 67), (8, 4, 70), (12, 6, 69)]
    assert rows(score, 1) == [(0, 2, 53), (2, 6, 48), (8, 4, 50), (8, 4, 53), (12, 2, 53)]
    assert score.parts[0].notes.syllable.tolist() == ["Now", "shine,", "O", "morn-", "ing", "star,"]
    assert [(m.tick // QUARTER, m.chord and m.chord.name(key_fifths=-1)) for m in score.chords] == [
        (0, "F"),
        (1, "C7"),
        (4, "Bb/D"),
    ]
    assert [(p.name, p.program) for p in score.parts] == [("Choir", 52), ("", 0)]
    assert (score.tempos, score.keys, score.length_ticks) == ((Tempo(0, 100.0),), (KeyMark(0, Key(-1)),), 0)


def test_a_file_of_many_tunes_gives_them_all_and_its_header_serves_each() -> None:
    data = b"L:1/4\n\nX:1\nT:one\nK:C\nA\n\nwords between tunes\n\nX:2\nT:two\nK:G\nF\n"
    assert [(s.title, rows(s)) for s in read_tunes(data, "x.abc")] == [
        ("one", [(0, 2, 69)]),
        ("two", [(0, 2, 66)]),
    ]
    assert len(split_tunes(data, path="x.abc")) == 2
    with pytest.warns(ReadWarning, match="holds 2 tunes: the first was read"):
        ABC.read(data, path="x.abc")


@settings(max_examples=80)
@given(playable_score(step=STEP))
def test_a_quantised_score_comes_back_note_for_note(score: Score) -> None:
    score = respelled(score)
    found = again(score)
    for mine, theirs in zip(score.parts, found.parts, strict=True):
        for name in ("onset", "duration", "pitch"):
            assert getattr(mine.notes, name).tolist() == getattr(theirs.notes, name).tolist()
        assert (mine.name, mine.role, mine.program, mine.is_drums) == (
            theirs.name,
            theirs.role,
            theirs.program,
            theirs.is_drums,
        )
        assert mine.is_drums or mine.notes.spelling.tolist() == theirs.notes.spelling.tolist()
    for name in ("title", "tempos", "metres", "keys", "chords", "sections", "pickup_ticks", "credits"):
        assert getattr(score, name) == getattr(found, name), name


@given(st.lists(st.integers(1, 200_000), min_size=1, max_size=6))
def test_a_length_of_any_tick_comes_back(ticks: list[int]) -> None:
    starts = [sum(ticks[:i]) for i in range(len(ticks))]
    notes = Notes.of([(start, length, 60, 80) for start, length in zip(starts, ticks, strict=True)])
    assert again(Score(parts=(Part("a", notes),))).parts[0].notes.duration.tolist() == ticks


def test_triplets_are_written_as_triplets() -> None:
    notes = Notes.of([(i * 3360, 3360, 60 + i, 80) for i in range(3)])
    assert b"(3:2:3 C ^C D" in ABC.write(Score(parts=(Part("a", notes),))).data


def test_words_pickups_overlays_and_ties_come_back() -> None:
    notes = Notes.of(
        [(0, 10080, 60, 80), (10080, 50400, 61, 80), (10080, 5040, 72, 80), (15120, 65520, 74, 80)]
    )
    sung = notes.with_columns(syllable=["Glo-", "", "ri-", "a"], spelling=[0, -5, 0, 2], voice=[0, 1, 0, 0])
    score = Score(
        parts=(Part("a", sung),),
        metres=(MetreMark(0, Metre(3, 4)),),
        pickup_ticks=10080,
        length_ticks=10080 * 10,
    )
    assert again(score) == score


def test_what_abc_cannot_carry_is_named() -> None:
    part = Part("a", Notes.of([(0, 100, 60, 33)]), controls=(Control(0, 64, 127),))
    score = Score(
        title="two\nlines", parts=(part,), keys=(KeyMark(0, Key.parse("G宫")),), credits=(("label", "x"),)
    )
    assert ABC.write(score).lost == (
        "'a': velocities",
        "'a': 1 controls",
        "key G gong at tick 0: written as G",
        "line breaks and outer blanks of the title",
        "credit 'label'",
    )


@pytest.mark.parametrize(
    ("key", "text"), [("A dorian", "Ador"), ("Dm", "Dm"), ("F# minor", "F#m"), ("Bb", "Bb")]
)
def test_keys_are_written_as_abc_names_them(key: str, text: str) -> None:
    assert key_text(Key.parse(key)) == text


@pytest.mark.parametrize(
    ("body", "pitches", "said"),
    [
        ("CE =20", [60, 64], "1 stray signs were dropped"),
        ("CE =\nG", [60, 64, 67], "1 stray signs were dropped"),
        ("C E=>G", [60, 64, 67], "1 stray signs were dropped"),
        ("C | ,E .('F G)", [60, 64, 65, 67], "2 stray signs were dropped"),
        ("C2 |}E", [60, 64], "1 stray signs were dropped"),
        ("^F =3DF", [66, 65], "was read as the natural sign"),
        ("|: C E :]", [60, 64], "':]' was read as the repeat bar"),
    ],
)
def test_what_can_mean_nothing_else_is_passed_over_with_a_warning(
    body: str, pitches: list[int], said: str
) -> None:
    with pytest.warns(ReadWarning, match=said):
        assert tune(body).parts[0].notes.pitch.tolist() == pitches


def test_an_ending_may_carry_a_text_and_a_chord_a_symbol() -> None:
    score = tune('C |["1-3" D :|["Am"ACE] |["last" E |]')
    assert score.parts[0].notes.pitch.tolist() == [60, 62, 60, 64, 69, 64]
    assert [mark.chord for mark in score.chords] == [Chord.parse("Am")]


def test_midi_programs_count_channels_from_one_and_skip_the_drums() -> None:
    extra = "%%MIDI program 8\n%%MIDI program 2 41 % Viola\n%%MIDI program 11 73 % Flute\n"
    voices = "".join(f"[V:{n}] C4 |\n" for n in range(1, 12))
    programs = [part.program for part in tune(voices, extra=extra).parts]
    assert programs == [8, 41, 8, 8, 8, 8, 8, 8, 8, 73, 8]
    assert tune("[V:1] C4 |\n%%MIDI program 5 % own\n", extra="%%MIDI program 1 3\n").parts[0].program == 5


def as_bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


HEAD = "X:1\nT:t\nL:1/8\nM:4/4\nK:C\n"
BROKEN: dict[str, tuple[str | bytes, str, str]] = {
    "empty": ("", "byte 0", "empty"),
    "blank": ("\n\n  \n", "line 1", "begin with X:"),
    "prose": ("A tune for a rainy night", "line 1", "begin with X:"),
    "binary": (b"X:1\nK:C\n\x00\x01", "byte 8", "a zero byte"),
    "no key": ("X:1\nT:t\n", "line 2", "must have a key"),
    "music before the key": ("X:1\nABc|\nK:C\n", "line 2 column 1", "header line must be a field"),
    "letter beyond g": (HEAD + "A B ö", "line 6 column 5", "must be notes, rests, bars and marks, got 'ö'"),
    "stray accidental": (HEAD + "A ^ B", "line 6 column 3", "got '^ B'"),
    "length of nought": (HEAD + "A0", "line 6 column 1", "length must be above zero, got '0'"),
    "length over nought": (HEAD + "A1/0", "line 6 column 1", "above zero, got '1/0'"),
    "length of ages": (HEAD + "A999999999", "line 6 column 1", "below 400000 quarters"),
    "ages of rest": (HEAD + "Z999999", "line 6 column 1", "not too long, got 'Z999999'"),
    "rest of nought": (HEAD + "Z0", "line 6 column 1", "at least a bar"),
    "tuplet of one": (HEAD + "(1A", "line 6 column 1", "2 to 9 notes, got '(1'"),
    "tuplets without end": (HEAD + "(3" * 99 + "A", "line 6 column 9", "at most four deep"),
    "broken rhythm alone": (HEAD + ">A", "line 6 column 1", "between two notes"),
    "broken rhythm of nine": (HEAD + "A>>>>>>>>>B", "line 6 column 2", "between two notes"),
    "chord open": (HEAD + "[CE", "line 6 column 4", "closed by ]"),
    "chord in a chord": (HEAD + "[C[E]", "line 6 column 3", "must not open inside"),
    "chord only closed": (HEAD + "CE]", "line 6 column 3", "must follow its ["),
    "quote open": (HEAD + '"Am A B', "line 6 column 1", "got '\"Am A B'"),
    "grace open": (HEAD + "{ga A", "line 6 column 1", "got '{ga A'"),
    "below midi": (HEAD + "C,,,,,,,,", "line 6 column 1", "MIDI 0..127, got -36"),
    "above midi": (HEAD + "c" + "'" * 60, "line 6 column 1", "MIDI 0..127, got 792"),
    "metre of 4/5": ("X:1\nM:4/5\nK:C\nA", "line 2", "power of two"),
    "metre of words": ("X:1\nM:waltz\nK:C\nA", "line 2", "must look like 3/4, got 'waltz'"),
    "unit of words": ("X:1\nL:short\nK:C\nA", "line 2 column 1", "fraction such as 1/8, got 'short'"),
    "unit over nought": ("X:1\nL:1/0\nK:C\nA", "line 2 column 1", "got '1/0'"),
    "tempo of words": (HEAD + "[Q:1/4=quick]A", "line 6 column 1", "look like 1/4=120"),
    "three hundred voices": (HEAD + "".join(f"[V:{i}]A" for i in range(300)), "line 6 column", "at most 256 voices"),
    "a year of music": (HEAD + "A600000 " * 99, "end", "at most 400000 quarters"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_tune_is_refused_with_place_and_reason(name: str) -> None:
    text, place, reason = BROKEN[name]
    with pytest.raises(UnreadableFile) as caught:
        ABC.read(as_bytes(text), path="t.abc")
    assert caught.value.place.startswith(place)
    assert reason in caught.value.reason


@given(st.text(st.sampled_from("ABcd[](){}|:123/-<>&\"zZ^_=' ,\n!w*~VK\\"), max_size=60))
def test_any_text_gives_a_score_or_unreadable_file(body: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReadWarning)
        try:
            assert isinstance(tune(body), Score)
        except UnreadableFile as error:
            assert error.place and error.reason
