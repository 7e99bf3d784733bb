"""The making of a song's words from a request: tune, phrases, plan, lines.

Conventions: what a person typed is read here and nowhere else; lines count from 1 in it, from 0 inside.
This module writes no files: see `zhiyin.apps.lyrics_files`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from zhiyin.analysis.beats import is_performed
from zhiyin.apps.base import Progress
from zhiyin.data.chat import ask_model
from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.fill.desk import Desk, lay_out
from zhiyin.fill.found_grid import on_found_grid
from zhiyin.lyrics.check import CheckedLine, check_words
from zhiyin.lyrics.line_plan import Asked, LinePlan, plan_lines
from zhiyin.lyrics.melody import Tune, find_tune
from zhiyin.lyrics.phrases import Song, lengths_said, phrases_of
from zhiyin.lyrics.safety import refuse_slurs
from zhiyin.lyrics.safety_requests import refuse_copies
from zhiyin.lyrics.scheme import Verse, check_scheme, find_verse, scheme_of, scheme_said
from zhiyin.lyrics.slots import has_words, slots_of
from zhiyin.lyrics.song import Lyrics, SungLine, check_room, lines_in
from zhiyin.lyrics.song_chat import SCHEMA, SYSTEM, proposals_in, question_of
from zhiyin.lyrics.song_keywords import in_language
from zhiyin.lyrics.song_rhymes import begin_rhymes, classes_asked, in_wider_rhymes
from zhiyin.lyrics.song_tools import open_tools
from zhiyin.lyrics.song_write import SongWish, alternatives, given_line, replaced, settled_rhymes, write_song
from zhiyin.lyrics.write_line import Tools
from zhiyin.score import Score

if TYPE_CHECKING:
    from zhiyin.apps.lyrics_ import LyricsRequest

SEPARATORS = r"[\s,，、;；/|]+"
OTHERS = 5
MAX_TEXT_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a request.

    score: the person's, on the beats found where they played apart from the written ones (desk says how); tune;
    tools; style, profile: as found; plans; song; lyrics: None for a check; checked: lines of a
    check; others: alternatives for a line; melisma: the policy; theme; notices: (English, Chinese).
    """

    score: Score
    tune: Tune
    tools: Tools
    style: str
    profile: str
    plans: tuple[LinePlan, ...]
    song: Song
    melisma: str
    theme: tuple[str, ...]
    desk: Desk | None = None
    lyrics: Lyrics | None = None
    checked: tuple[CheckedLine, ...] = ()
    others: tuple[SungLine, ...] = ()
    notices: tuple[tuple[str, str], ...] = ()


def make_lyrics(request: LyricsRequest, score: Score, *, progress: Progress) -> Written:
    """Return the words a request asks for. Raises InvalidInput, NotFound, ConstraintsUnmet."""
    refuse_copies(request.theme)
    for text in (request.theme, *request.fixed, *request.lines):
        refuse_slurs(text)
    style, verse = find_verse(request.words, request.style)
    profile = request.profile or verse.profile
    tools = open_tools(
        request.words, profile=profile, table=request.table or verse.table, banned=_items(request.banned),
        said=_readings(request.readings), model=request.line_model,
    )  # fmt: skip
    tools, said = in_wider_rhymes(tools, request.rhyme, near=_near(tools))
    ground = _ground(request, score, style=style, verse=verse, tools=tools, profile=profile)
    ground = replace(ground, notices=(*ground.notices, *said))
    if request.check is not None:
        texts = read_lines(request.check)
        return replace(ground, checked=check_words(tools, ground.plans, texts))
    wish = _wish(request, ground, verse)

    def tell(done: int, of: int) -> None:
        progress("write", done, of)

    near = _near(tools)
    lyrics = _standing(request, ground, wish)
    if lyrics is None:
        wish, told = _with_proposals(request, ground, wish)
        ground = replace(ground, notices=(*ground.notices, *told))
        lyrics = write_song(tools, ground.song, wish, near=near, progress=tell)
    else:
        lyrics = replace(lyrics, notices=_rhymes_said(request, ground, wish, lyrics=lyrics))
    ground = replace(ground, notices=(*ground.notices, *lyrics.notices))
    if request.alternatives is not None:
        others = alternatives(tools, wish, lyrics, line=request.alternatives - 1, count=OTHERS)
        return replace(ground, lyrics=lyrics, others=others)
    for line in request.rewrite:
        new = alternatives(tools, wish, lyrics, line=line - 1, count=1)[0]
        lyrics = replaced(lyrics, ground.plans, line=line - 1, new=new)
    return replace(ground, lyrics=lyrics)


