"""The card of a net of verse as a page for people.

Conventions: figures come from the card's values; nothing is typed by hand. This module measures nothing.
"""

from __future__ import annotations

from typing import Any

_LANGUAGES = {"zh": "Chinese", "en": "English"}
_UNITS = {"zh": "characters", "en": "words"}


def card_page(card: dict[str, Any]) -> str:
    """Return the card as Markdown."""
    model = card["recipe"]["model"]
    unit = _UNITS[model["language"]]
    kinds = ", ".join(f"{name} {count:,}" for name, count in card["train_lines"].items())
    lines = [
        f"# Model card: {card['name']}", "",
        f"Made {card['date']} by `zhiyin train recipes/{card['name']}.toml`, seed {card['recipe']['seed']}, "
        f"{card['steps']:,} steps, {card['minutes']} minutes on one core; {card['weights'] / 1e6:.1f} million weights, "
        "int8, runs in numpy.", "",
        f"**What it does.** Says which of its {unit} may stand to the left of those chosen, in a line of "
        f"{_LANGUAGES[model['language']]} verse, told the kind of verse, the syllables still to come, theme words and "
        "the lines above. Lines are written from the last unit to the first, so that a rhyme can be chosen first.", "",
        "**What it does not.** It knows no melody, tone, stress or rhyme (the search that uses it does), no modern "
        "diction, and no facts: it has the words, the views and the silences of old verse. Texts with slurs or mock "
        "dialect were left out whole; what is left is still of its time.", "",
        "**Copies.** It has seen its lines several times over. Whoever writes with it must check what comes out: "
        "`zhiyin.lyrics.copies` knows every line it has learned from.", "",
        "## Measured", "",
        f"Test split (4 % of the works, no line that stands in the training side): {card['test']['bits_a_unit']:.3f} "
        f"bits a unit, line ends included, told kind, lengths and half of the themes as in training; validation "
        f"{card['test']['valid_bits_a_unit']:.3f}. More in the laboratory's page on verse.", "",
        "## Learned from", "",
        f"Lines by kind: {kinds}.", "",
        "| set | lines | licence | origin |", "|---|---|---|---|",
    ]  # fmt: skip
    for row in card["data"]:
        origin = f"[{row['repository'].split('/')[-1]}]({row['repository']}) at `{row['commit'][:10]}`"
        lines.append(f"| {row['title']} | {row['lines']:,} | {row['licence']} | {origin} |")
    lines += [
        "",
        "## Attribution",
        "",
        *(f"- {row['attribution']}" for row in card["data"] if row["attribution"]),
    ]
    tables = [f"{table}: {values}" for table, values in card["recipe"].items()]
    lines += ["", "## Recipe", "", "```", *tables, "```", ""]
    return "\n".join(lines)
