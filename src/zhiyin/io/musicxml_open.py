"""MusicXML bytes to an element tree: zip containers, hostile XML, score-timewise.

Conventions: nothing is fetched and no entity is expanded; sizes are capped before memory is spent.
This module does not know music: see `zhiyin.io.musicxml_read`.
"""

from __future__ import annotations

import contextlib
import gc
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

from zhiyin.errors import UnreadableFile
from zhiyin.io.base import MAX_FILE_BYTES
from zhiyin.io.limits import check_size

MAX_MEMBERS = 1_000
MAX_RATIO = 200  # Deflate reaches about 60 on scores and 1,032 on zeros.
MAX_TAGS = 6_000_000  # about 300,000 notes, 700 MB as a tree
_CONTAINER = "META-INF/container.xml"


class _Forbidden(Exception):
    """Raised inside expat to stop at a declaration that may not stand in a score."""


@contextlib.contextmanager
def paused_collection() -> Iterator[None]:
    """Hold the garbage collector back while a tree is built: trees have no cycles, and it costs 3/4 of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def open_tree(data: bytes, *, path: str) -> tuple[Element, bytes]:
    """Return the root of a score-partwise and the XML it came from. Raises UnreadableFile with the line.

    >>> open_tree(b"<score-partwise/>", path="a.xml")[0].tag
    'score-partwise'
    """
    check_size(data, path=path)
    if data[:2] == b"PK":
        data = unzip_score(data, path)
    tags = data.count(b"<")
    if tags > MAX_TAGS:
        raise UnreadableFile(path, "line 1", f"a score must hold at most {MAX_TAGS} tags, got {tags}")
    _refuse_entities(data, path)
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        line = getattr(error, "position", (1, 0))[0]
        raise UnreadableFile(path, f"line {line}", f"the XML is malformed or cut off ({error})") from error
    _strip_namespaces(root)
    if root.tag == "score-timewise":
        root = _partwise(root)
    if root.tag != "score-partwise":
        raise UnreadableFile(path, "line 1", f"the root must be <score-partwise>, got <{root.tag[:60]}>")
    return root, data


def _refuse_entities(data: bytes, path: str) -> None:
    parser = expat.ParserCreate()

    def refuse(name: str, *_: object) -> None:
        raise _Forbidden(
            f"the document type may not declare entities, got {name[:40]!r}: remove the declaration"
        )

    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except _Forbidden as error:
        raise UnreadableFile(path, f"line {parser.CurrentLineNumber}", str(error)) from error
    except expat.ExpatError as error:
        reason = f"the XML is malformed or cut off ({expat.ErrorString(error.code)})"
        raise UnreadableFile(path, f"line {error.lineno}, column {error.offset + 1}", reason) from error
    except (ValueError, LookupError) as error:
        raise UnreadableFile(path, "line 1", f"the XML names an unknown encoding ({error})") from error


def _strip_namespaces(root: Element) -> None:
    if root.tag.startswith("{"):
        for element in root.iter():
            if isinstance(element.tag, str):
                element.tag = element.tag.rpartition("}")[2]


def _partwise(root: Element) -> Element:
    """Return a score-timewise turned round: one <part> with all its measures."""
    parts: dict[str, Element] = {}
    header = [child for child in root if child.tag != "measure"]
    for measure in root.iterfind("measure"):
        for part in measure.iterfind("part"):
            name = part.get("id", "")
            target = parts.setdefault(name, Element("part", {"id": name}))
            part.tag = "measure"
            part.attrib = dict(measure.attrib)
            target.append(part)
    turned = Element("score-partwise")
    turned.extend([*header, *parts.values()])
    return turned


def unzip_score(data: bytes, path: str) -> bytes:
    """Return the XML of the score in a zip container. Raises UnreadableFile, also for a zip bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise UnreadableFile(
                    path,
                    "the zip directory",
                    f"at most {MAX_MEMBERS} files may be packed, got {len(members)}",
                )
            name = score_member(archive, path)
            return _inflate(archive, name, path)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(
            path, "the zip container", f"the archive is damaged or locked ({error})"
        ) from error


def score_member(archive: zipfile.ZipFile, path: str) -> str:
    """Return the name of the score in a zip container. Raises UnreadableFile when it is not told or not one."""
    names = set(archive.namelist())
    if _CONTAINER in names:
        container = _inflate(archive, _CONTAINER, path)
        for match in re.finditer(
            rb"""<rootfile\b[^>]*?full-path\s*=\s*["']([^"']+)["']""", container[:100_000]
        ):
            name = match.group(1).decode("utf-8", "replace")
            if name in names and not name.endswith((".pdf", ".png", ".jpg", ".svg", ".mid")):
                return name
    scores = [
        name
        for name in names
        if name.endswith((".xml", ".musicxml")) and not name.startswith(("META-INF/", "__MACOSX"))
    ]
    if len(scores) != 1:
        raise UnreadableFile(
            path,
            _CONTAINER,
            f"the container must name the score or hold exactly one .xml file, got {len(scores)}",
        )
    return scores[0]


def _inflate(archive: zipfile.ZipFile, name: str, path: str) -> bytes:
    info = archive.getinfo(name)
    limit = min(MAX_FILE_BYTES, max(info.compress_size, 5_000) * MAX_RATIO)
    with archive.open(info) as stream:
        data = stream.read(limit + 1)  # The size in the directory may lie: count what comes out.
    if len(data) > limit:
        raise UnreadableFile(
            path, name[:80], f"the packed file must unpack to at most {limit} bytes: it is a zip bomb"
        )
    return data


def measure_line(data: bytes, index: int) -> int:
    """Return the line of the index-th <measure> tag (from 0) of a score-partwise.

    >>> measure_line(b"<part>\\n<measure/>\\n<measure/></part>", 1)
    3
    """
    for seen, match in enumerate(_measure_tags(data)):
        if seen == index:
            return data.count(b"\n", 0, match.start()) + 1
    return 1


def _measure_tags(data: bytes) -> Iterator[re.Match[bytes]]:
    return re.finditer(rb"<(?:\w+:)?measure(?=[\s/>])", data)
