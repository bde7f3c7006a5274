"""Sums: every usual notation, what is refused and why, and the solver against another way to find everything."""

import random
from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.core import Refusal
from games.sums import DEEPEST, Reach, Step, Sum, read_sum, worked
from tests.sums_oracle import check_sum, deal, every_target

PLATES = (25, 4, 7, 3, 50, 75)


def value(text: str, plates: Sequence[int] = PLATES) -> int | None:
    found = read_sum(text, plates)
    return found.value if found else None


def refused(text: str, plates: Sequence[int] = PLATES) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refusal) as caught:
        read_sum(text, plates)
    return caught.value.code, dict(caught.value.facts)


# What people type


@pytest.mark.parametrize("sign", "*x×X∗·⋅•✕✖")
def test_times_is_typed_in_many_ways(sign: str) -> None:
    assert value(f"25{sign}4") == value(f"25 {sign} 4") == 100


@pytest.mark.parametrize("sign", "/÷:∶∕⁄➗")
def test_divided_is_typed_in_many_ways(sign: str) -> None:
    assert value(f"75{sign}25") == value(f"75 {sign} 25") == 3


@pytest.mark.parametrize("sign", "-−–—‑➖")
def test_minus_is_typed_in_many_ways(sign: str) -> None:
    assert value(f"25{sign}4") == value(f"25 {sign} 4") == 21


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25*4+7", 107),
        ("7+25*4", 107),
        ("(25+7)*4", 128),
        ("[25+7]x4", 128),
        ("{25 + 7} × 4", 128),
        ("4(25+7)", 128),
        ("(25+7)(4+3)", 224),
        ("((25))+(4)", 29),
        ("50-25-4-3", 18),
        ("75/25/3", 1),
        ("75:(7-4)", 25),
        ("25*4+7 = 107", 107),
        ("107 = 25*4+7", 107),
        ("25×4=100+7=107", 107),
        ("25×4=100 ; 100+7=107", 107),
        ("25×4=100, 100+7=107, 107-3=104", 104),
        ("25×4\n100+7", 107),
        ("25x4 puis 100+7 et 107-3", 104),
        ("25x4 then 100+7", 107),
        ("25×50 = 1 250", 1250),
        ("25×50 = 1\u202f250 + 4", 1254),
        ("25*50=1,250", 1250),
        ("25\\*4", 100),
        ("`25*4`", 100),
        ("25✖️4", 100),
        ("25*4 !", 100),
        ("25*4 = 100.", 100),
        ("  25*4  ", 100),
    ],
)
def test_a_sum_is_read_in_any_usual_notation(text: str, expected: int) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "25",
            "107",
            ":)",
            "8)",
            "25*",
            "*25",
            "25**4",
            "(25*4",
            "25*4)",
            "()",
            "-25+",
            "25+-4",
        ),
        *("bravo 25*4", "25*4 lol", "25*a", "25.5*4", "25*4==100", "=25*4=", "25 4", "x", "2⁵*3"),
        *("__import__('os')", "25*4;import os", "9" * 150 + "+1" + "9" * 100, "25**4**7", "٣+٤"),
        "(" * (DEEPEST + 1) + "25+4" + ")" * (DEEPEST + 1),
    ],
)
def test_what_is_no_sum_is_nothing(text: str) -> None:
    assert read_sum(text, PLATES) is None


def test_brackets_are_read_as_deep_as_anybody_needs() -> None:
    assert value("(" * DEEPEST + "25+4" + ")" * DEEPEST) == 29


def test_a_sum_tells_its_steps_in_order() -> None:
    found = read_sum("(25+3)×4", PLATES)
    assert found == Sum(112, (Step(25, "+", 3, 28), Step(28, "*", 4, 112)))


# What is refused


def test_a_plate_that_is_not_there_is_refused() -> None:
    assert refused("12+4") == ("sum-no-plate", {"number": 12})


def test_a_plate_counts_once() -> None:
    assert refused("25+25") == ("sum-no-plate", {"number": 25})
    assert value("25+25", (25, 25, 1)) == 50
    assert refused("25*4=100, 25+100") == ("sum-no-plate", {"number": 25})


def test_a_result_counts_once() -> None:
    assert refused("25*4=100, 100+100") == ("sum-no-plate", {"number": 100})


def test_a_division_must_be_whole() -> None:
    assert refused("25/4") == ("sum-not-whole", {"left": 25, "right": 4})


def test_no_result_on_the_way_may_be_zero_or_less() -> None:
    assert refused("4-7+25")[0] == "sum-not-positive"
    assert refused("25-(4+(7*3))")[0] == "sum-not-positive"
    assert value("25-4+7") == 28


def test_a_claim_must_be_true() -> None:
    code, facts = refused("25*4=101")
    assert (code, facts["claimed"], facts["value"]) == ("sum-wrong", 101, 100)
    assert refused("25*4=101+7")[0] == "sum-wrong"
    assert refused("25*4=(100+7)")[0] == "sum-wrong"


# The best


def test_the_nearest_is_exact_when_it_can_be_and_of_few_plates() -> None:
    assert Reach((1, 2, 3, 4, 25, 8)).nearest(200) == Sum(200, (Step(25, "*", 8, 200),))
    assert Reach((1, 1, 2, 2, 3, 3)).nearest(999).value < 200
    assert Reach((100, 1, 1, 1, 1, 1)).nearest(100) == Sum(100, ())


def test_the_same_plates_give_the_same_best() -> None:
    first, second = (Reach((5, 6, 25, 3, 7, 4)).nearest(t) for t in (953, 953))
    assert first == second


@pytest.mark.parametrize("seed", range(6))
def test_every_target_of_a_draw_is_solved_as_near_as_can_be(seed: int) -> None:
    every_target(deal(random.Random(seed)))


@pytest.mark.parametrize(
    "plates", [(1, 1, 2, 2, 3, 3), (100, 75, 50, 25, 10, 10), (7, 7, 7, 7, 7, 7)]
)
def test_unlikely_draws_are_solved_too(plates: tuple[int, ...]) -> None:
    every_target(plates)


# Any text


PARTS = (*"+-*/x×÷:−=()[] ,;.\n", "25", "4", "7", "3", "50", "75", "100", "1")


@settings(max_examples=500)
@given(st.lists(st.sampled_from(PARTS), max_size=30).map("".join) | st.text(max_size=40))
def test_any_text_is_a_sum_of_these_plates_or_nothing_or_refused(text: str) -> None:
    found = None
    with suppress(Refusal):
        found = read_sum(text, PLATES)
    if found is not None:
        assert found.steps
        check_sum(found, PLATES)


@st.composite
def trees(draw: st.DrawFn) -> tuple[str, int | None]:
    """Return a sum as text, of plates each used once, and what it comes to by rational arithmetic."""
    plates = list(draw(st.permutations(PLATES)))[: draw(st.integers(2, 6))]
    nodes: list[tuple[str, int | None]] = [(str(plate), plate) for plate in plates]
    while len(nodes) > 1:
        (left, x), (right, y) = nodes.pop(0), nodes.pop(0)
        sign = draw(st.sampled_from("+-*/"))
        made = worked(x, sign, y) if x is not None and y is not None else None  # type: ignore[arg-type]
        nodes.append((f"({left}{sign}{right})", made))
    return nodes[0]


@given(trees())
def test_every_tree_of_operations_comes_to_what_it_does(tree: tuple[str, int | None]) -> None:
    text, expected = tree
    if expected is None:
        with pytest.raises(Refusal):
            read_sum(text, PLATES)
    else:
        assert value(text) == expected
