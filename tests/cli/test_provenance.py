"""`zhiyin provenance` as typed: facts in both languages, and an exit code that a script can trust."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Typed
from tests.rights.origins import PIECE
from zhiyin.apps.manifests import with_manifest
from zhiyin.io.midi import Midi

Zhiyin = Callable[..., Typed]


@pytest.fixture
def known(tmp_path: Path) -> str:
    """Return a MIDI file of PIECE, its manifest in it."""
    path = tmp_path / "known.mid"
    path.write_bytes(with_manifest(path.name, Midi().write(PIECE).data, PIECE))
    return str(path)


def test_a_person_is_told_shares_origins_parts_sections_and_models(zhiyin: Zhiyin, known: str) -> None:
    done = zhiyin("provenance", known, "--lang", "en")
    assert done.code == 0
    for words in (
        "6 notes: person 33.3 %, file 16.7 %, model 33.3 %, unknown 16.7 %", "song ~ 1.mid", "Melody",
        "small 0123456789abcdef: no card of this version is here, so what it learned from is unknown",
        "the content is as it says", "unsigned", "These are facts about the notes, not a legal judgement.",
    ):  # fmt: skip
        assert words in done.out


def test_the_same_is_told_in_chinese(zhiyin: Zhiyin, known: str) -> None:
    done = zhiyin("provenance", known, "--lang", "zh")
    assert "6个音：人 33.3 %，文件 16.7 %，模型 33.3 %，不明 16.7 %" in done.out
    assert "以上是关于音符的事实，不是法律意见。" in done.out


def test_verify_ends_with_0_for_a_signed_file_and_1_for_others(
    zhiyin: Zhiyin, known: str, tmp_path: Path
) -> None:
    pytest.importorskip("cryptography")
    signed, key = str(tmp_path / "signed.mid"), str(tmp_path / "key.pem")
    assert zhiyin("provenance", known, "--verify").code == 1
    assert zhiyin("provenance", known, "--sign", "--embed", signed, "--key-file", key).code == 0
    done = zhiyin("provenance", signed, "--verify", "--json")
    assert done.code == 0 and done.tree["is_verified"] is True
    refused = zhiyin("provenance", known, "--verify", "--json")
    assert refused.code == 1 and refused.tree["is_verified"] is False and "not verified" in refused.err


def test_a_signature_without_a_place_ends_with_2_and_the_remedy(zhiyin: Zhiyin, known: str) -> None:
    done = zhiyin("provenance", known, "--sign")
    assert done.code == 2 and "add -o FILE.json or --embed COPY" in done.err
