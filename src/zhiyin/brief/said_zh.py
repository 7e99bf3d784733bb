# ruff: noqa: E501 - word tables keep one row a line
"""What a reading says in Chinese: its contradictions and what was filled in, line by line.

Conventions: a line is as `zhiyin.brief.read` writes it; names of styles, moods, players and keys turn Chinese.
This module decides nothing; a line that it does not know stays as it is.
"""

from __future__ import annotations

import re

from zhiyin.errors import InvalidInput
from zhiyin.theory.instruments import INSTRUMENTS
from zhiyin.theory.key import Key
from zhiyin.theory.moods import MOODS
from zhiyin.theory.style_words import STYLE_NAMES_ZH

_FIELDS = {
    "style": "风格", "key": "调", "mode": "调式", "metre": "拍号", "bars": "小节数", "seconds": "时长",
    "tempo_bpm": "速度",
    "tempo_range": "速度", "chords": "和弦", "form": "曲式", "title": "标题", "dynamics": "力度", "decade": "年代",
    "mood": "情绪", "use": "用途", "players": "乐器", "tempo": "速度", "length": "时长", "faster": "渐快", "slower": "渐慢", "ballad": "抒情曲", "major": "大调", "minor": "小调",
}  # fmt: skip
# What is wrong with a text, in Chinese.
_PROBLEMS: dict[str, str] = {
    "tempo_out_of_range": "速度须在每分钟20至300拍之间：请给这个范围内的数", "duration_out_of_range": "时长须在1至1800秒之间：请给这个范围内的数",
    "bars_out_of_range": "小节数须在1至512之间：请给这个范围内的数", "bars_not_whole": "小节数须是整数：例如 8小节",
    "players_out_of_range": "同一种乐器须是1至8件", "metre_invalid": "拍号的分母须是 2、4、8 或 16：例如 3/4、6/8",
    "text_too_long": "句子最多4000字：请说得短些", "empty": "句子须说点什么：请写想听什么",
    "out_of_range": "有的数超出范围",
}  # fmt: skip
# What a text may not have, in Chinese.
_FLAGS: dict[str, tuple[str, str]] = {
    "copyright_copy": ("an existing work cannot be copied: something new in that style can be written",
                       "不能照抄已有的作品：可以写一首同样风格的新曲"),
    "voice_clone": ("a person's voice cannot be cloned: name a kind of voice instead", "不能克隆真人的声音：请说要哪一类嗓音"),
    "injection": ("instructions inside the text are read as text only", "文中的指令只当作文字，不会执行"),
}  # fmt: skip


def problem_in_chinese(code: str, message: str) -> str:
    """Return what is wrong with a text in Chinese; `message` where a code has none.

    >>> problem_in_chinese("empty", "")
    '句子须说点什么：请写想听什么'
    """
    return _PROBLEMS.get(code, message)


def flag_words(flag: str, *, lang: str) -> str:
    """Return what a flag means, in a language (zh or en)."""
    return _FLAGS[flag][lang == "zh"]


# A line's pattern and its Chinese; groups are put in as they are named by number.
_LINES: tuple[tuple[str, str], ...] = (
    (r"(.+) is given as (.+): the first is taken", "{0}说了几种（{1}），取第一种"),
    (r"style is given as (.+): (.+) is taken", "风格说了几种（{0}），取{1}"),
    (r"style (.+) taken for (.+): all are kinds of (.+)", "风格取{0}：{1}都属{2}一类"),
    (r"metre of a (.+) taken for the (.+) style", "{1}风格，取{0}的拍号"),
    (r"(.+) is both asked for and excluded: it is left out", "{0}既要又不要：不用"),
    (r"mood (.+) is both asked for and avoided: it is avoided", "情绪“{0}”既要又不要：避开"),
    (r"mood (.+) taken from the scene, since no mood is named", "情绪取{0}：依意境而定，因为没有说情绪"),
    (r"tempo is given as (.+) and as (.+): .+ is taken", "速度既说是{0}，又说是{1}：取{0}"),
    (r"tempo (.+) BPM taken for 'not (.+)'", "速度取每分钟{0}拍：依“不要{1}”而定"),
    (r"tempo (.+) BPM taken for '(.+)'", "速度取每分钟{0}拍：依“{1}”而定"),
    (r"'(.+)' means (.+) BPM but (.+) is taken", "“{0}”是每分钟{1}拍，但取{2}"),
    (r"mood is given as (.+) and (.+), its opposite: both are kept", "情绪{0}与{1}相反：两种都留"),
    (r"the mood (.+) is at odds with the use (.+): the mood is kept", "情绪{0}与用途{1}不合：依情绪"),
    (r"a (.+) in (.+) is unusual: .+ is taken", "{0}少用{1}拍：取{1}"),
    (r"(.+) bars at (.+) BPM last (.+) s, but (.+) s are asked", "{0}小节、每分钟{1}拍要{2}秒，而要求{3}秒"),
    (r"(style|mood|use|players) (.+): guessed, (.+) sure; the words name none", "{0}猜是{1}：把握{2}，句中没有明说"),
    (r"(style|mood|use|players|tempo|length|bars) (.+): said by the language model", "{0}取{1}：语言模型所说"),
    (r"(.+) bars: the sum of the sections", "{0}小节：各段之和"),
    (r"(.+) bars are asked, but the sections add up to (.+): .+ is taken", "要{0}小节，但各段合计{1}小节：取{0}小节"),
    (r"the form is given as (.+) and by sections: the letters are taken", "曲式既有字母{0}，又有段落：取字母"),
    (r"mode major taken for (.+): only its tonic is told", "调式取大调（{0}）：只说了主音"),
    (r"timecode taken at 24 frames a second: no rate is told", "时间码按每秒24帧计：没有说帧率"),
    (r"(.+) taken for '(.+)': H is the German name of B", "“{1}”取作{0}：H 是德语里的 B"),
)  # fmt: skip


def in_chinese(line: str) -> str:
    """Return a line about a reading in Chinese.

    >>> in_chinese("style is given as chinese, jazz: chinese is taken")
    '风格说了几种（中国风、爵士），取中国风'
    """
    for pattern, zh in _LINES:
        found = re.fullmatch(pattern, line)
        if found:
            return zh.format(*("、".join(map(_name, group.split(", "))) for group in found.groups()))
    return line


def _name(name: str) -> str:
    if name in STYLE_NAMES_ZH or name in _FIELDS:
        return _FIELDS.get(name) or STYLE_NAMES_ZH[name]
    if name in MOODS or name in INSTRUMENTS:
        return MOODS[name].zh if name in MOODS else INSTRUMENTS[name].zh
    try:
        return Key.parse(name).name_zh if re.match("[A-G][#b]* [a-z]", name) else name
    except InvalidInput:
        return name
