"""The terminal: answers to stdout, progress and complaints to stderr.

Conventions: with --json stdout holds one JSON object and nothing else; progress is drawn only for people.
This module knows no command.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from zhiyin.cli.words import LANGUAGES, language, say, written_language
from zhiyin.errors import InvalidInput

Progress = Callable[[str, int, int], None]


_UNFOLDED = 1000


class Screen:
    """Where one command speaks.

    lang: `zh`, `en` or None for the language of `text`, the person's own words, or else of the environment;
    is_json: whether a machine listens. Raises InvalidInput for another language.
    """

    def __init__(self, *, lang: str | None, is_json: bool, text: str | None = None) -> None:
        if lang not in (None, *LANGUAGES):
            raise InvalidInput(f"language must be one of {', '.join(LANGUAGES)}, got {lang!r}")
        self.lang = language(lang or written_language(text or ""))
        self.is_json = is_json

    def say(self, key: str, default: str | None = None, **values: object) -> str:
        """Return the words of a key in this screen's language; `default` for a key that has none."""
        return say(key, lang=self.lang, default=default).format(**values)

    def answer(self, tree: dict[str, Any], show: Callable[[], None]) -> None:
        """Print the JSON tree for a machine, or call `show` for a person."""
        if self.is_json:
            print_json(tree)
        else:
            show()

    def line(self, text: str = "", *, style: str = "") -> None:
        """Print one line of the answer."""
        from rich.console import Console

        Console(highlight=False, soft_wrap=True).print(text, style=style, markup=False)

    def note(self, text: str) -> None:
        """Print one line that is not part of the answer."""
        print(text, file=sys.stderr)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print a table, one row a thing."""
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, header_style="bold")
        for head in heads:
            table.add_column(Text(head), overflow="fold")
        for row in rows:
            table.add_row(*(Text(str(cell)) for cell in row))
        # Elsewhere than on a terminal a row is a line, for grep and its like.
        Console(highlight=False, width=None if sys.stdout.isatty() else _UNFOLDED).print(table)

    def facts(self, rows: Iterable[tuple[str, object]]) -> None:
        """Print name and value pairs, values in a column (folded on a terminal); empty values are left out."""
        from rich.cells import cell_len
        from rich.console import Console
        from rich.text import Text

        told = [(name, str(value)) for name, value in rows if value not in ("", None)]
        indent = max((cell_len(name) for name, _ in told), default=0) + 2
        console = Console(highlight=False, soft_wrap=True)
        width = max(console.width - indent, 20) if sys.stdout.isatty() else _UNFOLDED
        for name, value in told:
            lines = [line for text in value.splitlines() for line in Text(text).wrap(console, width)]
            for number, line in enumerate(lines):
                head = name if number == 0 else ""
                gap = " " * (indent - cell_len(head))
                console.print(Text.assemble((head, "bold"), gap, line.plain.rstrip()))

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Give a function to tell progress to: a bar on a terminal, one line a stage elsewhere, nothing for JSON."""
        if self.is_json and not sys.stderr.isatty():
            yield lambda stage, done, total: None
        elif sys.stderr.isatty():
            with self._bar() as tell:
                yield tell
        else:
            yield self._lines()

    @contextmanager
    def log(self) -> Iterator[Progress]:
        """Give a function whose every stage is a line of a log, with a bar below it on a terminal."""
        if not sys.stderr.isatty():
            yield lambda stage, done, total: self.note(stage)
            return
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("")

            def tell(stage: str, done: int, total: int) -> None:
                bar.console.print(stage, markup=False, highlight=False)
                bar.update(task, completed=done, total=total or None)

            yield tell

    def _lines(self) -> Progress:
        seen: set[str] = set()

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in seen:
                seen.add(stage)
                self.note(f"{self.stage(stage)} ...")

        return tell

    @contextmanager
    def _bar(self) -> Iterator[Progress]:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TaskID,
            TextColumn,
            TimeElapsedColumn,
        )

        tasks: dict[str, TaskID] = {}
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

            def tell(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bar.add_task(self.stage(stage))
                bar.update(tasks[stage], completed=done, total=total or None)

            yield tell

    def stage(self, name: str) -> str:
        """Return a stage's name in words, or as it is when there are none."""
        return self.say(f"stage.{name}", default=name)


def print_json(tree: dict[str, Any]) -> None:
    """Print one JSON object; signs that stdout cannot show are escaped."""
    shows_all = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(tree, ensure_ascii=not shows_all, indent=1))


def print_line(tree: dict[str, Any]) -> None:
    """Print one JSON object on one line at once, for whoever reads along."""
    print(json.dumps(tree, ensure_ascii=True, separators=(",", ":")), flush=True)
