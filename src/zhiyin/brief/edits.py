# ruff: noqa: E501 - patterns keep one row a line
"""Briefs that ask to change what is there: "make it 20 % faster and drop the piano".

Conventions: a brief is an edit when it speaks of a thing that must already be there; wishes for a new piece win.
This module changes no score: see `zhiyin.brief.edit_words` for edits of a score at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from zhiyin.brief.edit_plan import EditStep, Outline, OutlinePart
from zhiyin.brief.edit_words import read_edit
from zhiyin.brief.match import Match
from zhiyin.brief.numbers import parse_number
from zhiyin.brief.said import Said
from zhiyin.brief.scope import OPERATORS, Scopes
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.theory.instruments import INSTRUMENTS
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

_NEW = re.compile(
    r"(?<![a-z])(?:write|compose|create|generate|i(?:'d| would) like a|i want a|i need a|give me a|looking for|make (?:me )?(?:a|an|some)(?! (?:bit|little|lot|touch|tad))|a (?:\w+ ){0,4}(?:song|piece|tune|track|waltz|march|theme|loop|beat))(?![a-z])"
    r"|写一?(?:首|段|个|支)|来一?(?:首|段|个|支|点)|作一?首|创作|生成一?|谱一?首|做一?(?:首|段|个|支)|给我一?(?:首|段|个)|想要一?(?:首|段|个)|一首|一段(?!.*(?:去掉|改|换))"
)
_EDIT = re.compile(
    r"(?<![a-z])(?:(?:make|play|take) (?:it|this|that|the \w+|everything|bars? \d+\S*)(?: \w+){0,3}? (?:faster|slower|louder|softer|quieter|higher|lower|darker|brighter|happier|sadder|calmer|shorter|longer|simpler|busier|sparser|denser|warmer|more|less|jazzier|funkier|heavier|lighter|\d+ ?%|twice|half)|(?:speed|slow) (?:it |this |things )?(?:up|down)(?: by| to| a bit| a little| \d|$|[,.])|(?:drop|remove|delete|mute|cut|lose|kill|take out|get rid of) (?:the|all|that|this) |transpose|(?:raise|lower|shift|move) (?:it|the|everything|by)|(?:change|switch|convert|turn) (?:it|this|the|everything)|(?:replace|swap) (?:the )?|(?:add|bring in|layer|put in) (?:a|an|some|the|more)(?= )|instead of the|(?:double|halve) (?:the )?(?:tempo|speed|length)|(?:shorten|extend|lengthen|trim) (?:it|the|this)|\d+(?:\.\d+)? ?(?:%|percent) (?:faster|slower|louder|quieter|longer|shorter)|(?:a bit|a little|slightly|much|half as|twice as) (?:faster|slower|louder|quieter|softer|darker|brighter|fast|slow)|(?:half|double) (?:time|tempo|speed)|re-?harmoni[sz]e|(?:increase|decrease|reduce) the|up (?:an?|one|two|\d) (?:octaves?|semi-?tones?|whole steps?|half steps?|steps?)|down (?:an?|one|two|\d) (?:octaves?|semi-?tones?|whole steps?|half steps?|steps?)|^\s*(?:a bit |a little |slightly |much |please )*(?:faster|slower|louder|softer|quieter|darker|brighter)(?:,? please| now| again)?\s*[.!]?\s*$|(?:^|[,;] ?)(?:shorten|extend|lengthen)|bars? \d+(?:-\d+)? (?:softer|louder|darker|brighter))"
    r"|^(?!.*从).*改编成|把[^,，。;；]{1,24}?(?:改|换|去掉|删|调|提高|降低|加快|放慢|减慢|升|降|移|变|拿掉|去除|换成|加到|缩短|延长|静音|弄)|(?:再|更|稍微|稍|略)?(?:快|慢|响|轻|亮|暗|高|低|短|长|简单|复杂|欢快|悲伤|柔和)(?:一点|一些|点|些)(?=[,，。;；!！]|$|吧|,|并|同时|然后|而且|去掉|删)|(?:加快|放慢|减慢|提速|降速|加速|减速)\s*(?:到|至|[0-9一二三四五六七八九十百]|一点|一些|一倍|百分)|速度?(?:提高|降低|加快|放慢|减慢|调到|改成|改为|增加|减少)|升高|移高|移低|移调|转调|升[一二两三四五六七八九十\d]+个?(?:半音|全音|度|八度|key)|降[一二两三四五六七八九十\d]+个?(?:半音|全音|度|八度|key)|(?:升|降|提|调|移)(?:高|低)[一二两三四五六七八九十\d]+个?(?:半音|全音|度|八度|key)|换成|改成|改为|换掉|(?:整体|全曲|原曲|这首|这段|现在的)[^,，。]{0,10}(?:快|慢|高|低|改|换|调|升|降)|再加(?:上|入|一)|(?:加上|加入|添加|增加)(?:一?[把支个点些]|鼓|钢琴|弦乐|贝斯|吉他)|(?:快|慢)(?:百分之|\d+ ?%|[一二两三]成|一倍)|删(?:掉|除)|(?:^|[,，;；])\s*[^,，。;；\s]{1,8}(?:去掉|删了|删去|拿掉|撤掉|撤了)(?:吧|了)?\s*[。!！]*$|^\s*(?:去掉|拿掉|撤掉)[^,，。;；]{1,8}[。!！]*$|(?:去掉|删掉|删了|拿掉)[^。;]*(?:保留|别动|不动|不变)|half (?:the )?(?:speed|tempo)|调[升降]|[升降](?:半音|全音|八度)|去掉[^,，。]{1,8}(?:声部|轨|轨道)|(?:^|[,，。;])\s*(?:缩短|延长|拉长|变短|转到|转成|转为|移到|加一?[把支个点些段])|第[\d一二三四五六七八九十]+(?:到|至|-)?[\d一二三四五六七八九十]*小节[^,，。]{0,8}(?:改|换|删|快|慢|轻|响|柔|亮|暗)"
)
_ABOUT_MUSIC = re.compile(
    r"tempo|speed|(?<![a-z])bars?(?![a-z])|key|octave|tone|%|percent|faster|slower|louder|softer|quieter|higher|lower|darker|brighter|melody|music|song|harmon|chord|transpose|速度|小节|半音|全音|八度|调|拍|声部|音|曲|节奏|旋律|快|慢|和声|和弦|轨"
)
_SOFT_ZH = re.compile(
    r"^(?:再|更|稍微|稍|略)?(?:快|慢|响|轻|亮|暗|高|低|短|长|简单|复杂|欢快|悲伤|柔和)(?:一点|一些|点|些)$"
)
_PERCENT = re.compile(
    r"(?:by )?(\d+(?:\.\d+)?) ?(?:%|percent|per cent)\s*(faster|slower)|(faster|slower|up|down|quicker)(?: it)?(?: by)? (\d+(?:\.\d+)?) ?(?:%|percent)"
)
_PERCENT_ZH = re.compile(
    r"(快|提速|加快|提高|加速|增加|慢|放慢|减慢|降低|减速|降速|减少|减)[了]?\s*(?:(\d+(?:\.\d+)?) ?%|百分之([一二三四五六七八九十百零\d]+)|([一二两三四五六七八九])成(半)?)"
)
_TIMES = (
    (
        re.compile(
            r"(?<![a-z])(?:double (?:the )?(?:tempo|speed|time)|twice as fast|(?:快|提高|加快)一倍|(?:two|2) times (?:faster|as fast)|2x (?:speed|faster)|两倍速)"
        ),
        2.0,
    ),
    (
        re.compile(
            r"(?<![a-z])(?:half (?:the )?(?:tempo|speed|time)|halve the (?:tempo|speed)|half as fast|twice as slow|慢一倍|减半|一半(?:的)?速度|半速)"
        ),
        0.5,
    ),
    (re.compile(r"(?<![a-z])(?:one and a half times (?:faster|as fast)|1\.5 times|1\.5x|1\.5 ?倍)"), 1.5),
)
_SHIFT = re.compile(
    r"(?<![a-z])(up|down|raise|lower|higher|lower)?[^,.;]{0,16}?(?:by )?(an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+) (octaves?|semi-?tones?|half[- ]?steps?|whole[- ]?(?:steps?|tones?)|tones?)(?: (up|down|higher|lower))?"
)
_SHIFT_ZH = re.compile(
    r"(升高?|调升|调降|提高|上移|移高|高|调高|降低?|下移|移低|低|调低|下调|上调)[了]?\s*(?:([一二两三四五六七八九十\d]+)\s*个?)?(半音|全音|八度|小二度|大二度|小三度|大三度|纯四度|四度|纯五度|五度|小六度|大六度|小七度|大七度|key)"
)
_STEPS_ZH = {"半音": 1, "全音": 2, "八度": 12, "小二度": 1, "大二度": 2, "小三度": 3, "大三度": 4, "纯四度": 5, "四度": 5,
             "纯五度": 7, "五度": 7, "小六度": 8, "大六度": 9, "小七度": 10, "大七度": 11, "key": 1}  # fmt: skip
_STEPS_EN = {"minor second": 1, "major second": 2, "second": 2, "minor third": 3, "major third": 4, "fourth": 5, "tritone": 6,
             "fifth": 7, "minor sixth": 8, "major sixth": 9, "minor seventh": 10, "major seventh": 11}  # fmt: skip
_INTERVAL = re.compile(
    r"(?<![a-z])(?:an?|by)\s+(?:an? )?(?:(minor|major|perfect) )?(second|third|fourth|fifth|sixth|seventh|tritone)(?![a-z])"
)
_BPM_STEP = re.compile(
    r"(?:(speed|slow)\S*(?: it| this| things)?(?: up| down)?|faster|slower|up|down|(?:increase|raise|reduce|decrease|lower) (?:it|the (?:tempo|speed)))(?: it)? by (\d+(?:\.\d+)?) ?bpm"
    r"|(\d+(?:\.\d+)?) ?bpm (?:faster|slower|quicker)|(?:加快|提高|快|慢|放慢|降低|提速|减速|降速|减慢)了?\s*(\d+(?:\.\d+)?|[一二三四五六七八九十]+)\s*(?:个?bpm|拍(?!子))"
)
_UP = ("up", "raise", "higher")
_DEFAULT_FASTER = 1.1


@dataclass(frozen=True, slots=True)
class EditSaid:
    """What an edit says beside the ordinary fields: how much faster, how far up, who goes and who comes."""

    tempo_scale: float | None = None
    transpose: int | None = None
    dropped: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    tempo_step: float | None = None

    def applied(self, said: Said) -> Said:
        """Return what is said with the edit's own fields."""
        players = tuple(
            dict.fromkeys(
                (*(p for p in said.players if p not in (*self.dropped, *self.touched)), *self.added)
            )
        )
        excluded = tuple(dict.fromkeys((*said.excluded, *self.dropped)))
        tempo = (
            None
            if self.tempo_scale is not None and said.tempo is not None and said.tempo.value is None
            else said.tempo
        )
        turns = tuple(turn for turn in said.changes if turn.moods or turn.arousal or turn.dynamics)
        scale = None if tempo is not None and tempo.value is not None else self.tempo_scale
        return replace(
            said,
            changes=turns, players=tuple(p for p in players if p not in excluded), excluded=excluded,
            tempo_scale=None if self.tempo_step else scale, transpose=self.transpose, tempo=tempo,
            tempo_step=self.tempo_step,
        )  # fmt: skip


