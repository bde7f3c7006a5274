"""Headcounts: the rule of what may be shown, reading what staff type, and what a count belongs to."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from games.headcount import CLASSES, LEAST_SHOWN, AgeClass, Published, add_up, publish

COUNTS = st.dictionaries(st.sampled_from(CLASSES), st.integers(0, 40))


# --- What may be shown


def test_large_classes_are_all_shown() -> None:
    assert publish({"0-5": 5, "65+": 12}) == Published({"0-5": 5, "65+": 12}, 17, hidden=False)


def test_a_class_with_nobody_is_neither_shown_nor_hidden() -> None:
    assert publish({"0-5": 0, "65+": 12}) == Published({"65+": 12}, 12, hidden=False)
    assert publish({}) == publish({"0-5": 0}) == Published({}, 0, hidden=False)


def test_a_small_class_takes_the_next_smallest_along() -> None:
    counts: dict[AgeClass, int] = {"0-5": 3, "6-11": 12, "18-64": 8, "65+": 20}
    assert publish(counts) == Published({"6-11": 12, "65+": 20}, 43, hidden=True)


def test_several_smallest_go_together() -> None:
    counts: dict[AgeClass, int] = {"0-5": 4, "6-11": 5, "18-64": 5, "65+": 20}
    assert publish(counts) == Published({"65+": 20}, 34, hidden=True)


def test_small_classes_alone_leave_the_total() -> None:
    assert publish({"0-5": 4, "6-11": 4}) == Published({}, 8, hidden=True)


def test_a_small_total_is_not_shown_either() -> None:
    assert publish({"65+": 4}) == Published({}, None, hidden=True)
    assert publish({"65+": 5}) == Published({"65+": 5}, 5, hidden=False)


@given(COUNTS)
def test_nothing_shown_is_small_and_nothing_shown_is_wrong(counts: dict[AgeClass, int]) -> None:
    published = publish(counts)
    for age, count in published.counts.items():
        assert count == counts[age] >= LEAST_SHOWN
    assert published.total in (None, sum(counts.values()))
    assert published.total is None or published.total == 0 or published.total >= LEAST_SHOWN
    assert published.hidden == any(0 < count < LEAST_SHOWN for count in counts.values())


def everybody(most: int) -> Iterator[dict[AgeClass, int]]:
    """Yield every way to spread at most so many people over four classes."""
    for numbers in product(range(most + 1), repeat=4):
        if sum(numbers) <= most:
            yield dict(zip(CLASSES, numbers, strict=False))


def test_no_class_that_is_left_out_can_be_worked_out_by_whoever_knows_the_rule() -> None:
    possible: dict[str, list[dict[AgeClass, int]]] = defaultdict(list)
    for counts in everybody(24):
        possible[repr(publish(counts))].append(counts)
    for alike in possible.values():
        for age in set(alike[0]) - set(publish(alike[0]).counts):
            values = {counts[age] for counts in alike}
            assert len(values) > 1 or values == {0}, (age, alike)


@given(st.lists(COUNTS, max_size=4))
def test_sums_keep_the_order_of_the_classes_and_lose_nobody(
    counts: list[dict[AgeClass, int]],
) -> None:
    sums = add_up(list(counts))
    assert list(sums) == [age for age in CLASSES if age in sums]
    assert sum(sums.values()) == sum(sum(one.values()) for one in counts)
