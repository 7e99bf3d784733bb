"""A manifest in sound files: an ID3 tag in a WAV file's chunk "id3 ", a Vorbis comment in a FLAC file.

Conventions: the samples and every other chunk, tag and block stay byte for byte. Sources: RIFF 1991; ID3v2.4.0,
https://id3.org/id3v2.4.0-structure; RFC 9639 (FLAC). This module decodes no sound.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from zhiyin.errors import InvalidInput

NAME = "zhiyin-provenance"
_COMMENT = b"ZHIYIN_PROVENANCE="
_CHUNK_NAMES = (b"id3 ", b"ID3 ")
_STREAM_INFO, _VORBIS = 0, 4
_MAX_BLOCK = (1 << 24) - 1
_MAX_TAG = (1 << 28) - 1
_UTF8 = 3


def put_wav(data: bytes, text: str) -> bytes:
    """Return a WAV file with the text as a TXXX frame of its ID3 tag, which stands last."""
    chunks = list(_chunks(data))
    tags = [body for name, body in chunks if name in _CHUNK_NAMES]
    kept = [frame for tag in tags for frame in _frames(tag) if _text_in(frame) is None]
    described = bytes((_UTF8,)) + NAME.encode() + b"\0" + text.encode()
    frames = b"".join([*kept, b"TXXX" + _syncsafe(len(described)) + b"\0\0" + described])
    if len(frames) > _MAX_TAG:
        raise InvalidInput(
            f"an ID3 tag must be at most {_MAX_TAG} bytes, got {len(frames)}: make the manifest shorter"
        )
    tag = b"ID3\x04\0\0" + _syncsafe(len(frames)) + frames
    others = [(name, body) for name, body in chunks if name not in _CHUNK_NAMES]
    body = b"WAVE" + b"".join(_chunk(name, content) for name, content in [*others, (b"id3 ", tag)])
    if len(body) > 0xFFFFFFFF:
        raise InvalidInput(f"a WAV file must stay below 4 GiB, got {len(body)} bytes: use FLAC")
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def take_wav(data: bytes) -> str | None:
    """Return the text in a WAV file, None when there is none."""
    for name, body in _chunks(data):
        for frame in _frames(body) if name in _CHUNK_NAMES else ():
            text = _text_in(frame)
            if text is not None:
                return text
    return None


def wav_sound(data: bytes) -> str:
    """Return the digest of the form and the samples of a WAV file: its chunks "fmt " and "data"."""
    found = [body for name, body in _chunks(data) if name in (b"fmt ", b"data")]
    return "sha256:" + hashlib.sha256(b"".join(found)).hexdigest()


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise InvalidInput(f"a WAV file must begin with RIFF and WAVE, got {data[:12]!r}: convert it first")
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > len(data):
            raise InvalidInput(
                f"a WAV file must be whole, got {len(data)} bytes with a chunk to {at + 8 + size}"
            )
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def _syncsafe(number: int) -> bytes:
    """Return a number below 2^28 in four bytes of seven bits.

    >>> list(_syncsafe(257))
    [0, 0, 2, 1]
    """
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def _frames(tag: bytes) -> Iterator[bytes]:
    """Yield the frames of an ID3 tag as of version 2.4, head and all; padding is dropped."""
    if tag[:3] != b"ID3" or len(tag) < 10 or tag[3] not in (3, 4) or tag[5]:
        raise InvalidInput(
            f"an ID3 tag to keep must be plain version 2.3 or 2.4, got {tag[:6]!r}: remove the tag first"
        )
    at, bits = 10, 8 if tag[3] == 3 else 7
    while at + 10 <= len(tag) and tag[at] != 0:
        size = sum(byte << bits * place for place, byte in enumerate(reversed(tag[at + 4 : at + 8])))
        flags = tag[at + 8 : at + 10]
        if at + 10 + size > len(tag) or (tag[3] == 3 and flags != b"\0\0"):
            raise InvalidInput(
                f"an ID3 frame must be whole and plain, got {tag[at : at + 10]!r}: remove the tag first"
            )
        yield tag[at : at + 4] + _syncsafe(size) + flags + tag[at + 10 : at + 10 + size]
        at += 10 + size


def _text_in(frame: bytes) -> str | None:
    """Return the manifest in a frame, None when it is another frame."""
    head = bytes((_UTF8,)) + NAME.encode() + b"\0"
    if frame[:4] != b"TXXX" or not frame[10:].startswith(head):
        return None
    return frame[10 + len(head) :].decode("utf-8", "replace").rstrip("\0")


def put_flac(data: bytes, text: str) -> bytes:
    """Return a FLAC file with the text among its Vorbis comments."""
    blocks, sound = _blocks(data)
    vendor, comments = _comments(blocks)
    kept = [comment for comment in comments if not comment.upper().startswith(_COMMENT)]
    lines = [*kept, _COMMENT + text.encode()]
    body = _counted(vendor) + len(lines).to_bytes(4, "little") + b"".join(_counted(line) for line in lines)
    if len(body) > _MAX_BLOCK:
        raise InvalidInput(f"a FLAC file's comments must be at most {_MAX_BLOCK} bytes, got {len(body)}")
    place = next((i for i, (kind, _) in enumerate(blocks) if kind == _VORBIS), 1)
    others = [block for block in blocks if block[0] != _VORBIS]
    written = [*others[:place], (_VORBIS, body), *others[place:]]
    heads = [
        bytes((kind | (0x80 if number == len(written) else 0),)) + len(content).to_bytes(3, "big") + content
        for number, (kind, content) in enumerate(written, start=1)
    ]
    return data[: _flac_start(data)] + b"fLaC" + b"".join(heads) + sound


def take_flac(data: bytes) -> str | None:
    """Return the text in a FLAC file, None when there is none."""
    _, comments = _comments(_blocks(data)[0])
    found = (comment for comment in comments if comment.upper().startswith(_COMMENT))
    return next((comment[len(_COMMENT) :].decode("utf-8", "replace") for comment in found), None)


def flac_sound(data: bytes) -> str:
    """Return the digest of the sound of a FLAC file: its stream information and its frames."""
    blocks, sound = _blocks(data)
    info = [content for kind, content in blocks if kind == _STREAM_INFO]
    return "sha256:" + hashlib.sha256(b"".join([*info, sound])).hexdigest()


def _blocks(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """Return the metadata blocks (kind, content), the first being the stream information, and the frames."""
    start = _flac_start(data)
    if data[start : start + 4] != b"fLaC":
        raise InvalidInput(
            f"a FLAC file must begin with fLaC, got {data[start : start + 4]!r}: convert it first"
        )
    at, is_last = start + 4, False
    blocks: list[tuple[int, bytes]] = []
    while not is_last:
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        if at + 4 + size > len(data):
            raise InvalidInput(
                f"a FLAC file must be whole, got {len(data)} bytes with a block to {at + 4 + size}"
            )
        is_last = bool(data[at] & 0x80)
        blocks.append((data[at] & 0x7F, data[at + 4 : at + 4 + size]))
        at += 4 + size
    return blocks, data[at:]


def _flac_start(data: bytes) -> int:
    """Return where a FLAC stream begins: past an ID3 tag, where some programs put one (Content Credentials too)."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    return 10 + sum(byte << 7 * place for place, byte in enumerate(reversed(data[6:10])))


def _comments(blocks: list[tuple[int, bytes]]) -> tuple[bytes, list[bytes]]:
    """Return (vendor, comments) of the comment block; of none, our own name and nothing."""
    body = next((content for kind, content in blocks if kind == _VORBIS), None)
    if body is None:
        return b"Zhiyin", []
    vendor, at = _taken(body, 0)
    count, at = int.from_bytes(body[at : at + 4], "little"), at + 4
    comments = []
    for _ in range(min(count, len(body) // 4)):
        comment, at = _taken(body, at)
        comments.append(comment)
    return vendor, comments


def _counted(text: bytes) -> bytes:
    return len(text).to_bytes(4, "little") + text


def _taken(body: bytes, at: int) -> tuple[bytes, int]:
    size = int.from_bytes(body[at : at + 4], "little")
    if at + 4 + size > len(body):
        raise InvalidInput(f"a FLAC file's comments must be whole, got one of {size} bytes in {len(body)}")
    return body[at + 4 : at + 4 + size], at + 4 + size
