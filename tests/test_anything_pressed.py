"""Whatever is pressed, chosen or filled in on Discord: every interaction is answered in time, and nothing falls over.

What must never happen in any evening (an error in the log, a mention, a request that the platforms refuse as malformed)
is checked by the stage itself.
"""

import random
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import pytest

from bot.rehearsal.discord_commands import Found, leaves
from bot.rehearsal.discord_components import walk
from bot.rehearsal.discord_forms import picked
from bot.rehearsal.discord_interactions import Interaction
from tests.stage_fixtures import Evening
from tests.test_anything_typed import NASTY, SCENES, hurry
from tests.waiting import LIMIT, until

ACTIONS = 120
"""Done in an evening."""

STRING, INTEGER, BOOLEAN, USER, CHANNEL, NUMBER, FILE = 3, 4, 5, 6, 7, 10, 11
BUTTON, TEXT_INPUT, LINK = 2, 4, 5

LEFT_OUT = {"room link", "room unlink", "room language", "room close", "room open"}
"""Commands after which there is no such evening any more."""

FILES = (
    ("x.csv", b"question;r\xe9ponse\nO\xf9 ?;Pau\n"),
    ("y.xlsx", b"PK\x03\x04"),
    ("z.png", b""),
)


class Monkey:
    """Does one thing after the other, as several people."""

    def __init__(self, evening: Evening, seed: int) -> None:
        stage = evening.stage
        self._evening = evening
        self._chance = random.Random(seed)
        self._people = (stage.host, stage.moderator, stage.camille, stage.noe)
        self._commands = [f for command in stage.discord.commands for f in leaves(command)]
        self.done: list[str] = []

    async def act(self) -> None:
        """Run a command, or press something that somebody sees; then fill in a form that opened."""
        if self._chance.random() < 0.05:
            self._evening.clock.turn(self._chance.choice((0.0005, 0.02, 0.5)))
            self._evening.app.agenda.wake()
        who = self._chance.choice(self._people)
        what = self._chance.choice((self._slash, self._press, self._press))
        done = await what(who)
        if done is None:
            return
        await self._answered(done)
        if done.modal is not None:
            await self._fill_in(done)

    async def _answered(self, done: Interaction) -> None:
        try:
            await done.answered(LIMIT)
        except TimeoutError:
            raise AssertionError(f"never answered: {self.done[-1]}") from None

    async def _slash(self, who: Any) -> Interaction | None:
        found = self._chance.choice(self._commands)
        discord, place = self._evening.stage.discord, self._evening.stage.channel.id
        if found.name in LEFT_OUT:
            return None
        options: dict[str, Any] = {}
        for option in found.options:
            if option.get("required") or self._chance.random() < 0.3:
                options[option["name"]] = self._value(option)
        self.done.append(f"/{found.name} {options} by {who.name}")
        try:
            await self._complete(who, found, options)
            return await discord.slash(who.id, place, found.name, **options)
        except PermissionError:
            return None  # not for this person

    async def _complete(self, who: Any, found: Found, options: dict[str, Any]) -> None:
        """Let options complete themselves, and now and then take what is offered."""
        discord, place = self._evening.stage.discord, self._evening.stage.channel.id
        for option in found.options:
            name = option["name"]
            if name in options and option.get("autocomplete"):
                typed = str(options[name])[:100]
                offered = await discord.autocomplete(who.id, place, found.name, name, typed)
                if offered and self._chance.random() < 0.5:
                    options[name] = self._chance.choice(offered)["value"]

    def _value(self, option: Mapping[str, Any]) -> Any:
        chance, stage = self._chance, self._evening.stage
        if option.get("choices"):
            return chance.choice(option["choices"])["value"]
        low, high = option.get("min_value"), option.get("max_value")
        match option["type"]:
            case kind if kind == INTEGER:
                return chance.randint(int(low or 0), int(high if high is not None else 99))
            case kind if kind == NUMBER:
                return chance.uniform(low or 0, high if high is not None else 99)
            case kind if kind == BOOLEAN:
                return chance.random() < 0.5
            case kind if kind == USER:
                return chance.choice(self._people)
            case kind if kind == CHANNEL:
                return stage.voice_channel if option.get("channel_types") else stage.channel
            case kind if kind == FILE:
                return picked(*chance.choice(FILES))
        return self._text(option.get("min_length") or 1, option.get("max_length") or 6000)

    def _text(self, low: int, high: int) -> str:
        text = self._chance.choice(NASTY)[:high]
        return text if len(text) >= low else "x" * low

    async def _press(self, who: Any) -> Interaction | None:
        """Press a button or choose in a menu, on one of the last messages that this person sees."""
        discord = self._evening.stage.discord
        view = discord.view(self._evening.stage.channel.id, who.id)
        seen = [(int(m["id"]), c) for m in view["messages"][-8:] for c in _live(m["components"])]
        if not seen:
            return await self._slash(who)
        message, one = self._chance.choice(seen)
        self.done.append(f"{one.get('label') or one['custom_id']} by {who.name}")
        if one["type"] == BUTTON:
            return await discord.click(who.id, message, one["custom_id"])
        values = [option["value"] for option in one["options"]]
        count = self._chance.randint(one["min_values"], min(one["max_values"], len(values)))
        chosen = self._chance.sample(values, count)
        return await discord.select(who.id, message, one["custom_id"], chosen)

    async def _fill_in(self, opened: Interaction) -> None:
        assert opened.modal is not None
        values: dict[str, Any] = {}
        for _, field in walk(opened.modal["components"]):
            if field.get("custom_id") and field["type"] == TEXT_INPUT:
                required = field.get("required", True)
                if required or self._chance.random() < 0.7:
                    high = field.get("max_length") or 4000
                    values[field["custom_id"]] = self._text(field.get("min_length") or 1, high)
            elif field.get("custom_id") and field.get("options"):
                values[field["custom_id"]] = self._chance.choice(field["options"])["value"]
        self.done.append(f"form {opened.modal['title']}: {values}")
        await self._answered(await self._evening.stage.discord.submit(opened, values))


def _live(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for _, one in walk(components):
        if one.get("custom_id") and not one.get("disabled") and one.get("style") != LINK:
            yield one


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("seed", [1, 2])
async def test_everything_that_can_be_pressed_or_filled_in_is_answered(
    evening: Evening, scene: Callable[[Evening], Awaitable[None]], seed: int
) -> None:
    hurry(evening)
    await scene(evening)
    monkey = Monkey(evening, seed)
    for _ in range(ACTIONS):
        await monkey.act()
    assert len(monkey.done) > ACTIONS / 3
    count = len(evening.messages())
    await evening.write(evening.stage.noe, "!aide")
    await until(lambda: len(evening.messages()) > count)
