"""One term for another, wherever a text says it."""

from collections.abc import Iterator, Sequence

from drafting.domain.tokens import tokenize


def throughout(text: str, old: str, new: str) -> str:
    """Give ``text`` with ``new`` wherever it says ``old``, in whole words, from left to right.

    Capitals count; but an ``old`` that begins with a small letter is also found with a capital first letter and all in
    capitals, and ``new`` is then written so too. A hyphenated word is a word of its own. Any space in ``old`` stands
    for any space.
    """
    forms = _forms(old, new)
    if old == new or not any(words[0] in text for words in forms):
        return text
    return "".join(_replaced(tokenize(text), forms))


def _forms(old: str, new: str) -> dict[tuple[str, ...], str]:
    """Give the words of the term in each form it is found in, with what then stands in its place."""
    forms = {old: new}
    if old[:1].islower():
        forms = {old.upper(): new.upper(), _capital(old): _capital(new), **forms}
    return {tuple(map(_spaced, tokenize(form))): written for form, written in forms.items()}


def _replaced(tokens: Sequence[str], forms: dict[tuple[str, ...], str]) -> Iterator[str]:
    heads = {words[0] for words in forms}
    at = 0
    while at < len(tokens):
        found = None
        if tokens[at] in heads:
            found = next((words for words in forms if _stands(words, tokens, at)), None)
        yield tokens[at] if found is None else forms[found]
        at += 1 if found is None else len(found)


def _stands(words: Sequence[str], tokens: Sequence[str], at: int) -> bool:
    return all(
        word == _spaced(token) for word, token in zip(words, tokens[at : at + len(words)], strict=False)
    ) and at + len(words) <= len(tokens)


def _spaced(token: str) -> str:
    return " " if token.isspace() else token


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
