"""What platforms show of the agenda: kept in step by difference, whatever people change and wherever we crash."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from games.projection import (
    TIMES,
    Change,
    Content,
    Create,
    Forget,
    Found,
    Known,
    Remember,
    Remove,
    Step,
    differences,
)

NOW = 1_000_000
HOUR = 3600


def content(title: str = "Club", hours: float = 24, **words: str) -> Content:
    begins = NOW + round(hours * HOUR)
    return Content(begins, begins + HOUR, {"title": title, "text": "à l’agenda", **words})


CLUB = content()
KNOWN = Known("a", "1", CLUB)
THERE = Found("1", "a", CLUB)


# --- In sentences ----------------------------------------------------------------------------------------------


def test_what_is_not_there_is_made_and_what_is_there_left() -> None:
    assert differences({"a": CLUB}, [], [], NOW) == [Create("a", CLUB)]
    assert differences({"a": CLUB}, [KNOWN], [THERE], NOW) == []


def test_what_begins_at_once_is_not_made_any_more() -> None:
    assert differences({"a": content(hours=0.01)}, [], [], NOW) == []


def test_what_was_removed_by_hand_stays_away_until_it_is_moved() -> None:
    assert differences({"a": CLUB}, [KNOWN], [], NOW) == []
    renamed = content("Club polar")
    assert differences({"a": renamed}, [KNOWN], [], NOW) == []
    moved = content(hours=48)
    assert differences({"a": moved}, [KNOWN], [], NOW) == [Create("a", moved)]


def test_what_was_removed_by_hand_is_remembered_while_it_is_not_among_the_next() -> None:
    assert differences({}, [KNOWN], [], NOW) == []
    assert differences({}, [KNOWN], [], CLUB.begins) == [Forget("a")]


def test_what_was_reworded_by_hand_keeps_its_words_and_follows_in_time() -> None:
    theirs = replace(THERE, content=content("Grande soirée polar"))
    assert differences({"a": CLUB}, [KNOWN], [theirs], NOW) == []
    moved = content(hours=48)
    [step] = differences({"a": moved}, [KNOWN], [theirs], NOW)
    assert step == Change(
        "a", "1", content("Grande soirée polar", hours=48), frozenset([TIMES]), moved
    )


def test_words_changed_in_the_plan_after_that_are_the_later_change() -> None:
    theirs = replace(THERE, content=content("Grande soirée polar"))
    ours = content("Club noir")
    assert differences({"a": ours}, [KNOWN], [theirs], NOW) == [
        Change("a", "1", ours, frozenset(["title"]), ours)
    ]


def test_a_time_changed_by_hand_goes_back_to_the_plans() -> None:
    theirs = replace(THERE, content=content(hours=25))
    assert differences({"a": CLUB}, [KNOWN], [theirs], NOW) == [
        Change("a", "1", CLUB, frozenset([TIMES]), CLUB)
    ]


def test_what_was_begun_or_ended_by_hand_is_left() -> None:
    begun = replace(THERE, free=False)
    assert differences({"a": content(hours=48)}, [KNOWN], [begun], NOW) == []
    assert differences({}, [KNOWN], [begun], NOW) == []


def test_what_is_planned_no_more_is_called_off_and_what_is_over_forgotten() -> None:
    assert differences({}, [KNOWN], [THERE], NOW) == [Remove("a", "1", forget=True)]
    assert differences({}, [KNOWN], [THERE], CLUB.begins) == [Forget("a")]


def test_what_others_made_is_never_touched_even_if_it_says_it_is_ours() -> None:
    strange = Found("9", "a", CLUB, ours=False)
    assert differences({"a": CLUB}, [], [strange], NOW) == [Create("a", CLUB)]
    assert differences({}, [], [strange], NOW) == []


def test_what_nobody_remembers_is_known_again_with_the_words_that_people_gave_it() -> None:
    theirs = replace(THERE, content=content("Grande soirée"))
    assert differences({"a": CLUB}, [], [theirs], NOW) == [Remember("a", "1", CLUB)]
    begun = Known("a", "", CLUB)
    assert differences({"a": CLUB}, [begun], [THERE], NOW) == [Remember("a", "1", CLUB)]
    assert differences({}, [begun], [THERE], NOW) == [Remove("a", "1", forget=True)]
    assert differences({}, [begun], [], NOW) == [Forget("a")]


def test_what_says_nothing_is_known_again_by_being_the_same() -> None:
    segment = Found("1", "", CLUB)
    assert differences({"a": CLUB}, [], [segment], NOW) == [Remember("a", "1", CLUB)]
    other = Found("2", "", content("Autre chose"))
    assert differences({"a": CLUB}, [], [other], NOW) == [Create("a", CLUB)]


def test_one_of_two_that_stand_for_the_same_goes() -> None:
    second = replace(THERE, remote_id="2")
    assert differences({"a": CLUB}, [KNOWN], [THERE, second], NOW) == [
        Remove("a", "2", forget=False)
    ]


# --- As properties ---------------------------------------------------------------------------------------------


titles = st.sampled_from(("Club", "Club polar", "Matinale"))
contents = st.builds(content, titles, st.integers(1, 72))
keys = st.sampled_from("abcd")
plans = st.dictionaries(keys, contents, max_size=4)


founds = st.lists(
    st.builds(Found, st.uuids().map(str), keys, contents, st.booleans(), st.booleans()), max_size=6
)
knowns = st.lists(
    st.builds(Known, keys, st.sampled_from(("", "1", "2")), contents), unique_by=lambda k: k.key
)


@given(plans, founds, knowns)
def test_nothing_that_is_not_ours_or_not_free_is_changed(
    wanted: Mapping[str, Content], found: list[Found], known: list[Known]
) -> None:
    free = {one.remote_id for one in found if one.free and one.ours}
    for step in differences(wanted, known, found, NOW):
        if isinstance(step, (Change, Remove)):
            assert step.remote_id in free
        if isinstance(step, (Create, Change, Remember)):
            assert step.key in wanted


class World(RuleBasedStateMachine):
    """A platform that shows events, a bot that may crash between any two writes, and people who meddle."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.wanted: dict[str, Content] = {}
        self.known: dict[str, Known] = {}
        self.shown: dict[str, Found] = {}
        self.removed: dict[str, Content] = {}
        """What people removed by hand, by occurrence, as it was planned then."""
        self.ids = map(str, count(1))

    @rule(key=keys, new=contents)
    def plan(self, key: str, new: Content) -> None:
        self.wanted[key] = new

    @rule(key=keys)
    def cancel(self, key: str) -> None:
        self.wanted.pop(key, None)

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def remove_by_hand(self, data: st.DataObject) -> None:
        one = self.shown.pop(data.draw(st.sampled_from(sorted(self.shown))))
        known = {k.remote_id: k for k in self.known.values()}.get(one.remote_id)
        if known is not None:
            self.removed[known.key] = known.written

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def reword_by_hand(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.shown)))
        one = self.shown[key]
        words = {**one.content.words, "title": "À la main"}
        self.shown[key] = replace(one, content=replace(one.content, words=words))

    @precondition(lambda self: self.shown)
    @rule(data=st.data(), hours=st.integers(1, 72))
    def move_by_hand(self, data: st.DataObject, hours: int) -> None:
        key = data.draw(st.sampled_from(sorted(self.shown)))
        one = self.shown[key]
        moved = content(hours=hours)
        times = replace(one.content, begins=moved.begins, ends=moved.ends)
        self.shown[key] = replace(one, content=times)

    @rule(steps=st.integers(0, 5), forgets=st.booleans())
    def work_and_crash(self, steps: int, forgets: bool) -> None:
        """Do some of what is due, perhaps without coming to remember the last of it."""
        due = differences(self.wanted, self.known.values(), [*self.shown.values()], self.now)
        for number, step in enumerate(due[:steps]):
            last = number == min(steps, len(due)) - 1
            self.do(step, remembers=not (last and forgets))

    @rule()
    def work(self) -> None:
        self.settle()
        assert not differences(
            self.wanted, self.known.values(), [*self.shown.values()], self.now
        ), "once is enough"
        for key, wanted in self.wanted.items():
            standing = [one for one in self.shown.values() if one.key == key]
            if key in self.removed and self.removed[key].times == wanted.times:
                assert not standing, "what was removed by hand stays away"
            else:
                [one] = standing
                assert one.content.times == wanted.times
        assert {one.key for one in self.shown.values()} <= set(self.wanted)

    def settle(self) -> None:
        for step in differences(self.wanted, self.known.values(), [*self.shown.values()], self.now):
            self.do(step)

    def do(self, step: Step, *, remembers: bool = True) -> None:
        match step:
            case Create(key, new):
                remote_id = next(self.ids)
                self.removed.pop(key, None)
                self.known[key] = Known(key, "", new)
                self.shown[remote_id] = Found(remote_id, key, new)
                if remembers:
                    self.known[key] = Known(key, remote_id, new)
            case Change(key, remote_id, new, parts, written):
                assert parts
                self.shown[remote_id] = replace(self.shown[remote_id], content=new)
                if remembers:
                    self.known[key] = Known(key, remote_id, written)
            case Remember(key, remote_id, written):
                if remembers:
                    self.known[key] = Known(key, remote_id, written)
            case Remove(key, remote_id, forget):
                if forget:
                    self.known[key] = replace(self.known[key], remote_id="")
                del self.shown[remote_id]
                if forget and remembers:
                    del self.known[key]
            case Forget(key):
                if remembers:
                    del self.known[key]

    @invariant()
    def one_name_stands_for_one_occurrence(self) -> None:
        named = [one.remote_id for one in self.known.values() if one.remote_id]
        assert len(named) == len(set(named))


TestWorld = World.TestCase


@pytest.mark.parametrize("hand", [True, False])
def test_a_hand_made_title_is_kept_over_many_moves(hand: bool) -> None:
    written, title = CLUB, "Grande soirée" if hand else "Club"
    shown = replace(THERE, content=content(title))
    for hours in range(30, 40):
        ours = content(hours=hours)
        [step] = differences({"a": ours}, [Known("a", "1", written)], [shown], NOW)
        assert isinstance(step, Change)
        shown, written = replace(shown, content=step.content), step.written
    assert shown.content == content(title, hours=39)
