"""Every data set keeps the contract: a full card, a manifest, a stable split by work, a reader that reads.

Conventions: the walk is over DATASETS and TEXT_DATASETS; fixtures are tiny files made here.
Does not know: the real sets.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from zhiyin.data import DATASETS, STATISTICS, TEXT_DATASETS, Card
from zhiyin.data.base import SPLITS, split_of_work
from zhiyin.data.manifest import packaged_folder, read_manifest
from zhiyin.io import save
from zhiyin.score import Notes, Part, Score
from zhiyin.theory.styles import STYLES
from zhiyin.units import TICKS_PER_QUARTER as Q

CARDS: dict[str, Card] = {
    name: dataset.card
    for table in (DATASETS, TEXT_DATASETS, STATISTICS)
    for name, dataset in table.items()  # type: ignore[attr-defined]
}
TUNE = [(i * Q, Q, 60 + p) for i, p in enumerate((0, 2, 4, 5, 7, 9, 11, 12) * 2)]
SCORE = Score(title="Tune", parts=(Part("Piano", Notes.of(TUNE)), Part("Cello", Notes.of([(0, 8 * Q, 48)]))))
KERN = (
    "!!!COM: Anon\n!!!OTL: Mazurek\n!!!AGN: Secular; Mazurka\n**kern\t**kern\n*M3/4\t*M3/4\n"
    "=1\t=1\n4C\t4c\n4D\t4d\n4E\t4e\n"
    "=2\t=2\n2.F\t2.f\n=3\t=3\n4G\t4g\n2A\t2a\n==\t==\n*-\t*-\n"
)
ABC = "X:1\nT:A Tune\nC:copyright: public domain.\nR:reel\nM:4/4\nL:1/4\nK:G\nG A B c|d e f g|g f e d|c B A G|]\n"

CHINESE = (
    "X:1\nT:曲\nS:A Book, 1884\nR:folk\nN:confidence=high\nN:gong=F\nM:2/4\nL:1/8\nK:F\n"
    "A2Ac|dffd|c2cd|c4|A2Ac|dffd|c2cd|c4|]\n"
)


def compressed_xml(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = path.with_suffix(".musicxml")
    save(SCORE, plain)
    with zipfile.ZipFile(path, "w") as archive:
        container = '<container><rootfiles><rootfile full-path="score.xml"/></rootfiles></container>'
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("score.xml", plain.read_text(encoding="utf-8"))
    plain.unlink()


def text(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def midi(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    save(Score(parts=(Part("Piano", Notes.of(TUNE)),)), path)


def pop_song(path: Path) -> None:
    low = Notes.of([(onset, length, pitch - 24) for onset, length, pitch in TUNE])
    save(Score(parts=(Part("MELODY", Notes.of(TUNE)), Part("PIANO", low))), path)


def ewld(root: Path) -> None:
    compressed_xml(root / "dataset/Anon/Tune/Tune.mxl")
    header = "path,title,first_date,language,authors,tier,genres,styles\n"
    text(
        root / "PD_TIERS.csv",
        header + "dataset/Anon/Tune/Tune.mxl,Tune,1900,English,Anon,A-traditional,Jazz,\n",
    )


def groove(root: Path) -> None:
    path = "drummer1/session1/1_rock_90_beat_4-4.mid"
    midi(root / path)
    header = (
        "drummer,session,id,style,bpm,beat_type,time_signature,midi_filename,audio_filename,duration,split\n"
    )
    text(
        root / "info.csv", header + f"drummer1,s,drummer1/session1/1,rock,90,beat,4-4,{path},x,1,validation\n"
    )


def mutopia(root: Path) -> None:
    midi(root / "midi/tune.mid")
    header = "file,notes,parts,title,composer,instrument,style,licence,maintainer,source,id,path\n"
    licence = "Creative Commons Attribution 4.0"
    row = f"midi/tune.mid,16,1,Tune,Anon,Guitar,Folk,{licence},Someone,x,1,ftp/Anon/tune/tune.ly\n"
    text(root / "index.csv", header + row)


def kuiscima(root: Path) -> None:
    signs = [{"box_type": "Music", "text_content": "旧", "notation_content": {"pitch": "HE"}}] * 9
    content = json.dumps({"content": signs}, ensure_ascii=False)
    text(root / "KuiSCIMA/symbolic_dataset/02_normalized_edition/06/083.json", content)


def jsb(root: Path) -> None:
    chorale = [[72, 67, 64, 48 + step % 3] for step in range(16)]
    text(root / "Jsb16thSeparated.json", json.dumps({"test": [chorale], "train": [], "valid": []}))


def billboard(root: Path) -> None:
    song = "# title: S\n# artist: A\n# metre: 4/4\n# tonic: C\n\n0.0\tA, verse, | C:maj | G:7 |\n4.0\tend\n"
    text(root / "billboard-2.0-salami_chords/0001/salami_chords.txt", song)


STYLES_FOLDER = packaged_folder("stylebook") or Path()

# Each makes the smallest set that a reader accepts.
TINY: dict[str, Callable[[Path], None]] = {
    "openscore_lieder": lambda root: compressed_xml(root / "scores/Anon/_/A_Song/lc1.mxl"),
    "openscore_quartets": lambda root: compressed_xml(root / "scores/Anon/A_Quartet/sq1.mxl"),
    "openscore_orchestra": lambda root: compressed_xml(root / "Anon/A_Symphony/1/one.mxl"),
    "polish_scores": lambda root: text(root / "piano/pl-x--1--001-002_anonim--mazurek.krn", KERN),
    "chopin_first_editions": lambda root: text(root / "007-1-KI-001.krn", KERN),
    "open_hymnal": lambda root: text(root / "pd/A_Hymn-A_Tune.abc", ABC),
    "pd_songs": lambda root: midi(root / "downloads/A Song.midi"),
    "openewld": ewld,
    "groove": groove,
    "freedoom": lambda root: midi(root / "musics/d_e1m1.mid"),
    "billboard_chords": billboard,
    "mutopia": mutopia,
    "music21_folk": lambda root: text(root / "ryansMammoth/ATune.abc", ABC),
    "pop909": lambda root: pop_song(root / "001.mid"),
    "nottingham": lambda root: text(root / "ABC_cleaned/reels.abc", ABC),
    "kuiscima": kuiscima,
    "jsb_chorales": jsb,
    "stylebook": lambda root: text(
        root / "pop.toml", (STYLES_FOLDER / "pop.toml").read_text(encoding="utf-8")
    ),
    "chinese_tunes": lambda root: text(root / "tunes.abc", CHINESE),
}


@pytest.mark.parametrize("name", CARDS)
def test_the_card_is_complete(name: str) -> None:
    card = CARDS[name]
    assert card.name == name
    assert card.title
    assert len(card.citation) > 20
    assert card.licence
    assert card.repository.startswith("https://github.com/")
    assert card.archive_url == f"{card.repository}/archive/{card.commit}.tar.gz"
    assert len(set(card.checksum)) > 4  # not a placeholder
    if card.ruling == "train" and name != "cn_folk_stats":
        assert card.attribution


@pytest.mark.parametrize("name", CARDS)
def test_the_manifest_lists_the_set_s_files(name: str) -> None:
    manifest = read_manifest(name)
    assert manifest
    assert all(len(digest) == 16 and not path.startswith("/") for path, digest in manifest.items())


def test_every_music_set_has_a_tiny_copy_here() -> None:
    assert set(TINY) == set(DATASETS)


@pytest.mark.parametrize("name", DATASETS)
def test_the_reader_reads_a_tiny_set(name: str, tmp_path: Path) -> None:
    TINY[name](tmp_path)
    dataset = DATASETS[name]
    sources = list(dataset.sources(tmp_path))
    assert sources
    assert sources == list(dataset.sources(tmp_path))
    for source in sources:
        assert (tmp_path / source.path).is_file()
        assert source.style is None or source.style in STYLES
        pieces = list(dataset.read(tmp_path, source))
        assert pieces
        for piece in pieces:
            assert piece.score.note_count >= 8 or piece.score.chords
            assert piece.source.work
            assert (piece.source.split or split_of_work(piece.source.work)) in SPLITS


@pytest.mark.parametrize("name", DATASETS)
def test_ids_are_unique_and_pieces_of_a_file_share_its_work(name: str, tmp_path: Path) -> None:
    TINY[name](tmp_path)
    dataset = DATASETS[name]
    pieces = [p for s in dataset.sources(tmp_path) for p in dataset.read(tmp_path, s)]
    ids = [piece.source.id for piece in pieces]
    assert len(ids) == len(set(ids))
    if name == "openscore_quartets":
        assert len({piece.source.work for piece in pieces}) == 1
