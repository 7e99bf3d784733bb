# ruff: noqa: E501 - word tables keep one row a line
"""What a reading of a sentence says, in words for people, Chinese or English.

Conventions: a row is (name, value); what is wrong or open is a line.
This module reads nothing: see `zhiyin.brief`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from zhiyin.brief import Brief
from zhiyin.brief.said import parsed_of
from zhiyin.brief.said_zh import flag_words, problem_in_chinese
from zhiyin.brief.words_players import finer_players
from zhiyin.brief.words_styles import finer_styles
from zhiyin.theory.instruments import INSTRUMENTS
from zhiyin.theory.moods import MOODS
from zhiyin.theory.style_words import STYLE_NAMES_ZH
from zhiyin.theory.usages import USAGES


def problem_lines(brief: Brief, lang: str) -> list[str]:
    """Return what is wrong with a sentence, what it may not ask for and what should be asked back, in a language."""
    lines = [
        problem_in_chinese(one.code, one.message) if lang == "zh" else one.message for one in brief.errors
    ]
    lines += [flag_words(flag, lang=lang) for flag in brief.flags]
    if brief.reason == "not_music":
        lines.append("这不像是要一段音乐" if lang == "zh" else "this does not ask for music")
    if brief.language and brief.language not in ("zh", "en", "mixed"):
        lines.append(
            f"只懂中文和英文，这段是 {brief.language}：只读出了数字" if lang == "zh"
            else f"only Chinese and English are understood, this is {brief.language}: numbers were read all the same"
        )  # fmt: skip
    asked = "{0}没有单位：是每分钟的拍数吗？"
    lines += [asked.format(line.split(" ")[0]) if lang == "zh" else line for line in brief.questions]
    return lines


# A field of what is said: its name in English and Chinese.
_SAID_NAMES: dict[str, tuple[str, str]] = {
    "kind": ("kind", "类别"), "styles": ("style", "风格"), "exclude_styles": ("no style", "不要的风格"), "moods": ("mood", "情绪"),
    "valence": ("valence", "效价"), "arousal": ("arousal", "唤醒"), "changes": ("on the way", "途中变化"), "tempo": ("tempo", "速度"),
    "tempo_scale": ("tempo times", "速度倍数"), "transpose": ("transpose", "移调"), "key": ("key", "调"), "metre": ("metre", "拍号"),
    "duration_s": ("seconds", "秒数"), "bars": ("bars", "小节数"), "hits": ("hits at", "卡点"), "instruments": ("players", "乐器"),
    "structure": ("form", "段落"), "exclude_sections": ("no section", "不要的段落"), "dynamics": ("dynamics", "力度"),
    "register": ("register", "音区"), "density": ("density", "疏密"), "loopable": ("loop", "循环"), "ending": ("ending", "结尾"),
    "usage": ("use", "用途"), "vocals": ("voice", "人声"), "fx": ("effects", "音效"), "exclude_fx": ("no effects", "不要的音效"),
    "era": ("era", "年代"), "references": ("names", "提到"), "theme": ("theme", "意境"), "chords": ("chords", "和弦"), "title": ("title", "标题"),
}  # fmt: skip


def said_rows(brief: Brief, lang: str) -> list[tuple[str, str]]:
    """Return what a sentence says as (name, value) rows for people, in a language (zh or en)."""
    tree = parsed_of(brief.said) | ({"kind": "edit"} if brief.kind == "edit" else {})
    return [
        (_SAID_NAMES[name][lang == "zh"], _row_words(value, lang))
        for name, value in tree.items()
        if name in _SAID_NAMES
    ]


_PART_WORDS = {
    "want": "", "include": "", "avoid": "不要", "exclude": "不要", "optional": "可有可无", "value": "", "min": "至少", "max": "至多",
    "approx": "左右", "only": "只要这些", "beat_unit": "以", "quarter_bpm": "四分音符", "tonic": "主音", "mode": "调式",
    "not_mode": "不要", "present": "", "gender": "", "at_s": "第几秒", "at": "在", "at_bar": "第几小节", "at_frac": "全曲的",
    "mood": "", "arousal": "唤醒", "how": "", "tempo": "速度", "dynamics": "力度", "semitones": "半音", "not": "不要", "style": "",
}  # fmt: skip


def _row_words(value: Any, lang: str) -> str:
    """Return a value of what is said as words: lists joined, parts named."""
    comma = "、" if lang == "zh" else ", "
    if isinstance(value, list):
        return comma.join(_row_words(item, lang) for item in value)
    if isinstance(value, dict) and {"at_s", "at_bar", "at_frac", "at"} & set(value):
        return _turn_words(value, lang)
    if isinstance(value, dict):
        parts = []
        for name, part in value.items():
            if part in (None, [], False):
                parts += ["无" if lang == "zh" else "none"] if name == "present" else []
                continue
            head = _PART_WORDS.get(name, name) if lang == "zh" else name.replace("_", " ")
            if name in ("want", "include", "value", "present", "gender", "mood"):
                head = ""
            words = "" if part is True and name != "present" else _row_words(part, lang)
            parts.append(f"{head} {words}".strip())
        return ("；" if lang == "zh" else "; ").join(part for part in parts if part)
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, str) and lang == "zh":
        return _name_zh(value)
    return "-" if value is None else str(value).replace("_", " ") if isinstance(value, str) else f"{value:g}"


_PLACES = {
    "at_s": ("from {0:g} s", "{0:g}秒起"),
    "at_bar": ("from bar {0:g}", "第{0:g}小节起"),
    "at_frac": ("from {0:.0%} of it", "全曲{0:.0%}处起"),
}


def _turn_words(turn: dict[str, Any], lang: str) -> str:
    """Return a turn as words: where, how, and what holds from there."""
    is_zh = lang == "zh"
    place = next((name for name in _PLACES if name in turn), None)
    where = (
        ("结尾" if is_zh else "at the end") if place is None else _PLACES[place][is_zh].format(turn[place])
    )
    parts = [_row_words(turn[name], lang) for name in ("how", "mood", "tempo", "dynamics") if name in turn]
    if "arousal" in turn:
        parts.append(("唤醒" if is_zh else "arousal ") + _row_words(turn["arousal"], lang))
    return f"{where}{'：' if is_zh else ': '}{' '.join(parts)}"


def _name_zh(name: str) -> str:
    """Return a name of what is said in Chinese; the name itself where there is none."""
    plain_name = name.replace("_", "-")
    if name in USAGES:
        return USAGES[name].zh
    if name in MOODS:
        return MOODS[name].zh
    if plain_name in INSTRUMENTS:
        return INSTRUMENTS[plain_name].zh
    if plain_name in STYLE_NAMES_ZH:
        return STYLE_NAMES_ZH[plain_name]
    words = {"neg": "负", "pos": "正", "neutral": "中", "low": "低", "mid": "中", "high": "高", "end": "结尾", "gradual": "逐渐",
             "sudden": "突然", "edit": "修改", "fade_out": "淡出", "abrupt": "突然结束", "ritardando": "渐慢", "resolved": "圆满",
             "open": "开放", "soft": "弱", "loud": "强", "crescendo": "渐强", "diminuendo": "渐弱", "sparse": "稀疏", "dense": "密集",
             "female": "女声", "male": "男声", "child": "童声", "faster": "渐快", "slower": "渐慢", "middle": "中"}  # fmt: skip
    return words.get(name) or zh_word(name) or name


@cache
def _zh_words() -> dict[str, str]:
    table: dict[str, str] = {}
    for words in (finer_players(), finer_styles()):
        for word, (said, _) in words.items():
            if not word.isascii():
                table.setdefault(said, word)
    return table


def zh_word(name: str) -> str:
    """Return the first Chinese word for a finer name of a player or a style, "" where there is none.

    >>> zh_word("salsa")
    '萨尔萨'
    """
    return _zh_words().get(name, "")
