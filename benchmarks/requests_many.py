"""Measures whether 300 requests out of a grammar keep their key, tempo, metre, bars and players, one try each.

Conventions: requests are drawn from the seed alone, half Chinese, half English, over all styles; what is asked is
known from the grammar, never from our reader; checked from the MIDI file alone. Does not know: how wishes are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from benchmarks.requests import Asking, Outcome, shares, takes, write_takes
from benchmarks.runner import BenchmarkError, Context, Result

COUNT = 100  # a grammar seed
SEEDS = (11, 12, 13)  # of the grammar; other than 0, for which requests.py also plays the take
HARD = ("key", "tempo", "metre", "bars", "players")
BARS = (4, 4, 8, 8, 8, 12, 16, 16, 16, 20, 24, 32, 48, 64)
COMMON, TRIPLE, ANY = ("4/4",), ("3/4",), ("4/4", "3/4", "2/4", "6/8")


class Manner(NamedTuple):
    """A style as it is said, the metres it may have, players who must be there, and whether others may join."""

    en: str
    zh: str
    metres: tuple[str, ...] = ANY
    must: tuple[str, ...] = ()
    is_open: bool = True
    modes: tuple[str, ...] = ("major", "minor")


STRINGS = ("violin", "violin", "viola", "cello")
SATB = ("soprano", "alto", "tenor", "bass voice")
MANNERS: dict[str, Manner] = {
    "chorale": Manner("chorale", "众赞歌", ("4/4", "3/4"), SATB, is_open=False),
    "hymn": Manner("hymn", "赞美诗", ("4/4", "3/4")),
    "art-song": Manner("art song", "艺术歌曲", ANY, ("voice", "piano"), is_open=False),
    "romantic-piano": Manner("romantic piano piece", "浪漫派钢琴曲", ANY, ("piano",), is_open=False),
    "waltz": Manner("waltz", "圆舞曲", TRIPLE),
    "mazurka": Manner("mazurka", "玛祖卡", TRIPLE, ("piano",)),
    "polonaise": Manner("polonaise", "波兰舞曲", TRIPLE, ("piano",)),
    "string-quartet": Manner("string quartet", "弦乐四重奏", ANY, STRINGS, is_open=False),
    "orchestral": Manner("orchestral piece", "管弦乐曲"),
    "choir": Manner("choral piece", "合唱曲", ("4/4", "3/4"), SATB, is_open=False),
    "folk": Manner("folk tune", "民谣"),
    "pop": Manner("pop song", "流行歌曲", COMMON),
    "rock": Manner("rock song", "摇滚乐", COMMON),
    "jazz": Manner("jazz piece", "爵士乐", ("4/4", "3/4")),
    "chinese": Manner("Chinese style piece", "中国风的曲子", ("4/4", "2/4"), modes=("gong", "yu", "zhi")),
    "ambient": Manner("ambient piece", "氛围音乐", ("4/4", "3/4")),
    "march": Manner("march", "进行曲", ("4/4", "2/4")),
    "ragtime": Manner("ragtime", "拉格泰姆", ("2/4", "4/4"), ("piano",)),
    "baroque": Manner("baroque piece", "巴洛克风格的曲子"),
    "classical": Manner("classical piece", "古典音乐"),
    "game": Manner("video game tune", "游戏音乐"),
    "minuet": Manner("minuet", "小步舞曲", TRIPLE),
    "nocturne": Manner("nocturne", "夜曲", ("4/4", "6/8"), ("piano",)),
    "lullaby": Manner("lullaby", "摇篮曲", ("6/8", "3/4")),
    "tango": Manner("tango", "探戈", ("4/4", "2/4")),
    "funk": Manner("funk tune", "放克音乐", COMMON),
    "soul": Manner("soul song", "灵魂乐", COMMON),
    "swing": Manner("swing tune", "摇摆乐", COMMON),
    "bossa-nova": Manner("bossa nova", "波萨诺瓦", COMMON),
    "reggae": Manner("reggae tune", "雷鬼音乐", COMMON),
    "house": Manner("house track", "浩室音乐", COMMON),
    "techno": Manner("techno track", "科技舞曲", COMMON),
    "trap": Manner("trap beat", "陷阱音乐", COMMON),
    "lofi": Manner("lo-fi track", "低保真音乐", COMMON),
    "synthwave": Manner("synthwave track", "合成器浪潮", COMMON),
    "cinematic": Manner("cinematic piece", "史诗影视音乐"),
    "chiptune": Manner("chiptune", "芯片音乐", COMMON),
}
PLAYERS: dict[str, tuple[str, str]] = {
    "piano": ("piano", "钢琴"), "harpsichord": ("harpsichord", "羽管键琴"), "organ": ("organ", "管风琴"),
    "accordion": ("accordion", "手风琴"), "guitar": ("guitar", "吉他"),
    "electric guitar": ("electric guitar", "电吉他"), "bass guitar": ("bass guitar", "贝斯"),
    "double bass": ("double bass", "低音提琴"), "violin": ("violin", "小提琴"), "viola": ("viola", "中提琴"),
    "cello": ("cello", "大提琴"), "harp": ("harp", "竖琴"), "voice": ("voice", "人声"),
    "trumpet": ("trumpet", "小号"), "trombone": ("trombone", "长号"), "french horn": ("french horn", "圆号"),
    "tenor sax": ("tenor sax", "次中音萨克斯"), "oboe": ("oboe", "双簧管"), "clarinet": ("clarinet", "单簧管"),
    "flute": ("flute", "长笛"), "dizi": ("dizi", "竹笛"), "pipa": ("pipa", "琵琶"), "guzheng": ("guzheng", "古筝"),
    "erhu": ("erhu", "二胡"), "vibraphone": ("vibraphone", "颤音琴"), "drums": ("drums", "鼓"),
    "soprano": ("soprano", "女高音"), "alto": ("alto", "女低音"), "tenor": ("tenor", "男高音"),
    "bass voice": ("bass voice", "男低音"),
}  # fmt: skip
FREE = tuple(name for name in PLAYERS if name not in SATB)
TONICS = ("C", "D", "E", "F", "G", "A", "Bb", "Eb", "F#", "B")
MODES_ZH = {"major": "大调", "minor": "小调", "gong": "宫调", "yu": "羽调", "zhi": "徵调"}
MOODS = (
    ("cheerful", "欢快的"), ("sad", "忧伤的"), ("calm", "宁静的"), ("tense", "紧张的"), ("romantic", "浪漫的"), ("", "")
)  # fmt: skip


def draw(seed: int, count: int = COUNT) -> list[Asking]:
    """Return so many requests of a seed, styles in turn, languages by turns of styles."""
    rng = np.random.default_rng(seed)
    names = list(MANNERS)
    return [_asking(index, names[index % len(names)], rng) for index in range(count)]


def _asking(index: int, style: str, rng: np.random.Generator) -> Asking:
    manner = MANNERS[style]
    hard = {
        "tempo": int(rng.integers(25, 91)) * 2,
        "metre": str(rng.choice(manner.metres)),
        "bars": int(rng.choice(BARS)),
        "key": f"{rng.choice(TONICS)} {rng.choice(manner.modes)}",
        "players": _players(manner, rng),
    }
    is_zh = index % 2 == 1  # the number of styles is odd, so each comes in both languages by turns
    text = _chinese(manner, hard, rng) if is_zh else _english(manner, hard, rng)
    return Asking(f"{index:03d}-{style}", "zh" if is_zh else "en", style, text, hard)


def _players(manner: Manner, rng: np.random.Generator) -> list[str]:
    """Return one to six players, those who must be there first."""
    if not manner.is_open:
        return list(manner.must)
    wanted = max(int(rng.integers(1, 7)), len(manner.must))
    others = [name for name in FREE if name not in manner.must]
    return [*manner.must, *rng.choice(others, wanted - len(manner.must), replace=False).tolist()]


def _english(manner: Manner, hard: dict[str, object], rng: np.random.Generator) -> str:
    mood = MOODS[rng.integers(len(MOODS))][0]
    head = " ".join(word for word in ("a", mood, manner.en) if word)
    names = [PLAYERS[name][0] for name in hard["players"]]  # type: ignore[attr-defined]
    players = _joined(_counted(names, "two violins"), " and ")
    parts = [f"in {hard['key']}", f"{hard['metre']} time", f"{hard['bars']} bars", f"{hard['tempo']} BPM"]
    rng.shuffle(parts)
    return ", ".join([f"{head} for {players}", *parts])


def _chinese(manner: Manner, hard: dict[str, object], rng: np.random.Generator) -> str:
    mood = MOODS[rng.integers(len(MOODS))][1]
    names = [PLAYERS[name][1] for name in hard["players"]]  # type: ignore[attr-defined]
    tonic, mode = str(hard["key"]).split(" ")
    sign = {"b": "降", "#": "升"}.get(tonic[1:], "")
    key = f"{sign}{tonic[0]}{MODES_ZH[mode]}"
    parts = [key, f"{hard['metre']}拍", f"{hard['bars']}小节", f"每分钟{hard['tempo']}拍"]
    rng.shuffle(parts)
    return "，".join([f"一首{mood}{manner.zh}", _joined(_counted(names, "两把小提琴"), "和", "、"), *parts])


def _counted(names: list[str], pair: str) -> list[str]:
    """Return the names with the two violins of a quartet said together."""
    return [pair, *names[2:]] if names[:1] == names[1:2] else names


def _joined(names: list[str], last: str, others: str = ", ") -> str:
    return last.join([others.join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def run(ctx: Context) -> list[Result]:
    """Return the share of requests with every hard wish kept, of each wish, and of other laws that hold unasked.

    Each value is a share of one grammar seed's requests, so that the spread is over seeds.
    """
    by_seed = {seed: takes(draw(seed), (seed,)) for seed in SEEDS}
    outcomes = [one for found in by_seed.values() for one in found]
    if all(outcome.error for outcome in outcomes):
        raise BenchmarkError(f"some takes must be written, got only errors such as {outcomes[0].error!r}")
    write_takes(ctx, outcomes, name="requests_many.takes.jsonl")
    rows = {
        "requests_with_all_five_kept": [
            _share(_keeps_all(one) for one in found) for found in by_seed.values()
        ],
        "errors": [_share(bool(one.error) for one in found) for found in by_seed.values()],
        **{f"kept_{wish}": [_kept(found, wish) for found in by_seed.values()] for wish in HARD},
        "kept_all_other_laws": [_share(one.is_kept for one in found) for found in by_seed.values()],
    }
    goals = {name: ">= 1.0" for name in rows if name != "kept_all_other_laws"} | {"errors": "<= 0.0"}
    about = f"{COUNT} requests a seed; text2midi: key 33.6 %, tempo 39.7 %"
    seconds = [float(np.mean([one.seconds for one in found if not one.error])) for found in by_seed.values()]
    return [
        *(
            ctx.result_of(name, values, "share", goal=goals.get(name), anchor=about, seeds=SEEDS)
            for name, values in rows.items()
        ),
        ctx.result_of("seconds_a_take", seconds, "s", seeds=SEEDS),
    ]


def _share(truths: Iterable[bool]) -> float:
    return float(np.mean(list(truths)))


def _keeps_all(one: Outcome) -> bool:
    """Return whether a take was written and kept all five wishes."""
    return not one.error and all(wish not in (one.broken or {}) for wish in HARD)


def _kept(outcomes: list[Outcome], wish: str) -> float:
    """Return the share of a wish kept; a take that was not written kept none."""
    return float(np.mean(shares([_asked_only(one) for one in outcomes])[wish]))


def _asked_only(one: Outcome) -> Outcome:
    """Return the outcome; a take that was not written kept none of its wishes."""
    if not one.error:
        return one
    return Outcome(one.id, one.seed, HARD, dict.fromkeys(HARD, one.error))