def is_edit(text: str, matches: Sequence[Match]) -> bool:
    """Return whether a folded lower-case text asks to change what is there rather than for something new."""
    found = _EDIT.search(text)
    if found is None or _NEW.search(text):
        return False
    if re.search(r"从[^,，。;；]*(?:加速|减速|渐快|渐慢)到|from [^,.;]* to ", text):
        return False  # a course from one tempo to another
    if not _ABOUT_MUSIC.search(text) and all(
        match.field in (*OPERATORS, "trap", "usage", "hint") for match in matches
    ):
        return False
    is_soft = bool(_SOFT_ZH.match(found.group(0))) and not re.search(r"再|更|把|它|这|去掉|删|拿掉|撤", text)
    names_new = any(
        match.field in ("style", "usage", "key", "tonic", "seconds", "section_told") for match in matches
    )
    return not (is_soft and (names_new or len(matches) > 1))


def read_edits(text: str, matches: Sequence[Match], scope: Scopes) -> EditSaid:
    """Return what an edit says beside the ordinary fields."""
    steps = _steps(text, matches)
    scale = _scale(text)
    if scale is None:
        scale = _step_scale(steps)
    gone, come, touched = _players_moved(text, matches, scope)
    return EditSaid(scale, _shift(text), gone, come, touched, _bpm_step(text))


