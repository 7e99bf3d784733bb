"""Manifests inside files: put in, read by others' libraries, taken out, and nothing else touched."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings

from tests.io.scores import END, midi_file
from tests.rights.origins import PIECE, by_note, known_score
from zhiyin.audio import Audio
from zhiyin.audio.files import audio_to_bytes
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.io import FORMATS, loads
from zhiyin.io.limits import ReadWarning
from zhiyin.rights.embedding import PLACES, embed, embedded, sound_digest
from zhiyin.rights.manifest import Manifest, manifest_of, manifest_to_text, restore
from zhiyin.score import Score

MANIFEST = manifest_of(PIECE)
TEXT = manifest_to_text(MANIFEST)
LONG: Manifest = {**MANIFEST, "title": "~ x" * 5000}  # more than one text event, many comment lines
GOLDEN = Path(__file__).parents[1] / "golden" / "io"
SCORE_ENDINGS = (".mid", ".musicxml", ".mxl", ".abc", ".zyn")
TONE = Audio(np.sin(np.arange(4410, dtype=np.float32)[None] / 20) * np.float32(0.5), 44100)


def file_of(ending: str) -> bytes:
    if ending in (".wav", ".flac"):
        return audio_to_bytes(TONE, ending=ending, tags=[("title", "Tone"), ("comment", "plain")])
    return FORMATS[ending].write(PIECE).data if ending != ".krn" else (GOLDEN / "hymn.krn").read_bytes()


each_ending = pytest.mark.parametrize("ending", PLACES)


@each_ending
def test_a_manifest_comes_back_and_a_file_without_has_none(ending: str) -> None:
    data = file_of(ending)
    assert embedded(data, ending=ending) is None
    for manifest in (MANIFEST, LONG):
        assert embedded(embed(data, manifest, ending=ending), ending=ending) == manifest


@each_ending
def test_a_second_manifest_replaces_the_first(ending: str) -> None:
    once = embed(file_of(ending), MANIFEST, ending=ending)
    assert embed(embed(file_of(ending), LONG, ending=ending), MANIFEST, ending=ending) == once
    assert embed(once, MANIFEST, ending=ending) == once


@pytest.mark.parametrize("ending", [ending for ending in PLACES if ending not in (".wav", ".flac")])
def test_the_music_of_a_file_is_the_same_with_a_manifest_in_it(ending: str) -> None:
    data = file_of(ending)
    assert loads(embed(data, LONG, ending=ending), ending) == loads(data, ending)


@pytest.mark.parametrize("ending", SCORE_ENDINGS)
@settings(max_examples=25, deadline=None)
@given(score=known_score(step=420))
def test_origins_survive_every_format(ending: str, score: Score) -> None:
    data = embed(FORMATS[ending].write(score).data, manifest_of(score), ending=ending)
    manifest = embedded(data, ending=ending)
    assert manifest is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReadWarning)
        found = restore(loads(data, ending), manifest)
    assert by_note(found.score) == by_note(score)


@settings(max_examples=25, deadline=None)
@given(score=known_score())
def test_origins_of_music_off_the_grid_survive_midi(score: Score) -> None:
    data = embed(FORMATS[".mid"].write(score).data, manifest_of(score), ending=".mid")
    found = restore(loads(data, ".mid"), embedded(data, ending=".mid") or {})
    assert by_note(found.score) == by_note(score)


@pytest.mark.parametrize("ending", [".mid", ".musicxml", ".mxl", ".abc", ".krn", ".zyn"])
def test_the_golden_hymn_takes_a_manifest_from_every_format(ending: str) -> None:
    data = (GOLDEN / f"hymn{ending}").read_bytes()
    made = embed(data, MANIFEST, ending=ending)
    assert embedded(made, ending=ending) == MANIFEST
    assert loads(made, ending) == loads(data, ending)


def test_mido_reads_the_manifest_as_text_events_and_the_same_notes() -> None:
    plain, made = file_of(".mid"), embed(file_of(".mid"), LONG, ending=".mid")
    tracks = [mido.MidiFile(file=io.BytesIO(data)).tracks for data in (plain, made)]
    texts = [
        event.text for event in tracks[1][0] if event.type == "text" and event.text.startswith("provenance ")
    ]
    assert len(texts) > 2 and all(len(text) < 4100 for text in texts)
    assert json.loads("".join(text.split(": ", 1)[1] for text in texts)) == LONG
    rest = [
        event for event in tracks[1][0] if not (event.type == "text" and event.text.startswith("provenance "))
    ]
    assert rest == list(tracks[0][0]) and tracks[1][1:] == tracks[0][1:]


def test_a_manifest_moved_to_another_track_by_a_sequencer_is_still_found() -> None:
    file = mido.MidiFile(file=io.BytesIO(embed(file_of(".mid"), LONG, ending=".mid")))
    moved = [event for event in file.tracks[0] if event.type == "text"]
    file.tracks[0][:] = [event for event in file.tracks[0] if event.type != "text"]
    file.tracks[1][1:1] = moved
    out = io.BytesIO()
    file.save(file=out)
    assert embedded(out.getvalue(), ending=".mid") == LONG


def test_a_midi_manifest_with_a_piece_missing_is_none() -> None:
    file = mido.MidiFile(file=io.BytesIO(embed(file_of(".mid"), LONG, ending=".mid")))
    gone = next(event for event in file.tracks[0] if event.type == "text")
    file.tracks[0].remove(gone)
    out = io.BytesIO()
    file.save(file=out)
    assert embedded(out.getvalue(), ending=".mid") is None


def test_a_track_that_begins_late_keeps_its_time() -> None:
    late = midi_file(b"\x60\x90\x3c\x40\x60\x3c\x00" + END)  # running status, first event at tick 96
    made = embed(late, MANIFEST, ending=".mid")
    assert loads(made, ".mid") == loads(late, ".mid")


def test_lxml_finds_the_manifest_in_the_identification_in_the_order_that_the_schema_asks() -> None:
    etree = pytest.importorskip("lxml.etree")
    root = etree.fromstring(embed(file_of(".musicxml"), MANIFEST, ending=".musicxml"))
    field = root.find("identification/miscellaneous/miscellaneous-field")
    assert field.get("name") == "zhiyin-provenance" and json.loads(field.text) == MANIFEST
    order = [child.tag for child in root.find("identification")]
    assert order == ["encoding", "miscellaneous"]  # rights and creators come before, nothing after


def test_a_header_without_identification_or_with_fields_of_others_takes_a_manifest() -> None:
    etree = pytest.importorskip("lxml.etree")
    body = "<part-list><score-part id='P1'><part-name>a</part-name></score-part></part-list><part id='P1'/>"
    for head in (
        "", "<identification/>", "<identification><miscellaneous/></identification>",
        "<identification><miscellaneous><miscellaneous-field name='x'>1</miscellaneous-field></miscellaneous>"
        "</identification>", "<work><work-title>t</work-title></work>", "<defaults/>",
    ):  # fmt: skip
        data = f"<score-partwise>{head}{body}</score-partwise>".encode()
        root = etree.fromstring(embed(data, MANIFEST, ending=".xml"))
        named = {
            f.get("name"): f.text for f in root.iterfind("identification/miscellaneous/miscellaneous-field")
        }
        assert json.loads(named["zhiyin-provenance"]) == MANIFEST
        assert ("x" in named) == ("'x'" in head)
        assert next(child.tag for child in root if child.tag != "work") == "identification"


def test_a_manifest_that_another_program_wrote_out_in_its_own_way_is_found() -> None:
    etree = pytest.importorskip("lxml.etree")
    root = etree.fromstring(embed(file_of(".musicxml"), MANIFEST, ending=".musicxml"))
    field = root.find("identification/miscellaneous/miscellaneous-field")
    field.set("id", "m1")
    assert embedded(etree.tostring(root, encoding="UTF-16"), ending=".musicxml") == MANIFEST
    assert embedded(etree.tostring(root), ending=".musicxml") == MANIFEST


def test_the_other_members_of_a_packed_score_stay() -> None:
    out = io.BytesIO(file_of(".mxl"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("cover.png", b"picture")
    made = embed(out.getvalue(), MANIFEST, ending=".mxl")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.read("cover.png") == b"picture" and archive.testzip() is None
        assert b"zhiyin-provenance" in archive.read("score.musicxml")


def test_mutagen_reads_the_manifest_of_a_wav_file_and_soundfile_the_same_samples() -> None:
    wave = pytest.importorskip("mutagen.wave")
    plain = file_of(".wav")
    made = embed(plain, MANIFEST, ending=".wav")
    frames = wave.WAVE(io.BytesIO(made)).tags.getall("TXXX:zhiyin-provenance")
    assert [json.loads(frame.text[0]) for frame in frames] == [MANIFEST]
    assert np.array_equal(soundfile.read(io.BytesIO(made))[0], soundfile.read(io.BytesIO(plain))[0])
    with soundfile.SoundFile(io.BytesIO(made)) as file:
        assert (file.title, file.comment) == ("Tone", "plain")


def test_tags_of_others_in_a_wav_file_stay() -> None:
    wave, id3 = pytest.importorskip("mutagen.wave"), pytest.importorskip("mutagen.id3")
    for version in (3, 4):
        out = io.BytesIO(file_of(".wav"))
        tagged = wave.WAVE(out)
        tagged.add_tags()
        tagged.tags.add(id3.TIT2(encoding=1, text=["Lied 曲"]))
        tagged.tags.add(id3.TXXX(encoding=3, desc="mine", text=["x" * 300]))
        out.seek(0)
        tagged.save(out, v2_version=version)
        found = wave.WAVE(io.BytesIO(embed(out.getvalue(), MANIFEST, ending=".wav"))).tags
        assert found["TIT2"].text == ["Lied 曲"] and found["TXXX:mine"].text == ["x" * 300]
        assert json.loads(found["TXXX:zhiyin-provenance"].text[0]) == MANIFEST


def test_mutagen_reads_the_manifest_of_a_flac_file_and_soundfile_the_same_samples() -> None:
    flac = pytest.importorskip("mutagen.flac")
    plain = file_of(".flac")
    made = embed(plain, MANIFEST, ending=".flac")
    tags = flac.FLAC(io.BytesIO(made)).tags
    assert json.loads(tags["zhiyin_provenance"][0]) == MANIFEST and tags["title"] == ["Tone"]
    assert np.array_equal(soundfile.read(io.BytesIO(made))[0], soundfile.read(io.BytesIO(plain))[0])


@pytest.mark.parametrize("ending", [".wav", ".flac"])
def test_the_digest_of_sound_follows_the_samples_and_no_tags(ending: str) -> None:
    data = file_of(ending)
    other = audio_to_bytes(Audio(TONE.samples * np.float32(0.5), 44100), ending=ending)
    assert sound_digest(embed(data, MANIFEST, ending=ending), ending=ending) == sound_digest(
        data, ending=ending
    )
    assert sound_digest(other, ending=ending) != sound_digest(data, ending=ending)


REFUSED = [
    (".mid", b"RIFF....", "must begin with MThd"), (".mid", b"MThd" + bytes(10), "must have a track"),
    (".musicxml", b"<score-partwise/>", "must have a part list"), (".musicxml", b"\xff\xfe<", "got UTF-16"),
    (".mxl", b"PK not", "must be a whole zip"),
    (".zyn", b"[]", "must be a JSON object"), (".zyn", b"{", "must be JSON"),
    (".wav", b"RIFF1234AIFF", "must begin with RIFF and WAVE"),
    (".wav", b"RIFF" + struct.pack("<I", 40) + b"WAVEdata" + struct.pack("<I", 99), "must be whole"),
    (".flac", b"OggS", "must begin with fLaC"), (".flac", b"fLaC\x00\xff", "must be whole"),
]  # fmt: skip


@pytest.mark.parametrize(("ending", "data", "message"), REFUSED)
def test_what_is_not_of_the_format_is_refused(ending: str, data: bytes, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        embed(data, MANIFEST, ending=ending)


def test_an_ending_without_a_place_is_refused_by_name() -> None:
    with pytest.raises(NotFound, match=r"files ending in \.mid .*, got '\.mp3'"):
        embed(b"", MANIFEST, ending=".mp3")
    with pytest.raises(NotFound, match=r"\.wav \.flac, got '\.mid'"):
        sound_digest(b"", ending=".mid")


@each_ending
def test_a_file_cut_off_anywhere_gives_a_manifest_none_or_a_refusal(ending: str) -> None:
    whole = embed(file_of(ending), MANIFEST, ending=ending)
    for cut in range(0, len(whole), max(len(whole) // 40, 1)):
        try:
            found = embedded(whole[:cut], ending=ending)
            assert found is None or found == MANIFEST
        except InvalidInput as error:
            assert len(str(error)) > 20
