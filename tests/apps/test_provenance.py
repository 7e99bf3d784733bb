"""provenance from file to file: what is said, written, signed, kept through conversion, and lost through change."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import mido
import numpy as np
import pytest

from tests.io.scores import QUARTER
from tests.rights.origins import ANN, PIECE, SMALL, TABLE, by_note
from zhiyin.apps import convert, provenance_
from zhiyin.apps.convert import ConvertRequest
from zhiyin.apps.files import owned, read_score
from zhiyin.apps.manifests import models_of, with_manifest
from zhiyin.apps.model import open_model
from zhiyin.apps.provenance_ import Provenance, ProvenanceRequest
from zhiyin.audio import Audio
from zhiyin.audio.files import audio_to_bytes
from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.io import save
from zhiyin.rights.embedding import embed, embedded
from zhiyin.rights.manifest import manifest_of
from zhiyin.score import Notes, Origin, Part, Score

BARE = Score(title="Bare", parts=(Part("Tune", Notes.of([(0, QUARTER, 60), (QUARTER, QUARTER, 62)])),))
SCORES = (".mid", ".musicxml", ".mxl", ".abc", ".zyn")


def run(source: Path, **options: Any) -> Provenance:
    return provenance_.run(ProvenanceRequest(source, **options))


def told(path: Path) -> Any:
    return embedded(path.read_bytes(), ending=path.suffix)


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Return PIECE as a MIDI file with its manifest in it."""
    save(PIECE, tmp_path / "plain.mid")
    path = tmp_path / "song.mid"
    path.write_bytes(with_manifest("song.mid", (tmp_path / "plain.mid").read_bytes(), PIECE))
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    pytest.importorskip("cryptography")
    return tmp_path / "keys" / "key.pem"


def test_a_file_without_a_manifest_is_of_unknown_origin(tmp_path: Path) -> None:
    save(BARE, tmp_path / "bare.mid")
    found = run(tmp_path / "bare.mid")
    assert found.manifest["shares"]["overall"]["by_kind"] == {"unknown": [2, 2 * QUARTER]}
    assert (found.standing.content, found.standing.signature.state) == ("no manifest", "unsigned")
    assert not found.is_verified


def test_reading_gives_back_the_origins_in_a_file(song: Path) -> None:
    read = read_score(song)
    assert by_note(read.score) == by_note(PIECE) and read.score.provenance == TABLE
    assert read.warnings == ()


@pytest.mark.parametrize("ending", SCORES)
def test_origins_go_along_when_a_score_is_converted_and_are_not_called_lost(song: Path, ending: str) -> None:
    target = song.with_name(f"other{ending}")
    lost = convert.run(ConvertRequest(song, target)).lost
    assert by_note(read_score(target).score) == by_note(PIECE)
    assert not [sentence for sentence in lost if re.search("origin|provenance", sentence)]


@pytest.mark.parametrize("ending", SCORES)
def test_a_chain_of_conversions_ends_with_the_origins_it_began_with(song: Path, ending: str) -> None:
    path = song
    for number, step in enumerate((".zyn", ending, ".mid")):
        target = song.with_name(f"step{number}{step}")
        convert.run(ConvertRequest(path, target))
        path = target
    assert by_note(read_score(path).score) == by_note(PIECE)


def test_a_note_moved_in_a_sequencer_is_unknown_and_the_reader_says_so(song: Path) -> None:
    file = mido.MidiFile(song)
    changed = next(event for event in file.tracks[1] if event.type == "note_on" and event.note == 62)
    for event in file.tracks[1]:
        if event.type in ("note_on", "note_off") and event.note == 62:
            event.note = 61
    assert changed.note == 61
    file.save(song)
    read = read_score(song)
    rows = {row[3]: row[4] for row in by_note(read.score) if row[0] == 0}
    assert rows == {60: 0, 61: -1, 64: 2, 65: 2, 67: -1}
    assert read.warnings == ("notes that are not in the file's manifest, their origin unknown: 1",)
    standing = run(song).standing
    assert (standing.content, standing.matched, standing.foreign, standing.missing) == ("changed", 5, 1, 1)


