"""The manifest: golden values by hand, origins out and in again, digests that follow the music and not the file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.io.scores import notes as any_notes
from tests.rights.origins import PIECE, QUARTER, SMALL, TABLE, by_note, known_score
from zhiyin.errors import InvalidInput
from zhiyin.io import loads
from zhiyin.io.midi import Midi
from zhiyin.rights.content import content_of
from zhiyin.rights.manifest import (
    DataLicence,
    ModelData,
    checked,
    manifest_of,
    manifest_to_text,
    models_named,
    notes_in,
    restore,
    text_to_manifest,
)
from zhiyin.rights.rows import packed_rows, unpacked_rows
from zhiyin.score import KeyMark, Notes, Part, Score, Tempo
from zhiyin.theory.key import Key

DATA = ModelData("small", "0123456789abcdef", (DataLicence("Hymns", "CC0-1.0", 12, "the typists"),))
MANIFEST = manifest_of(PIECE, models=[DATA])


def sha256(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def test_digests_are_of_the_text_that_the_documentation_sets_out() -> None:
    score = Score(
        parts=(
            Part("x", Notes.of([(0, QUARTER + 1, 60, 90), (5, 100, 62)])),
            Part("empty"),
            Part("kit", Notes.of([(0, 420, 36)]), "drums", 0, True),
        ),
        tempos=(Tempo(0, 90), Tempo(10, 90.0)),
        keys=(KeyMark(0, Key(2, "minor")),),
    )
    found = content_of(score)
    assert found.notes == sha256("n 0 10081 60 90 5 100 62 80\nd 0 420 36 80")
    # The grid's step is 420 ticks: 10081 ends on step 24, 5 on 0, 105 on none, so that one step is kept.
    assert found.music == sha256("n 0 420 62 1 0 10080 60 1\nd 0 420 36 1")
    assert found.marks == sha256("pickup 0\ntempo 0 90.000\nmetre 0 4/4\nkey 0 2 minor")


@given(known_score())
def test_digests_do_not_see_names_titles_or_origins(score: Score) -> None:
    renamed = replace(
        score.with_parts(replace(part, name="x", notes=part.notes.with_columns(origin=None)) for part in score.parts),
        title="other", provenance=(),
    )  # fmt: skip
    assert content_of(renamed) == content_of(score)


@given(known_score(), st.sampled_from(["onset", "duration", "pitch", "velocity"]))
def test_the_digest_of_notes_follows_any_change_and_that_of_music_follows_no_loudness(
    score: Score, name: str
) -> None:
    first = next((i for i, part in enumerate(score.parts) if len(part.notes)), None)
    if first is None:
        return
    part = score.parts[first]
    column = np.array(getattr(part.notes, name))
    column[0] += 1 if column[0] < 100 or name in ("onset", "duration") else -1
    parts = list(score.parts)
    parts[first] = part.with_notes(part.notes.with_columns(**{name: column}))
    before, after = content_of(score), content_of(score.with_parts(parts))
    assert before.notes != after.notes
    assert before.marks == after.marks
    if name == "velocity":
        assert before.music == after.music


@given(any_notes())
def test_rows_come_back_from_their_packed_text(notes: Notes) -> None:
    packed = packed_rows(notes)
    assert unpacked_rows(packed, len(notes)) == [(n.onset, n.duration, n.pitch) for n in notes]


def test_packed_rows_are_the_numbers_that_the_documentation_sets_out() -> None:
    # 10080 = 0x2760 = 0b1001110_1100000: LEB128 e0 4e. Onset steps 3 and 10080.
    raw = bytes([3, 0xE0, 0x4E, 60, 0xE0, 0x4E, 1, 62])
    assert zlib.decompress(base64.b64decode(packed_rows(Notes.of([(3, 10080, 60), (10083, 1, 62)])))) == raw


def test_the_manifest_of_a_small_piece_is_as_written_by_hand() -> None:
    assert MANIFEST["format"] == "zhiyin-provenance/1" and MANIFEST["title"] == "Té <a&b> ]]>"
    assert MANIFEST["origins"][0] == {"kind": "person", "name": "Ann 李", "detail": ""}
    assert MANIFEST["origins"][2]["facts"] == {
        "version": "0123456789abcdef", "seed": "7", "take": "0", "request": "9f9f",
    }  # fmt: skip
    parts = [{k: v for k, v in part.items() if k != "rows"} for part in MANIFEST["parts"]]
    assert parts == [
        {"name": "Melody", "notes": 5, "origins": [[0, 2], [2, 2], [-1, 1]]},
        {"name": "Kit", "notes": 1, "origins": [[1, 1]]},
    ]
    assert MANIFEST["models"] == [{"name": "small", "version": "0123456789abcdef", "data": [
        {"title": "Hymns", "licence": "CC0-1.0", "pieces": 12, "attribution": "the typists"}]}]  # fmt: skip
    assert MANIFEST["shares"]["overall"]["by_kind"]["model"] == [2, 2 * QUARTER]
    assert "signature" not in MANIFEST


def test_each_model_is_named_once_with_its_version() -> None:
    again = replace(SMALL, detail="0123456789abcdef seed=8")
    assert models_named(replace(PIECE, provenance=(*TABLE, again))) == (("small", "0123456789abcdef"),)


def test_the_text_is_canonical_ascii_and_comes_back() -> None:
    text = manifest_to_text(MANIFEST)
    assert text.isascii() and json.loads(text) == MANIFEST and text_to_manifest(text) == MANIFEST
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
    assert not any(isinstance(value, float) for value in leaves(MANIFEST))


def leaves(tree: object) -> list[object]:
    if isinstance(tree, dict):
        return [leaf for value in tree.values() for leaf in leaves(value)]
    if isinstance(tree, list):
        return [leaf for value in tree for leaf in leaves(value)]
    return [tree]


@given(known_score())
def test_a_manifest_gives_its_own_score_every_origin_back(score: Score) -> None:
    bare = replace(
        score.with_parts(part.with_notes(part.notes.with_columns(origin=None)) for part in score.parts),
        provenance=(),
    )
    found = restore(bare, manifest_of(score))
    assert (found.matched, found.foreign, found.missing) == (score.note_count, 0, 0)
    assert by_note(found.score) == by_note(score) and found.score.provenance == TABLE


@settings(max_examples=30)
@given(known_score(), st.data())
def test_a_note_changed_outside_is_unknown_and_the_others_keep_their_origin(
    score: Score, data: st.DataObject
) -> None:
    score = replace(score, parts=score.parts[:1])
    if not score.note_count:
        return
    notes = score.parts[0].notes
    row = data.draw(st.integers(0, len(notes) - 1))
    onset, pitch = np.array(notes.onset), notes.pitch
    onset[row] += 1_000_000  # past everything, so that it meets no other note's place
    changed = Part("part 0", notes.with_columns(onset=onset, origin=None))
    found = restore(Score(parts=(changed,)), manifest_of(score))
    assert (found.matched, found.foreign, found.missing) == (len(notes) - 1, 1, 1)
    rows = {(n[1], n[3]): n[4] for n in by_note(found.score)}
    assert rows.pop((int(onset[row]), int(pitch[row]))) == -1
    assert rows == {(n[1], n[3]): n[4] for n in by_note(score) if (n[1], n[3]) in rows}


@given(known_score())
def test_the_notes_told_in_a_manifest_are_those_of_its_score(score: Score) -> None:
    assert by_note(notes_in(manifest_of(score))) == by_note(score)


def test_twins_of_two_origins_keep_them_while_both_are_there_and_lose_them_when_one_is_gone() -> None:
    twins = Notes.of([(0, 9, 60), (0, 9, 60)])
    told = manifest_of(Score(parts=(Part("a", twins.with_columns(origin=[0, 2])),), provenance=TABLE))
    both = restore(Score(parts=(Part("a", twins),)), told)
    assert sorted(both.score.parts[0].notes.origin.tolist()) == [0, 2]
    one = restore(Score(parts=(Part("a", twins.take(np.array([0]))),)), told)
    assert one.score.parts[0].notes.origin.tolist() == [-1]
    same = manifest_of(Score(parts=(Part("a", twins.with_columns(origin=[2, 2])),), provenance=TABLE))
    assert restore(Score(parts=(Part("a", twins.take(np.array([0]))),)), same).score.parts[
        0
    ].notes.origin.tolist() == [2]
    three = restore(Score(parts=(Part("a", Notes.concat([twins, twins.take(np.array([0]))])),)), same)
    assert sorted(three.score.parts[0].notes.origin.tolist()) == [-1, 2, 2]


def test_parts_are_found_by_name_when_they_change_places_and_by_place_when_renamed() -> None:
    swapped = PIECE.with_parts([PIECE.parts[1], PIECE.parts[0]])
    assert restore(swapped, MANIFEST).matched == 6
    renamed = PIECE.with_parts(replace(part, name=f"track {i}") for i, part in enumerate(PIECE.parts))
    assert restore(renamed, MANIFEST).matched == 6
    fewer = restore(PIECE.with_parts(PIECE.parts[1:]), MANIFEST)
    assert (fewer.matched, fewer.foreign, fewer.missing) == (1, 0, 5)


def test_notes_of_another_part_are_not_taken_for_these() -> None:
    alien = Score(parts=(Part("x", PIECE.parts[0].notes), Part("y", PIECE.parts[0].notes), PIECE.parts[1]))
    assert restore(alien, MANIFEST).matched == 1  # two parts left, one row left: nobody can say which it is


def test_loudness_may_change_without_losing_an_origin() -> None:
    louder = PIECE.with_parts(
        part.with_notes(part.notes.with_columns(velocity=np.full(len(part.notes), 99)))
        for part in PIECE.parts
    )
    assert restore(louder, MANIFEST).matched == 6


PART = {"name": "a", "notes": 1, "origins": [[0, 1]], "rows": ""}
SHARE = {"name": "", "notes": 1, "ticks": 1, "by_kind": {}, "by_origin": []}
NO_SHARES = {"overall": SHARE, "parts": [], "sections": []}
GHOST = {"kind": "ghost", "name": "x", "detail": ""}
BROKEN = [
    ({"format": "zhiyin-provenance/9"}, "format must be 'zhiyin-provenance/1', got 'zhiyin-provenance/9'"),
    ({"origins": {}}, "fields must have format (str), software (str)"),
    ({"origins": [GHOST], "parts": [], "shares": NO_SHARES}, "got 'ghost'"),
    ({"origins": [{"kind": "file"}]}, "a manifest's origin must have kind (str), name (str), detail (str), got"),
    ({"content": {"notes": 1}}, "a manifest's content must have notes (str)"),
    ({"parts": [{**PART, "notes": 2}]}, "that make 2 notes, got [[0, 1]]"),
    ({"parts": [{**PART, "origins": [[9, 1]]}]}, "a manifest's runs must be [origin, notes]"),
    ({"parts": [{**PART, "rows": 1}]}, "a manifest's part must have name (str), notes (int)"),
    ({"shares": {"overall": SHARE, "parts": []}}, "a manifest's shares must have overall (dict)"),
    ({"shares": {**NO_SHARES, "overall": {**SHARE, "by_kind": {"ghost": [1, 1]}}}}, "{'ghost': [1, 1]}"),
    ({"shares": {**NO_SHARES, "parts": [{**SHARE, "by_origin": [[9, 1, 1]]}]}}, "[[9, 1, 1]]"),
    ({"models": [{"name": "small", "version": "1", "data": "all"}]}, "a list of data or null, got all"),
    ({"models": [{"name": "small", "version": "1", "data": [{}]}]}, "a manifest's data must have title (str)"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), BROKEN)
def test_a_broken_manifest_is_refused_with_what_is_wrong(change: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInput, match=re.escape(message)):
        checked({**MANIFEST, **change})


@pytest.mark.parametrize(
    ("text", "message"), [("{", "must be JSON"), ("[]", "got 'list'"), ("[" * 99999, "JSON")]
)
def test_what_is_no_manifest_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        text_to_manifest(text)


def test_rows_that_unpack_to_something_else_are_refused() -> None:
    bomb = base64.b64encode(zlib.compress(bytes(10_000_000))).decode()
    for rows in ("?", "AAAA", packed_rows(Notes.of([(0, 1, 60), (1, 1, 60)])), bomb):
        with pytest.raises(InvalidInput, match="a manifest's rows must"):
            unpacked_rows(rows, 1)
    endless = base64.b64encode(zlib.compress(b"\x80" * 20 + b"\x01")).decode()
    with pytest.raises(InvalidInput, match="below 2"):
        unpacked_rows(endless, 1)


def test_a_midi_file_read_again_has_the_same_notes_digest() -> None:
    again = loads(Midi().write(PIECE).data, ".mid")
    assert content_of(again) == content_of(PIECE)
