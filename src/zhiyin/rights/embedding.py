"""Embedding: a manifest inside a file of another format, put in and taken out without touching anything else.

Conventions: bytes in, bytes out; the ending chooses the place; a manifest that is there is replaced.
This module does not read music: see `zhiyin.io`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from zhiyin.errors import InvalidInput, NotFound
from zhiyin.rights import embedding_midi, embedding_sound, embedding_text
from zhiyin.rights.manifest import MAX_MANIFEST_BYTES, Manifest, manifest_to_text, text_to_manifest


class Place(NamedTuple):
    """Where a format keeps a manifest: put(file, text) -> file, take(file) -> text or None, and the place in words."""

    put: Callable[[bytes, str], bytes]
    take: Callable[[bytes], str | None]
    where: str


_MIDI = Place(embedding_midi.put, embedding_midi.take, "text events at the start of the first track")
_XML = Place(embedding_text.put_xml, embedding_text.take_xml, "identification/miscellaneous")
_MXL = Place(
    embedding_text.put_mxl, embedding_text.take_mxl, "identification/miscellaneous of the packed score"
)
_ABC = Place(embedding_text.put_abc, embedding_text.take_abc, "comment lines at the top")
_KERN = Place(embedding_text.put_kern, embedding_text.take_kern, "a reference record at the top")
_NATIVE = Place(embedding_text.put_native, embedding_text.take_native, "the field 'manifest'")
_WAV = Place(embedding_sound.put_wav, embedding_sound.take_wav, "an ID3 tag in the chunk 'id3 '")
_FLAC = Place(embedding_sound.put_flac, embedding_sound.take_flac, "a Vorbis comment")

PLACES: dict[str, Place] = {
    ".mid": _MIDI, ".midi": _MIDI, ".kar": _MIDI, ".musicxml": _XML, ".xml": _XML, ".mxl": _MXL, ".abc": _ABC,
    ".krn": _KERN, ".zyn": _NATIVE, ".json": _NATIVE, ".wav": _WAV, ".flac": _FLAC,
}  # fmt: skip
SOUND_ENDINGS = (".wav", ".flac")


def place_of(ending: str) -> Place:
    """Return where files with an ending keep a manifest. Raises NotFound, naming the endings there are."""
    if ending.lower() not in PLACES:
        raise NotFound(f"a manifest can stand in files ending in {' '.join(PLACES)}, got {ending!r}")
    return PLACES[ending.lower()]


def embed(data: bytes, manifest: Manifest, *, ending: str) -> bytes:
    """Return a file's bytes with the manifest in it, in place of one that is there.

    Raises NotFound for an ending without a place, InvalidInput when the file is not of that format.
    """
    place, text = place_of(ending), manifest_to_text(manifest)
    if len(text) > MAX_MANIFEST_BYTES:
        raise InvalidInput(f"a manifest must be at most {MAX_MANIFEST_BYTES} bytes, got {len(text)}")
    made = place.put(data, text)
    if place.take(made) != text:
        raise InvalidInput(
            f"the file must be a sound {ending} file, got one whose manifest cannot be read back: convert it first"
        )
    return made


def embedded(data: bytes, *, ending: str) -> Manifest | None:
    """Return the manifest in a file's bytes, None when there is none. Raises InvalidInput for a broken one."""
    text = place_of(ending).take(data)
    return None if text is None else text_to_manifest(text)


def sound_digest(data: bytes, *, ending: str) -> str:
    """Return "sha256:..." of the sound in a WAV or FLAC file: its samples as they are stored, no tags."""
    reader = {".wav": embedding_sound.wav_sound, ".flac": embedding_sound.flac_sound}.get(ending.lower())
    if reader is None:
        raise NotFound(f"sound stands in files ending in {' '.join(SOUND_ENDINGS)}, got {ending!r}")
    return reader(data)
