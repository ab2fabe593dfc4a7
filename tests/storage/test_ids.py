import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.ids import ALPHABET, Mint, ulid

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2900, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - aware by timezones
BITS = st.integers(0, 2**80 - 1)


def test_a_ulid_is_as_the_specification_says() -> None:
    # 1469918176385 ms is the specification's own example: 01ARYZ6S41.
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=1469918176385)
    assert ulid(at, 0) == "01ARYZ6S410000000000000000"
    assert ulid(at, 2**80 - 1) == "01ARYZ6S41ZZZZZZZZZZZZZZZZ"


def test_ids_have_their_prefix_and_26_characters_nobody_mistakes() -> None:
    assert re.fullmatch(r"am_[0-9A-HJKMNP-TV-Z]{26}", Mint()("am", AT))
    assert not set("ILOU") & set(ALPHABET)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", Mint().command(AT))


@given(TIMES, TIMES, BITS, BITS)
def test_ids_sort_as_their_times(a: datetime, b: datetime, x: int, y: int) -> None:
    if (b - a) >= timedelta(milliseconds=1):
        assert ulid(a, x) < ulid(b, y)


def test_ten_thousand_ids_of_one_moment_differ() -> None:
    mint = Mint()
    assert len({mint("se", AT) for _ in range(10_000)}) == 10_000
