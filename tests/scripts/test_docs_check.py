"""Laws of the documents check: each kind of fault is found, and what is right is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scripts import docs_check


def page(root: Path, text: str, name: str = "page.md") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("[a](lost.md)", "page.md: the link 'lost.md' leads to no file"),
        ("![a](img/lost.png)", "page.md: the link 'img/lost.png' leads to no file"),
        ('<img src="lost.png">', "page.md: the link 'lost.png' leads to no file"),
        ("[a](../outside.md)", "page.md: the link '../outside.md' leaves the project"),
        ("[a](other.md#lost)", "page.md: the link 'other.md#lost' leads to no heading"),
        ("[a](#lost)", "page.md: the link '#lost' leads to no heading"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(link: str, sentence: str, tmp_path: Path) -> None:
    page(tmp_path, "x", "outside.md")
    root = tmp_path / "project"
    page(root, "# Some words\n", "other.md")
    assert list(docs_check.broken_links(page(root, link), root)) == [sentence]


@pytest.mark.parametrize(
    "link",
    [
        "[a](other.md)",
        "[a](other.md#some-words-and-code)",
        "[a](#here)\n\n## Here",
        "[a](https://example.org/lost.md)",
        "`[a](lost.md)`",
        "```text\n[a](lost.md)\n```",
        "<!-- [a](lost.md) -->",
        "[a](with%20space.md)",
    ],
)
def test_a_link_that_leads_somewhere_is_left_alone(link: str, tmp_path: Path) -> None:
    page(tmp_path, "# Some words, and `code`\n", "other.md")
    page(tmp_path, "x", "with space.md")
    assert list(docs_check.broken_links(page(tmp_path, link), tmp_path)) == []


def test_only_our_commands_in_bash_blocks_are_read() -> None:
    text = """
```bash
scripts/demo --no-system   # says no
pip install .
zhiyin compose "two words" \\
    -o out
```

```text
zhiyin not this
```
"""
    expected = [["scripts/demo", "--no-system"], ["zhiyin", "compose", "two words", "-o", "out"]]
    assert docs_check.commands(text) == expected


def test_a_command_with_a_wrong_name_or_option_is_found(tmp_path: Path, root: Path) -> None:
    (tmp_path / "scripts").mkdir()
    for name in ("demo", "lib.sh"):
        copy = tmp_path / "scripts" / name
        copy.write_bytes((root / "scripts" / name).read_bytes())
        os.chmod(copy, 0o755)
    text = "```bash\nscripts/demo --no-system\nscripts/demo --loud\nscripts/lost\n```\n"
    found = list(docs_check.wrong_commands(page(tmp_path, text), tmp_path))
    assert len(found) == 2
    assert found[0].startswith("page.md: `scripts/demo --loud` ends with 1: error: unknown option --loud")
    assert found[1] == "page.md: `scripts/lost` scripts/lost is no file"


def test_readmes_with_other_headings_or_commands_are_found(tmp_path: Path) -> None:
    page(tmp_path, "# A\n## B\n```bash\nzhiyin plan x\n```\n", "README.md")
    page(tmp_path, "# 甲\n## 乙\n```bash\nzhiyin plan 某\n```\n", "README.zh-CN.md")
    assert list(docs_check.unlike_readmes(tmp_path)) == []
    page(tmp_path, "# 甲\n### 乙\n```bash\nzhiyin info x\n```\n", "README.zh-CN.md")
    headings, commands = docs_check.unlike_readmes(tmp_path)
    assert headings == "README.zh-CN.md: headings must have the levels of README.md [1, 2], got [1, 3]"
    assert "[['zhiyin', 'plan']], got [['zhiyin', 'info']]" in commands


def test_a_report_that_differs_from_its_results_is_found(tmp_path: Path) -> None:
    page(tmp_path, "# Benchmarks\nAll goals met.\n", "benchmarks/README.md")
    expected = "benchmarks/README.md: differs from the results: run python -m benchmarks report"
    assert list(docs_check.stale_report(tmp_path)) == [expected]


def test_hidden_and_generated_folders_hold_no_documents(tmp_path: Path) -> None:
    for name in ("a.md", "docs/b.md", ".venv/c.md", "docs/.x/d.md", "out/e.md"):
        page(tmp_path, "x", name)
    names = [str(path.relative_to(tmp_path)) for path in docs_check.documents(tmp_path)]
    assert names == ["a.md", "docs/b.md"]


def test_links_readmes_and_report_of_the_project_are_in_order(root: Path) -> None:
    links = [
        sentence for path in docs_check.documents(root) for sentence in docs_check.broken_links(path, root)
    ]
    found = [*links, *docs_check.unlike_readmes(root), *docs_check.stale_report(root)]
    assert not found, "\n" + "\n".join(found)


def test_weights_without_a_card_and_files_that_a_card_names_in_vain_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "src" / "zhiyin" / "models" / "weights"
    page(folder, "", "bare.safetensors")
    page(folder, "", "known.safetensors")
    page(tmp_path, "", "recipes/known.toml")
    page(folder, "Made by `train recipes/known.toml`; see `models/weights/lost.md`.", "known.md")
    assert list(docs_check.wrong_cards(tmp_path)) == [
        "src/zhiyin/models/weights/bare.safetensors: ships without a card: write bare.md beside it",
        "src/zhiyin/models/weights/known.md: names the file 'models/weights/lost.md', which is nowhere",
    ]
