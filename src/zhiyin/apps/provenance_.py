"""provenance: who and what the notes of a piece come from, and a manifest of it, signed when asked.

Conventions: shares are counted afresh from the notes, those in the manifest when the file is a sound.
This module states facts and gives no legal verdict; it measures nothing itself: see `zhiyin.rights`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.files import read_score
from zhiyin.apps.manifests import carried, models_of
from zhiyin.apps.output import write_whole
from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.io import writable_format_of
from zhiyin.rights.content import Content, content_of
from zhiyin.rights.credentials import Credentials, add_credentials, credentials_in, has_credentials
from zhiyin.rights.embedding import SOUND_ENDINGS, embed, embedded, sound_digest
from zhiyin.rights.manifest import (
    DataLicence,
    Manifest,
    ModelData,
    Restored,
    content_in,
    manifest_of,
    notes_in,
    restore,
    text_to_manifest,
)
from zhiyin.rights.shares import shares_of
from zhiyin.rights.signing import (
    KEY_NAME,
    UNSIGNED,
    VALID,
    Signature,
    load_or_make_key,
    sign,
    signature_of,
    unsigned,
)
from zhiyin.score import Origin, Score
from zhiyin.score.edit import with_origin

SAME, SAME_MUSIC, CHANGED, NO_MANIFEST, UNBOUND = "same", "same music", "changed", "no manifest", "unbound"
MAX_SOUND_BYTES = 2 * 2**30


@dataclass(frozen=True, slots=True)
class ProvenanceRequest:
    """Which score or sound to look at, and what to make of it.

    manifest: a manifest beside the file (None: the one in the file); out: where to write the manifest as JSON;
    embed: a copy of the score or sound to write with the manifest in it; is_signed: sign what is written;
    key: the key's file (None: the one of this user, made on first use); person: who wrote the notes of unknown origin;
    has_credentials: a signed copy of a sound gets Content Credentials (C2PA) too; certificates: a PEM chain for the key
    from an authority. Raises InvalidInput for a signature without a place.
    """

    source: Path
    manifest: Path | None = None
    out: Path | None = None
    embed: Path | None = None
    is_signed: bool = False
    key: Path | None = None
    person: str = ""
    has_credentials: bool = False
    certificates: Path | None = None

    def __post_init__(self) -> None:
        if self.is_signed and self.out is None and self.embed is None:
            raise InvalidInput(
                "a signature must have a place, got neither an output nor a copy: add -o FILE.json or --embed COPY"
            )
        suffix = self.embed.suffix.lower() if self.embed else ""
        if self.has_credentials and not (self.is_signed and suffix in SOUND_ENDINGS):
            raise InvalidInput(
                f"Content Credentials must go into a signed copy of a {' or '.join(SOUND_ENDINGS)} file, got "
                f"{suffix or 'no copy'}: add --sign --embed COPY.wav"
            )
        if self.embed is not None and self.embed.absolute() == self.source.absolute():
            raise InvalidInput(
                f"the copy must be another file than the source, got {str(self.embed)!r} twice"
            )


@dataclass(frozen=True, slots=True)
class Standing:
    """How a file stands to its manifest.

    content: same | same music (loudness or timing finer than the grid differ) | changed | unbound (of sound that the
    manifest was not made for) | no manifest; has_same_marks: tempos, metres, keys, chords and sections are as told
    (None: not to be said); matched, foreign, missing: notes as in `zhiyin.rights.manifest.Restored`.
    """

    signature: Signature
    content: str
    has_same_marks: bool | None = None
    matched: int = 0
    foreign: int = 0
    missing: int = 0
    credentials: Credentials = Credentials()

    @property
    def is_verified(self) -> bool:
        """Return whether a valid signature stands over content that is the same."""
        return self.signature.state == VALID and self.content in (SAME, SAME_MUSIC)


@dataclass(frozen=True, slots=True)
class Provenance:
    """What was found: the manifest as it is now, how the file stands to the one it came with, and what was written."""

    source: Path
    manifest: Manifest
    standing: Standing
    warnings: tuple[str, ...] = ()
    written: tuple[Path, ...] = ()
    signed_by: str = ""

    @property
    def is_verified(self) -> bool:
        """Return whether a valid signature stands over content that is the same."""
        return self.standing.is_verified

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain values; the notes' rows are left out."""
        parts = [{k: v for k, v in part.items() if k != "rows"} for part in self.manifest["parts"]]
        return {
            "file": str(self.source), **asdict(self.standing), "is_verified": self.is_verified,
            "manifest": {**self.manifest, "parts": parts}, "warnings": list(self.warnings),
            "written": [str(path) for path in self.written], "signed_by": self.signed_by,
        }  # fmt: skip


