"""Checks the documents: links, commands, both readmes alike, cards of weights, benchmark numbers equal to their files.

Conventions: each check yields sentences that begin with the file; no sentence, no problem; exit 1 otherwise.
Does not know: whether a sentence of prose is true.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")
HELP_WIDTH = "200"
GENERATED = {"out", "runs", "corpus", "build", "dist"}

FENCE = re.compile(r"^(```+|~~~+)(\w*)[^\n]*\n(.*?)^\1\s*$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\)|(?:src|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^(#+)\s+(.+?)\s*$", re.MULTILINE)
NAMED_FILE = re.compile(r"`[^`\n]*?([\w.-]+(?:/[\w.-]+)+\.(?:md|toml|csv|py))`?")
ELSEWHERE = re.compile(r"[a-z][a-z+.-]*:", re.IGNORECASE)


def documents(root: Path) -> list[Path]:
    """Return every Markdown file of the project, hidden and generated folders left out."""
    found = []
    for place, folders, files in os.walk(root):
        hidden = {name for name in folders if name.startswith(".")}
        folders[:] = sorted(set(folders) - hidden - (GENERATED if Path(place) == root else set()))
        found += [Path(place, name) for name in sorted(files) if name.endswith(".md")]
    return found


def prose(text: str) -> str:
    """Return the text without fenced blocks, comments and inline code."""
    return CODE.sub("", COMMENT.sub("", FENCE.sub("", text)))


def anchors(text: str) -> set[str]:
    """Return the anchors that headings make, the way GitHub writes them."""
    titles = [match[2].replace("`", "").lower() for match in HEADING.finditer(FENCE.sub("", text))]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def broken_links(path: Path, root: Path) -> Iterator[str]:
    """Yield a sentence for each relative link of the document that leads nowhere."""
    for match in LINK.finditer(prose(path.read_text(encoding="utf-8"))):
        link = match[1] or match[2]
        if ELSEWHERE.match(link):
            continue
        place, _, anchor = unquote(link).partition("#")
        target = (path.parent / place).resolve() if place else path
        name = path.relative_to(root)
        if not target.exists():
            yield f"{name}: the link {link!r} leads to no file"
        elif not target.is_relative_to(root):
            yield f"{name}: the link {link!r} leaves the project"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
            yield f"{name}: the link {link!r} leads to no heading"


def commands(text: str) -> list[list[str]]:
    """Return the words of each command in the ```bash blocks that is one of ours."""
    found = []
    for match in FENCE.finditer(text):
        if match[2] != "bash":
            continue
        for line in match[3].replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words and (words[0].startswith("scripts/") or words[0] == "zhiyin"):
                found.append(words)
    return found


def refusal(words: list[str], root: Path) -> str:
    """Return why a command cannot be typed as written, or an empty string. Nothing is run but its help."""
    if words[0].startswith("scripts/"):
        script = root / words[0]
        if not script.is_file():
            return f"{words[0]} is no file"
        ours = words[1 : words.index("--")] if "--" in words else words[1:]
        typed = [str(script), *ours]
    else:
        typed = [sys.executable, "-c", "from zhiyin.cli import main; main()", *words[1:]]
    # Options are read before --help answers, so a wrong name is refused and a right one runs nothing.
    environment = {
        "COLUMNS": HELP_WIDTH,
        "NO_COLOR": "1",
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(root / "src"),
    }
    try:
        done = subprocess.run(
            [*typed, "--help"], capture_output=True, text=True, timeout=120, env=environment
        )
    except OSError as error:
        return f"{words[0]} cannot be run ({error})"
    last_words = " ".join((done.stderr or done.stdout).split())[-300:]
    return "" if done.returncode == 0 else f"ends with {done.returncode}: {last_words}"


def wrong_commands(path: Path, root: Path) -> Iterator[str]:
    """Yield a sentence for each command of the document that would be refused."""
    for words in commands(path.read_text(encoding="utf-8")):
        reason = refusal(words, root)
        if reason:
            yield f"{path.relative_to(root)}: `{shlex.join(words)}` {reason}"


def unlike_readmes(root: Path) -> Iterator[str]:
    """Yield a sentence when the two readmes differ in their headings' levels or in their commands."""
    texts = [(root / name).read_text(encoding="utf-8") for name in READMES]
    levels = [[len(match[1]) for match in HEADING.finditer(FENCE.sub("", text))] for text in texts]
    if levels[0] != levels[1]:
        yield f"{READMES[1]}: headings must have the levels of {READMES[0]} {levels[0]}, got {levels[1]}"
    typed = [[words[:2] for words in commands(text)] for text in texts]
    if typed[0] != typed[1]:
        yield f"{READMES[1]}: commands must be those of {READMES[0]} {typed[0]}, got {typed[1]}"


def stale_report(root: Path) -> Iterator[str]:
    """Yield a sentence when benchmarks/README.md is not what the kept results say."""
    from benchmarks import BENCHMARKS
    from benchmarks.runner import REPORT, BenchmarkError, read_all, report

    try:
        written = report(read_all(root, BENCHMARKS), BENCHMARKS)
    except BenchmarkError as error:
        yield f"{REPORT}: {error}"
        return
    if (root / REPORT).read_text(encoding="utf-8") != written:
        yield f"{REPORT}: differs from the results: run python -m benchmarks report"


def wrong_cards(root: Path) -> Iterator[str]:
    """Yield a sentence for weights that ship without a card and for each file that a card names and nobody has.

    A file may be named from the root, from the package or from the card's own folder.
    """
    for weights in sorted((root / "src").rglob("weights/*.safetensors")):
        card = weights.with_suffix(".md")
        if not card.is_file():
            yield f"{weights.relative_to(root)}: ships without a card: write {card.name} beside it"
            continue
        bases = (root, root / "src" / "zhiyin", card.parent)
        for name in NAMED_FILE.findall(card.read_text(encoding="utf-8")):
            if not any((base / name).is_file() for base in bases):
                yield f"{card.relative_to(root)}: names the file {name!r}, which is nowhere"


def problems(root: Path) -> Iterator[str]:
    """Yield every problem of every document."""
    for path in documents(root):
        yield from broken_links(path, root)
    yield from wrong_cards(root)
    yield from unlike_readmes(root)
    for name in READMES:
        yield from wrong_commands(root / name, root)
    yield from stale_report(root)


def main() -> int:
    """Print every problem and return the exit code."""
    sys.path.insert(0, str(ROOT))
    found = list(problems(ROOT))
    for sentence in found:
        print(sentence)
    if not found:
        print(f"{len(documents(ROOT))} documents are in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
