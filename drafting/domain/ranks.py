"""Ranks: strings that order the sections of a working draft, such that between any two there is room for another.

A rank is a fraction between 0 and 1 in base 62, without the point: digits 0-9, A-Z, a-z, compared by code point, never
ending in "0" (which would say the same as the rank without it). Two that are given the same rank at the same moment
stay in the order of their ids. The page has a twin of this (``clients/web``), held to the same examples.
"""

from typing import Final

DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE: Final = len(DIGITS)
_VALUE: Final = {digit: value for value, digit in enumerate(DIGITS)}


def is_rank(text: str) -> bool:
    """Whether the text is a rank: digits of base 62, at least one, the last not "0"."""
    return bool(text) and text[-1] != "0" and _VALUE.keys() >= set(text)


def ranks(n: int) -> list[str]:
    """Give ``n`` ranks in rising order, evenly spaced and as short as they can be, to seed a draft with."""
    places = 1
    while _BASE**places <= n:
        places += 1
    whole = _BASE**places
    return [_written(whole * number // (n + 1), places) for number in range(1, n + 1)]


def between(low: str | None, high: str | None) -> str:
    """Give a rank after ``low`` (``None``: the beginning) and before ``high`` (``None``: the end), in their middle as
    far as short digits allow. ``ValueError`` where one is no rank or ``low`` does not stand before ``high``.
    """
    for rank in (low, high):
        if rank is not None and not is_rank(rank):
            raise ValueError(f"{rank!r} is no rank")
    if low is not None and high is not None and low >= high:
        raise ValueError(f"{low!r} does not stand before {high!r}")
    digits: list[str] = []
    floor, ceiling = low or "", high
    while True:
        at = len(digits)
        least = _VALUE[floor[at]] if at < len(floor) else 0
        most = _VALUE[ceiling[at]] if ceiling is not None and at < len(ceiling) else _BASE
        if most - least > 1:
            return "".join(digits) + DIGITS[(least + most) // 2]
        digits.append(DIGITS[least])
        if most != least:
            # One digit apart: what stands below ``low`` here is below ``high`` already, however it goes on.
            ceiling = None


def _written(number: int, places: int) -> str:
    digits = ""
    for _ in range(places):
        number, value = divmod(number, _BASE)
        digits = DIGITS[value] + digits
    return digits.rstrip("0")
