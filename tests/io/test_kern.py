"""Laws of the **kern reader; golden rows were worked out by hand from tests/golden/io/duet.krn."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.errors import InvalidInput, UnreadableFile
from zhiyin.io.kern import Kern
from zhiyin.io.kern_spines import BadSpines, apply_operators, open_spines
from zhiyin.io.kern_tokens import WHOLE, BadToken, duration_units, parse_key, parse_token
from zhiyin.io.limits import ReadWarning
from zhiyin.io.measures import Measure, irregular_metre, metre_marks
from zhiyin.score import KeyMark, MetreMark, Score, Section, Tempo, Timeline
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

GOLDEN = Path(__file__).parent.parent / "golden" / "io"
Q = 10_080


def kern(*lines: str) -> Score:
    return Kern().read("\n".join(lines).replace(" | ", "\t").encode(), path="x.krn")


def rows(score: Score, part: int = 0) -> list[tuple[int, int, int]]:
    return [(n.onset, n.duration, n.pitch) for n in score.parts[part].notes]


@pytest.fixture(scope="module")
def duet() -> Score:
    return Kern().read((GOLDEN / "duet.krn").read_bytes(), path="duet.krn")


def test_the_top_staff_comes_first_with_its_name_and_program(duet: Score) -> None:
    assert [(p.name, p.program, p.role) for p in duet.parts] == [
        ("Violin", 40, "unknown"), ("Cello", 42, "unknown"),
    ]  # fmt: skip


def test_notes_keep_exact_onsets_tuplets_and_ties_and_lose_graces(duet: Score) -> None:
    assert rows(duet) == [
        (0, Q, 60), (Q, Q, 65), (2 * Q, 5040, 67), (25_200, 5040, 69), (3 * Q, Q, 70),
        (4 * Q, 6720, 70), (47_040, 6720, 69), (53_760, 6720, 67),
        (6 * Q, 4 * Q, 65), (6 * Q, Q, 69),
    ]  # fmt: skip


def test_sub_spines_are_voices(duet: Score) -> None:
    cello = duet.parts[1].notes
    assert rows(duet, 1) == [
        (Q, 3 * Q, 41), (4 * Q, 2 * Q, 46), (4 * Q, 15_120, 53), (55_440, 5040, 55), (6 * Q, Q, 48), (7 * Q, 3 * Q, 41)
    ]  # fmt: skip
    assert cello.voice is not None and cello.voice.tolist() == [0, 1, 0, 0, 1, 0]


def test_spelling_is_the_written_name(duet: Score) -> None:
    spelling = duet.parts[0].notes.spelling
    assert spelling is not None and spelling.tolist() == [0, -1, 1, 3, -2, -2, 3, 1, -1, 3]


def test_words_belong_to_the_spine_on_their_left(duet: Score) -> None:
    syllable = duet.parts[0].notes.syllable
    assert syllable is not None and syllable.tolist() == ["O", "la-", "li-", "lu", "", "ho", "", "", "", ""]
    assert duet.parts[1].notes.syllable is None


def test_marks_of_the_duet(duet: Score) -> None:
    assert (duet.title, duet.credits, duet.pickup_ticks) == ("Little duet", (("composer", "Anon"),), Q)
    assert duet.metres == (MetreMark(0, Metre(3, 4)),)
    assert duet.keys == (KeyMark(0, Key.parse("F")),)
    assert duet.tempos == (Tempo(0, 90.0),)
    assert duet.sections == (Section(Q, "A"), Section(7 * Q, "B"))


def test_a_key_designation_outranks_the_signature() -> None:
    score = kern("**kern", "*k[b-]", "*d:dor", "4d", "*-")
    assert score.keys == (KeyMark(0, Key.parse("D dorian")),)


def test_keys_are_read_with_accidentals() -> None:
    assert [parse_key(text) for text in ("*f#:", "*E-:", "*clefG2")] == [
        Key.parse("F#m"),
        Key.parse("Eb"),
        None,
    ]


def test_swapped_spines_go_on_in_their_own_part() -> None:
    score = kern("**kern | **kern", "4C | 4c", "*x | *x", "4d | 4D", "*- | *-")
    assert rows(score, 0) == [(0, Q, 60), (Q, Q, 62)]
    assert rows(score, 1) == [(0, Q, 48), (Q, Q, 50)]


def test_an_added_spine_of_another_kind_does_not_sound() -> None:
    score = kern("**kern", "4c", "*+", "* | **dynam", "4d | f", "*- | *-")
    assert rows(score) == [(0, Q, 60), (Q, Q, 62)]


def test_a_spine_that_is_still_sounding_waits() -> None:
    score = kern("**kern | **kern", "1C | 4c", ". | 2d", ". | 4e", "1D | 1f", "*- | *-")
    assert rows(score, 1) == [(0, 4 * Q, 48), (4 * Q, 4 * Q, 50)]
    assert rows(score, 0)[-1] == (4 * Q, 4 * Q, 65)


def test_a_quintuplet_of_seven_bars_ends_on_the_beat() -> None:
    score = kern("**kern", *["20c"] * 35, "4d", "*-")
    assert rows(score)[-1] == (7 * Q, Q, 62)


def test_elevenths_round_to_ticks_but_never_drift() -> None:
    score = kern("**kern", *["44c"] * 44, "4d", "*-")
    assert rows(score)[-1][0] == 4 * Q
    assert rows(score)[1][0] == round(Q / 11)


def test_a_bar_that_differs_from_its_metre_gets_its_own() -> None:
    score = kern("**kern", "*M4/4", "1c", "=2", "2.c", "=3", "1c", "=4", "1c", "*-")
    assert [(m.tick // Q, str(m.metre)) for m in score.metres] == [(0, "4/4"), (4, "3/4"), (7, "4/4")]
    assert Timeline.of(score).bar_starts(4).tolist() == [0, 4 * Q, 7 * Q, 11 * Q, 15 * Q]


def test_two_halves_of_a_bar_cut_by_a_repeat_are_one_bar() -> None:
    score = kern("**kern", "*M4/4", "1c", "=2", "2.c", "=:|!|:", "4c", "=3", "1c", "*-")
    assert score.metres == (MetreMark(0, Metre(4, 4)),) and score.pickup_ticks == 0


def test_transposed_data_sound_at_concert_pitch() -> None:
    assert rows(kern("**kern", "*Trd1c2", "4d", "*-")) == [(0, Q, 60)]


def test_a_length_without_a_pitch_is_a_rest_with_a_warning() -> None:
    with pytest.warns(ReadWarning, match="read as a rest"):
        assert rows(kern("**kern", "4yy", "4c", "*-")) == [(Q, Q, 60)]


def test_a_grace_group_with_a_stray_mark_is_still_grace() -> None:
    assert parse_token("(>16qqgg [<16qqg /").units == 0


def test_old_files_may_be_latin_1() -> None:
    data = "!!!OTL: Étude\n**kern\n4c\n*-\n".encode("latin-1")
    assert Kern().read(data, path="x.krn").title == "Étude"


@pytest.mark.parametrize(
    ("text", "quarters"), [("4c", 1), ("8.c", 0.75), ("0c", 8), ("00c", 16), ("3%2c", 8 / 3), ("12c", 1 / 3)]
)
def test_reciprocal_lengths_are_exact(text: str, quarters: float) -> None:
    assert duration_units(text) == round(quarters * 12) * WHOLE // 48


@given(st.integers(1, 128), st.integers(0, 3))
def test_n_nth_notes_fill_a_whole(number: int, dots: int) -> None:
    units = duration_units(str(number) + "." * dots + "c")
    assert units is not None
    assert abs(units * number - WHOLE * (2 - 0.5**dots)) <= number * 2**dots + 64


@given(st.text(alphabet="0123456789.%abcgABG#-n[]_rq /LJ;", max_size=20))
def test_any_token_is_read_or_refused(text: str) -> None:
    try:
        token = parse_token(text)
    except BadToken as error:
        assert str(error)
    else:
        assert token.units >= 0 and all(0 <= sound.pitch <= 127 for sound in token.sounds)


def test_splitting_then_joining_gives_the_columns_back() -> None:
    columns, parts = open_spines(["**kern", "**text"])
    split = apply_operators(columns, ["*^", "*"], 0, tell=pytest.fail)
    joined = apply_operators(split, ["*v", "*v", "*"], 0, tell=pytest.fail)
    assert parts == 1 and [c.kind for c in split] == ["kern", "kern", "text"]
    assert [(c.kind, c.part) for c in joined] == [(c.kind, c.part) for c in columns]


def test_a_join_across_two_staves_ends_a_voice_of_the_second() -> None:
    lines = (
        "**kern | **kern", "* | *^", "4C | 4e | 4g", "*v | *v | *", "4D | 4f", "*- | *-",
    )  # fmt: skip
    with pytest.warns(ReadWarning, match="a join of two staves was read as the end of a voice"):
        score = kern(*lines)
    assert rows(score, 1) == [(0, Q, 48), (Q, Q, 50)]
    assert rows(score, 0) == [(0, Q, 64), (0, Q, 67), (Q, Q, 65)]


def test_a_join_that_would_leave_a_staff_without_a_column_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"\*v in column 1 must join a neighbour of the same spine"):
        kern("**kern | **kern", "4C | 4e", "*v | *v", "4D", "*-")


def test_columns_cannot_double_for_ever() -> None:
    columns, _ = open_spines(["**kern"])
    with pytest.raises(BadSpines, match="at most 512 spines, got 1024"):
        for _ in range(12):
            columns = apply_operators(columns, ["*^"] * len(columns), 0, tell=pytest.fail)


def test_an_irregular_metre_keeps_the_coarsest_beat() -> None:
    assert [str(irregular_metre(n, 4)) for n in (5 * Q, 25_200, 10_081)] == ["5/4", "5/8", "None"]


def test_metre_marks_return_after_an_irregular_bar() -> None:
    four = Metre(4, 4)
    bars = [Measure(0, 4 * Q, four), Measure(4 * Q, 2 * Q, four), Measure(6 * Q, 4 * Q, four)]
    marks, pickup = metre_marks([*bars, Measure(10 * Q, Q, four)])
    assert [(m.tick, str(m.metre)) for m in marks] == [(0, "4/4"), (4 * Q, "2/4"), (6 * Q, "4/4")]
    assert pickup == 0


def test_kern_is_not_written() -> None:
    with pytest.raises(InvalidInput, match=r"read but not written.*choose MusicXML"):
        Kern().write(Score())


HEAD = "**kern\n"
BROKEN = [
    ("", "byte 0", "empty"),
    ("\0\0", "byte 0", "NUL"),
    ("4c\n", "line 1", "header must come before any data"),
    ("!!!OTL: x\n", "line 1", "header must open the file"),
    ("**text\nla\n*-\n", "line 1", "one spine must be \\*\\*kern"),
    ("**kern\tkern\n4c\t4c\n*-\t*-\n", "line 1", "must open with \\*\\*"),
    (HEAD + "4c\n", "line 2", "cut off"),
    (HEAD + "4c\t4d\n*-\n", "line 2", r"one token a spine \(1\), got 2"),
    (HEAD + "4#\n*-\n", "line 2", "must have a pitch"),
    (HEAD + "c\n*-\n", "line 2", "must have a duration"),
    (HEAD + "999999c\n*-\n", "line 2", "short reciprocal"),
    (HEAD + "4" + "c" * 30 + "\n*-\n", "line 2", "MIDI 0..127"),
    (HEAD + "4c####\n*-\n", "line 2", "MIDI 0..127"),
    (HEAD + "*v\n4c\n*-\n", "line 2", "join a neighbour"),
    (HEAD + "*x\n4c\n*-\n", "line 2", "pairs"),
    (HEAD + "*^\n4c\n*-\n", "line 3", r"\(2\), got 1"),
    (HEAD + "*-\n4c\n", "line 3", "header must come before"),
    (HEAD + "4c\n*-\n**kern\n4c\n*-\n", "line 4", "one piece"),
    ("**kern\t**kern\n1c\t4c\n4d\t.\n*-\t*-\n", "line 3", "where the last one ends"),
    ("\t".join(["**kern"] * 600) + "\n", "line 1", "at most 512 spines"),
    (HEAD + " ".join(["4c"] * 100) + "\n*-\n", "line 2", "at most 64 notes"),
    (HEAD + "00000c........\n" * 30_000 + "*-\n", "end", "quarters"),
    ("PK\x03\x04 not kern", "line 1", "header"),
    ("MThd****", "line 1", "header"),
]


@pytest.mark.parametrize(("text", "place", "reason"), BROKEN)
def test_a_broken_file_is_refused_with_its_line(text: str, place: str, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as caught:
        Kern().read(text.encode(), path="bad.krn")
    assert caught.value.place == place and "bad.krn" in str(caught.value)


@given(st.integers(0, 400))
def test_a_file_cut_anywhere_is_read_or_refused(size: int) -> None:
    data = (GOLDEN / "duet.krn").read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReadWarning)
        try:
            Kern().read(data[:size], path="cut.krn")
        except UnreadableFile as error:
            assert error.place
        else:
            assert size >= len(data) - 1
