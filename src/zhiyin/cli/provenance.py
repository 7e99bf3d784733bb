"""`zhiyin provenance`: who and what the notes of a piece come from.

Conventions: shares overall first, then by origin, part and section, then models' data, then the manifest.
This module only formats: see `zhiyin.apps.provenance_`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import say

if TYPE_CHECKING:
    from zhiyin.apps.provenance_ import Provenance

NOT_VERIFIED = 1  # exit code of --verify when the signature or the content does not hold
KINDS = ("person", "file", "model", "unknown")

File = Annotated[Path, typer.Argument(metavar="FILE", help=say("opt.provenance.file"), show_default=False)]
Verify = Annotated[bool, typer.Option("--verify", help=say("opt.provenance.verify"))]
Signed = Annotated[bool, typer.Option("--sign", help=say("opt.provenance.sign"))]
Copy = Annotated[Path | None, typer.Option("--embed", metavar="COPY", help=say("opt.provenance.embed"))]
Out = Annotated[Path | None, typer.Option("-o", "--out", help=say("opt.provenance.out"))]
Beside = Annotated[Path | None, typer.Option("--manifest", help=say("opt.provenance.manifest"))]
KeyFile = Annotated[Path | None, typer.Option("--key-file", help=say("opt.provenance.key"))]
C2pa = Annotated[bool, typer.Option("--c2pa", help=say("opt.provenance.c2pa"))]
Certificates = Annotated[Path | None, typer.Option("--certificates", help=say("opt.provenance.certificates"))]
Person = Annotated[str, typer.Option("--person", help=say("opt.provenance.person"))]


@command(
    "provenance",
    examples=(
        "zhiyin provenance out/score.mid",
        "zhiyin provenance song.mid --person 'Li Hua' --sign --embed signed.mid",
        "zhiyin provenance signed.mid --verify",
        "zhiyin provenance out/audio.wav --c2pa --embed signed.wav",
    ),
)
def provenance(  # noqa: PLR0913 - parameters are the options a person types
    source: File,
    *,
    is_verify: Verify = False,
    is_signed: Signed = False,
    embed: Copy = None,
    out: Out = None,
    manifest: Beside = None,
    key: KeyFile = None,
    person: Person = "",
    is_c2pa: C2pa = False,
    certificates: Certificates = None,
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Tell where the notes of a piece come from."""
    from zhiyin.apps.provenance_ import ProvenanceRequest, run

    screen = Screen(lang=lang, is_json=is_json)
    request = ProvenanceRequest(
        source, manifest=manifest, out=out, embed=embed, is_signed=is_signed or is_c2pa, key=key, person=person,
        has_credentials=is_c2pa, certificates=certificates,
    )  # fmt: skip
    found = run(request)
    screen.answer(found.to_json(), lambda: _show(screen, found))
    if is_verify and not found.is_verified:
        screen.note(screen.say("provenance.not_verified"))
        raise typer.Exit(NOT_VERIFIED)


def _show(screen: Screen, found: Provenance) -> None:
    manifest, shares = found.manifest, found.manifest["shares"]
    screen.line(manifest["title"] or screen.say("untitled"), style="bold")
    screen.line(
        screen.say(
            "provenance.overall", notes=shares["overall"]["notes"], shares=_kinds(screen, shares["overall"])
        )
    )
    for warning in found.warnings:
        screen.line(warning)
    _origins(screen, manifest)
    for name, key in (("part", "parts"), ("section", "sections")):
        if shares[key]:
            heads = [screen.say(f"provenance.{name}"), screen.say("notes"), screen.say("provenance.by_notes"),
                     screen.say("provenance.by_time")]  # fmt: skip
            screen.line()
            screen.table(heads, [_row(screen, row) for row in shares[key]])
    for model in manifest["models"]:
        _model(screen, model)
    screen.line()
    screen.facts(_standing(screen, found))
    screen.line(screen.say("provenance.no_verdict"))


def _kinds(screen: Screen, row: dict[str, Any], place: int = 0) -> str:
    """Return the shares by kind in words, by notes (place 0) or by sounding time (1)."""
    whole = max(row[("notes", "ticks")[place]], 1)
    told = [(kind, row["by_kind"][kind][place]) for kind in KINDS if kind in row["by_kind"]]
    return screen.say("provenance.joint").join(
        f"{screen.say(f'provenance.kind.{kind}')} {100 * count / whole:.1f} %" for kind, count in told
    )


def _row(screen: Screen, row: dict[str, Any]) -> tuple[object, ...]:
    return row["name"] or "-", row["notes"], _kinds(screen, row), _kinds(screen, row, 1)


def _origins(screen: Screen, manifest: dict[str, Any]) -> None:
    overall = manifest["shares"]["overall"]
    rows = []
    for index, notes, ticks in overall["by_origin"]:
        origin = manifest["origins"][index] if index >= 0 else {"kind": "unknown", "name": "-", "detail": ""}
        rows.append((
            screen.say(f"provenance.kind.{origin['kind']}"), origin["name"], origin["detail"], notes,
            f"{100 * notes / max(overall['notes'], 1):.1f} %", f"{100 * ticks / max(overall['ticks'], 1):.1f} %",
        ))  # fmt: skip
    heads = ("origin", "name", "detail", "notes", "by_notes", "by_time")
    screen.line()
    screen.table([screen.say("notes" if head == "notes" else f"provenance.{head}") for head in heads], rows)


def _model(screen: Screen, model: dict[str, Any]) -> None:
    screen.line()
    name = f"{model['name']} {model['version']}".strip()
    if model["data"] is None:
        screen.line(screen.say("provenance.no_card", model=name))
        return
    screen.line(screen.say("provenance.learned", model=name))
    heads = [screen.say(word) for word in ("set", "pieces", "licence")]
    screen.table(heads, [(row["title"], row["pieces"] or "-", row["licence"]) for row in model["data"]])


def _standing(screen: Screen, found: Provenance) -> list[tuple[str, object]]:
    standing = found.standing
    signature = screen.say(
        f"provenance.signature.{standing.signature.state}", fingerprint=standing.signature.fingerprint
    )
    rows: list[tuple[str, object]] = [
        (screen.say("provenance.manifest"), screen.say(f"provenance.content.{standing.content}"))
    ]
    if standing.content != "no manifest":
        rows.append((screen.say("provenance.signature"), signature))
    if standing.credentials.state != "none":
        rows.append((screen.say("provenance.c2pa"), screen.say(
            f"provenance.c2pa.{standing.credentials.state}", signer=standing.credentials.signer
        )))  # fmt: skip
    if standing.foreign or standing.missing:
        rows.append((screen.say("provenance.changes"), screen.say(
            "provenance.changes.value", matched=standing.matched, foreign=standing.foreign, missing=standing.missing
        )))  # fmt: skip
    if standing.has_same_marks is False:
        rows.append((screen.say("provenance.marks"), screen.say("provenance.marks.value")))
    rows.append((screen.say("written"), "\n".join(str(path) for path in found.written)))
    if found.signed_by:
        rows.append((screen.say("provenance.signed_by"), found.signed_by))
    return rows
