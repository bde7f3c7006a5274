"""Rights: which ground holds on which day, for the live and for the replay, and what must be taken down."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.rights import (
    DAY,
    NOTICE_DAYS,
    AuthorPresent,
    Due,
    Ground,
    Permission,
    PublicDomain,
    Quotation,
    Replay,
    Right,
    Verdict,
    Work,
    check,
    free_from,
    ground_name,
    may_be_extended,
    to_take_down,
)

TODAY = date(2026, 3, 10)


def work(*grounds: Ground, ended: date | None = None) -> Work:
    rights = tuple(Right(number, ground, ended) for number, ground in enumerate(grounds, 1))
    return Work(1, "Le Horla", "Maupassant", rights)


def on(text: str) -> date:
    return date.fromisoformat(text)


# --- One ground


@pytest.mark.parametrize(
    ("died", "free"),
    [
        (1902, "1973-01-01"),
        (1950, "2021-01-01"),
        (1955, "2026-01-01"),
        (1956, "2027-01-01"),
        (-800, "0001-01-01"),
        (9999, "9999-12-31"),
    ],
)
def test_works_are_free_on_the_new_years_day_after_seventy_full_years(died: int, free: str) -> None:
    assert free_from(died) == on(free)


def test_an_author_long_dead_may_be_read_and_replayed_without_end() -> None:
    for replay in (False, True):
        verdict = check(work(PublicDomain(1902)), TODAY, replay=replay)
        assert verdict == Verdict("valid", "public-domain")


def test_an_author_dead_for_less_than_seventy_years_is_protected_until_a_known_day() -> None:
    protected = work(PublicDomain(1956))
    assert check(protected, on("2026-12-31"), replay=False) == Verdict(
        "none", "still-protected", since=on("2027-01-01")
    )
    assert check(protected, on("2027-01-01"), replay=True) == Verdict("valid", "public-domain")


@pytest.mark.parametrize("died", [1914, 1918, 1939, 1944, 1945])
def test_a_death_in_the_years_of_war_calls_for_a_second_look(died: int) -> None:
    assert may_be_extended(died)


@pytest.mark.parametrize("died", [1902, 1913, 1919, 1938, 1946, 2000])
def test_a_death_in_other_years_does_not(died: int) -> None:
    assert not may_be_extended(died)


def test_a_permission_holds_to_its_last_day_included() -> None:
    granted = work(Permission("Éditions du Lac", "live", on("2026-03-31")))
    assert check(granted, on("2026-03-31"), replay=False) == Verdict(
        "valid", "permission", on("2026-03-31")
    )
    assert check(granted, on("2026-04-01"), replay=False) == Verdict(
        "expired", "over", on("2026-03-31")
    )


def test_a_permission_for_the_live_does_not_cover_the_replay() -> None:
    granted = work(Permission("Éditions du Lac"))
    assert check(granted, TODAY, replay=False) == Verdict("valid", "permission")
    assert check(granted, TODAY, replay=True) == Verdict("live-only", "permission")


def test_a_permission_for_the_replay_covers_the_live() -> None:
    granted = work(Permission("Éditions du Lac", "replay"))
    for replay in (False, True):
        assert check(granted, TODAY, replay=replay) == Verdict("valid", "permission")


def test_an_author_who_is_present_allows_the_live_of_that_day() -> None:
    present = work(AuthorPresent(TODAY))
    assert check(present, TODAY, replay=False) == Verdict("valid", "author-present", TODAY)
    assert check(present, TODAY, replay=True) == Verdict("live-only", "author-present", TODAY)
    assert check(present, TODAY - DAY, replay=False) == Verdict("none", "another-day", since=TODAY)
    assert check(present, TODAY + DAY, replay=False) == Verdict("expired", "over", TODAY)


def test_a_short_quotation_needs_nobodys_leave() -> None:
    assert check(work(Quotation()), TODAY, replay=True) == Verdict("valid", "quotation")


def test_a_right_that_was_ended_holds_no_longer_from_that_day_on() -> None:
    ended = work(Permission("Éditions du Lac", "replay"), ended=TODAY)
    assert check(ended, TODAY - DAY, replay=True) == Verdict("valid", "permission", TODAY - DAY)
    assert check(ended, TODAY, replay=False) == Verdict("expired", "withdrawn", TODAY - DAY)


def test_a_right_ended_after_its_own_end_was_not_withdrawn() -> None:
    late = work(Permission("Éditions du Lac", "live", on("2026-01-31")), ended=TODAY)
    assert check(late, TODAY, replay=False) == Verdict("expired", "over", on("2026-01-31"))


def test_a_right_ended_before_it_began_is_none() -> None:
    mistaken = work(PublicDomain(1990), ended=TODAY)
    assert check(mistaken, TODAY, replay=False) == Verdict("none", "no-right")


def test_a_work_without_rights_may_not_be_read() -> None:
    assert check(work(), TODAY, replay=False) == Verdict("none", "no-right")


# --- Several grounds


def test_the_ground_that_holds_longest_is_named() -> None:
    several = work(AuthorPresent(TODAY), Permission("Lac", "live", on("2026-05-01")))
    assert check(several, TODAY, replay=False) == Verdict("valid", "permission", on("2026-05-01"))


def test_rights_that_follow_each_other_make_one_time() -> None:
    several = work(Permission("Lac", "replay", on("2026-12-31")), PublicDomain(1956))
    assert check(several, TODAY, replay=True) == Verdict("valid", "permission")


def test_a_gap_of_one_day_ends_the_time() -> None:
    several = work(Permission("Lac", "replay", on("2026-12-30")), PublicDomain(1956))
    assert check(several, TODAY, replay=True).until == on("2026-12-30")


def test_a_replay_that_ended_leaves_the_live_that_goes_on() -> None:
    several = work(Permission("Lac", "replay", on("2026-02-01")), Permission("Lac", "live"))
    assert check(several, TODAY, replay=True) == Verdict("live-only", "permission")


def test_what_is_over_says_when_the_work_will_be_free() -> None:
    several = work(Permission("Lac", "live", on("2026-02-01")), PublicDomain(1956))
    verdict = check(several, TODAY, replay=False)
    assert verdict == Verdict("expired", "over", on("2026-02-01"), on("2027-01-01"))


# --- Replays


def replay(number: int, *grounds: Ground, aired: str = "2026-01-10") -> Replay:
    return Replay(number, work(*grounds), "Soirée fantastique", on(aired), "https://example.org/v")


def lasting(days: int) -> Permission:
    return Permission("Lac", "replay", TODAY + timedelta(days=days))


def test_replays_are_announced_from_fourteen_days_before_the_end() -> None:
    assert NOTICE_DAYS == 14
    replays = [replay(days, lasting(days)) for days in (0, 1, 14, 15, 400)]
    assert [due.replay.id for due in to_take_down(replays, TODAY)] == [0, 1, 14]


def test_replays_that_never_had_a_right_are_overdue() -> None:
    replays = [replay(1, Permission("Lac", "live")), replay(2), replay(3, AuthorPresent(TODAY))]
    assert [due.last for due in to_take_down(replays, TODAY)] == [None] * 3


def test_overdue_replays_come_first_and_oldest_first() -> None:
    replays = [
        replay(1, lasting(3)),
        replay(2, aired="2026-02-02"),
        replay(3, lasting(1)),
        replay(4, aired="2026-01-01"),
    ]
    assert [due.replay.id for due in to_take_down(replays, TODAY)] == [4, 2, 3, 1]


def test_replays_of_free_works_stay() -> None:
    assert to_take_down([replay(1, PublicDomain(1902)), replay(2, Quotation())], TODAY) == ()


def test_a_due_replay_says_why() -> None:
    [due] = to_take_down([replay(1, Permission("Lac", "live"))], TODAY)
    assert due == Due(due.replay, Verdict("live-only", "permission"), None)


# --- Properties

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
GROUNDS = st.one_of(
    st.builds(PublicDomain, st.integers(1950, 1960)),
    st.builds(Permission, st.just("Lac"), st.sampled_from(["live", "replay"]), st.none() | DAYS),
    st.builds(AuthorPresent, DAYS),
    st.just(Quotation()),
)
RIGHTS = st.lists(st.builds(Right, st.integers(1, 9), GROUNDS, st.none() | DAYS), max_size=5)
WORKS = RIGHTS.map(lambda rights: Work(1, "Le Horla", "Maupassant", tuple(rights)))
BETTER = {"valid": 3, "live-only": 2, "expired": 1, "none": 0}


@settings(deadline=None)
@given(WORKS, DAYS, st.booleans())
def test_what_is_valid_until_a_day_is_valid_on_every_day_to_it_and_not_after(
    work: Work, day: date, kept: bool
) -> None:
    verdict = check(work, day, replay=kept)
    if verdict.validity not in ("valid", "live-only"):
        return
    asked = kept and verdict.validity == "valid"
    last = verdict.until or day + timedelta(days=900)
    assert day <= last
    for ahead in range((last - day).days + 1):
        assert check(work, day + timedelta(days=ahead), replay=asked).validity == "valid"
    if verdict.until is not None:
        assert check(work, verdict.until + DAY, replay=asked).validity != "valid"


@settings(deadline=None)
@given(WORKS, DAYS)
def test_a_replay_asks_for_more_than_a_live(work: Work, day: date) -> None:
    live, kept = check(work, day, replay=False), check(work, day, replay=True)
    assert live.validity != "live-only"
    assert BETTER[kept.validity] <= BETTER[live.validity]
    assert (kept.validity in ("valid", "live-only")) == (live.validity == "valid")


@settings(deadline=None)
@given(WORKS, DAYS, GROUNDS)
def test_one_more_right_never_takes_anything_away(work: Work, day: date, ground: Ground) -> None:
    more = replace(work, rights=(*work.rights, Right(99, ground)))
    for kept in (False, True):
        before, after = (check(w, day, replay=kept).validity for w in (work, more))
        if before in ("valid", "live-only"):
            assert BETTER[after] >= BETTER[before]


@settings(deadline=None)
@given(WORKS, DAYS, st.booleans())
def test_the_order_of_registration_does_not_matter(work: Work, day: date, kept: bool) -> None:
    turned = replace(work, rights=work.rights[::-1])
    one, other = check(work, day, replay=kept), check(turned, day, replay=kept)
    assert (one.validity, one.until, one.since) == (other.validity, other.until, other.since)


@settings(deadline=None)
@given(WORKS, DAYS, st.booleans())
def test_the_days_named_lie_on_their_own_sides(work: Work, day: date, kept: bool) -> None:
    verdict = check(work, day, replay=kept)
    if verdict.validity == "expired":
        assert verdict.until is not None
        assert verdict.until < day
    if verdict.since is not None:
        assert verdict.since > day


@settings(deadline=None)
@given(st.lists(WORKS, max_size=6), DAYS)
def test_a_replay_is_listed_just_when_it_may_not_stay_a_fortnight(
    works: list[Work], day: date
) -> None:
    replays = [Replay(n, w, "", day, "") for n, w in enumerate(works)]
    listed = {due.replay.id for due in to_take_down(replays, day)}
    stays = [
        all(
            check(w, day + timedelta(days=n), replay=True).validity == "valid"
            for n in range(NOTICE_DAYS + 2)
        )
        for w in works
    ]
    assert listed == {n for n, well in enumerate(stays) if not well}


def test_every_ground_has_a_name_of_its_own() -> None:
    grounds = (PublicDomain(1902), Permission("Lac"), AuthorPresent(TODAY), Quotation())
    assert len({ground_name(ground) for ground in grounds}) == 4
