"""Tiny languages and models for tests of words on tunes: every value below is set by hand.

Conventions: `Toy` Mandarin has 36 characters, four finals and four tones; `Toy` English has words of one to three
syllables. A model's likes are drawn once from a seed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from zhiyin.lyrics.language import Syllable
from zhiyin.lyrics.line_model import LinePrompt

# character: (pinyin, final class, tone)
ZH: dict[str, tuple[str, str, int]] = {
    char: (reading, group, tone)
    for group, tone, row in (
        ("江阳", 1, "江jiang 香xiang 光guang 霜shuang"),
        ("江阳", 2, "阳yang 墙qiang 床chuang 忙mang"),
        ("江阳", 3, "想xiang 往wang 响xiang 掌zhang"),
        ("江阳", 4, "浪lang 望wang 上shang 放fang"),
        ("言前", 1, "天tian 山shan 关guan 烟yan"),
        ("言前", 2, "年nian 船chuan 寒han 眠mian"),
        ("言前", 3, "远yuan 晚wan 满man 眼yan"),
        ("言前", 4, "雁yan 岸an 断duan 见jian"),
        ("姑苏", 1, "孤gu 书shu 初chu 枯ku"),
        ("姑苏", 2, "湖hu 无wu 图tu 壶hu"),
        ("姑苏", 3, "雨yu 古gu 苦ku 土tu"),
        ("姑苏", 4, "路lu 暮mu 树shu 故gu"),
    )
    for char, reading in ((item[0], item[1:]) for item in row.split())
}
OPEN = {"江阳": 1.0, "言前": 0.8, "姑苏": 0.1}


class ToyZh:
    """Mandarin of 48 characters; a word is one character, or two that stand in `pairs`."""

    name = "zh"
    pairs = frozenset({"江山", "月光", "山路", "雨天"})

    def read(self, line: str, readings: Mapping[str, str] | None = None) -> tuple[Syllable, ...]:
        """Return the syllables of the characters that are known."""
        found = []
        for number, word in enumerate(self.words(line)):
            for place, char in enumerate(word):
                reading, group, tone = ZH[char]
                at = "single" if len(word) == 1 else ("begin", "end")[place]
                found.append(Syllable(char, number, at, reading, group, tone, 0, OPEN[group]))
        return tuple(found)

    def words(self, line: str) -> tuple[str, ...]:
        """Return pairs and single characters, from the left."""
        chars, found = [c for c in line if c in ZH], []
        while chars:
            size = 2 if "".join(chars[:2]) in self.pairs else 1
            found.append("".join(chars[:size]))
            del chars[:size]
        return tuple(found)

    def rhyme_class(self, syllables: tuple[Syllable, ...], table: str) -> str:
        """Return the group of the last character."""
        return syllables[-1].rhyme

    def rhymes(self, one: tuple[Syllable, ...], other: tuple[Syllable, ...], table: str) -> bool:
        """Return whether two ends are of one group."""
        return one[-1].rhyme == other[-1].rhyme

    def rhyme_tables(self) -> tuple[str, ...]:
        """Return its only table."""
        return ("十三辙",)


# word: syllables with stress digits, rhyme, whether it carries meaning
EN: dict[str, tuple[tuple[tuple[str, int], ...], str, bool]] = {
    "night": ((("night", 2),), "AY T", True), "light": ((("light", 2),), "AY T", True),
    "bright": ((("bright", 2),), "AY T", True), "day": ((("day", 2),), "EY", True),
    "way": ((("way", 2),), "EY", True), "stay": ((("stay", 2),), "EY", True),
    "the": ((("the", 0),), "AH", False), "of": ((("of", 0),), "AH V", False),
    "and": ((("and", 0),), "AE N D", False), "a": ((("a", 0),), "AH", False),
    "river": ((("riv", 2), ("er", 0)), "IH V ER", True), "golden": ((("gold", 2), ("en", 0)), "OW L D AH N", True),
    "away": ((("a", 0), ("way", 2)), "EY", True), "tonight": ((("to", 0), ("night", 2)), "AY T", True),
    "morning": ((("morn", 2), ("ing", 0)), "AO R N IH NG", True),
    "forever": ((("for", 0), ("ev", 2), ("er", 0)), "EH V ER", True),
    "song": ((("song", 2),), "AO NG", True), "long": ((("long", 2),), "AO NG", True),
}  # fmt: skip


class ToyEn:
    """English of 18 words."""

    name = "en"

    def read(self, line: str, readings: Mapping[str, str] | None = None) -> tuple[Syllable, ...]:
        """Return the syllables of the words that are known."""
        found = []
        for number, word in enumerate(self.words(line)):
            parts, rhyme, is_content = EN[word]
            for place, (text, stress) in enumerate(parts):
                last = len(parts) - 1
                at = (
                    "single" if not last else ("begin" if not place else "end" if place == last else "middle")
                )
                found.append(
                    Syllable(text, number, at, text, rhyme, 0, stress, 0.5, is_content, onset=text[0])
                )
        return tuple(found)

    def words(self, line: str) -> tuple[str, ...]:
        """Return the words that are known."""
        return tuple(word for word in line.lower().split() if word in EN)

    def rhyme_class(self, syllables: tuple[Syllable, ...], table: str) -> str:
        """Return the rhyme of the last word."""
        return syllables[-1].rhyme

    def rhymes(self, one: tuple[Syllable, ...], other: tuple[Syllable, ...], table: str) -> bool:
        """Return whether two ends rhyme; a word does not rhyme with itself."""
        return one[-1].rhyme == other[-1].rhyme and one[-1].text != other[-1].text

    def rhyme_tables(self) -> tuple[str, ...]:
        """Return its only table."""
        return ("perfect",)


class ToyModel:
    """A model whose likes of neighbours are drawn from a seed; a state is the last unit of each beam."""

    name, version = "toy", "1"

    def __init__(self, language: str, units: tuple[str, ...]) -> None:
        self.language, self.units = language, ("", "<unk>", *units)
        size = len(self.units)
        likes = np.random.default_rng(7).normal(0.0, 1.0, (size, size)) - 0.3
        self.table = (likes - np.log(np.exp(likes).sum(axis=1, keepdims=True))).astype(np.float32)
        self.prompts: list[LinePrompt] = []

    def start(self, prompt: LinePrompt) -> object:
        """Return the state before the last unit."""
        self.prompts.append(prompt)
        return np.zeros(1, np.int64)

    def log_probabilities(self, state: object) -> NDArray[np.float32]:
        """Return what may come to the left of each beam's last unit."""
        assert isinstance(state, np.ndarray)
        rows: NDArray[np.float32] = self.table[state]
        return rows

    def step(self, state: object, beams: NDArray[np.int64], units: NDArray[np.int64]) -> object:
        """Return the units just added."""
        assert len(beams) == len(units)
        return units.copy()


def toy_zh() -> tuple[ToyZh, ToyModel]:
    """Return the toy Mandarin and its model."""
    return ToyZh(), ToyModel("zh", tuple(ZH))


def toy_en() -> tuple[ToyEn, ToyModel]:
    """Return the toy English and its model."""
    return ToyEn(), ToyModel("en", tuple(EN))
