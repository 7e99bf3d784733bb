"""Best of several: takes written inside a request, of which the judges keep one and say why.

Conventions: candidates count from 0; the first is the one that would be written alone; a candidate that cannot keep a
hard wish drops out. This module judges nothing itself: see `zhiyin.judge.rank`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from zhiyin.errors import ConstraintsUnmet, NotFound
from zhiyin.fill.request import Choice, Take
from zhiyin.judge.rank import Ranked, rank
from zhiyin.score import Score


def best_of(count: int, write: Callable[[int], Take], *, style: str | None) -> Take:
    """Return the best of so many takes with the reasons for the choice; write(k) gives candidate k.

    style: whose people the judges compare with; all people where the style has no norms. Raises ConstraintsUnmet when
    no candidate keeps every hard wish.
    """
    if count == 1:
        return write(0)
    takes: dict[int, Take] = {}
    failed: list[ConstraintsUnmet] = []
    for number in range(count):
        try:
            takes[number] = write(number)
        except ConstraintsUnmet as error:
            failed.append(error)
    if not takes:
        raise failed[0]
    return judged_best(takes, count=count, style=style)


def judged_best(
    takes: Mapping[int, Take], *, count: int, style: str | None, names: Sequence[str] = ()
) -> Take:
    """Return the best of some takes, by their place among `count`, with the choice in words.

    names: who wrote each of the `count`, where that differs.
    """
    order = _ranked([take.score for take in takes.values()], style)
    number = list(takes)[order[0].index]
    steps = sum(take.steps for take in takes.values())
    who = [names[place] for place in takes] if names else []
    return replace(takes[number], steps=steps, choice=_choice(order, chosen=number + 1, count=count, who=who))


def _ranked(scores: list[Score], style: str | None) -> tuple[Ranked, ...]:
    try:
        return rank(scores, style=style)
    except NotFound:  # a style that people have left too few pieces of
        return rank(scores)


def _choice(order: tuple[Ranked, ...], *, chosen: int, count: int, who: Sequence[str] = ()) -> Choice:
    """Return the choice in words: distances of all, what spoke against the others, what is least like people in it."""
    best, others, failed = order[0], order[1:], count - len(order)
    by_en, by_zh = (f" by {who[best.index]}", f"（{who[best.index]}）") if who else ("", "")
    en = f"Take {chosen} of {count} written{by_en}: distance {best.distance:.2f} from people's music"
    zh = f"写了 {count} 版，选第 {chosen} 版{by_zh}：与人写的音乐相距 {best.distance:.2f}"
    if others:
        told = [f"{who[one.index]} " if who else "" for one in others]
        distances = ", ".join(f"{by}{one.distance:.2f}" for by, one in zip(told, others, strict=True))
        en, zh = f"{en}, the others {distances}", f"{zh}，其余 {distances}"
        against = [fault for one in others for fault in one.faults if fault not in best.faults]
        if against:
            en, zh = f"{en}; against another: {against[0][0]}", f"{zh}；另一版的缺点：{against[0][1]}"
    if best.reasons:
        en, zh = (
            f"{en}; least like people here: {best.reasons[0][0]}",
            f"{zh}；此版最不像人写的：{best.reasons[0][1]}",
        )
    if failed:
        en, zh = f"{en}; {failed} could not keep a wish", f"{zh}；{failed} 版做不到要求"
    return Choice(chosen, count, en + ".", zh + "。")
