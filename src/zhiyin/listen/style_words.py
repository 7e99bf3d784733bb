"""Why a piece was heard as it was: features gathered into topics that a musician knows, in English and Chinese.

Conventions: a topic gathers places of feature groups; its gauge is one measured number that says which way it goes.
This module does not weigh: the weights come from `zhiyin.listen.piece_net`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from zhiyin.judge.features import feature_groups
from zhiyin.listen.base import Reason, Words
from zhiyin.listen.piece_net import PieceNet
from zhiyin.listen.style_hearing import FAMILY_NAMES, PLAYER_NAMES, Hearing
from zhiyin.units import Float32Array, FloatArray, IntArray

PLAIN_FROM = 0.3  # standard deviations; nearer to the average, only the topic is named
Places = tuple[tuple[str, int, int], ...]  # group, first, end


@dataclass(frozen=True, slots=True)
class Topic:
    """What features are about. places: which; gauge: the number told, summed over them; title, less, more: words."""

    name: str
    places: Places
    gauge: Places
    title: Words
    less: Words
    more: Words
    unit: str = "share"


TOPICS: tuple[Topic, ...] = (
    Topic(
        "metre", (("metre", 0, 4),), (("metre", 2, 3),), ("the metre", "拍子"),
        ("goes in two or four", "两拍或四拍子"), ("goes in three", "三拍子"),
    ),
    Topic(
        "scale", (("degree", 0, 38),), (("degree", 36, 37),), ("which notes of the scale it uses", "用哪些音级"),
        ("often leaves the major scale", "常离开大调音阶"), ("keeps to the major scale", "多在大调音阶之内"),
    ),
    Topic(
        "five notes", (("degree", 38, 39),), (("degree", 38, 39),), ("five-note scales", "五声音阶"),
        ("uses more than five notes of the scale", "不限于五声"), ("leans on a five-note scale", "偏重五声音阶"),
    ),
    Topic(
        "mode", (("degree", 39, 42),), (("degree", 41, 42),), ("major or minor", "大调或小调"),
        ("sounds minor", "偏小调"), ("sounds major", "偏大调"), "difference of fit",
    ),
    Topic(
        "tune", (("interval", 0, 25), ("interval", 38, 51), ("contour", 0, 9)), (("contour", 1, 2),),
        ("how the tune moves", "旋律的进行"), ("the tune often leaps", "旋律多跳进"),
        ("the tune moves by step", "旋律多级进"),
    ),
    Topic(
        "bass line", (("interval", 25, 38), ("contour", 9, 18)), (("contour", 10, 11),),
        ("how the bass moves", "低音的进行"), ("the lowest line leaps", "低音多跳进"),
        ("the lowest line moves by step", "低音多级进"),
    ),
    Topic(
        "note lengths", tuple(("rhythm", a, a + 26) for a in (0, 46, 92)), (("rhythm", 0, 4),),
        ("how long the notes are", "音的长短"), ("few short notes", "短音少"), ("many short notes", "短音多"),
    ),
    Topic(
        "beat", tuple(("rhythm", a, a + 8) for a in (26, 72, 118)), (("rhythm", 26, 27),),
        ("where in the beat notes fall", "音在拍中的位置"), ("many notes off the beat", "拍间的音多"),
        ("notes fall on the beat", "音多落在拍上"),
    ),
    Topic(
        "bar", tuple(("rhythm", a, a + 12) for a in (34, 80, 126)), (("rhythm", 34, 35),),
        ("where in the bar notes fall", "音在小节中的位置"), ("notes are spread over the bar", "音散布于整小节"),
        ("many notes on the first beat", "第一拍上音多"),
    ),
    Topic(
        "evenness", (("rhythm", 138, 140),), (("rhythm", 138, 139),), ("how even the rhythm is", "节奏是否均匀"),
        ("the rhythm is uneven", "节奏长短不一"), ("the rhythm runs evenly", "节奏均匀流动"),
    ),
    Topic(
        "density", (("texture", 0, 8),), (("texture", 0, 1),), ("how many notes there are", "音的疏密"),
        ("few notes a beat", "每拍音少"), ("many notes a beat", "每拍音多"), "log(1 + notes a quarter)",
    ),
    Topic(
        "fullness", (("texture", 8, 28),), (("texture", 25, 26),), ("how many notes sound at once", "同响的音数"),
        ("few notes at once", "同响的音少"), ("many notes at once", "同响的音多"), "notes at once",
    ),
    Topic(
        "width", (("spread", 0, 7),), (("spread", 6, 7),), ("how wide it lies", "音域的宽窄"),
        ("top and bottom lie close", "上下声部相距近"), ("top and bottom lie far apart", "上下声部相距远"), "octaves",
    ),
    Topic(
        "sound above the bass", (("harmony", 0, 25),), (("harmony", 19, 20),),
        ("what sounds above the bass", "低音之上的和音"), ("few sharp dissonances", "尖锐的不协和少"),
        ("many sharp dissonances", "尖锐的不协和多"),
    ),
    Topic(
        "chords", (("harmony", 25, 57),), (("harmony", 28, 29),), ("the chords", "和弦"),
        ("the harmony stays long", "和声变化慢"), ("the harmony changes often", "和声变化快"),
    ),
    Topic(
        "rhythm of bars", (("repetition", 0, 11),), (("repetition", 10, 11),),
        ("how alike the bars' rhythms are", "各小节节奏的异同"), ("the bars share one rhythm", "各小节节奏相同"),
        ("the rhythm changes from bar to bar", "各小节节奏不同"),
    ),
    Topic(
        "repetition", (("repetition", 11, 33),), (("repetition", 11, 12),), ("how much is repeated", "重复的多少"),
        ("bars are seldom repeated", "小节少重复"), ("bars are often repeated", "小节多重复"), "likeness",
    ),
    Topic(
        "variety", (("entropy", 0, 6),), (("entropy", 0, 1),), ("how many different notes a bar has", "小节用音的种数"),
        ("few different notes in a bar", "一小节用音种类少"), ("many different notes in a bar", "一小节用音种类多"),
        "bits",
    ),
    Topic(
        "patterns", (("contour", 18, 36),), (("contour", 18, 19),), ("the tune's patterns", "旋律音型"),
        ("the tune keeps its patterns", "旋律音型统一"), ("the tune's patterns change", "旋律音型多变"),
    ),
    Topic(
        "phrases", (("phrase", 0, 25),), (("phrase", 24, 25),), ("where the tune rests", "旋律的停歇"),
        ("the tune runs on without rests", "旋律少休止"), ("the tune rests often", "旋律多休止"),
    ),
    Topic(
        "parts", (("part", 0, 13),), (("part", 10, 11),), ("how the parts share the work", "声部的分工"),
        ("the parts begin their notes apart", "各声部起落不齐"),
        ("one player, or parts that move together", "一人演奏，或各声部齐动"),
    ),
    Topic(
        "outer voices", (("part", 13, 20),), (("part", 13, 14),), ("how the outer voices move", "外声部的进行"),
        ("the outer voices seldom move apart", "外声部少反向"),
        ("the outer voices move against each other", "外声部多反向"),
    ),
    Topic(
        "held notes", (("part", 20, 23),), (("part", 20, 21),), ("how notes are held", "音的连断"),
        ("notes are held to the next", "音连到下一音"), ("notes are cut short before the next", "音断在下一音之前"),
    ),
    Topic(
        "drums", (("drums", 0, 54),), (("drums", 0, 1),), ("drums", "鼓"), ("no drums play", "没有鼓"),
        ("drums play", "有鼓"),
    ),
)  # fmt: skip
FAMILY_ZH = (
    "钢琴", "羽管键琴", "钟琴类", "管风琴", "拨弦吉他", "电吉他", "贝斯", "小提琴", "中低音弦乐", "弦乐群",
    "竖琴与定音鼓", "人声", "铜管", "萨克斯管", "双簧管与单簧管类", "长笛类", "合成器",
)  # fmt: skip


@cache
def topic_places(name: str) -> tuple[IntArray, IntArray]:
    """Return (features of a topic, features of its gauge) as places in the vector."""
    topic = next(t for t in TOPICS if t.name == name)
    return _flat(topic.places), _flat(topic.gauge)


def _flat(places: Places) -> IntArray:
    groups = feature_groups()
    found: IntArray = np.concatenate([groups[g].start + np.arange(a, b) for g, a, b in places])
    return found


def reasons_of(net: PieceNet, hearing: Hearing, label: int, *, count: int = 5) -> tuple[Reason, ...]:
    """Return what moved a piece most towards a label or away from it, weightiest first."""
    features, players = net.evidence(hearing, label)
    total = max(float(np.abs(features).sum() + np.abs(players).sum()), 1e-9)
    found = [_topic_reason(net, topic, hearing, features / total) for topic in TOPICS]
    found += _player_reasons(hearing.players, players / total)
    found = [reason for reason in found if abs(reason.weight) > 0]
    return tuple(sorted(found, key=lambda r: (-abs(r.weight), r.name))[:count])


def _topic_reason(net: PieceNet, topic: Topic, hearing: Hearing, evidence: FloatArray) -> Reason:
    places, gauge = topic_places(topic.name)
    value = float(hearing.windows[:, gauge].sum(axis=1).mean())
    column = np.searchsorted(np.flatnonzero(net.used), gauge)
    usual, spread = float(net.centre[column].sum()), float(np.linalg.norm(net.scale[column]))
    away = (value - usual) / max(spread, 1e-9)
    words = topic.title if abs(away) < PLAIN_FROM else topic.more if away > 0 else topic.less
    return Reason(topic.name, words[0], words[1], float(evidence[places].sum()), value, topic.unit)


def _player_reasons(players: Float32Array, evidence: FloatArray) -> list[Reason]:
    """Return reasons for the families that play, and one for how many players there are."""
    found = []
    for row, (family, zh) in enumerate(zip(FAMILY_NAMES, FAMILY_ZH, strict=True)):
        if players[row] > 0:
            weight = float(evidence[row])
            found.append(
                Reason(
                    f"player: {family}",
                    f"played by {family}",
                    f"由{zh}演奏",
                    weight,
                    float(players[row]),
                    "share",
                )
            )
    row = PLAYER_NAMES.index("players")
    if players[-1]:
        count = round(2 ** float(players[row]))
        weight = float(evidence[[row, PLAYER_NAMES.index("solo")]].sum())
        plural = "player" if count == 1 else "players"
        found.append(
            Reason("players", f"{count} {plural}", f"{count} 位演奏者", weight, float(count), "players")
        )
    return found