def run(request: ProvenanceRequest, progress: Progress = silent) -> Provenance:
    """Return what is known of a file's origins, and write what was asked.

    Raises NotFound, UnreadableFile, InvalidInput, MissingExtra (to sign without the library).
    """
    if request.source.suffix.lower() in SOUND_ENDINGS:
        return _of_sound(request)
    read = read_score(request.source)
    told = _told(request, request.source.read_bytes())
    found = None if told is None else _restored(request, read.score, told)
    score = read.score
    if found is not None and (request.manifest or not score.provenance):
        score = found.score
    standing = _standing(read.score, told, found)
    if request.person:
        score = with_origin(score, Origin("person", request.person))
    manifest = manifest_of(score, models=models_of(score, _models_in(told)))
    written, signed_by = _write(request, score, manifest, told if standing.content == SAME else None)
    return Provenance(request.source, manifest, standing, read.warnings, written, signed_by)


def _restored(request: ProvenanceRequest, score: Score, told: Manifest) -> Restored:
    try:
        return restore(score, told)
    except InvalidInput as error:
        raise UnreadableFile(request.manifest or request.source, "the manifest", str(error)) from error


def _told(request: ProvenanceRequest, data: bytes) -> Manifest | None:
    """Return the manifest beside the file, or in it, or None."""
    if request.manifest is None:
        try:
            return embedded(data, ending=request.source.suffix)
        except NotFound:
            return None
        except InvalidInput as error:
            raise UnreadableFile(request.source, "the manifest", str(error)) from error
    try:
        return text_to_manifest(_read_text(request.manifest))
    except InvalidInput as error:
        raise UnreadableFile(request.manifest, "the manifest", str(error)) from error


def _standing(score: Score, told: Manifest | None, found: Restored | None) -> Standing:
    if told is None or found is None:
        return Standing(Signature(UNSIGNED), NO_MANIFEST)
    now, then = content_of(score), content_in(told)
    return Standing(
        signature_of(told),
        _compared(now, then),
        now.marks == then.marks,
        found.matched,
        found.foreign,
        found.missing,
    )


def _compared(now: Content, then: Content) -> str:
    if now.notes == then.notes:
        return SAME
    return SAME_MUSIC if now.music == then.music else CHANGED


def _models_in(told: Manifest | None) -> Mapping[tuple[str, str], ModelData]:
    """Return the models of an earlier manifest, for those whose card is not at hand here."""
    found = {}
    for row in (told or {}).get("models", []):
        try:
            data = None if row["data"] is None else tuple(DataLicence(**item) for item in row["data"])
            found[(row["name"], row["version"])] = ModelData(row["name"], row["version"], data)
        except (KeyError, TypeError):
            continue  # a later format may say more of a model: what is not understood is not repeated
    return found


