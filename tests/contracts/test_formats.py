"""Every format keeps the same promises: a line in FORMATS is enough to be held to them."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.io.scores import QUARTER, STEP, playable_score, respelled
from zhiyin.errors import InvalidInput, UnreadableFile
from zhiyin.io import FORMATS, Format, load, save
from zhiyin.io.base import MAX_FILE_BYTES
from zhiyin.io.limits import ReadWarning
from zhiyin.score import ChordMark, Control, KeyMark, Lock, MetreMark, Notes, Part, Score, Tempo
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

KINDS: list[Format] = list({kind.name: kind for kind in FORMATS.values()}.values())
GOLDEN = Path(__file__).parents[1] / "golden" / "io"

MELODY = Notes.of([(0, 10080, 67, 80), (10080, 20160, 72, 80), (30240, 10080, 71, 80)])
SONG = Score(
    title="Song",
    parts=(
        Part(
            "Voice",
            Notes.of([(0, 10080, 67, 80), (10080, 20160, 72, 80), (30240, 10080, 71, 80)]).with_columns(
                spelling=[1, 0, 5]
            ),
        ),
        Part("Bass", Notes.of([(0, 40320, 48, 80)]).with_columns(spelling=[0])),
    ),
    tempos=(Tempo(0, 90.0),),
    metres=(MetreMark(0, Metre(4, 4)),),
    keys=(KeyMark(0, Key(0)),),
    chords=(ChordMark(0, Chord.parse("C")), ChordMark(30240, Chord.parse("G7/B"))),
)
LOSSY = Score(
    parts=(
        Part("x", Notes.of([(0, 4321, 60, 33)]).with_columns(origin=[0]), controls=(Control(7, 64, 100),)),
    ),
    tempos=(Tempo(0, 399.12345),),
    locks=(Lock(0, 0, 10),),
)


def data_of(kind: Format, score: Score) -> bytes:
    """Return the score in a format, or skip where the format is for reading only (and says so)."""
    try:
        return kind.write(score).data
    except InvalidInput as error:
        assert "read" in str(error) and "choose" in str(error)
        pytest.skip(f"{kind.name} is for reading only")


def sounding(score: Score) -> list[tuple[int, int, int]]:
    return sorted((n.onset, n.duration, n.pitch) for part in score.parts for n in part.notes)


def by_name(kind: Format) -> str:
    return kind.name


each_format = pytest.mark.parametrize("kind", KINDS, ids=by_name)


def test_endings_are_lower_case_with_a_dot_and_lead_to_their_format() -> None:
    assert {ending: kind.name for ending, kind in FORMATS.items()} == {
        e: kind.name for kind in KINDS for e in kind.endings
    }
    assert all(ending == ending.lower() and ending.startswith(".") for ending in FORMATS)


@each_format
def test_a_plain_song_comes_back(kind: Format) -> None:
    found = kind.read(data_of(kind, SONG), path="song")
    assert [sounding(Score(parts=(part,))) for part in found.parts] == [
        sounding(Score(parts=(p,))) for p in SONG.parts
    ]
    for name in ("title", "tempos", "metres", "keys", "chords", "pickup_ticks"):
        assert getattr(found, name) == getattr(SONG, name), name
    assert [part.name for part in found.parts] == ["Voice", "Bass"]


@each_format
@settings(max_examples=15)
@given(score=playable_score(step=STEP))
def test_a_quantised_score_comes_back_note_for_note(kind: Format, score: Score) -> None:
    data = data_of(kind, respelled(score))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReadWarning)
        found = kind.read(data, path="song")
    assert sounding(found) == sounding(score)


@each_format
def test_the_same_score_gives_the_same_bytes(kind: Format) -> None:
    assert data_of(kind, SONG) == data_of(kind, SONG)


@each_format
def test_what_does_not_come_back_is_named(kind: Format) -> None:
    data = data_of(kind, LOSSY)
    lost = kind.write(LOSSY).lost
    assert kind.read(data, path="x") == LOSSY or lost
    assert all(isinstance(text, str) and len(text) > 5 for text in lost)


@each_format
def test_a_score_without_parts_and_a_part_without_notes_can_be_written_and_read(kind: Format) -> None:
    for score in (Score(), Score(parts=(Part("silent"),))):
        assert sounding(kind.read(data_of(kind, score), path="x")) == []


@each_format
def test_an_empty_file_is_refused_by_name(kind: Format) -> None:
    with pytest.raises(UnreadableFile, match=r"cannot read 'night/song' at .*empty"):
        kind.read(b"", path="night/song")


@each_format
def test_noise_is_refused_with_place_and_reason(kind: Format) -> None:
    for noise in (
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"\0" * 1000,
        b"\xff\xfe" * 500,
        b"PK\x03\x04cut",
    ):
        with pytest.raises(UnreadableFile) as caught:
            kind.read(noise, path="x")
        assert caught.value.place and len(caught.value.reason) > 10


@each_format
def test_the_file_of_another_format_is_refused(kind: Format) -> None:
    for other in KINDS:
        golden = GOLDEN / f"hymn{other.endings[0]}"
        if other is not kind and golden.exists():
            with pytest.raises(UnreadableFile):
                kind.read(golden.read_bytes(), path=golden.name)


@each_format
def test_a_file_over_the_limit_is_refused_unread(kind: Format) -> None:
    with pytest.raises(UnreadableFile, match="at most"):
        kind.read(bytes(MAX_FILE_BYTES + 1), path="x")


@each_format
def test_a_file_cut_off_gives_a_score_or_unreadable_file(kind: Format) -> None:
    whole = (GOLDEN / f"hymn{kind.endings[0]}").read_bytes()
    refused = 0
    for cut in range(0, len(whole), max(len(whole) // 60, 1)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ReadWarning)
                assert isinstance(kind.read(whole[:cut], path="x"), Score)
        except UnreadableFile as error:
            refused += 1
            assert error.place and error.reason
    assert refused > 0


@each_format
def test_the_golden_hymn_is_the_same_music_in_every_format(kind: Format) -> None:
    score = load(GOLDEN / f"hymn{kind.endings[0]}")
    eighths = [(onset // 5040, length // 5040, pitch) for onset, length, pitch in sounding(score)]
    assert eighths == [
        (0, 2, 53), (0, 2, 65), (2, 3, 67), (2, 6, 48), (5, 1, 66), (6, 2, 67), (8, 4, 50), (8, 4, 53), (8, 4, 70),
        (12, 2, 53), (12, 6, 69),
    ]  # fmt: skip
    assert (score.title, score.pickup_ticks) == ("Golden Hymn", QUARTER)
    assert (score.metres, score.keys) == ((MetreMark(0, Metre(3, 4)),), (KeyMark(0, Key(-1)),))


@each_format
def test_a_saved_score_is_loaded_again_by_its_ending(kind: Format, tmp_path: Path) -> None:
    data_of(kind, SONG)
    for ending in kind.endings:
        save(SONG, tmp_path / f"a{ending}")
        assert sounding(load(tmp_path / f"a{ending}")) == sounding(SONG)