def _ground(
    request: LyricsRequest, score: Score, *, style: str, verse: Verse, tools: Tools, profile: str
) -> Written:
    """Return everything that stands before the first word."""
    desk = lay_out(score) if score.parts and is_performed(score).flag else None
    desk = desk if desk is not None and desk.is_performed else None
    score = score if desk is None else on_found_grid(desk, score)
    tune = find_tune(score, request.part)
    melisma = request.melisma or ("sung" if has_words(score, tune) else "strict")
    slots = slots_of(score, tune, melisma=melisma)
    song = phrases_of(score, tune, slots, lang=request.words, told=request.phrases, chorus=request.chorus)
    theme, foreign = in_language(theme_words(request.theme), request.words)
    closed = tuple(number - 1 for number, _ in _numbered(request.lines, "--line"))
    scheme = check_scheme(request.scheme) if request.scheme else ""
    plans, left = plan_lines(
        song, verse, Asked(scheme, theme), syllables=lambda word: len(tools.read(word)), closed=closed
    )
    notices = [*tune.notices, *_notices(song, slots_count=len(slots), melisma=melisma)]
    if scheme:
        notices += scheme_said(scheme, scheme_of([plan.rhyme for plan in plans]))
    notices += lengths_said(request.phrases, [phrase.size for phrase in song.phrases])
    notices += foreign
    notices += [
        (f"the keyword {word!r} fits into no line and was left out", f"关键词“{word}”哪一句都放不下，没有用")
        for word in left
    ]
    return Written(
        score,
        tune,
        tools,
        style,
        profile,
        plans,
        song,
        melisma,
        theme,
        desk,
        notices=tuple(notices),
    )


def _notices(song: Song, *, slots_count: int, melisma: str) -> list[tuple[str, str]]:
    said = []
    if slots_count < 3:
        said.append((f"the tune has only {slots_count} notes", f"旋律只有 {slots_count} 个音"))
    if melisma == "sung":
        said.append(("syllables stand where the words that were there stood", "音节位置沿用原有歌词的位置"))
    longest = max(phrase.size for phrase in song.phrases)
    if longest > 16:
        said.append((f"a line has {longest} syllables", f"最长的一句有 {longest} 个音节"))
    return said


def _wish(request: LyricsRequest, ground: Written, verse: Verse) -> SongWish:
    fixed: dict[int, list[tuple[int, str]]] = {}
    for line, slot, text in _places(request.fixed):
        _check_line(line, ground.plans, "--fix")
        check_room(
            ground.plans[line - 1].phrase,
            slot - 1,
            len(ground.tools.read(text)),
            text=f"{line}:{slot}:{text}",
        )
        fixed.setdefault(line - 1, []).append((slot - 1, text))
    given = {}
    for line, text in _numbered(request.lines, "--line"):
        _check_line(line, ground.plans, "--line")
        given[line - 1] = text
    return SongWish(
        ground.plans, verse, classes_asked(ground.tools, request.rhyme), ground.theme, given,
        {line: tuple(sorted(words)) for line, words in fixed.items()}, request.seed,
    )  # fmt: skip


def _with_proposals(
    request: LyricsRequest, ground: Written, wish: SongWish
) -> tuple[SongWish, list[tuple[str, str]]]:
    """Return the wish with lines that a language model proposes where a person named one, and what was said of it."""
    if not request.model_url:
        return wish, []
    question = question_of(
        ground.plans, lang=request.words, style=ground.style, theme=ground.theme,
        rhymes=settled_rhymes(ground.tools, wish),
    )  # fmt: skip
    try:
        answer = ask_model(
            request.model_url,
            question,
            system=SYSTEM,
            schema=SCHEMA,
            model=request.model_name,
            seed=request.seed,
        )
    except (NotFound, UnreadableFile) as error:
        return wish, [
            (
                f"the language model gave nothing, all lines are written here: {error}",
                f"语言模型没有给出结果，全部由本机写：{error}",
            )
        ]
    return replace(wish, proposals=proposals_in(answer, ground.plans)), []


