"""The bot is killed with -9 in quizzes, games, news and planned beginnings; the long versions are `script/soak`."""

from pathlib import Path

from tests.killing import Killing
from tests.killing_agenda import KillingAgenda
from tests.killing_games import KillingGames
from tests.killing_plans import KillingPlans


async def test_killed_bot_goes_on_and_no_announced_point_is_lost_or_doubled(
    tmp_path: Path,
) -> None:
    summary = await Killing(tmp_path, seed=2021, kills=4, questions=5).run()
    assert not summary.violations, (
        summary.violations,
        (tmp_path / "stderr.txt").read_text()[-3000:],
    )
    assert summary.kills == 4
    assert summary.quizzes >= 1
    assert summary.verdicts
    assert summary.confirmed + summary.actions


async def test_a_killed_game_goes_on_and_all_that_is_told_of_it_is_true(tmp_path: Path) -> None:
    summary = await KillingGames(tmp_path, seed=2, kills=2).run()
    errors = (tmp_path / "stderr.txt").read_text()[-3000:]
    assert not summary.violations, (summary.violations, errors)
    assert summary.kills == 2
    assert summary.games
    assert summary.plays
    assert summary.heard


async def test_of_all_that_is_due_at_once_nothing_is_lost_or_told_twice(tmp_path: Path) -> None:
    summary = await KillingAgenda(tmp_path, seed=3, kills=3).run()
    errors = (tmp_path / "stderr.txt").read_text()[-3000:]
    assert not summary.violations, (summary.violations, errors)
    assert summary.kills == 3
    assert summary.here == summary.there == 24


async def test_planned_pauses_and_questions_of_the_day_begin_once(tmp_path: Path) -> None:
    summary = await KillingPlans(tmp_path, seed=1, kills=4).run()
    errors = (tmp_path / "stderr.txt").read_text()[-3000:]
    assert not summary.violations, (summary.violations, errors)
    assert summary.kills == 4
    assert summary.pauses == summary.questions == 8
