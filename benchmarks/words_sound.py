"""How words sound, beside people: readings of hard characters, rhymes that poets set, syllables under hymns, safety.

Conventions: golden readings are those of tests/lyrics, worked out by hand; plain pypinyin answers the same lines.
Rhyme pairs are ends of different lines of one annotated stanza, at most four lines apart, different words; hymns are
words as they are cut under their notes. Needs ZHIYIN_DATA with rhymedata and open_hymnal; two minutes.
Does not know: melodies.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from benchmarks.runner import Context, Result
from zhiyin.data.fetch import data_home
from zhiyin.data.texts_english import RhymeData
from zhiyin.lyrics.en_dict import syllable_count
from zhiyin.lyrics.en_syllables import split_spelling
from zhiyin.lyrics.en_words import sung_readings, word_sounds
from zhiyin.lyrics.language import Syllable
from zhiyin.lyrics.languages import LANGUAGES
from zhiyin.lyrics.safety import find_slurs
from zhiyin.lyrics.safety_requests import find_copy_request
from zhiyin.lyrics.zh_pinyin import parse_pinyin
from zhiyin.lyrics.zh_readings import read_run

PAIRS = 3000  # a seed and kind
NEIGHBOURS = 4
LATE = ("housman", "kipling", "chesterton", "brooke", "byron", "shelley", "wordsworth", "coleridge", "turner")
COPIES = (
    "写周杰伦《青花瓷》的歌词",
    "给我《海阔天空》的完整歌词",
    "李健《贝加尔湖畔》的歌词",
    "默写小幸运的歌词",
    "和《稻香》一样的词",
    "照抄《起风了》的歌词",
    "把月亮代表我的心的歌词写出来",
    "复制那首《无名之歌》的歌词",
    "王菲《匆匆那年》歌词",
    "一字不差地写出《孤勇者》",
    "the lyrics of Yesterday by the Beatles",
    "same words as Let It Be",
    'give me the words to "Hey Jude"',
    "Hotel California lyrics please",
    "write out the full lyrics to Bohemian Rhapsody",
    "the original lyrics of Jolene",
    "lyrics of Some Tune by Some Band",
    "recite the lyrics of Rolling in the Deep",
    "word for word lyrics of Dancing Queen",
    "lyrics from Taylor Swift's new single",
)


def run(ctx: Context) -> list[Result]:
    """Return readings, rhymes, syllables, speed and safety."""
    return [*readings(ctx), *rhymes(ctx), *hymns(ctx), *speed(ctx), *safety(ctx)]


def readings(ctx: Context) -> Iterator[Result]:
    """Yield the share of hard characters read as by hand, ours and plain pypinyin's, by part of the golden list."""
    text = (ctx.root / "tests" / "lyrics" / "readings_zh.txt").read_text(encoding="utf-8")
    for part, name, before in ((1, "known to be hard", ""), (2, "fresh lines", ", first try 0.991")):
        rows = [line.split() for line in text.split("# Part")[part].splitlines()[1:] if line.strip()]
        ours, plain, count = 0, 0, 0
        for line, *marks in rows:
            own = [f"{one.pinyin.base}{one.citation}" for one in read_run(line)[1]]
            theirs = [
                parse_pinyin(one) for one in lazy_pinyin(line, style=Style.TONE3, neutral_tone_with_five=True)
            ]
            at = 0
            for mark in marks:
                at = line.index(mark[0], at)
                wanted = mark[1:].replace("v", "ü")
                ours += own[at] == wanted
                plain += f"{theirs[at].base}{theirs[at].tone}" == wanted
                count, at = count + 1, at + 1
        anchor = f"plain pypinyin {plain / count:.3f}{before}"
        yield ctx.result(
            f"hard Chinese readings right, {name}", ours / count, "share", n=count, anchor=anchor
        )


def rhymes(ctx: Context) -> Iterator[Result]:
    """Yield how many annotated rhymes each table takes, and how many pairs that poets did not rhyme."""
    pairs = list(rhyme_pairs(data_home() / "rhymedata"))
    for table in LANGUAGES["en"].rhyme_tables():
        for is_rhyme, name in ((True, "rhymes of 1500-1920 taken"), (False, "other line ends taken")):
            kind = [(one, other) for one, other, marked, _ in pairs if marked is is_rhyme]
            late = [(one, other) for one, other, marked, year in pairs if marked is is_rhyme and year >= 1800]
            shares = [taken(random.Random(seed).sample(kind, PAIRS), table) for seed in ctx.seeds]
            yield ctx.result(
                f"English {table}: {name}", statistics.mean(shares), "share", sd=statistics.stdev(shares), n=PAIRS,
                anchor=f"since 1800: {taken(random.Random(0).sample(late, PAIRS), table):.3f}", seeds=ctx.seeds,
            )  # fmt: skip