def _of_sound(request: ProvenanceRequest) -> Provenance:
    try:
        if request.source.stat().st_size > MAX_SOUND_BYTES:
            raise InvalidInput(
                f"a sound must be at most {MAX_SOUND_BYTES} bytes, got more in {str(request.source)!r}"
            )
        data = request.source.read_bytes()
    except OSError as error:
        raise NotFound(
            f"there must be a file at {str(request.source)!r}, found none: check the path"
        ) from error
    told = _told(request, data)
    if told is None:
        raise InvalidInput(
            f"a sound must hold a manifest, got none in {str(request.source)!r}: render it from its score, or name the "
            "manifest with --manifest"
        )
    if request.person:
        raise InvalidInput(
            f"a person must be named in a score, got {request.person!r} for a sound: name them there"
        )
    bound = told["content"].get("sound")
    now = sound_digest(data, ending=request.source.suffix)
    standing = Standing(
        signature_of(told), UNBOUND if bound is None else SAME if bound == now else CHANGED,
        credentials=credentials_in(data, ending=request.source.suffix),
    )  # fmt: skip
    # What is signed anew speaks of the sound as it is now.
    manifest = told
    if standing.content != SAME:
        manifest = {**unsigned(told), "content": {**told["content"], "sound": now}}
    written, signed_by = _write(request, None, manifest, told if standing.content == SAME else None)
    return Provenance(request.source, _counted(request, manifest), standing, (), written, signed_by)


def _counted(request: ProvenanceRequest, told: Manifest) -> Manifest:
    """Return a sound's manifest with the shares counted from its notes; sections are as told, it has no marks."""
    try:
        counted = shares_of(notes_in(told)).to_json()
    except InvalidInput as error:
        raise UnreadableFile(request.manifest or request.source, "the manifest", str(error)) from error
    return {**told, "shares": {**counted, "sections": told["shares"]["sections"]}}


def _write(
    request: ProvenanceRequest, score: Score | None, manifest: Manifest, kept: Manifest | None
) -> tuple[tuple[Path, ...], str]:
    """Write the manifest and the copy and return the files and the signing key's fingerprint.

    kept: the manifest that the file came with, if it still holds: it goes on as it is, signature and all.
    """
    key = load_or_make_key(request.key or default_key_path()) if request.is_signed else None
    is_kept = kept is not None and key is None and not request.person

    def final(made: Manifest) -> Manifest:
        return sign(made, key) if key is not None else made

    written, signed_by = [], ""
    if request.out is not None:
        made = kept if is_kept and kept is not None else final(manifest)
        signed_by = signature_of(made).fingerprint
        write_whole(request.out, (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode())
        written.append(request.out)
    if request.embed is not None:
        made, data = _copied(request, score, manifest)
        made = kept if is_kept and kept is not None and made is manifest else final(made)
        signed_by = signature_of(made).fingerprint
        data = embed(data, made, ending=request.embed.suffix)
        write_whole(request.embed, _with_credentials(request, data, made))
        written.append(request.embed)
    return tuple(written), signed_by


def _with_credentials(request: ProvenanceRequest, data: bytes, manifest: Manifest) -> bytes:
    """Return a copy's bytes with Content Credentials if asked for; they hold over all bytes and so come last."""
    assert request.embed is not None, "only called for a copy"
    if not request.has_credentials:
        if has_credentials(data):
            raise InvalidInput(
                f"a copy must not break the Content Credentials in {str(request.source)!r}: make new ones with --c2pa"
            )
        return data
    return add_credentials(
        data, manifest, ending=request.embed.suffix, key=load_or_make_key(request.key or default_key_path()),
        now=datetime.now(UTC), certificates=_read_text(request.certificates) if request.certificates else "",
    )  # fmt: skip


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise NotFound(f"there must be a readable text at {str(path)!r}: check the path ({error})") from error


def _copied(request: ProvenanceRequest, score: Score | None, manifest: Manifest) -> tuple[Manifest, bytes]:
    """Return the bytes of the copy and the manifest that fits them: another format may hold the notes otherwise."""
    assert request.embed is not None, "only called for a copy"
    ending, own = request.embed.suffix.lower(), request.source.suffix.lower()
    if ending == own:
        return manifest, request.source.read_bytes()
    if score is None or ending in SOUND_ENDINGS:
        raise InvalidInput(
            f"the copy of a {own} file must be {own} too or another score, got {request.embed.name!r}: "
            "sound is made by zhiyin render"
        )
    held = carried(score, ending)
    models = models_of(score, _models_in(manifest))
    return manifest_of(held, models=models), writable_format_of(request.embed).write(score).data


def default_key_path() -> Path:
    """Return where this user's key lies, in the folder for settings."""
    return Path(platformdirs.user_config_dir("zhiyin")) / KEY_NAME
