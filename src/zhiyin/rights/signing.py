"""Signing: an Ed25519 signature over a manifest, the key it is made with, and what a check finds.

Conventions: signed is the canonical text of the manifest without its signature's value; keys are PKCS #8 in PEM, for
the owner's eyes only. A signature says who holds a key and that nothing changed since; it proves no authorship.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhiyin.errors import InvalidInput, MissingExtra, UnreadableFile
from zhiyin.rights.manifest import Manifest, manifest_to_text

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ALGORITHM = "Ed25519"
KEY_NAME = "signing-key.pem"
EXTRA = "sign"
VALID, INVALID, UNSIGNED, UNCHECKED = "valid", "invalid", "unsigned", "unchecked"
SIGNATURE_STATES = (VALID, INVALID, UNSIGNED, UNCHECKED)


@dataclass(frozen=True, slots=True)
class Signature:
    """What is found of a signature: one of SIGNATURE_STATES, and the key's fingerprint, "" when unsigned.

    unchecked: there is one, and the library that checks it is not installed.
    """

    state: str
    fingerprint: str = ""


def load_or_make_key(path: Path) -> Ed25519PrivateKey:
    """Return the key in a file, made with mode 0600 (and its folder) when there is none.

    Raises MissingExtra without the library, UnreadableFile for what is no Ed25519 key.
    """
    with _library("signing"):
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    if path.is_file():
        return _read_key(path)
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Made for the owner alone from the first byte on, and never over a key that is there.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InvalidInput(
            f"the key must lie where files can be written, got {str(path)!r} ({error.strerror}): name another place"
        ) from error
    with os.fdopen(handle, "wb") as file:
        file.write(text)
    return key


def _read_key(path: Path) -> Ed25519PrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm, OSError) as error:
        raise UnreadableFile(path, "the key", f"it must be an unlocked PEM private key ({error})") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UnreadableFile(path, "the key", f"it must be an {ALGORITHM} key, got {type(key).__name__}")
    return key


def public_key_of(key: Ed25519PrivateKey) -> bytes:
    """Return the 32 bytes of the public key."""
    return key.public_key().public_bytes_raw()


def fingerprint_of(public: bytes) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of a public key, for people to compare.

    >>> fingerprint_of(bytes(32))
    '66687aadf862bd77'
    """
    return hashlib.sha256(public).hexdigest()[:16]


def sign(manifest: Manifest, key: Ed25519PrivateKey) -> Manifest:
    """Return the manifest with a signature; one that is there is replaced. The same key gives the same bytes."""
    head = {"algorithm": ALGORITHM, "public_key": base64.b64encode(public_key_of(key)).decode("ascii")}
    bare = {**manifest, "signature": head}
    value = base64.b64encode(key.sign(_signed_bytes(bare))).decode("ascii")
    return {**manifest, "signature": {**head, "value": value}}


def unsigned(manifest: Manifest) -> Manifest:
    """Return the manifest without a signature."""
    return {name: value for name, value in manifest.items() if name != "signature"}


def signature_of(manifest: Manifest) -> Signature:
    """Return what is found of a manifest's signature."""
    found = manifest.get("signature")
    if found is None:
        return Signature(UNSIGNED)
    taken = _taken_apart(found)
    if taken is None:
        return Signature(INVALID)
    public, value = taken
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return Signature(UNCHECKED, fingerprint_of(public))
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(value, _signed_bytes(manifest))
    except (InvalidSignature, ValueError):
        return Signature(INVALID, fingerprint_of(public))
    return Signature(VALID, fingerprint_of(public))


def _taken_apart(found: Any) -> tuple[bytes, bytes] | None:
    """Return (public key, signature) or None when the entry is not of the form that `sign` writes."""
    if not isinstance(found, dict) or found.keys() != {"algorithm", "public_key", "value"}:
        return None
    if found["algorithm"] != ALGORITHM:
        return None
    try:
        public, value = (base64.b64decode(found[name], validate=True) for name in ("public_key", "value"))
    except (binascii.Error, TypeError, ValueError):
        return None
    return (public, value) if (len(public), len(value)) == (32, 64) else None


def _signed_bytes(manifest: Manifest) -> bytes:
    head = {name: value for name, value in manifest["signature"].items() if name != "value"}
    return manifest_to_text({**manifest, "signature": head}).encode("ascii")


@contextmanager
def _library(what: str) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise MissingExtra(what, EXTRA) from error