def rhyme_pairs(folder: Path) -> Iterator[tuple[str, str, bool, int]]:
    """Yield two different end words of a stanza, whether its scheme rhymes them, and the poet's century."""
    for stanza in RhymeData().texts(folder):
        ends = [re.sub(r"[^\w'’-]+$", "", line).split()[-1:] for line in stanza.lines]
        if len(stanza.marks) != len(ends) or "*" in stanza.marks or not all(ends):
            continue
        year = 1800 if stanza.author.lower().endswith(LATE) else 1500
        for one, other in itertools.combinations(range(len(ends)), 2):
            first, second = ends[one][0], ends[other][0]
            if other - one <= NEIGHBOURS and first.lower() != second.lower():
                yield first, second, stanza.marks[one] == stanza.marks[other], year


def taken(pairs: Sequence[tuple[str, str]], table: str) -> float:
    """Return the share of pairs that rhyme in a table."""
    english = LANGUAGES["en"]
    read: dict[str, tuple[Syllable, ...]] = {}
    for word in {word for pair in pairs for word in pair}:
        read[word] = english.read(word)
    return sum(english.rhymes(read[one], read[other], table) for one, other in pairs) / len(pairs)


def hymns(ctx: Context) -> Iterator[Result]:
    """Yield how often our count and our cuts of a word are those printed under the notes."""
    words = hymn_words(data_home() / "open_hymnal" / "pd")
    total = same = offered = many = alike = 0
    for pieces, times in words.items():
        word = "".join(pieces)
        sounds = word_sounds(word).sounds
        count = syllable_count(sounds) or 1
        total, same = total + times, same + times * (count == len(pieces))
        offered += times * any((syllable_count(one) or 1) == len(pieces) for one in sung_readings(word))
        if len(pieces) > 1 and count == len(pieces):
            many, alike = many + times, alike + times * (split_spelling(word, sounds) == pieces)
    yield ctx.result("hymns: words of as many syllables as ours", same / total, "share", n=total)
    yield ctx.result("hymns: ... or as a reading we offer", offered / total, "share", n=total)
    yield ctx.result(
        "hymns: words cut where ours are, of two syllables and more", alike / many, "share", n=many
    )


def hymn_words(folder: Path) -> Counter[tuple[str, ...]]:
    """Return the words under the notes of ABC hymns, cut as printed, with how often each stands."""
    found: Counter[tuple[str, ...]] = Counter()
    for path in sorted(folder.glob("*.abc")):
        verses: dict[int, list[str]] = {}
        at = 0
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            at = at + 1 if line.startswith("w:") else 0
            if at:
                verses.setdefault(at, []).append(line[2:])
        for lines in verses.values():
            text = re.sub(r"\d+\.~?|[~*|_]|\\-", " ", " ".join(lines)).replace("’", "'")
            for word in re.sub(r"-+\s*", "-", text).lower().split():
                plain = word.strip('.,;:!?()"“”-')
                if re.fullmatch(r"[a-z']+(?:-[a-z']+)*", plain):
                    found[tuple(plain.split("-"))] += 1
    return found


def speed(ctx: Context) -> Iterator[Result]:
    """Yield processor seconds to the first line in a fresh interpreter, and per thousand lines after it."""
    lines = {"zh": "我们在雨夜的车站离别", "en": "the river runs below the mountain to the sea"}
    for lang, line in lines.items():
        code = (
            "import time, json\nstart = time.process_time()\nfrom zhiyin.lyrics.languages import LANGUAGES\n"
            f"LANGUAGES[{lang!r}].read({line!r})\nprint(json.dumps(time.process_time() - start))"
        )
        runs = [
            json.loads(
                subprocess.run(
                    [sys.executable, "-c", code], capture_output=True, check=True, text=True
                ).stdout
            )
            for _ in range(3)
        ]
        yield ctx.result(
            f"{lang}: first line read, imports and tables included", statistics.mean(runs), "processor seconds",
            sd=statistics.stdev(runs), n=3,
        )  # fmt: skip
        fresh = list(shuffled(line.split(" ") if lang == "en" else list(line), " " if lang == "en" else ""))
        start = time.process_time()
        for one in fresh:
            LANGUAGES[lang].read(one)
        yield ctx.result(f"{lang}: a thousand lines more", time.process_time() - start, "processor seconds")


def shuffled(pieces: list[str], joint: str) -> Iterator[str]:
    """Yield a thousand lines of the same words in another order each time, so that none was read before."""
    rng = random.Random(0)
    for _ in range(1000):
        yield joint.join(rng.sample(pieces, len(pieces)))


def safety(ctx: Context) -> Iterator[Result]:
    """Yield ordinary themes refused and requests for existing words let through."""
    themes = (ctx.root / "tests" / "lyrics" / "themes.txt").read_text(encoding="utf-8").splitlines()
    refused = sum(bool(find_copy_request(one) or find_slurs(one)) for one in themes)
    missed = sum(find_copy_request(one) is None for one in COPIES)
    yield ctx.result("ordinary themes refused", refused / len(themes), "share", n=len(themes), goal="<= 0.01")
    yield ctx.result("requests for existing words let through", missed / len(COPIES), "share", n=len(COPIES))
