"""Laws of model cards: every set with its licence and attribution, every metric, the command that makes it again."""

from __future__ import annotations

from tests.train.test_sampler import waltz_piece
from zhiyin.data import DATASETS
from zhiyin.train.card import card_to_markdown, make_card
from zhiyin.train.recipe import Recipe
from zhiyin.train.sampler import TrainPiece


def piece(set_name: str) -> TrainPiece:
    """Return the little waltz as if it came from a set."""
    base = waltz_piece()
    return TrainPiece(f"{set_name}/1", base.style, base.tokens, base.context)


def test_the_card_names_every_set_with_its_licence_and_attribution() -> None:
    names = [name for name, dataset in DATASETS.items() if dataset.card.ruling == "train"]
    card = make_card(Recipe("fill"), [piece(n) for n in names], {"all": 4.0}, valid=4.1, steps=9, minutes=1.0)
    page = card_to_markdown(card)
    for name in names:
        assert DATASETS[name].card.title in page and DATASETS[name].card.licence in page
        assert DATASETS[name].card.attribution in page
    assert "| all | 4.00 |" in page and "recipes/fill.toml" in page


def test_pieces_are_counted_by_set() -> None:
    card = make_card(Recipe("fill"), [piece("groove"), piece("groove")], {}, valid=1.0, steps=1, minutes=1.0)
    assert card["train_pieces"] == {"groove": 2}
    assert card["data"][0]["commit"] == DATASETS["groove"].card.commit


def test_people_who_typeset_a_piece_are_credited_by_name() -> None:
    base = piece("mutopia")
    credited = TrainPiece(
        base.name, base.style, base.tokens, base.context, attribution="Aria, typeset by A. Person"
    )
    page = card_to_markdown(make_card(Recipe("fill"), [credited], {}, valid=1.0, steps=1, minutes=1.0))
    assert "- Aria, typeset by A. Person" in page
