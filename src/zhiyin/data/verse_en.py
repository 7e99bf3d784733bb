"""English verse: rhymed poems, hymns, songs and the words of art songs, as lines of lower-case words.

Conventions: apostrophes stay inside a word (`heav'n`), hyphens part words; a text with words that demean people loses
all its words; a line in another language or an old spelling is left out by who learns, not here.
This module does not know which words a model writes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from zhiyin.data.base import files_of
from zhiyin.data.clean import has_demeaning_words
from zhiyin.data.open_hymnal import OpenHymnal
from zhiyin.data.openscore_lieder import OpenScoreLieder
from zhiyin.data.pd_songs import PublicDomainSongs
from zhiyin.data.reading import read_text
from zhiyin.data.texts_english import CmuDict, RhymeData
from zhiyin.data.verse import Line, Stanza, split_at
from zhiyin.data.verse_spelling import modern
from zhiyin.errors import NotFound

MOST_WORDS = 16
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*'?|'[a-z]+")
_NOTE = re.compile(r"\[.*?\]|\{.*?\}|\d")
_CLITICS = frozenset(
    ("'tis", "'twas", "'twill", "'twere", "'twould", "'neath", "'mid", "'mong", "'gainst", "'til")
)
_LAST = frozenset(("o'", "th'", "i'", "wi'", "an'"))


def read_poems(root: Path) -> Iterator[list[Stanza]]:
    """Yield the poems of all sets that are there. Raises NotFound when the poetry set is missing."""
    if not (root / "rhymedata").is_dir():
        raise NotFound(f"no rhymedata under {str(root)!r}: run  zhiyin corpus fetch rhymedata")
    known = known_words(root)
    for name, read in _SETS.items():
        if (root / name).is_dir():
            for poem in read(root / name):
                yield [
                    replace(s, lines=tuple(tuple(modern(w, known) for w in line) for line in s.lines))
                    for s in poem
                ]


def known_words(root: Path) -> frozenset[str]:
    """Return the words of the pronouncing dictionary under a folder. Raises NotFound when it is missing."""
    if not (root / "cmudict").is_dir():
        raise NotFound(f"no cmudict under {str(root)!r}: run  zhiyin corpus fetch cmudict")
    return frozenset(text.lines[0] for text in CmuDict().texts(root / "cmudict"))


def words_of(line: str) -> Line:
    """Return the words of a line, lower-case, without marks and notes in brackets.

    >>> words_of("'Tis the last rose—of Summer's [sic] ev'ning,")
    ("'tis", 'the', 'last', 'rose', 'of', "summer's", "ev'ning")
    """
    plain = _NOTE.sub(" ", line).replace("’", "'").replace("‘", "'").replace("`", "'").lower()
    return tuple(w for w in (_trimmed(w) for w in _WORD.findall(plain)) if w)


def _trimmed(word: str) -> str:
    if word.startswith("'") and word not in _CLITICS:
        word = word[1:]
    return word.rstrip("'") if word not in _LAST else word


def _stanza(work: str, kind: str, *, set_name: str, lines: Iterable[Line]) -> list[Stanza]:
    """Return the runs of lines that are long and short enough."""
    found = tuple(lines)
    whole = Stanza(work, kind, set_name, found, (False,) * len(found))
    return split_at(whole, [not 2 <= len(line) <= MOST_WORDS for line in found])


def _poetry(folder: Path) -> Iterator[list[Stanza]]:
    """Yield the poems of the rhymed poetry; stanzas of one title are one poem."""
    poem: list[Stanza] = []
    name = ("", "")
    for text in RhymeData().texts(folder):
        if (text.author, text.title) != name and poem:
            yield poem
            poem = []
        name = (text.author, text.title)
        if not has_demeaning_words(" ".join(text.lines)):
            lines = (words_of(line) for line in text.lines)
            poem += _stanza(" ".join(name), "poem", set_name="rhymedata", lines=lines)
    if poem:
        yield poem


def _hymns(folder: Path) -> Iterator[list[Stanza]]:
    """Yield the verses of hymns whose own lines say that they are in the public domain."""
    for path in files_of(folder, OpenHymnal.files):
        text = read_text(folder / path)
        if "copyright: public domain" not in text.lower() or "fran" in path.lower():
            continue
        verses = verses_of_abc(text)
        if not has_demeaning_words(" ".join(verses)):
            work = Path(path).stem.partition("-")[0]
            found = [
                _stanza(work, "hymn", set_name="open_hymnal", lines=lines_of_underlay(v)) for v in verses
            ]
            yield [stanza for verse in found for stanza in verse]


def verses_of_abc(text: str) -> list[str]:
    """Return the running text of each verse under an ABC tune's notes: the nth `w:` line of a staff is verse n."""
    verses: dict[int, list[str]] = {}
    count = 0
    for line in text.splitlines():
        if not line.startswith("w:"):
            count = 0 if not line.startswith(("%", "W:")) else count
            continue
        count += 1
        words = (
            re.sub(r"\d+\.~?", " ", line[2:])
            .replace("~", " ")
            .replace("_", "")
            .replace("*", "")
            .replace("|", "")
        )
        verses.setdefault(count, []).append(re.sub(r"-\s*", "", words))
    return [" ".join(" ".join(parts).split()) for parts in verses.values()]


