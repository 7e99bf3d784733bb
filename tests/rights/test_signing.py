"""Signatures: made by our key, checked by the library's own verifier, broken by any change."""

from __future__ import annotations

import base64
import json
import os
import stat
import sys
from pathlib import Path

import pytest

pytest.importorskip("cryptography")
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tests.rights.origins import PIECE
from zhiyin.errors import InvalidInput, MissingExtra, UnreadableFile
from zhiyin.rights.manifest import Manifest, manifest_of
from zhiyin.rights.signing import (
    INVALID,
    UNCHECKED,
    UNSIGNED,
    VALID,
    fingerprint_of,
    load_or_make_key,
    sign,
    signature_of,
    unsigned,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
MANIFEST = manifest_of(PIECE)
SIGNED = sign(MANIFEST, KEY)


def altered(**change: object) -> Manifest:
    return {**SIGNED, **change}


def test_the_signature_is_that_of_the_canonical_text_as_the_documentation_sets_it_out() -> None:
    tree = json.loads(json.dumps(SIGNED))
    value = base64.b64decode(tree["signature"].pop("value"))
    text = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(tree["signature"]["public_key"]))
    public.verify(value, text.encode())
    assert public.public_bytes_raw() == KEY.public_key().public_bytes_raw()


def test_a_signed_manifest_is_valid_and_an_unsigned_one_says_so() -> None:
    assert signature_of(SIGNED).state == VALID
    assert signature_of(SIGNED).fingerprint == fingerprint_of(KEY.public_key().public_bytes_raw())
    assert (signature_of(MANIFEST).state, signature_of(MANIFEST).fingerprint) == (UNSIGNED, "")
    assert unsigned(SIGNED) == MANIFEST


def test_the_same_key_and_manifest_give_the_same_signature_and_signing_again_replaces_it() -> None:
    assert sign(MANIFEST, KEY) == SIGNED == sign(SIGNED, KEY)
    other = sign(SIGNED, Ed25519PrivateKey.generate())
    assert signature_of(other).state == VALID and other["signature"] != SIGNED["signature"]


@pytest.mark.parametrize("field", [name for name in SIGNED if name != "signature"])
def test_any_changed_field_breaks_the_signature(field: str) -> None:
    assert signature_of(altered(**{field: "x"})).state == INVALID


def test_a_field_added_a_swapped_key_and_a_broken_entry_are_invalid() -> None:
    entry = SIGNED["signature"]
    stranger = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
    assert signature_of(altered(more=1)).state == INVALID
    for broken in (
        {**entry, "public_key": stranger}, {**entry, "value": "AAAA"}, {**entry, "algorithm": "none"},
        {**entry, "value": None}, {**entry, "more": 1}, {}, "signed", {**entry, "public_key": "é"},
    ):  # fmt: skip
        assert signature_of(altered(signature=broken)).state == INVALID


def test_a_key_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key.pem"
    made = load_or_make_key(path)
    assert load_or_make_key(path).private_bytes_raw() == made.private_bytes_raw()
    assert (
        serialization.load_pem_private_key(path.read_bytes(), None).private_bytes_raw()
        == made.private_bytes_raw()
    )  # type: ignore[union-attr]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_no_ed25519_key_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text("not a key")
    with pytest.raises(UnreadableFile, match=r"key\.pem.*must be an unlocked PEM private key"):
        load_or_make_key(path)
    assert path.read_text() == "not a key"
    path.write_bytes(
        generate_private_key(SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    with pytest.raises(UnreadableFile, match="it must be an Ed25519 key, got E"):
        load_or_make_key(path)


def test_a_place_that_cannot_be_written_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        InvalidInput, match=r"the key must lie where files can be written.*name another place"
    ):
        load_or_make_key(tmp_path / "file" / "key.pem")


def test_without_the_library_signing_names_the_extra_and_checking_says_unchecked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, name, None)  # type: ignore[arg-type]
    with pytest.raises(
        MissingExtra, match=r"signing needs the optional part 'sign': run  pip install 'zhiyin\[sign\]'"
    ):
        load_or_make_key(tmp_path / "key.pem")
    assert signature_of(SIGNED).state == UNCHECKED
    assert signature_of(MANIFEST).state == UNSIGNED
    assert list(tmp_path.iterdir()) == []