def _bpm_step(text: str) -> float | None:
    """Return by how many beats a minute the tempo goes up (down: below 0)."""
    found = _BPM_STEP.search(text)
    if found is None:
        return None
    told = parse_number(next(group for group in found.groups()[1:] if group))
    is_down = re.search("slow|down|reduce|decrease|lower|慢|降低|减", found.group(0))
    return -told if is_down else told


def _scale(text: str) -> float | None:
    found = _PERCENT.search(text)
    if found:
        word = found.group(2) or found.group(3)
        share = float(found.group(1) or found.group(4)) / 100
        return round(1 + share if word in ("faster", "up", "quicker") else 1 - share, 4)
    found = _PERCENT_ZH.search(text)
    if found:
        told = found.group(2) or found.group(3)
        share = (
            parse_number(told) / 100
            if told
            else parse_number(found.group(4)) / 10 + (0.05 if found.group(5) else 0)
        )
        is_up = found.group(1) in ("快", "提速", "加快", "提高", "加速", "增加")
        return round(1 + share if is_up else 1 - share, 4)
    return next((value for pattern, value in _TIMES if pattern.search(text)), None)


def _shift(text: str) -> int | None:
    """Return the semitones up (down: below 0) that are asked for."""
    found = _SHIFT_ZH.search(text)
    if found:
        count = int(parse_number(found.group(2) or "1")) * _STEPS_ZH[found.group(3)]
        is_down = found.group(1)[0] in "降下低" or found.group(1) in ("移低", "调低", "调降")
        return -count if is_down else count
    if not re.search(r"up|down|raise|lower|higher|transpose|shift|move", text):
        return None
    found = _SHIFT.search(text)
    if not found:
        return _shift_by_interval(text)
    told = found.group(2)
    unit = found.group(3)
    size = 12 if unit.startswith("octave") else 2 if unit.startswith(("whole", "tone")) else 1
    count = (1 if told in ("a", "an") else int(parse_number(told))) * size
    is_down = bool(re.search(r"(?<![a-z])(?:down|lower)(?![a-z])", text))
    return -count if is_down else count


