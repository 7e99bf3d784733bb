"""Laws of the native format: everything comes back, and nothing but what it should hold is let in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from tests.io.scores import any_score
from zhiyin.errors import InvalidInput, UnreadableFile
from zhiyin.io.native import Native
from zhiyin.score import Notes, Part, Score

NATIVE = Native()
GOOD = json.loads(NATIVE.write(Score(parts=(Part("a", Notes.of([(0, 10, 60)])),))).data)


def read(data: bytes) -> Score:
    return NATIVE.read(data, path="song.zyn")


@given(any_score())
def test_every_field_of_every_score_comes_back_bit_for_bit(score: Score) -> None:
    written = NATIVE.write(score)
    assert read(written.data) == score
    assert written.lost == ()


@given(any_score())
def test_the_same_score_gives_the_same_bytes(score: Score) -> None:
    assert NATIVE.write(read(NATIVE.write(score).data)).data == NATIVE.write(score).data


def test_text_that_is_no_unicode_cannot_be_written() -> None:
    with pytest.raises(InvalidInput, match="valid Unicode"):
        NATIVE.write(Score(title="\ud800"))


def changed(**fields: object) -> bytes:
    return json.dumps({**GOOD, **fields}).encode()


def part(**fields: object) -> bytes:
    return changed(parts=[{**GOOD["parts"][0], **fields}])


def notes(**columns: object) -> bytes:
    return part(notes={**GOOD["parts"][0]["notes"], **columns})


BROKEN: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "byte 0", "empty"),
    "not json": (b"MThd", "line 1 column 1", "not JSON"),
    "cut off": (json.dumps(GOOD).encode()[:-9], "line 1 column", "not JSON"),
    "not utf-8": (b'{"format": "\xff"}', "byte 12", "must be UTF-8"),
    "a bomb of brackets": (b"[" * 100_000, "byte 0", "flat"),
    "seven million lists": (b"[" + b"[]," * 7_000_000, "byte 0", "at most 6000000 lists"),
    "not a number": (changed(tempos=[[0, float("nan")]]), "byte 0", "NaN is not a number"),
    "a number of 5000 digits": (b'{"a": ' + b"9" * 5000 + b"}", "byte 0", "numbers finite"),
    "a list": (b"[]", "the top", "must be an object, got list"),
    "a null": (b"null", "the top", "got NoneType"),
    "another version": (changed(format="zhiyin-score/9"), "format", "got 'zhiyin-score/9': open it with a newer"),
    "an unknown field": (changed(colour=1), "the top", "differs in ['colour']"),
    "a missing field": (json.dumps({k: v for k, v in GOOD.items() if k != "keys"}).encode(), "the top", "['keys']"),
    "a title of 7": (changed(title=7), "the top: title", "must be str, got int"),
    "a pickup of true": (changed(pickup_ticks=True), "the top: pickup_ticks", "must be int, got bool"),
    "a pickup of a bar": (changed(pickup_ticks=40320), "the top", "shorter than a bar"),
    "tempo text": (changed(tempos=[[0, "fast"]]), "tempos[0]", "must be [int, int/float], got [0, 'fast']"),
    "tempo range": (changed(tempos=[[0, 1e9]]), "tempos[0]", "tempo must be 10..400 BPM"),
    "tempo before the start": (changed(tempos=[[-5, 100]]), "the top", "tick 0 or later, got -5"),
    "metre of 3/7": (changed(metres=[[0, 3, 7]]), "metres[0]", "power of two"),
    "key of no mode": (changed(keys=[[0, 0, "blue"]]), "keys[0]", "got 'blue'"),
    "chord of no kind": (changed(chords=[[0, 0, "zzz", 0]]), "chords[0]", "got 'zzz'"),
    "chord too short": (changed(chords=[[0]]), "chords[0]", "must be [int, int/NoneType, str, int/NoneType], got [0]"),
    "origin of a ghost": (changed(provenance=[["ghost", "", ""]]), "provenance[0]", "got 'ghost'"),
    "part of text": (changed(parts=["x"]), "parts[0]", "must be an object, got str"),
    "role of a king": (part(role="king"), "parts[0]", "got 'king'"),
    "program 500": (part(program=500), "parts[0]", "GM 0..127, got 500"),
    "control text": (part(controls=[[0, 64, "on"]]), "parts[0].controls[0]", "got [0, 64, 'on']"),
    "pitch 200": (notes(pitch=[200]), "parts[0].notes", "must lie in 0..127, got 200"),
    "pitch text": (notes(pitch=["C"]), "parts[0].notes.pitch", "must be a list of int"),
    "pitch true": (notes(pitch=[True]), "parts[0].notes.pitch", "must be a list of int"),
    "onset of 30 digits": (notes(onset=[10**30]), "parts[0].notes.onset", "below 2^63"),
    "onset beyond days": (notes(onset=[10**15]), "end", "at most 400000 quarters"),
    "columns of two lengths": (notes(pitch=[1, 2]), "parts[0].notes", "one value a note (1), got 2"),
    "column unknown": (notes(colour=[1]), "parts[0].notes", "got ['colour'"),
    "column missing": (part(notes={"onset": []}), "parts[0].notes", "got ['onset']"),
    "syllable of 1": (notes(syllable=[1]), "parts[0].notes.syllable", "must be a list of str"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_place_and_reason(name: str) -> None:
    data, place, reason = BROKEN[name]
    with pytest.raises(UnreadableFile) as caught:
        read(data)
    assert caught.value.place.startswith(place)
    assert reason in caught.value.reason
