"""Model cards: what a checkpoint learned from, how, and how well it does, as values and as Markdown.

Conventions: metrics are bits per note on held-out pieces; licences come from the data sets' own cards.
This module does not train and needs no torch.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from zhiyin.data import DATASETS
from zhiyin.train.recipe import Recipe
from zhiyin.train.sampler import TrainPiece


def make_card(
    recipe: Recipe,
    train: list[TrainPiece],
    bits: dict[str, float],
    *,
    valid: float,
    steps: int,
    minutes: float,
) -> dict[str, Any]:
    """Return the model card as plain values: data with licences, recipe, seed, metrics, date."""
    pieces: dict[str, int] = {}
    for piece in train:
        name = piece.name.split("/")[0]
        pieces[name] = pieces.get(name, 0) + 1
    return {
        "name": recipe.name,
        "date": datetime.now(UTC).date().isoformat(),
        "recipe": recipe.to_dict(),
        "steps": steps,
        "minutes": round(minutes, 1),
        "train_pieces": pieces,
        "train_segments": sum(len(p.tokens.segments) for p in train),
        "data": [_data_row(name, count) for name, count in sorted(pieces.items())],
        "piece_credits": sorted({p.attribution for p in train if p.attribution}),
        "valid_bits_a_note": round(valid, 4),
        "test_bits_a_note": {name: round(value, 4) for name, value in bits.items()},
    }


def _data_row(name: str, pieces: int) -> dict[str, Any]:
    if name not in DATASETS:
        return {"name": name, "pieces": pieces}
    card = DATASETS[name].card
    return {
        "name": name,
        "pieces": pieces,
        "title": card.title,
        "licence": card.licence,
        "repository": card.repository,
        "commit": card.commit,
        "attribution": card.attribution,
    }


def card_to_markdown(card: dict[str, Any]) -> str:
    """Return the card as a page for people.

    >>> card_to_markdown({"name": "tiny", "date": "2026-01-01", "recipe": {"seed": 1}}).splitlines()[0]
    '# Model card: tiny'
    """
    recipe = card.get("recipe", {})
    lines = [
        f"# Model card: {card['name']}",
        "",
        f"Made {card['date']} by `zhiyin train recipes/{card['name']}.toml`, seed {recipe.get('seed', '?')}, "
        f"{card.get('steps', '?')} steps, {card.get('minutes', '?')} minutes on the machine it was made on.",
        "",
        "**What it does.** Fills masked cells of a (part x bar) grid: continues, infills, harmonises, accompanies, "
        "or writes everything, under wishes that the decoding loop keeps.",
        "",
        "**What it does not.** It has heard mostly notated Western music of 1700-1930, folk tunes, hymns, pop piano, "
        "drum grooves and few modern bands; it knows nothing of sound. Chinese, jazz and electronic styles are "
        "thin in its data. It was not trained on any melody of the pop set, only on piano texture and chords.",
        "",
        "## Learned from",
        "",
        "| set | pieces | licence | origin |",
        "|---|---|---|---|",
    ]
    lines += [_row(row) for row in card.get("data", [])]
    credits = [row["attribution"] for row in card.get("data", []) if row.get("attribution")]
    lines += ["", "## Attribution", "", *(f"- {line}" for line in credits)]
    if card.get("piece_credits"):
        lines += [
            "",
            "Pieces under CC BY, with those who typeset them:",
            "",
            *(f"- {c}" for c in card["piece_credits"]),
        ]
    lines += ["", "## Held-out bits per note", "", "| task | test split, people's pieces |", "|---|---|"]
    lines += [f"| {task} | {bits:.2f} |" for task, bits in card.get("test_bits_a_note", {}).items()]
    lines += ["", f"Validation, all tasks: {card.get('valid_bits_a_note', '?')}.", "", "## Recipe", "", "```"]
    for table, values in recipe.items():
        lines += [f"{table}: {values}"]
    return "\n".join([*lines, "```", ""])


def _row(row: dict[str, Any]) -> str:
    origin = (
        f"[{row['repository'].split('/')[-1]}]({row['repository']}) at `{row['commit'][:10]}`"
        if "commit" in row
        else ""
    )
    return f"| {row.get('title', row['name'])} | {row['pieces']} | {row.get('licence', '')} | {origin} |"