def _shift_by_interval(text: str) -> int | None:
    """Return the semitones of "up a minor third", below 0 where it goes down."""
    found = _INTERVAL.search(text)
    if found is None:
        return None
    name = " ".join(word for word in (found.group(1), found.group(2)) if word and word != "perfect")
    count = _STEPS_EN.get(name)
    is_down = bool(re.search(r"(?<![a-z])(?:down|lower)(?![a-z])", text))
    return None if count is None else -count if is_down else count


_COME = re.compile(
    r"(?:(?<![a-z])(?:add|adding|bring in|layer(?: in)?|put in|with|include|use|to|into|for|by|throw in)(?: (?:a|an|some|the|more|another|soft|gentle|light|few|bit of|little|solo))*|加|加上|加入|添加|增加|换成|换为|改成|改用|改为|用|加一?[把支个点些段]|再来一?[把支个点些段]|替换成|替换为)\s*$"
)
_AWAY = re.compile(
    r"(?:(?<![a-z])(?:drop|remove|delete|mute|cut|lose|kill|take out|get rid of|replace|swap(?: out)?|without)(?: the| all| that| this| any)*|删掉|去掉|删除|去除|拿掉|换掉|静音)\s*$"
)
_AWAY_AFTER = re.compile(
    r"^\s*(?:声部|部分|轨道?|的声音)?\s*(?:去掉|删掉|删除|删|拿掉|换成|换掉|改成|静音|替换|关掉|去除|(?:for|with|by)(?= )|out(?![a-z])|off(?![a-z]))"
)


def _players_moved(text: str, matches: Sequence[Match], scope: Scopes) -> tuple[tuple[str, ...], ...]:
    """Return the players that go, those that come, and those that are only changed."""
    gone: list[str] = []
    come: list[str] = []
    touched: list[str] = []
    is_going = is_coming = False
    last_end = 0
    for index, match in enumerate(matches):
        if match.field != "instrument" or not match.said:
            continue
        before, after = text[: match.start], text[match.end :]
        joined_come = re.fullmatch(
            r"\s*(?:,|and|or|和|与|、|跟|the|a|some|\s)*\s*", text[last_end : match.start]
        )
        joined = is_going and joined_come
        is_going = bool(_AWAY.search(before) or _AWAY_AFTER.match(after) or joined) or index in scope.unwanted
        last_end = match.end
        is_coming = bool(_COME.search(before)) or (is_coming and not is_going and bool(joined_come))
        if is_going or is_coming:
            (gone if is_going else come).append(match.said)
        else:
            touched.append(match.said)
    own = tuple(dict.fromkeys(name for name in touched if name not in come and name not in gone))
    return tuple(dict.fromkeys(gone)), tuple(dict.fromkeys(name for name in come if name not in gone)), own


def _steps(text: str, matches: Iterable[Match]) -> tuple[EditStep, ...]:
    """Return the steps that the reader of edits finds for a score with the players that are named, or none."""
    named = [m.value[0] for m in matches if m.field == "instrument" and isinstance(m.value, tuple)]
    players = list(dict.fromkeys(str(name) for name in (*named, "piano") if name in INSTRUMENTS))
    parts = tuple(
        OutlinePart(
            name, "drums" if INSTRUMENTS[name].is_drums else "melody" if not place else "chords", name
        )
        for place, name in enumerate(players)
    )
    outline = Outline(parts, 64, (), Key(0), 100.0, Metre(4, 4))
    try:
        return read_edit(text[:1000], outline=outline).steps
    except (InvalidInput, NotFound):
        return ()


def _step_scale(steps: Iterable[EditStep]) -> float | None:
    for step in steps:
        if step.kind == "tempo" and step.unit == "factor" and isinstance(step.value, float | int):
            return round(float(step.value), 4)
        if step.kind == "tempo" and step.direction and step.unit != "bpm":
            return round(_DEFAULT_FASTER**step.direction, 4)
    return None
