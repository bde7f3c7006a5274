"""The agenda as people meet it: the list on both platforms, and what hosts change in it."""

from datetime import datetime, timedelta

from bot.storage.agenda import Plan, Step
from bot.wording.dates import moment
from games.recurrence import Series, instant, local_time
from tests.stage_fixtures import FRENCH, Evening, plain, refused

PARIS = "Europe/Paris"
WEEK = timedelta(days=7)


def today(evening: Evening) -> datetime:
    return local_time(evening.clock.wall(), PARIS)


def said(local: datetime, evening: Evening) -> str:
    """Return a date as the bot says it."""
    return plain(moment(local, FRENCH, today(evening)))


async def planned(
    evening: Evening, rule: str = "FREQ=WEEKLY", title: str = "Club polar"
) -> datetime:
    """Plan a weekly club in the stage's room for a Tuesday in ten days or so; return its first date."""
    day = today(evening).date() + timedelta(days=14)
    first = datetime.combine(day - timedelta(days=day.weekday() - 1), datetime.min.time())
    first = first.replace(hour=18, minute=30)
    room = evening.app.rooms.by_discord[str(evening.stage.channel.id)]
    async with evening.app.agenda.transaction() as transaction:
        series = Series(first, PARIS, rule)
        plan = Plan("club", series, (Step("club"),), room.id, title=title)
        await evening.app.agenda.plan(transaction, plan)
    return first


async def test_the_list_says_dates_in_words_on_both_platforms(evening: Evening) -> None:
    nothing = "Rien n’est encore prévu ici."
    assert await evening.told("agenda list", by=evening.stage.camille) == nothing
    await evening.asks(evening.stage.ines, "!agenda", nothing)
    first = await planned(evening)
    heard = await evening.asks(evening.stage.ines, "!agenda", "Club polar")
    assert heard.startswith(
        f"1. {said(first, evening)} : Club polar · 2. {said(first + WEEK, evening)}"
    )
    assert "mardi" in heard
    assert "à 18 h 30" in heard
    told = await evening.told("agenda list", by=evening.stage.camille)
    assert f"<t:{instant(first, PARIS) // 1_000_000}:R>" in told
    assert f"1. {said(first, evening)} : Club polar" in told
    assert "sauter" not in told
    assert "!agenda sauter 1" in await evening.told("agenda list")


async def test_a_host_leaves_out_one_date_and_nobody_is_told(evening: Evening) -> None:
    first = await planned(evening)
    messages, lines = len(evening.messages()), len(evening.lines())
    answer = await evening.told("agenda skip", which="1")
    assert (
        answer
        == f"C’est sauté : Club polar, {said(first, evening)}. Les autres dates ne changent pas."
    )
    heard = await evening.asks(evening.stage.ines, "!agenda", "Club polar")
    assert heard.startswith(f"1. {said(first + WEEK, evening)}")
    assert len(evening.messages()) == messages
    assert len(evening.lines()) == lines + 1


async def test_a_host_cancels_one_date_and_both_platforms_are_told(evening: Evening) -> None:
    first = await planned(evening)
    await evening.chat(evening.stage.broadcaster, "!agenda annuler 1")
    sentence = f"Annulé : Club polar, {said(first, evening)}."
    await evening.heard(sentence)
    await evening.shown(sentence)
    heard = await evening.asks(evening.stage.ines, "!agenda", "annulé")
    assert heard.startswith(f"1. {said(first, evening)} : Club polar (annulé)")
    assert await evening.told("agenda cancel", which="1") == refused("entry-cancelled")


async def test_a_host_moves_one_date_and_both_platforms_are_told(evening: Evening) -> None:
    first = await planned(evening)
    after = first + timedelta(days=2)
    choices = await evening.stage.discord.autocomplete(
        evening.stage.host.id, evening.stage.channel.id, "agenda move", "which", "", when="19h"
    )
    assert plain(choices[0]["name"]) == f"{said(first, evening)} : Club polar"
    when = f"{after:%d/%m/%Y} 20h"
    assert "prévenue" in await evening.told("agenda move", which=choices[0]["value"], when=when)
    after = after.replace(hour=20, minute=0)
    sentence = (
        f"Nouvelle date : Club polar, {said(after, evening)} au lieu de {said(first, evening)}."
    )
    await evening.heard(sentence)
    await evening.shown(sentence, f"<t:{instant(after, PARIS) // 1_000_000}:R>")
    heard = await evening.asks(evening.stage.ines, "!agenda", "déplacé")
    assert heard.startswith(f"1. {said(after, evening)} : Club polar (déplacé)")
    await evening.chat(evening.stage.broadcaster, "!agenda déplacer 1 19h")
    await evening.heard(said(after.replace(hour=19), evening))


async def test_typed_commands_work_on_discord(evening: Evening) -> None:
    first = await planned(evening)
    await evening.write(evening.stage.camille, "!agenda")
    await evening.shown("À venir ici", "Club polar")
    await evening.write(evening.stage.host, "!agenda déplacer 1 21 h")
    await evening.shown(
        f"Nouvelle date : Club polar, {said(first.replace(hour=21, minute=0), evening)}"
    )


async def test_what_cannot_be_done_is_said_in_a_sentence(evening: Evening) -> None:
    await planned(evening)
    camille, boss = evening.stage.camille, evening.stage.broadcaster
    assert await evening.told("agenda cancel", by=camille, which="1") == refused("hosts-only")
    await evening.asks(evening.stage.ines, "!agenda annuler 1", refused("hosts-only"))
    assert await evening.told("agenda skip", which="9") == refused("no-such-entry")
    assert await evening.told("agenda skip", which="club") == refused("no-such-entry")
    for when, code, facts in (
        ("30 février 18h", "no-such-date", {"day": 30, "month": 2}),
        ("bientôt", "date-unread", {"text": "bientôt"}),
        ("1/1/2020", "date-past", {}),
        ("28/03/2027 2h30", "no-such-time", {}),
        ("31/10/2027 2h30", "time-twice", {}),
    ):
        assert await evening.told("agenda move", which="1", when=when) == refused(code, **facts)
    await evening.asks(boss, "!agenda déplacer 1", "!agenda déplacer 1 mardi 18h30")
    await evening.asks(boss, "!agenda sauter", "!agenda sauter 1")
    await evening.asks(boss, "!agenda annuler", "!agenda annuler 1")
    await evening.asks(boss, "!agenda anuler 1", "!agenda annuler")


async def test_titles_are_shown_as_they_are_written(evening: Evening) -> None:
    await planned(evening, title="Club *polar*")
    interaction = await evening.slash("agenda list")
    assert "Club \\*polar\\*" in interaction.messages[0]["content"]


async def test_an_appointment_survives_a_restart(evening: Evening) -> None:
    first = await planned(evening)
    await evening.cast.restart()
    await evening.ready()
    heard = await evening.asks(evening.stage.ines, "!agenda", "Club polar")
    assert heard.startswith(f"1. {said(first, evening)} : Club polar")