def _standing(request: LyricsRequest, ground: Written, wish: SongWish) -> Lyrics | None:
    """Return the words that are there already: in a file named, or on the notes where a line is to change."""
    if request.text is not None:
        texts = read_lines(request.text)
    elif (request.rewrite or request.alternatives is not None) and has_words(ground.score, ground.tune):
        texts = lines_in(ground.score, ground.tune, ground.song.phrases, lang=request.words)
    else:
        return None
    if len(texts) != len(ground.plans):
        raise InvalidInput(
            f"the words must have a line for each of {len(ground.plans)} phrases, got {len(texts)}: cut the phrases "
            "with --phrases, or try --check",
            zh=f"歌词应有 {len(ground.plans)} 行（每句一行），得到 {len(texts)} 行：用 --phrases 分句，或先 --check",
        )
    lines = tuple(
        replace(given_line(ground.tools, plan, wish.given.get(plan.index, text)), rhyme=plan.rhyme)
        for plan, text in zip(ground.plans, texts, strict=True)
    )
    return Lyrics(request.words, ground.song, lines)


def _rhymes_said(
    request: LyricsRequest, ground: Written, wish: SongWish, *, lyrics: Lyrics
) -> tuple[tuple[str, str], ...]:
    """Return what is said of the rhymes of lines that stand while others are written anew."""
    new = {number - 1 for number in (*request.rewrite, request.alternatives or 0)}
    standing = {i: line for i, line in enumerate(lyrics.lines) if i not in new}
    return begin_rhymes(ground.tools, wish, standing).notices


def _near(tools: Tools) -> Tools | None:
    """Return the tools with the language's widest rhymes, None where these are in force."""
    tables = tools.language.rhyme_tables()
    wide = next((t for t in tables if "near" in t or t == "十三辙"), tools.table)
    return None if wide == tools.table else replace(tools, table=wide)


def theme_words(text: str) -> tuple[str, ...]:
    """Return the keywords of a theme, each once.

    >>> theme_words("雨夜 车站、离别，雨夜")
    ('雨夜', '车站', '离别')
    """
    return tuple(dict.fromkeys(word for word in re.split(SEPARATORS, text.strip()) if word))


def read_lines(path: Path) -> tuple[str, ...]:
    """Return the lines of a file of words, empty ones and headings (#, [verse]) left out.

    Raises NotFound, InvalidInput.
    """
    try:
        if path.stat().st_size > MAX_TEXT_BYTES:
            raise InvalidInput(
                f"a file of words must be at most {MAX_TEXT_BYTES} bytes, got more in {str(path)!r}"
            )
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NotFound(f"there must be a file of words at {str(path)!r}: check the path") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"a file of words must be UTF-8 text, got other bytes in {str(path)!r}") from error
    lines = (line.strip() for line in text.splitlines())
    kept = tuple(
        line for line in lines if line and not line.startswith("#") and not re.fullmatch(r"\[.*\]", line)
    )
    for line in kept:
        refuse_slurs(line)
    if not kept:
        raise InvalidInput(f"a file of words must have lines, got none in {str(path)!r}: write one a phrase")
    return kept


def _items(texts: Sequence[str]) -> list[str]:
    return [item for text in texts for item in re.split(r"[,，、;；]+", text) if item.strip()]


def _readings(texts: Sequence[str]) -> dict[str, str]:
    found = {}
    for item in _items(texts):
        word, sign, reading = item.partition("=")
        if not sign or not word.strip() or not reading.strip():
            raise InvalidInput(f"a reading must look like 长=zhang3, got {item!r}: write WORD=READING")
        found[word.strip()] = reading.strip()
    return found


def _numbered(texts: Sequence[str], option: str) -> list[tuple[int, str]]:
    found = []
    for text in texts:
        match = re.fullmatch(r"\s*(\d+)\s*[:：]\s*(\S.*?)\s*", text)
        if match is None:
            raise InvalidInput(f"{option} must look like 3:words of the line, got {text!r}: write LINE:TEXT")
        found.append((int(match.group(1)), match.group(2)))
    return found


def _places(texts: Sequence[str]) -> list[tuple[int, int, str]]:
    found = []
    for text in texts:
        match = re.fullmatch(r"\s*(\d+)\s*[:：]\s*(\d+)\s*[:：]\s*(\S.*?)\s*", text)
        if match is None or int(match.group(2)) < 1:
            raise InvalidInput(f"--fix must look like 3:1:春风, got {text!r}: write LINE:SYLLABLE:WORDS")
        found.append((int(match.group(1)), int(match.group(2)), match.group(3)))
    return found


def _check_line(line: int, plans: Sequence[LinePlan], option: str) -> None:
    if not 1 <= line <= len(plans):
        raise InvalidInput(
            f"{option} must name a line 1..{len(plans)}, got {line}: the tune has so many phrases",
            zh=f"{option} 的句号应在 1 到 {len(plans)} 之间，得到 {line}",
        )
