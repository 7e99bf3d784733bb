"""Data sets: their cards, readers, the fetcher, the corpus build and the corpus that training reads.

Conventions: one file a set; DATASETS holds music, TEXT_DATASETS words, STATISTICS facts.
This package knows scores, not networks; it prints nothing.
"""

from __future__ import annotations

from zhiyin.data.base import (
    Card,
    Dataset,
    Piece,
    Source,
    Text,
    TextDataset,
    split_of_work,
)
from zhiyin.data.billboard_chords import BillboardChords
from zhiyin.data.chinese_tunes import ChineseTunes
from zhiyin.data.chopin_first_editions import ChopinFirstEditions
from zhiyin.data.cn_folk_stats import CnFolkStatistics
from zhiyin.data.freedoom import Freedoom
from zhiyin.data.groove import Groove
from zhiyin.data.jsb_chorales import JsbChorales
from zhiyin.data.kuiscima import KuiScima
from zhiyin.data.music21_folk import Music21Folk
from zhiyin.data.mutopia import Mutopia
from zhiyin.data.nottingham import Nottingham
from zhiyin.data.open_hymnal import OpenHymnal
from zhiyin.data.openewld import OpenEwld
from zhiyin.data.openscore_lieder import OpenScoreLieder
from zhiyin.data.openscore_orchestra import OpenScoreOrchestra
from zhiyin.data.openscore_quartets import OpenScoreQuartets
from zhiyin.data.pd_songs import PublicDomainSongs
from zhiyin.data.polish_scores import PolishScores
from zhiyin.data.pop909 import Pop909
from zhiyin.data.stylebook import Stylebook
from zhiyin.data.texts_chinese import ChinesePoetry
from zhiyin.data.texts_english import CmuDict, RhymeData

DATASETS: dict[str, Dataset] = {
    "openscore_lieder": OpenScoreLieder(),
    "openscore_quartets": OpenScoreQuartets(),
    "openscore_orchestra": OpenScoreOrchestra(),
    "polish_scores": PolishScores(),
    "chopin_first_editions": ChopinFirstEditions(),
    "open_hymnal": OpenHymnal(),
    "pd_songs": PublicDomainSongs(),
    "openewld": OpenEwld(),
    "groove": Groove(),
    "freedoom": Freedoom(),
    "billboard_chords": BillboardChords(),
    "mutopia": Mutopia(),
    "music21_folk": Music21Folk(),
    "pop909": Pop909(),
    "stylebook": Stylebook(),
    "nottingham": Nottingham(),
    "kuiscima": KuiScima(),
    "jsb_chorales": JsbChorales(),
    "chinese_tunes": ChineseTunes(),
}
TEXT_DATASETS: dict[str, TextDataset] = {
    "chinese_poetry": ChinesePoetry(),
    "cmudict": CmuDict(),
    "rhymedata": RhymeData(),
}
STATISTICS: dict[str, CnFolkStatistics] = {"cn_folk_stats": CnFolkStatistics()}

__all__ = [
    "DATASETS", "STATISTICS", "TEXT_DATASETS", "Card", "Dataset", "Piece", "Source", "Text", "TextDataset",
    "split_of_work",
]  # fmt: skip
