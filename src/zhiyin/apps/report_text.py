"""The report as Markdown for people, in English or Chinese: a view of the report's plain values.

Conventions: nothing is said here that report.json does not hold; every verdict is shown, kept or not.
This module measures nothing: see `zhiyin.apps.report`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from zhiyin.apps.beats_ import beats_lines
from zhiyin.theory.instruments import INSTRUMENTS
from zhiyin.theory.key import MODE_FIFTHS, Key
from zhiyin.theory.moods import MOODS
from zhiyin.theory.style_words import STYLE_NAMES_ZH

# key: (English, Chinese)
REPORT_WORDS: dict[str, tuple[str, str]] = {
    "untitled": ("Untitled", "无题"),
    "made_by": ("Written by Zhiyin {version}, seed {seed}.", "知音 {version} 作，种子 {seed}。"),
    "asked": ("What was asked", "你的要求"),
    "continues": ("`{verb}` on `{source}`.", "对 `{source}` 所做：`{verb}`。"),
    "warnings": ("While reading: {text}", "读入时：{text}"),
    "lost": ("Not in this format: {text}", "此格式存不下：{text}"), "left_out": ("Left out: {text}", "未写出：{text}"),
    "reasons": ("What was done, read off the notes:", "做了什么（由音符分析得出）："),
    "ranking": ("The takes, best first:", "各版本，从好到次："),
    "ranked": (
        "take {take}: distance {distance:.2f} from people's music", "第 {take} 版：与人写的音乐相距 {distance:.2f}",
    ),
    "words": ("words", "原话"), "as": ("understood as", "理解为"), "value": ("value", "值"),
    "not": ("not {what}", "不要 {what}"),
    "unknown": ("Not understood: {words}.", "没有听懂：{words}。"),
    "all_known": ("Every word that carries meaning was understood.", "有意义的词都听懂了。"),
    "conflict": ("Contradiction: {text}.", "矛盾：{text}。"),
    "default": ("Taken: {text}.", "取定：{text}。"),
    "options": ("Options: {options}.", "选项：{options}。"),
    "plan": ("The plan", "规划"),
    "style": ("style", "风格"), "moods": ("mood", "情绪"), "key": ("key", "调"), "metre": ("metre", "拍号"),
    "tempo": ("tempo", "速度"), "length": ("length", "长度"), "players": ("players", "演奏"), "form": ("form", "曲式"),
    "quarters": (" (counting quarter notes)", "（按四分音符计）"),
    "length_value": ("{bars} bars, {seconds:.1f} s", "{bars} 小节，{seconds:.1f} 秒"),
    "section": ("{name} (bars {first}-{last})", "{name}（{first}–{last} 小节）"),
    "section_like": (
        "{name} (bars {first}-{last}, like section {like})", "{name}（{first}–{last} 小节，同第 {like} 段）",
    ),
    "decisions": ("Decided where you left it open:", "你没有说、由知音取定的："),
    "chords": ("Chords, a bar each:", "和弦，每格一小节："),
    "take": ("Take {number}", "版本 {number}"), "result": ("The result", "结果"),
    "numbers": (
        "{notes} notes in {bars} bars, {seconds:.1f} s; {kept} of {all} wishes kept.",
        "{bars} 小节 {notes} 个音，{seconds:.1f} 秒；{all} 条愿望做到 {kept} 条。",
    ),
    "wish": ("wish", "愿望"), "kept": ("kept", "做到"), "measured": ("measured", "实测"), "where": ("where", "何处"),
    "yes": ("yes", "是"), "no": ("NO", "否"), "hard": ("must", "必须"), "soft": ("may", "尽量"),
    "sound": (
        "Sound: {seconds:.1f} s at {lufs:.1f} LUFS, peak {peak_dbfs:.1f} dBFS, played by {bank}.",
        "声音：{seconds:.1f} 秒，{lufs:.1f} LUFS，峰值 {peak_dbfs:.1f} dBFS，音色 {bank}。",
    ),
    "no_sound": ("No sound was asked for.", "没有要求声音。"),
    "files": ("Files: {files}.", "文件：{files}。"),
    "model": ("The model and what it learned from", "模型与它学习的材料"),
    "nobody": ("Nobody wrote anything: what is here is what stood there before.", "没有改写任何内容：与原来一样。"),
    "model_value": ("Model {name}, checkpoint {digest}.", "模型 {name}，权重 {digest}。"),
    "no_card": ("The checkpoint's card names no training data.", "权重的说明里没有写训练材料。"),
    "set": ("data set", "数据集"), "licence": ("licence", "许可"), "attribution": ("attribution", "署名"),
    "pieces": ("pieces", "曲数"),
    "yours": ("What you write with Zhiyin is yours.", "你用知音写出的作品归你所有。"),
}  # fmt: skip
_WISH_NAMES: dict[str, tuple[str, str]] = {
    "style": ("style", "风格"), "moods": ("mood", "情绪"), "mood": ("mood", "情绪"), "hint": ("scene", "意境"),
    "avoid_moods": ("mood avoided", "避免的情绪"), "tempo_bpm": ("tempo", "速度"), "tempo_word": ("tempo", "速度"),
    "key": ("key", "调"), "mode": ("mode", "调式"), "metre": ("metre", "拍号"), "bars": ("bars", "小节数"),
    "seconds": ("seconds", "秒数"), "players": ("players", "演奏"), "instrument": ("player", "乐器"),
    "excluded": ("players excluded", "不要的乐器"), "chords": ("chords", "和弦"), "form": ("form", "曲式"),
    "section": ("section", "段落"), "density": ("density", "疏密"), "polyphony": ("notes at once", "同时音数"),
    "texture": ("texture", "织体"), "title": ("title", "标题"), "tempo_range": ("tempo", "速度"),
    "avoid_styles": ("styles not wanted", "不要的风格"), "dynamics": ("dynamics", "力度"), "decade": ("decade", "年代"),
    "is_loop": ("loop", "循环"), "without_sections": ("sections not wanted", "不要的段落"),
    "section_bars": ("bars of a section", "段落小节数"),
}  # fmt: skip
ROLE_NAMES_ZH: dict[str, str] = {
    "melody": "旋律", "chords": "和弦", "accompaniment": "伴奏", "bass": "低音", "drums": "鼓", "inner": "内声部",
    "unknown": "未定",
}  # fmt: skip
_CHORDS_A_LINE = 8


def wish_name(name: str, lang: str) -> str:
    """Return a wish's or a span's name for people.

    >>> wish_name("tempo_bpm", "zh")
    '速度'
    """
    return _WISH_NAMES[name][lang == "zh"] if name in _WISH_NAMES else name


def value_words(value: Any, lang: str) -> str:
    """Return a wish's value for people: lists joined, instruments, moods and styles in the language.

    >>> value_words(["piano", "cello"], "zh"), value_words("Bb major", "zh")
    ('钢琴、大提琴', '降B大调')
    """
    if isinstance(value, list):
        return ("、" if lang == "zh" else ", ").join(value_words(item, lang) for item in value)
    if lang == "zh" and isinstance(value, str):
        return _name_zh(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _name_zh(name: str) -> str:
    """Return the Chinese name of an instrument, a mood, a style or a key; the name itself where there is none."""
    if name in INSTRUMENTS:
        return INSTRUMENTS[name].zh
    if name in MOODS:
        return MOODS[name].zh
    tonic, _, mode = name.partition(" ")
    if mode in MODE_FIFTHS and re.fullmatch("[A-G][#b]*", tonic):
        return Key.parse(name).name_zh
    return STYLE_NAMES_ZH.get(name, name)


def digest_words(digest: str) -> str:
    """Return the digests of weights as they are shown, all of one length.

    >>> digest_words("0123456789abcdef + 0123456789ab")
    '0123456789ab + 0123456789ab'
    """
    return re.sub(r"\b([0-9a-f]{12})[0-9a-f]+\b", r"\1", digest)


def player_words(players: list[dict[str, Any]], lang: str) -> str:
    """Return who plays what for people; the two hands of one player are named together.

    >>> player_words([{"instrument": "cello", "role": "bass"}], "zh")
    '大提琴（低音）'
    """
    roles: dict[str, list[str]] = {}
    for player in players:
        roles.setdefault(player["instrument"], []).append(player["role"])
    if lang == "zh":
        return "、".join(
            f"{value_words(name, lang)}（{'、'.join(ROLE_NAMES_ZH[r] for r in dict.fromkeys(own))}）"
            for name, own in roles.items()
        )
    return ", ".join(f"{name} ({', '.join(dict.fromkeys(own))})" for name, own in roles.items())


def said_lines(tree: dict[str, Any], lang: str) -> Iterator[str]:
    """Return a line for each thing that was read otherwise, lost in writing or left out, and each notice."""
    for key in ("warnings", "lost", "left_out"):
        yield from (f"- {REPORT_WORDS[key][lang == 'zh'].format(text=text)}" for text in tree[key])
    yield from (f"- {notice['zh' if lang == 'zh' else 'en']}" for notice in tree.get("notices", ()))


def report_text(tree: dict[str, Any], *, lang: str) -> str:
    """Return the Markdown of a report's plain values."""
    writer = _Writer(tree, lang)
    return "\n".join(writer.lines()) + "\n"


