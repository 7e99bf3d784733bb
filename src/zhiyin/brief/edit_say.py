"""What a step of an edit says of itself, in English and Chinese: what, by how much, which bars, which parts.

Conventions: bars are numbered as people do (a pick-up is 0); parts go by name.
This module decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from zhiyin.brief.edit_orders import order_of
from zhiyin.brief.edit_plan import EditStep, Outline
from zhiyin.theory.instruments import INSTRUMENTS
from zhiyin.theory.key import Key
from zhiyin.theory.moods import MOODS
from zhiyin.theory.style_words import STYLE_NAMES_ZH

_WAY_EN = {1: "up", -1: "down", 0: ""}
_WAY_ZH = {1: "上", -1: "下", 0: ""}
_FIXED = {
    "drop": ("drop", "去掉"), "mute": ("silence", "静音"), "swing": ("swing the eighths", "八分音符摇摆"),
    "reharmonise": ("write new chords", "重配和声"), "delete": ("delete", "删去"), "repeat": ("repeat", "重复"),
    "swap": ("swap", "互换"),
}  # fmt: skip
_MUCH_EN = {0.5: "a little ", 1.0: "", 2.0: "much "}
_MUCH_ZH = {0.5: "稍微", 1.0: "", 2.0: "大幅"}
_GRADES = {
    ("density", 1): ("busier", "更密"), ("density", -1): ("simpler", "更简单"), ("colour", 1): ("brighter", "更明亮"),
    ("colour", -1): ("darker", "更暗"), ("syncopation", 1): ("more syncopated", "切分更多"),
    ("syncopation", -1): ("less syncopated", "切分更少"), ("rhythm", 1): ("a busier rhythm", "节奏更复杂"),
    ("rhythm", -1): ("a simpler rhythm", "节奏更简单"), ("harmony", 1): ("richer harmony", "和声更丰富"),
    ("harmony", -1): ("simpler harmony", "和声更简单"),
}  # fmt: skip
_ASPECTS = {"all": ("all of it", "整体"), "rhythm": ("the rhythm", "节奏"), "pitch": ("the pitches", "音高"),
            "harmony": ("the harmony", "和声"), "ornament": ("ornaments", "装饰音")}  # fmt: skip
_CADENCES = {"authentic": "完全终止", "plagal": "变格终止", "half": "半终止", "deceptive": "阻碍终止"}
_UNITS = {"semitones": ("semitones", "个半音"), "steps": ("steps of the scale", "个音级"), "bars": ("bars", "小节"),
          "seconds": ("seconds", "秒")}  # fmt: skip
Said = tuple[str, str]


def with_texts(step: EditStep, outline: Outline) -> EditStep:
    """Return the step with its sentences in both languages and the order for its act, if it needs one."""
    what_en, what_zh = _what(step, outline)
    english = f"{what_en}: {_bars(step, outline, 0)}, {_parts(step, outline, 0)}"
    chinese = f"{what_zh}：{_bars(step, outline, 1)}，{_parts(step, outline, 1)}"
    return replace(step, text_en=english, text_zh=chinese, order=order_of(step))


def _what(step: EditStep, outline: Outline) -> Said:
    if step.kind in _FIXED and step.kind != "repeat":
        return _FIXED[step.kind]
    if (step.kind, step.direction) in _GRADES:
        en, zh = _GRADES[step.kind, step.direction]
        return f"write again, {_MUCH_EN[step.amount]}{en}", f"重写：{_MUCH_ZH[step.amount]}{zh}"
    return _SAYERS[step.kind](step, outline)


def _moved(step: EditStep, outline: Outline) -> Said:
    if step.unit == "key":
        return f"transpose to {step.value}", f"移到{Key.parse(str(step.value)).name_zh}"
    en, zh = _UNITS[step.unit]
    size = abs(int(str(step.value)))
    one = en.replace("semitones", "semitone").replace("steps", "step") if size == 1 else en
    return f"move {_WAY_EN[step.direction]} by {size} {one}", f"往{_WAY_ZH[step.direction]}移{size}{zh}"


def _tempo(step: EditStep, outline: Outline) -> Said:
    if step.unit == "bpm":
        return f"tempo {step.value} BPM", f"速度每分钟{step.value}拍"
    now = outline.tempo_bpm * float(str(step.value))
    told = f"{float(str(step.value)):g}"
    if step.kind == "tempo_curve":
        word = ("speed up", "渐快") if step.direction > 0 else ("slow down", "渐慢")
        return f"{word[0]} by and by to {told} of the tempo", f"{word[1]}到原速的{told}倍"
    return f"tempo times {told} (at the start: {now:g} BPM)", f"速度乘以{told}（开头每分钟{now:g}拍）"


def _loud(step: EditStep, outline: Outline) -> Said:
    if step.unit == "level":
        return f"play {step.value}", f"力度改为{step.value}"
    if step.unit == "factor":
        return f"loudness times {step.value}", f"力度乘以{step.value}"
    word = ("louder", "更响") if step.direction > 0 else ("softer", "更轻")
    size = abs(int(str(step.value)))
    if step.kind == "swell":
        swell = ("crescendo", "渐强") if step.direction > 0 else ("diminuendo", "渐弱")
        return f"{swell[0]}, velocity by {size} at the end", f"{swell[1]}，末尾力度变化{size}"
    return f"{word[0]}, velocity by {size}", f"{word[1]}，力度变化{size}"


def _player(step: EditStep, outline: Outline) -> Said:
    if step.unit != "instrument":
        return _doubled(step)
    name, zh = str(step.value), INSTRUMENTS[str(step.value)].zh
    return {
        "instrument": (f"give to the {name}", f"交给{zh}"), "double": (f"double with the {name}", f"用{zh}重叠"),
        "add": (f"add a part for the {name}", f"加一个{zh}声部"),
    }[step.kind]  # fmt: skip


def _against(step: EditStep, outline: Outline) -> Said:
    if step.value is None:
        return "write a line against", "写一条对位旋律，对"
    return (
        f"write a line for the {step.value} against",
        f"为{INSTRUMENTS[str(step.value)].zh}写一条对位旋律，对",
    )


def _doubled(step: EditStep) -> Said:
    en, zh = _UNITS[step.unit]
    size = abs(int(str(step.value)))
    side = ("above", "上方") if step.direction > 0 else ("below", "下方")
    return f"add the same line {size} {en} {side[0]}", f"在{side[1]}{size}{zh}处重叠"


def _named(step: EditStep, outline: Outline) -> Said:
    value = str(step.value)
    if step.kind == "mood":
        return (
            f"write again, {_MUCH_EN[step.amount]}more {value}",
            f"重写：{_MUCH_ZH[step.amount]}更{MOODS[value].zh}",
        )
    if step.kind == "style":
        return f"write again in the style {value}", f"改写成{STYLE_NAMES_ZH.get(value, value)}风格"
    if step.kind == "mode":
        return f"change the mode to {value}", f"改为{Key(0, value).name_zh[1:]}"
    if step.kind == "metre":
        return f"change the metre to {value}", f"拍号改为{value}"
    return f"play {value}", "断奏" if value == "staccato" else "连奏"


def _form(step: EditStep, outline: Outline) -> Said:
    value, place = step.value, _place(step, outline)
    return {
        "repeat": (f"repeat {value} more time{'s' if value != 1 else ''}", f"再重复{value}次"),
        "insert": (f"insert {value} empty bars {place[0]}", f"{place[1]}插入{value}个空小节"),
        "copy": (f"copy {place[0]}", f"复制到{place[1]}"),
        "move": (f"move {place[0]}", f"移到{place[1]}"),
        "continue": (f"write on for {value} {step.unit}", f"续写{value}{_UNITS.get(step.unit, ('', ''))[1]}"),
        "extend": (f"bring the piece to {value} {step.unit}", f"全曲改为{value}{_UNITS.get(step.unit, ('', ''))[1]}"),
        "ending": (f"write a new ending with a {value} cadence", f"重写结尾，用{_CADENCES.get(str(value), value)}"),
    }[step.kind]  # fmt: skip


def _place(step: EditStep, outline: Outline) -> Said:
    if step.at is None or step.at >= outline.bars:
        return "at the end", "结尾"
    name = outline.bar_name(step.at)
    return f"before bar {name}", f"第{name}小节前"


def _feel(step: EditStep, outline: Outline) -> Said:
    if step.kind == "quantise":
        return f"quantise to notes of 1/{step.value}", f"量化到{step.value}分音符"
    if step.kind == "humanise":
        return f"play {_MUCH_EN[step.amount]}more freely", f"{_MUCH_ZH[step.amount]}更自然地演奏"
    en, zh = _ASPECTS[step.unit]
    return f"vary {en}, distance {step.value}", f"变奏{zh}，距离{step.value}"


_SAYERS: dict[str, Callable[[EditStep, Outline], Said]] = {
    "transpose": _moved, "register": _moved, "tempo": _tempo, "tempo_curve": _tempo, "loudness": _loud, "swell": _loud,
    "instrument": _player, "double": _player, "add": _player, "mood": _named, "style": _named, "mode": _named,
    "metre": _named, "articulation": _named, "repeat": _form, "insert": _form, "copy": _form, "move": _form,
    "continue": _form, "extend": _form, "ending": _form, "quantise": _feel, "humanise": _feel, "vary": _feel,
    "counterpoint": _against, "thirds": lambda step, outline: _doubled(step),
}  # fmt: skip


def _bars(step: EditStep, outline: Outline, lang: int) -> str:
    if step.bars == outline.whole:
        return ("all bars", "全曲")[lang]
    spans = ["-".join(dict.fromkeys((outline.bar_name(a), outline.bar_name(b)))) for a, b in step.bars]
    if lang:
        return f"第{'、'.join(spans)}小节"
    is_one = len(step.bars) == 1 and step.bars[0][0] == step.bars[0][1]
    return f"{'bar' if is_one else 'bars'} {', '.join(spans)}"


def _parts(step: EditStep, outline: Outline, lang: int) -> str:
    if step.kind == "add":
        return ("a new part", "新声部")[lang]
    if len(step.parts) == len(outline.parts):
        return ("all parts", "所有声部")[lang]
    return (", ", "、")[lang].join(outline.parts[i].name for i in step.parts)