def test_a_broken_manifest_is_passed_over_with_a_warning_and_named_by_provenance(tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    save(PIECE, path)
    path.write_bytes(embed(path.read_bytes(), {"format": "zhiyin-provenance/9"}, ending=".mid"))
    (warning,) = read_score(path).warnings
    assert "the manifest of the notes' origins was passed over: a manifest's format must be" in warning
    with pytest.raises(UnreadableFile, match=r"a\.mid.*at the manifest.*format must be"):
        run(path)


def test_acts_name_the_file_for_what_it_does_not_tell(tmp_path: Path, song: Path) -> None:
    save(BARE, tmp_path / "bare.mid")
    named = owned(read_score(tmp_path / "bare.mid"), tmp_path / "bare.mid").score
    (origin,) = named.provenance
    assert (origin.kind, origin.name) == ("file", "bare.mid")
    assert re.fullmatch("sha256=[0-9a-f]{16}", origin.detail)
    assert [row[4] for row in by_note(named)] == [0, 0]
    kept = owned(read_score(song), song).score
    assert kept.provenance[:3] == TABLE
    assert [row[4] for row in by_note(kept)] == [row[4] if row[4] >= 0 else 3 for row in by_note(PIECE)]


def test_a_person_is_named_for_the_unknown_alone(song: Path, tmp_path: Path) -> None:
    found = run(song, person="Bo", embed=tmp_path / "named.mid")
    assert found.manifest["shares"]["overall"]["by_kind"] == {
        "person": [3, 4 * QUARTER], "file": [1, QUARTER // 2], "model": [2, 2 * QUARTER],
    }  # fmt: skip
    assert read_score(tmp_path / "named.mid").score.provenance == (*TABLE, Origin("person", "Bo"))


def test_a_signed_copy_verifies_until_a_note_changes(song: Path, tmp_path: Path, key: Path) -> None:
    copy = tmp_path / "signed.mid"
    made = run(song, is_signed=True, embed=copy, out=tmp_path / "m.json", key=key)
    assert made.written == (tmp_path / "m.json", copy) and len(made.signed_by) == 16
    found = run(copy)
    assert found.is_verified and found.standing.signature.fingerprint == made.signed_by
    file = mido.MidiFile(copy)
    for event in file.tracks[1]:
        if event.type in ("note_on", "note_off") and event.note == 62:
            event.note = 61
    file.save(copy)
    changed = run(copy)
    assert (changed.standing.signature.state, changed.standing.content) == ("valid", "changed")
    assert not changed.is_verified


def test_loudness_alone_leaves_the_same_music(song: Path, tmp_path: Path, key: Path) -> None:
    run(song, is_signed=True, embed=tmp_path / "s.mid", key=key)
    file = mido.MidiFile(tmp_path / "s.mid")
    for event in file.tracks[1]:
        if event.type == "note_on":
            event.velocity = 33
    file.save(tmp_path / "s.mid")
    found = run(tmp_path / "s.mid")
    assert found.standing.content == "same music" and found.is_verified


def test_a_tempo_changed_outside_is_told_as_a_mark(song: Path) -> None:
    assert run(song).standing.has_same_marks is True
    file = mido.MidiFile(song)
    for event in file.tracks[0]:
        if event.type == "set_tempo":
            event.tempo = 400_000
    file.save(song)
    standing = run(song).standing
    assert (standing.content, standing.has_same_marks) == ("same", False)


def test_a_manifest_beside_a_file_speaks_for_it(song: Path, tmp_path: Path, key: Path) -> None:
    run(song, is_signed=True, out=tmp_path / "m.json", key=key)
    plain = tmp_path / "plain.mid"
    assert run(plain, manifest=tmp_path / "m.json").is_verified
    with pytest.raises(NotFound, match=r"none\.json.*check the path"):
        run(plain, manifest=tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(UnreadableFile, match=r"bad\.json.*format must be"):
        run(plain, manifest=tmp_path / "bad.json")


def test_a_copy_of_what_still_holds_keeps_its_signature(song: Path, tmp_path: Path, key: Path) -> None:
    run(song, is_signed=True, embed=tmp_path / "s.mid", key=key)
    run(tmp_path / "s.mid", embed=tmp_path / "again.mid")
    assert (tmp_path / "again.mid").read_bytes() == (tmp_path / "s.mid").read_bytes()
    # Named anew, the old signature would speak of something else: it goes.
    run(tmp_path / "s.mid", embed=tmp_path / "named.mid", person="Bo")
    assert run(tmp_path / "named.mid").standing.signature.state == "unsigned"


def test_a_copy_in_another_format_holds_there(song: Path, tmp_path: Path, key: Path) -> None:
    for ending in SCORES:
        copy = tmp_path / f"copy{ending}"
        run(song, is_signed=True, embed=copy, key=key)
        found = run(copy)
        assert found.is_verified, ending
        assert found.standing.foreign == found.standing.missing == 0


def test_music_off_the_grid_keeps_its_origins_in_musicxml(tmp_path: Path) -> None:
    loose = PIECE.with_parts(
        part.with_notes(part.notes.with_columns(onset=part.notes.onset + 97)) for part in PIECE.parts
    )
    save(loose, tmp_path / "a.zyn")
    convert.run(ConvertRequest(tmp_path / "a.zyn", tmp_path / "a.musicxml"))
    found = read_score(tmp_path / "a.musicxml")
    assert [row[4] for row in by_note(found.score)] == [row[4] for row in by_note(PIECE)]
    assert run(tmp_path / "a.musicxml").standing.content == "same"


def test_the_shipped_models_data_are_named_with_their_licences_and_others_are_not_guessed() -> None:
    model = open_model()
    known = Origin("model", model.name, f"{model.version} seed=1")
    strange = Origin("model", model.name, "ffffffffffffffff seed=1")
    rules = Origin("model", "stylebook", "rules style=pop seed=1")
    first, second, third = models_of(Score(provenance=(known, strange, rules, ANN)))
    assert first.data is not None and len(first.data) > 10
    # Read in the page that ships beside the weights.
    page = (Path(provenance_.__file__).parents[1] / "models/weights/small.md").read_text(encoding="utf-8")
    assert all(f"| {row.title} | {row.pieces} | {row.licence} |" in page for row in first.data)
    assert second.data is None
    assert third.data is not None and third.data[0].licence == "Apache-2.0"


def test_what_a_manifest_tells_of_a_model_unknown_here_goes_on(song: Path) -> None:
    models = [{"name": "small", "version": "0123456789abcdef", "data": [
        {"title": "Hymns", "licence": "CC0-1.0", "pieces": 3, "attribution": ""}]}]  # fmt: skip
    song.write_bytes(embed(song.read_bytes(), {**manifest_of(PIECE), "models": models}, ending=".mid"))
    assert run(song).manifest["models"] == models
    assert SMALL.facts["version"] == "0123456789abcdef"


def sound(ending: str, level: float = 0.5) -> bytes:
    wave = np.sin(np.arange(4410, dtype=np.float32)[None] / 20)
    return audio_to_bytes(Audio(wave * np.float32(level), 44100), ending=ending, tags=[("title", "Tone")])


@pytest.mark.parametrize("ending", [".wav", ".flac"])
def test_a_sound_speaks_through_its_manifest_and_is_bound_to_it(
    tmp_path: Path, ending: str, key: Path
) -> None:
    path, copy = tmp_path / f"a{ending}", tmp_path / f"b{ending}"
    path.write_bytes(with_manifest(path.name, sound(ending), PIECE))
    found = run(path, is_signed=True, embed=copy, key=key)
    assert found.manifest["shares"]["overall"]["by_kind"]["person"] == [2, 2 * QUARTER]
    assert found.standing.content == "same" and run(copy).is_verified
    copy.write_bytes(embed(sound(ending, 0.25), told(copy), ending=ending))
    assert run(copy).standing.content == "changed" and not run(copy).is_verified
    run(copy, embed=tmp_path / f"c{ending}")
    again = run(tmp_path / f"c{ending}").standing
    assert (again.content, again.signature.state) == (
        "same",
        "unsigned",
    )  # the old signature spoke of another sound


def test_shares_of_a_sound_are_counted_from_the_notes_told_and_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    honest = manifest_of(PIECE)
    boast = {**honest["shares"], "overall": {**honest["shares"]["overall"], "by_kind": {"person": [6, 1]}}}
    path.write_bytes(embed(sound(".wav"), {**honest, "shares": boast}, ending=".wav"))
    assert run(path).manifest["shares"]["overall"] == honest["shares"]["overall"]
    broken = {**honest, "parts": [{**part, "rows": "?"} for part in honest["parts"]]}
    path.write_bytes(embed(sound(".wav"), broken, ending=".wav"))
    with pytest.raises(UnreadableFile, match=r"a\.wav.*at the manifest.*rows must be zlib in base64"):
        run(path)


def test_a_manifest_of_a_score_laid_into_a_sound_is_not_bound_to_it(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(embed(sound(".wav"), manifest_of(PIECE), ending=".wav"))
    assert run(path).standing.content == "unbound"


def test_content_credentials_hold_over_a_sound_until_a_byte_changes(tmp_path: Path, key: Path) -> None:
    c2pa = pytest.importorskip("c2pa")
    for ending, mime in ((".wav", "audio/wav"), (".flac", "audio/flac")):
        path, copy = tmp_path / f"a{ending}", tmp_path / f"b{ending}"
        path.write_bytes(with_manifest(path.name, sound(ending), PIECE))
        run(path, is_signed=True, has_credentials=True, embed=copy, key=key)
        standing = run(copy).standing
        assert (standing.credentials.state, standing.credentials.signer) == ("valid", "Zhiyin user")
        assert standing.is_verified
        tree = json.loads(c2pa.Reader(mime, io.BytesIO(copy.read_bytes())).json())
        made = {a["label"]: a["data"] for a in tree["manifests"][tree["active_manifest"]]["assertions"]}
        source = made["c2pa.actions.v2"]["actions"][0]["digitalSourceType"]
        assert source.rsplit("/", 1)[1] == "compositeWithTrainedAlgorithmicMedia"
        assert made["app.zhiyin.provenance"]["origins"][0]["name"] == "Ann 李"
        with pytest.raises(
            InvalidInput, match=r"must not break the Content Credentials .* make new ones with --c2pa"
        ):
            run(copy, embed=tmp_path / f"c{ending}")
        run(copy, is_signed=True, has_credentials=True, embed=tmp_path / f"d{ending}", key=key)
        assert run(tmp_path / f"d{ending}").standing.credentials.state == "valid"
        data = bytearray(copy.read_bytes())
        data[data.find(b"data") + 500 if ending == ".wav" else -20] ^= 1
        copy.write_bytes(bytes(data))
        assert run(copy).standing.credentials.state == "invalid"


def test_content_credentials_are_not_made_of_what_nobody_knows(tmp_path: Path, key: Path) -> None:
    pytest.importorskip("c2pa")
    path = tmp_path / "a.wav"
    nobody = PIECE.with_parts([PIECE.parts[1]])  # the drum stroke out of a file
    path.write_bytes(with_manifest(path.name, sound(".wav"), nobody))
    with pytest.raises(InvalidInput, match="must say how every note was made, got notes of file"):
        run(path, is_signed=True, has_credentials=True, embed=tmp_path / "b.wav", key=key)
    assert not (tmp_path / "b.wav").exists()


def test_what_cannot_be_done_is_refused_with_the_remedy(song: Path, tmp_path: Path) -> None:
    with pytest.raises(
        InvalidInput, match=r"a signature must have a place.*add -o FILE\.json or --embed COPY"
    ):
        run(song, is_signed=True)
    with pytest.raises(InvalidInput, match="the copy must be another file than the source"):
        run(song, embed=song)
    with pytest.raises(
        InvalidInput, match=r"the copy of a \.mid file must be .* got 'a\.wav': sound is made by"
    ):
        run(song, embed=tmp_path / "a.wav")
    with pytest.raises(InvalidInput, match=r"Content Credentials must go into a signed copy .* got \.mid"):
        run(song, is_signed=True, has_credentials=True, embed=tmp_path / "b.mid")
    (tmp_path / "bare.wav").write_bytes(sound(".wav"))
    with pytest.raises(
        InvalidInput, match=r"a sound must hold a manifest, got none in .*render it from its score"
    ):
        run(tmp_path / "bare.wav")
    with pytest.raises(NotFound, match=r"there must be a file at .*none\.wav"):
        run(tmp_path / "none.wav")


def test_the_result_is_json_without_the_packed_rows(song: Path) -> None:
    tree = json.loads(json.dumps(run(song).to_json()))
    assert tree["content"] == "same" and tree["signature"] == {"state": "unsigned", "fingerprint": ""}
    assert [set(part) for part in tree["manifest"]["parts"]] == [{"name", "notes", "origins"}] * 2
