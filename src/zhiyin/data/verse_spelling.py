"""Old and poetic spellings of English words brought to those of a dictionary, so that one word is one unit.

Conventions: words are lower-case; a word that the dictionary knows stays; a respelling is taken only where the
dictionary knows it. This module does not know verse.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

_GIVEN = {
    "th'": "the", "an'": "and", "o'": "of", "i'": "in", "wi'": "with", "thro": "through", "thro'": "through",
    "tho": "though", "wou'd": "would", "cou'd": "could", "shou'd": "should", "o're": "o'er", "e're": "e'er",
    "ne're": "ne'er", "bin": "been", "bene": "been", "hie": "high", "doe": "do", "goe": "go", "mee": "me", "hee": "he",
    "shee": "she", "bee": "be", "wee": "we", "onely": "only", "els": "else", "agen": "again", "spright": "spirit",
}  # fmt: skip
VERSE_WORDS = frozenset(
    (
        "o'er", "e'er", "e'en", "whate'er", "where'er", "whene'er", "'twill", "'gainst", "'mid", "'neath", "'twere",
        "didst", "canst", "wouldst", "shouldst", "couldst", "hadst", "wast", "mayst", "saith", "nought", "gladness",
        "beauteous", "whereof", "therewith", "wherewith", "methinks", "withal", "ope", "aright", "clime", "drear",
        "dusky", "weal", "griefs", "slumbers", "raptures", "gladsome", "lullaby", "alleluia", "welladay", "loveliest",
        "forbear", "plaint", "plaints", "swains", "bards", "garlands", "tempests", "faery", "vapours", "splendour",
        "honours", "labours", "valour", "vigour", "smote", "rend", "seest", "knowest", "lovest", "mournfully",
        "waked", "philomel", "pinions", "whereon", "meed", "wroth", "wreathed", "awakes", "matchless",
    )
)  # fmt: skip


def modern(word: str, known: Container[str]) -> str:
    """Return a word as the dictionary spells it, or the word itself where it knows no spelling of it.

    >>> [modern(w, {"love", "looked", "heaven", "days"}) for w in ("loue", "look'd", "heav'n", "dayes", "arcite")]
    ['love', 'looked', 'heaven', 'days', 'arcite']
    """
    if word in _GIVEN:
        return _GIVEN[word]
    if word in known or word in VERSE_WORDS:
        return word
    return next((other for other in respellings(word) if other in known), word)


def respellings(word: str) -> Iterator[str]:
    """Yield other spellings of a word, the nearest first."""
    if "'" in word:
        if word.endswith("'d"):
            yield word[:-2] + "ed"
            yield word[:-2] + "d"
        yield word.replace("'", "e")
        yield word.replace("'", "i")
        yield word.replace("'", "o")
        yield word.replace("'", "")
        return
    for base in (word, re.sub(r"^v(?=[^aeiou])", "u", word), re.sub(r"^i(?=[aeou])", "j", word)):
        for other in (base, re.sub(r"(?<=[aeiour])u(?=[aeiou])", "v", base)):
            yield other
            yield re.sub(r"e$", "", other)
            yield re.sub(r"([bdfglmnprt])\1e$", r"\1", other)
            yield re.sub(r"ll$", "l", other)
            yield re.sub(r"(?<=[a-z])ie$", "y", other)
            yield re.sub(r"yes$", "ys", other)
            yield re.sub(r"es$", "s", other)
            yield re.sub(r"y(?=[a-z])", "i", other)
            yield re.sub(r"our(?=$|s$|ed$)", "or", other)
            yield re.sub(r"t$", "ed", other)
