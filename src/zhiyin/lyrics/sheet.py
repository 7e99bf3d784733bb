"""The lyric sheet: words with pinyin or stress marks, stanza by stanza, as plain text and as Markdown.

Conventions: pinyin carries tone marks as sung (after sandhi); in English ˈ stands before a stressed syllable and ·
between syllables of a word. This module measures nothing: see `zhiyin.lyrics.fit`.
"""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.lyrics.language import Syllable
from zhiyin.lyrics.line_plan import LinePlan
from zhiyin.lyrics.scheme import scheme_of
from zhiyin.lyrics.song import AGAIN, Lyrics, SungLine

_MARKED = {
    "a": "āáǎà", "e": "ēéěè", "i": "īíǐì", "o": "ōóǒò", "u": "ūúǔù", "ü": "ǖǘǚǜ", "ê": "ê̄ếê̌ề", "m": "m̄ḿm̌m̀", "n": "n̄ńňǹ",
}  # fmt: skip


def marked_pinyin(reading: str, tone: int) -> str:
    """Return pinyin with its tone mark: on a or e, on the o of ou, else on the last vowel.

    >>> marked_pinyin("yuan", 2), marked_pinyin("dui", 4), marked_pinyin("lü", 3), marked_pinyin("de", 5)
    ('yuán', 'duì', 'lǚ', 'de')
    """
    plain = reading.replace("v", "ü")
    if tone not in (1, 2, 3, 4):
        return plain
    at = next((plain.index(vowel) for vowel in ("a", "e", "ou") if vowel in plain), -1)
    if at < 0:
        at = max((i for i, char in enumerate(plain) if char in "iouü"), default=-1)
    if at < 0:
        return f"{plain}{tone}"
    return plain[:at] + _MARKED[plain[at]][tone - 1] + plain[at + 1 :]


def marks_of(line: Sequence[Syllable], lang: str) -> str:
    """Return a line as it is said: pinyin, or English with its stresses."""
    if lang == "zh":
        return " ".join(marked_pinyin(s.reading, s.tone) for s in line)
    words: dict[int, list[str]] = {}
    for s in line:
        sign = {2: "ˈ", 1: "ˌ", 0: ""}[s.stress] if s.is_content or s.place != "single" else ""
        words.setdefault(s.word, []).append(sign + s.text)
    return " ".join("·".join(parts) for parts in words.values())


def stanzas_of(lyrics: Lyrics, plans: Sequence[LinePlan]) -> list[list[int]]:
    """Return the lines of each stanza."""
    found: dict[int, list[int]] = {}
    for plan in plans:
        found.setdefault(plan.stanza, []).append(plan.index)
    return list(found.values())


def sheet_txt(lyrics: Lyrics, plans: Sequence[LinePlan], *, title: str) -> str:
    """Return the bare words, a line a line, an empty line between stanzas."""
    blocks = [
        "\n".join(_shown(lyrics.lines[i], lyrics.lang) for i in stanza)
        for stanza in stanzas_of(lyrics, plans)
    ]
    return f"{title}\n\n" + "\n\n".join(blocks) + "\n"


def _shown(line: SungLine, lang: str) -> str:
    text = line.text
    return text[:1].upper() + text[1:] if lang == "en" else text


# key: (English, Chinese)
_SAID = {
    "scheme": ("Rhyme scheme", "韵式"),
    "line": ("line", "句"), "words": ("words", "词"), "tones": ("tones agree", "声调相合"),
    "stress": ("stress agrees", "重音相合"), "alarms": ("heard clashes", "倒字"), "rhyme": ("rhyme", "韵"),
    "nats": ("nats a unit", "每字奈特"), "copied": ("longest run known", "与旧句最长相同"), "by": ("by", "出自"),
    "model": ("model", "模型"), "person": ("you", "你"), "language model": ("language model", "语言模型"),
    "again": ("as before", "同前"), "scores": ("Line by line", "逐句"), "again_mark": ("(again)", "（重唱）"),
}  # fmt: skip


def sheet_md(lyrics: Lyrics, plans: Sequence[LinePlan], *, title: str, lang: str) -> str:
    """Return the sheet as Markdown: words over their marks by stanza, the rhyme scheme, and a row of scores a line."""
    zh = lang == "zh"
    groups = [line.rhyme for line in lyrics.lines]
    scheme = scheme_of(groups)
    out = [f"# {title}", ""]
    for stanza in stanzas_of(lyrics, plans):
        names = {lyrics.song.sections[lyrics.song.phrases[i].section] for i in stanza}
        out += [f"## {' / '.join(sorted(names))}", ""]
        for i in stanza:
            line = lyrics.lines[i]
            again = f" {_SAID['again_mark'][zh]}" if line.by == AGAIN else ""
            out += [f"{_shown(line, lyrics.lang)}{again}  ", f"*{marks_of(line.syllables, lyrics.lang)}*", ""]
    out += [f"{_SAID['scheme'][zh]}: {scheme}", "", f"## {_SAID['scores'][zh]}", ""]
    pair = "tones" if lyrics.lang == "zh" else "stress"
    heads = (
        "line",
        "words",
        pair,
        *(("alarms",) if lyrics.lang == "zh" else ()),
        "rhyme",
        "nats",
        "copied",
        "by",
    )
    out += ["| " + " | ".join(_SAID[h][zh] for h in heads) + " |", "|" + "---|" * len(heads)]
    out += ["| " + " | ".join(_row(lyrics, i, scheme, zh)) + " |" for i in range(len(lyrics.lines))]
    return "\n".join(out) + "\n"


def _row(lyrics: Lyrics, index: int, scheme: str, zh: bool) -> list[str]:
    line = lyrics.lines[index]
    decided = line.fit.agree + line.fit.clash
    cells = [str(index + 1), _shown(line, lyrics.lang), f"{line.fit.agree}/{decided}" if decided else "-"]
    if lyrics.lang == "zh":
        cells.append(str(line.fit.alarms))
    cells += [
        f"{scheme[index]} {line.rhyme_class}",
        f"{-line.nats:.2f}" if line.nats else "-",
        str(line.copied),
    ]
    return [*cells, _SAID[line.by][zh]]
