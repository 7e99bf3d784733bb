"""A manifest in text formats: MusicXML plain and packed, ABC, Humdrum, and Zhiyin's own JSON.

Conventions: only the place of the manifest is touched, whatever else the file holds; the manifest is ASCII.
This module reads no notes.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from html import unescape
from xml.sax.saxutils import escape

from zhiyin.errors import InvalidInput
from zhiyin.io.musicxml_open import open_tree, score_member, unzip_score

FIELD_NAME = "zhiyin-provenance"
LINE_CHARACTERS = 200  # of an ABC comment
_FIELD = re.compile(
    rb'<miscellaneous-field name="zhiyin-provenance">([^<]*)</miscellaneous-field>\s?', re.ASCII
)
_EMPTY = re.compile(rb"<miscellaneous>\s*</miscellaneous>\s?")
_CLOSED = re.compile(rb"<(identification|miscellaneous)\s*/>")
# What may follow <identification> in a score's header, the part list at the latest.
_AFTER = re.compile(rb"<(defaults|credit|part-list)\b")
_ABC_LINE = re.compile(r"^% zhiyin-provenance: ?(.*?)\r?$\n?", re.MULTILINE)
_KERN_LINE = re.compile(r"^!!!ONB-zhiyin-provenance: ?(.*?)\r?$\n?", re.MULTILINE)


def put_xml(data: bytes, text: str) -> bytes:
    """Return MusicXML with the text as a field of identification/miscellaneous."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InvalidInput("MusicXML to embed in must be in UTF-8, got UTF-16: convert it first")
    bare = _EMPTY.sub(b"", _FIELD.sub(b"", data, count=1), count=1)
    end = _AFTER.search(bare)
    if end is None:
        raise InvalidInput("MusicXML must have a part list, got none: it is cut off or no score")
    head, rest = _CLOSED.sub(rb"<\1></\1>", bare[: end.start()]), bare[end.start() :]
    field = f'<miscellaneous-field name="{FIELD_NAME}">{escape(text)}</miscellaneous-field>'.encode("ascii")
    for closing, piece in (
        (b"</miscellaneous>", field + b"\n"),
        (b"</identification>", b"<miscellaneous>" + field + b"</miscellaneous>\n"),
    ):
        if closing in head:
            before, after = head.rsplit(closing, 1)
            return before + piece + closing + after + rest
    whole = b"<identification><miscellaneous>" + field + b"</miscellaneous></identification>\n"
    return head + whole + rest


def take_xml(data: bytes) -> str | None:
    """Return the text in MusicXML, None when there is none."""
    found = _FIELD.search(data)
    if found:
        return unescape(found[1].decode("ascii", "replace"))
    if FIELD_NAME.encode() not in data and data[:2] not in (b"\xff\xfe", b"\xfe\xff", b"PK"):
        return None
    # Another program wrote the tags in its own way: read them as XML.
    root, _ = open_tree(data, path="<MusicXML>")
    fields = root.iterfind("identification/miscellaneous/miscellaneous-field")
    return next((field.text for field in fields if field.get("name") == FIELD_NAME), None)


def put_mxl(data: bytes, text: str) -> bytes:
    """Return packed MusicXML with the text in its score; the other members are kept as they are."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            name = score_member(old, "<MXL>")
            for member in old.infolist():
                content = unzip_score(data, "<MXL>") if member.filename == name else old.read(member)
                new.writestr(member, put_xml(content, text) if member.filename == name else content)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise InvalidInput(f"packed MusicXML must be a whole zip, got a damaged one: {error}") from error
    return out.getvalue()


def take_mxl(data: bytes) -> str | None:
    """Return the text in packed MusicXML, None when there is none."""
    return take_xml(unzip_score(data, "<MXL>"))


def put_abc(data: bytes, text: str) -> bytes:
    """Return ABC with the text as comment lines after the file's first line, where %abc stands."""
    bare = _ABC_LINE.sub("", data.decode("utf-8", "surrogateescape"))
    hidden = _hidden(text)
    pieces = [hidden[at : at + LINE_CHARACTERS] for at in range(0, len(hidden), LINE_CHARACTERS)]
    lines = "".join(f"% {FIELD_NAME}: {piece}\n" for piece in pieces)
    first, newline, rest = bare.partition("\n")
    made = f"{first}{newline}{lines}{rest}" if first.startswith("%abc") else f"{lines}{bare}"
    return made.encode("utf-8", "surrogateescape")


def take_abc(data: bytes) -> str | None:
    """Return the text in ABC, None when there is none."""
    return _taken_lines(_ABC_LINE, data)


def put_kern(data: bytes, text: str) -> bytes:
    """Return Humdrum with the text as a reference record before all other lines."""
    bare = _KERN_LINE.sub("", data.decode("utf-8", "surrogateescape"))
    return f"!!!ONB-{FIELD_NAME}: {_hidden(text)}\n{bare}".encode("utf-8", "surrogateescape")


def take_kern(data: bytes) -> str | None:
    """Return the text in Humdrum, None when there is none."""
    return _taken_lines(_KERN_LINE, data)


def _hidden(text: str) -> str:
    """Return a text without blanks, which editors drop at the ends of lines."""
    return text.replace("~", "~1").replace(" ", "~0")


def _taken_lines(pattern: re.Pattern[str], data: bytes) -> str | None:
    pieces = [found[1] for found in pattern.finditer(data.decode("utf-8", "surrogateescape"))]
    return "".join(pieces).replace("~0", " ").replace("~1", "~") if pieces else None


def put_native(data: bytes, text: str) -> bytes:
    """Return Zhiyin's JSON with the manifest as its last field."""
    tree = _native(data)
    tree["manifest"] = json.loads(text)
    return json.dumps(tree, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def take_native(data: bytes) -> str | None:
    """Return the manifest's canonical text in Zhiyin's JSON, None when there is none."""
    manifest = _native(data).get("manifest")
    if manifest is None:
        return None
    return json.dumps(manifest, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _native(data: bytes) -> dict[str, object]:
    try:
        tree = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"a Zhiyin score must be JSON, got {data[:20]!r}: {error}") from error
    if not isinstance(tree, dict):
        raise InvalidInput(f"a Zhiyin score must be a JSON object, got {type(tree).__name__}")
    return tree