class _Writer:
    """Writes one report in one language."""

    def __init__(self, tree: dict[str, Any], lang: str) -> None:
        self.tree, self.lang = tree, lang

    def say(self, key: str, **values: Any) -> str:
        return REPORT_WORDS[key][self.lang == "zh"].format(**values)

    def lines(self) -> Iterator[str]:
        yield f"# {self.tree['title'] or self.say('untitled')}"
        yield ""
        yield self.say("made_by", version=self.tree["zhiyin"], seed=self.tree["seed"])
        if self.tree["source"]:
            yield ""
            yield self.say("continues", source=self.tree["source"], verb=self.tree["verb"])
            yield from said_lines(self.tree, self.lang)
            yield from beats_lines(self.tree.get("beats"), self.lang)
        if self.tree["asked"]:
            yield from self.asked(self.tree["asked"])
        if self.tree["plan"]:
            yield from self.plan(self.tree["plan"])
        if self.tree["ranking"]:
            yield from ("", self.say("ranking"), "")
            yield from (
                f"{place}. {self.ranked(one)}" for place, one in enumerate(self.tree["ranking"], start=1)
            )
        for take in self.tree["takes"]:
            yield from self.take(take)
        yield from self.model()

    def ranked(self, one: dict[str, Any]) -> str:
        told = [self.say("ranked", **one), *(r[self.lang] for r in (*one["faults"], *one["reasons"]))]
        return ("；" if self.lang == "zh" else "; ").join(told)

    def asked(self, asked: dict[str, Any]) -> Iterator[str]:
        yield from ("", f"## {self.say('asked')}", "")
        if asked["text"]:
            yield from (f"> {line}" for line in asked["text"].splitlines())
            yield ""
            yield from self.table(("words", "as", "value"), (
                (span["text"], wish_name(span["field"], self.lang), self.wanted(span)) for span in asked["understood"]
            ))  # fmt: skip
            yield ""
            unknown = value_words(asked["not_understood"], self.lang)
            yield self.say("unknown", words=unknown) if unknown else self.say("all_known")
        notes = [("conflict", text) for text in asked["conflicts"]] + [
            ("default", t) for t in asked["defaults"]
        ]
        from zhiyin.apps.brief_ import told_in  # here: help must not wait for numpy

        for key, text in notes:
            yield from ("", self.say(key, text=told_in(text, self.lang)))
        if asked["options"]:
            told = [
                f"{wish_name(k, self.lang)} {value_words(v, self.lang)}" for k, v in asked["options"].items()
            ]
            yield from ("", self.say("options", options="; ".join(told)))

    def wanted(self, span: dict[str, Any]) -> str:
        told = value_words(span["value"], self.lang)
        return self.say("not", what=told) if span["is_negated"] else told

    def plan(self, plan: dict[str, Any]) -> Iterator[str]:
        from zhiyin.theory.metre import Metre  # here: help must not wait for numpy

        yield from ("", f"## {self.say('plan')}", "")
        yield f"- {self.say('style')}: {value_words(plan['variant'] or plan['style'], self.lang)}"
        if plan["moods"]:
            yield f"- {self.say('moods')}: {value_words(plan['moods'], self.lang)}"
        yield f"- {self.say('key')}: {plan['key_zh' if self.lang == 'zh' else 'key']}"
        yield f"- {self.say('metre')}: {plan['metre']}"
        told = self.say("quarters") if Metre.parse(plan["metre"]).is_compound else ""
        yield f"- {self.say('tempo')}: {plan['tempo_bpm']:g} BPM{told}"
        yield f"- {self.say('length')}: {self.say('length_value', bars=plan['bars'], seconds=plan['seconds'])}"
        yield f"- {self.say('players')}: {player_words(plan['players'], self.lang)}"
        yield f"- {self.say('form')}: " + ("、" if self.lang == "zh" else ", ").join(
            self.section(section) for section in plan["sections"]
        )
        if any(player["role"] != "drums" for player in plan["players"]):
            yield from self.chords(plan)
        if plan["decisions"]:
            yield from ("", self.say("decisions"), "")
            yield from (f"- {decision[self.lang]}" for decision in plan["decisions"])

    def chords(self, plan: dict[str, Any]) -> Iterator[str]:
        yield from ("", self.say("chords"), "", "```text")
        for start in range(0, plan["bars"], _CHORDS_A_LINE):
            yield f"{start + 1:>4} | " + " | ".join(plan["chords"][start : start + _CHORDS_A_LINE]) + " |"
        yield "```"

    def section(self, section: dict[str, Any]) -> str:
        first, last = section["first_bar"], section["first_bar"] + section["bars"] - 1
        key = "section_like" if section["like"] else "section"
        return self.say(key, name=section["name"], first=first, last=last, like=section["like"])

    def take(self, take: dict[str, Any]) -> Iterator[str]:
        several = len(self.tree["takes"]) > 1
        yield from (
            "",
            f"## {self.say('take', number=take['number']) if several else self.say('result')}",
            "",
        )
        verdicts = take["verdicts"]
        yield self.say("numbers", **take | {"all": len(verdicts)})
        yield ""
        if take["choice"]:
            yield from (take["choice"]["text_zh" if self.lang == "zh" else "text_en"], "")
        if take["reasons"]:
            yield from (
                self.say("reasons"),
                "",
                *(f"- {reason[self.lang]}" for reason in take["reasons"]),
                "",
            )
        yield from self.table(("wish", "hard", "kept", "measured", "where"), (
            (v["text_zh" if self.lang == "zh" else "text_en"], self.say("hard" if v["is_hard"] else "soft"),
             self.say("yes" if v["kept"] else "no"), v["measured"], v["where"]) for v in verdicts
        ))  # fmt: skip
        yield ""
        yield self.say("sound", **take["sound"]) if take["sound"] else self.say("no_sound")
        yield ""
        yield self.say("files", files=", ".join(f"[{n.rsplit('/', 1)[-1]}]({n})" for n in take["files"]))

    def model(self) -> Iterator[str]:
        yield from ("", f"## {self.say('model')}", "")
        model, learned = self.tree["model"], self.tree["learned_from"]
        if not model["name"]:
            yield from (self.say("nobody"), "", self.say("yours"))
            return
        yield from (self.say("model_value", **model | {"digest": digest_words(model["digest"])}), "")
        if learned:
            yield from self.table(("set", "licence", "pieces", "attribution"), (
                (one["title"], one["licence"], one["pieces"], one["attribution"]) for one in learned
            ))  # fmt: skip
        else:
            yield self.say("no_card")
        yield from ("", self.say("yours"))

    def table(self, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
        names = [self.say(head) for head in heads]
        yield "| " + " | ".join(names) + " |"
        yield "|" + "---|" * len(names)
        for row in rows:
            yield "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
