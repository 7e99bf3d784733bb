"""Content Credentials (C2PA): a manifest in the form that cameras and editors share, in WAV and FLAC files.

Conventions: signed with the same Ed25519 key; without a certificate of an authority other programs show the signer as
untrusted, which is true. Source: C2PA 2.2, https://spec.c2pa.org. This module embeds no manifest of our own format.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from zhiyin.errors import InvalidInput, MissingExtra
from zhiyin.rights.embedding import SOUND_ENDINGS
from zhiyin.rights.manifest import Manifest, origins_in

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

EXTRA = "c2pa"
LABEL = "app.zhiyin.provenance"
VALID_DAYS = 3650
NONE, UNCHECKED = "none", "unchecked"
_MIME = {".wav": "audio/wav", ".flac": "audio/flac"}
_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What stands in a file: none, valid (whole, its signer known to no authority), trusted, invalid or unchecked.

    signer: the name in the certificate; unchecked: there are some, and the library that checks them is not installed.
    """

    state: str = NONE
    signer: str = ""


def source_type(manifest: Manifest) -> str:
    """Return the IPTC digital source type of what a manifest tells: who made it, by what means.

    Raises InvalidInput when no model wrote and a note is not by a person: then nobody can say how it was made.
    """
    table = origins_in(manifest)
    kinds = set(manifest["shares"]["overall"]["by_kind"])
    used = [table[row[0]] for row in manifest["shares"]["overall"]["by_origin"] if row[0] >= 0]
    models = [origin for origin in used if origin.kind == "model"]
    is_trained = any(not origin.facts.get("version", "").startswith("rules") for origin in models)
    if models and kinds == {"model"}:
        return _SOURCE + ("trainedAlgorithmicMedia" if is_trained else "algorithmicMedia")
    if models:
        return _SOURCE + ("compositeWithTrainedAlgorithmicMedia" if is_trained else "composite")
    if kinds == {"person"}:
        return _SOURCE + "digitalCreation"
    raise InvalidInput(
        f"Content Credentials must say how every note was made, got notes of {', '.join(sorted(kinds)) or 'none'}: "
        "name the person in the score (--person) and render it again"
    )


def add_credentials(
    data: bytes,
    manifest: Manifest,
    *,
    ending: str,
    key: Ed25519PrivateKey,
    now: datetime,
    certificates: str = "",
) -> bytes:
    """Return a sound file with Content Credentials that hold over every byte of it; earlier ones are replaced.

    certificates: a PEM chain for the key, the key's own first; "" for one made here that no authority knows.
    Raises MissingExtra without the library, InvalidInput for another ending or a chain that does not fit.
    """
    if ending.lower() not in SOUND_ENDINGS:
        raise InvalidInput(
            f"Content Credentials are for files ending in {' '.join(SOUND_ENDINGS)}, got {ending!r}"
        )
    try:
        import c2pa
    except ImportError as error:
        raise MissingExtra("Content Credentials", EXTRA) from error
    action = {"action": "c2pa.created", "digitalSourceType": source_type(manifest)}
    tree = {
        "claim_generator_info": [{"name": "Zhiyin", "version": manifest["software"].removeprefix("zhiyin ")}],
        "title": manifest["title"] or "Untitled",
        "format": _MIME[ending.lower()],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [action]}},
            {"label": LABEL, "data": _told(manifest)},
        ],
    }
    out = io.BytesIO()
    try:
        signer = c2pa.Signer.from_callback(
            key.sign, c2pa.C2paSigningAlg.ED25519, certificates or own_certificates(key, now), None
        )
        c2pa.Builder(tree).sign(signer, _MIME[ending.lower()], io.BytesIO(data), out)
    except c2pa.C2paError as error:
        raise InvalidInput(
            f"Content Credentials must be made of a whole {ending} file and a chain for the key, got: {error}"
        ) from error
    return out.getvalue()


def _told(manifest: Manifest) -> dict[str, Any]:
    """Return the facts for other programs: without the notes' rows, which stand in our own manifest."""
    names = ("format", "origins", "shares", "models", "content")
    return {name: manifest[name] for name in names}


def own_certificates(key: Ed25519PrivateKey, now: datetime) -> str:
    """Return a PEM chain for a key: its certificate and that of a root made for this alone and then forgotten."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509.oid import ExtendedKeyUsageOID

    root = Ed25519PrivateKey.generate()
    of_root = x509.SubjectKeyIdentifier.from_public_key(root.public_key())
    top = (
        _certificate("Zhiyin root without authority", "Zhiyin root without authority", root, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(of_root, critical=False)
    )
    own = (
        _certificate("Zhiyin user", "Zhiyin root without authority", key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(of_root), critical=False
        )
    )
    return "".join(c.sign(root, None).public_bytes(Encoding.PEM).decode() for c in (own, top))


def _certificate(name: str, issuer: str, key: Ed25519PrivateKey, now: datetime) -> x509.CertificateBuilder:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    def named(text: str) -> x509.Name:
        oids = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
        return x509.Name([x509.NameAttribute(oid, text) for oid in oids])

    return (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def credentials_in(data: bytes, *, ending: str) -> Credentials:
    """Return what Content Credentials stand in a sound file and whether they hold."""
    if not has_credentials(data):
        return Credentials()
    try:
        import c2pa
    except ImportError:
        return Credentials(UNCHECKED)
    try:
        tree = json.loads(c2pa.Reader(_MIME[ending.lower()], io.BytesIO(data)).json())
    except c2pa.C2paError:
        return Credentials("invalid")
    active = tree.get("manifests", {}).get(tree.get("active_manifest"), {})
    signer = str(active.get("signature_info", {}).get("common_name", ""))
    return Credentials(str(tree.get("validation_state", "invalid")).lower(), signer)


def has_credentials(data: bytes) -> bool:
    """Return whether a WAV or FLAC file has a place with Content Credentials: the chunk C2PA, or an ID3 object."""
    if data[:4] == b"RIFF":
        at = 12
        while at + 8 <= len(data):
            if data[at : at + 4] == b"C2PA":
                return True
            size = int.from_bytes(data[at + 4 : at + 8], "little")
            at += 8 + size + size % 2
        return False
    return data[:3] == b"ID3" and b"c2pa" in data[: data.find(b"fLaC")]