def lines_of_underlay(text: str) -> Iterator[Line]:
    """Yield verse lines of words that stood under notes: a new line begins with a capital after a mark.

    >>> [len(line) for line in lines_of_underlay("Abide with me, fast falls the eventide; The darkness deepens")]
    [7, 3]
    """
    held: list[str] = []
    for part in re.split(r"(?<=[,;:.!?])[\"'”’]?\s+(?=[\"'“‘]?[A-Z])", text):
        words = words_of(part)
        if held and len(held) + len(words) > 8:
            yield tuple(held)
            held = []
        held += words
        if len(held) >= 4:
            yield tuple(held)
            held = []
    if held:
        yield tuple(held)


def _songs(folder: Path) -> Iterator[list[Stanza]]:
    """Yield the verses of the songs' LilyPond sources; a song with demeaning words is left out."""
    for path in files_of(folder, ("ly/*.ly",)):
        text = read_text(folder / path)
        title = Path(path).stem
        if title.startswith("!") or has_demeaning_words(f"{title} {re.sub('[-_] *', '', text)}"):
            continue
        lines = [line for block in blocks_of_lilypond(text) for line in block]
        found = _stanza(title, "song", set_name=PublicDomainSongs.card.name, lines=lines)
        if found:
            yield found


def blocks_of_lilypond(text: str) -> Iterator[list[Line]]:
    """Yield the lines of each block of words in a LilyPond source; the source keeps a verse line on a line."""
    for block in re.finditer(r"Words\w*\s*=\s*\\lyricmode\s*\{(.*?)\n\}", text, re.DOTALL):
        lines = []
        for line in block[1].splitlines():
            line = re.sub(r"%.*|\\set\s+\S+\s*=\s*\S+(\s*\"[^\"]*\")?|#\"[^\"]*\"|\\\w+|#\S+|[{}]", " ", line)
            line = re.sub(r"\s+--?\s+", "", line.replace("__", " ").replace('"', " ").replace("~", " "))
            lines.append(words_of(line.replace("_", " ")))
        yield [line for line in lines if line]


def _art_songs(folder: Path) -> Iterator[list[Stanza]]:
    """Yield the words of art songs that a guess of languages calls English."""
    guesses = folder / "LANG_GUESS.csv"
    rows = read_text(guesses).splitlines()[1:] if guesses.is_file() else []
    for path in (row.split('"')[1] if '"' in row else row.split(",")[0] for row in rows if ",en," in row):
        if not (folder / path).is_file():
            continue
        text = words_of_mxl(folder / path)
        if text and not has_demeaning_words(text):
            name, lines = Path(path).parent.name, lines_of_underlay(text)
            yield _stanza(name, "song", set_name=OpenScoreLieder.card.name, lines=lines)


def words_of_mxl(path: Path) -> str:
    """Return the first verse of the first part with words in a compressed MusicXML file, syllables joined."""
    with zipfile.ZipFile(path) as file:
        name = next(n for n in file.namelist() if n.endswith(".xml") and "META" not in n)
        text = file.read(name).decode("utf-8")
    for part in re.findall(r"<part id=.*?</part>", text, re.DOTALL):
        words = []
        for lyric in re.findall(r"<lyric (?:number=\"1\"|default).*?</lyric>", part, re.DOTALL):
            syllable = re.search(r"<text[^>]*>(.*?)</text>", lyric)
            kind = re.search(r"<syllabic>(.*?)</syllabic>", lyric)
            if syllable:
                words.append(syllable[1] + ("" if kind and kind[1] in ("begin", "middle") else " "))
        if words:
            return "".join(words).replace("&amp;", "&").replace("&quot;", '"').replace("&apos;", "'")
    return ""


_SETS: dict[str, Callable[[Path], Iterator[list[Stanza]]]] = {
    "rhymedata": _poetry,
    "open_hymnal": _hymns,
    "pd_songs": _songs,
    "openscore_lieder": _art_songs,
}
