"""Shards: tables on disk as Parquet, one folder a set, one file a table.

Conventions: a folder is complete when it holds `done.json`; it is written beside and moved into place.
This module does not know what the columns mean: see `zhiyin.data.tables`.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from zhiyin.data.tables import SCHEMA, Table
from zhiyin.errors import MissingExtra, NotFound

DONE = "done.json"


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtra("the corpus (pyarrow)", "data") from error
    return pyarrow


def write_tables(folder: Path, tables: dict[str, Table], note: dict[str, Any]) -> None:
    """Write tables as one folder of Parquet files with a note; what stood there is replaced at once."""
    arrow = _pyarrow()
    work = folder.with_name(f"{folder.name}.part-{os.getpid()}")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name, columns in SCHEMA.items():
        arrays = {column: _arrow_array(arrow, tables[name][column], kind) for column, kind in columns.items()}
        arrow.parquet.write_table(arrow.table(arrays), work / f"{name}.parquet", compression="zstd")
    (work / DONE).write_text(json.dumps(note, ensure_ascii=False, indent=1), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    work.rename(folder)


def _arrow_array(arrow: Any, values: Any, kind: str) -> Any:
    if kind == "text":
        return arrow.array(values, arrow.string())
    return arrow.array(np.asarray(values).astype(kind))


def read_note(folder: Path) -> dict[str, Any] | None:
    """Return the note of a complete folder, None when it is missing or not complete."""
    path = folder / DONE
    if not path.is_file():
        return None
    note: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return note


def read_tables(folder: Path, names: tuple[str, ...] = tuple(SCHEMA)) -> dict[str, Table]:
    """Return the chosen tables of a folder as numpy columns and lists of text. Raises NotFound."""
    arrow = _pyarrow()
    if read_note(folder) is None:
        raise NotFound(f"no shards in {str(folder)!r}: run  zhiyin corpus build  first")
    tables: dict[str, Table] = {}
    for name in names:
        table = arrow.parquet.read_table(folder / f"{name}.parquet", memory_map=True)
        tables[name] = {
            column: table[column].to_pylist() if kind == "text" else table[column].to_numpy()
            for column, kind in SCHEMA[name].items()
        }
    return tables
