"""The rehearsal page: who may open it, what it asks of the platforms, and how it behaves in a browser."""

import asyncio
import json
import shutil
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, async_playwright, expect
from playwright.async_api import Page as Tab

from bot.rehearsal.discord_forms import picked
from bot.rehearsal.discord_platform import DiscordPlatform
from bot.rehearsal.page import FILES, Page, Persona
from bot.rehearsal.twitch_platform import TwitchPlatform
from tests.page_stub import (
    CHAT,
    HERE,
    PERSONAS,
    StubControl,
    StubDiscord,
    StubTwitch,
    button,
    row,
)
from tests.waiting import LIMIT, until

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class Rehearsal:
    """A page over two stub platforms, served on an ephemeral port."""

    def __init__(self, **options: Any) -> None:
        self.discord = StubDiscord()
        self.twitch = StubTwitch()
        self.control = StubControl()
        common = {
            "discord": self.discord,
            "twitch": self.twitch,
            "personas": PERSONAS,
            "discord_channel": HERE,
            "twitch_channel": CHAT,
            "control": self.control,
            "pace": 0.01,
        }
        self.page = Page(**(common | options))
        self.url = ""


@asynccontextmanager
async def serving(rehearsal: Rehearsal) -> AsyncIterator[Rehearsal]:
    app = web.Application()
    rehearsal.page.mount(app)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    rehearsal.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield rehearsal
    finally:
        await runner.cleanup()


@pytest.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    async with serving(Rehearsal()) as served:
        yield served


@asynccontextmanager
async def opened(rehearsal: Rehearsal) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{rehearsal.url}/page/ws", origin=rehearsal.url) as socket,
    ):
        yield socket


async def reply(socket: aiohttp.ClientWebSocketResponse, request: Any) -> dict[str, Any]:
    """Send a request and return what answers it, passing over states."""
    await socket.send_str(request if isinstance(request, str) else json.dumps(request))
    while True:
        message: dict[str, Any] = await socket.receive_json(timeout=LIMIT)
        if message["type"] != "state":
            return message


async def state_when(
    socket: aiohttp.ClientWebSocketResponse, wanted: Callable[[dict[str, Any]], Any]
) -> dict[str, Any]:
    while True:
        message: dict[str, Any] = await socket.receive_json(timeout=LIMIT)
        if message["type"] == "state" and wanted(message):
            return message


# Who may open it


async def test_the_page_is_served_whole_and_loads_nothing_from_elsewhere(
    rehearsal: Rehearsal,
) -> None:
    async with aiohttp.ClientSession(rehearsal.url) as session:
        for path in ("/", *(f"/page/{file.name}" for file in FILES.iterdir())):
            async with session.get(path) as answer:
                assert answer.status == 200
                assert answer.headers["Cache-Control"] == "no-store"
                assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
                text = await answer.text()
            assert 'src="http' not in text
            assert 'href="http' not in text
            assert "innerHTML" not in text
        async with session.get("/page/page.py") as answer:
            assert answer.status == 404


@pytest.mark.parametrize("host", ["evil.example", "192.168.1.20:8700", "127.0.0.1.evil.example"])
async def test_a_foreign_host_is_refused(rehearsal: Rehearsal, host: str) -> None:
    async with aiohttp.ClientSession(rehearsal.url) as session:
        for path in ("/", "/page/page.js", "/page/ws"):
            headers = {"Host": host, "Origin": f"http://{host}"}
            async with session.get(path, headers=headers) as answer:
                assert answer.status == 403


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "http://127.0.0.1:1"])
async def test_only_its_own_page_opens_the_websocket(
    rehearsal: Rehearsal, origin: str | None
) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(f"{rehearsal.url}/page/ws", origin=origin)
    assert refused.value.status == 403


# What it asks of the platforms


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ("not json", "malformed"),
        ("[1, 2]", "malformed"),
        ("{}", "malformed"),
        ({"do": 3}, "malformed"),
        ({"do": "fly"}, "unknown-verb"),
        ({"do": "__init__"}, "unknown-verb"),
        ({"do": "say"}, "malformed"),
        ({"do": "say", "text": ["x"]}, "malformed"),
        ({"do": "click", "message": "12a", "custom_id": "x"}, "malformed"),
        ({"do": "click", "message": 12, "custom_id": "x"}, "malformed"),
        ({"do": "select", "message": "1", "custom_id": "x", "values": [1]}, "malformed"),
        ({"do": "slash", "command": "quiz start", "options": []}, "malformed"),
        ({"do": "autocomplete", "command": "quiz start"}, "malformed"),
        ({"do": "slash", "command": "x", "options": {"f": {"file": "a"}}}, "malformed"),
        (
            {"do": "slash", "command": "x", "options": {"f": {"file": "a", "data": "é"}}},
            "malformed",
        ),
        ({"do": "submit", "interaction": "5", "values": {}}, "modal-gone"),
        ({"do": "persona", "side": "discord", "key": "nobody"}, "unknown-persona"),
        ({"do": "persona", "side": "irc", "key": "camille"}, "unknown-persona"),
        ({"do": "fault", "key": "bot.dance"}, "unknown-incident"),
    ],
)
async def test_a_wrong_request_is_a_problem_and_the_page_goes_on(
    rehearsal: Rehearsal, request_: Any, code: str
) -> None:
    async with opened(rehearsal) as socket:
        problem = await reply(socket, request_)
        assert (problem["type"], problem["code"]) == ("problem", code)
        assert problem["text"]
        assert (await reply(socket, {"do": "say", "text": "toujours là", "id": 1}))["to"] == 1


async def test_binary_is_a_problem_too(rehearsal: Rehearsal) -> None:
    async with opened(rehearsal) as socket:
        await socket.send_bytes(b"\x00")
        assert (await state_or_problem(socket))["code"] == "malformed"


async def state_or_problem(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    while (message := await socket.receive_json(timeout=LIMIT))["type"] == "state":
        pass
    return dict(message)


async def test_each_side_is_acted_on_as_the_persona_chosen(rehearsal: Rehearsal) -> None:
    async with opened(rehearsal) as socket:
        await reply(socket, {"do": "say", "text": "bonjour"})
        await reply(socket, {"do": "persona", "side": "discord", "key": "sacha"})
        await reply(socket, {"do": "persona", "side": "twitch", "key": "noe"})
        await reply(socket, {"do": "slash", "command": "quiz start", "options": {"questions": 5}})
        await reply(socket, {"do": "twitch.say", "text": "zola"})
        chosen = (await state_when(socket, lambda s: s["twitch"]["lines"]))["personas"]
    assert rehearsal.discord.asked == [
        ("say", 101, "bonjour"),
        ("slash", 104, "quiz start", {"questions": 5}),
    ]
    assert rehearsal.twitch.asked == [("say", "202", "zola")]
    assert [(p["side"], p["key"]) for p in chosen if p["chosen"]] == [
        ("discord", "sacha"),
        ("twitch", "noe"),
    ]


async def test_a_file_reaches_the_platform_as_it_was_picked(rehearsal: Rehearsal) -> None:
    data = bytes(range(256)) * 400
    given = {"file": {"file": "liste.csv", "data": b64encode(data).decode()}, "name": "polar"}
    async with opened(rehearsal) as socket:
        request = {"do": "slash", "command": "deck import", "options": given}
        assert (await reply(socket, request))["type"] == "done"
    [(_, _, _, options)] = rehearsal.discord.asked
    assert options == {"file": picked("liste.csv", data), "name": "polar"}


async def test_two_browsers_are_two_people(rehearsal: Rehearsal) -> None:
    async with opened(rehearsal) as one, opened(rehearsal) as other:
        await reply(one, {"do": "persona", "side": "discord", "key": "noe"})
        await reply(other, {"do": "say", "text": "je suis Camille"})
    assert rehearsal.discord.asked == [("say", 101, "je suis Camille")]


async def test_a_bot_that_does_not_answer_is_told(rehearsal: Rehearsal) -> None:
    rehearsal.discord.answer_error = TimeoutError()
    async with opened(rehearsal) as socket:
        problem = await reply(socket, {"do": "click", "message": "1", "custom_id": "a", "id": 9})
    assert (problem["code"], problem["to"]) == ("no-answer", 9)


async def test_a_refusal_of_the_platform_is_told_in_its_words(rehearsal: Rehearsal) -> None:
    rehearsal.discord.error = LookupError("no command /quizz is registered here")
    async with opened(rehearsal) as socket:
        problem = await reply(socket, {"do": "slash", "command": "quizz"})
        completed = await reply(
            socket,
            {"do": "autocomplete", "command": "quizz", "option": "deck", "typed": "", "id": 2},
        )
    assert (problem["code"], problem["text"]) == (
        "refused",
        "no command /quizz is registered here",
    )
    assert completed["to"] == 2


async def test_an_unexpected_failure_does_not_end_the_page(
    rehearsal: Rehearsal, caplog: pytest.LogCaptureFixture
) -> None:
    rehearsal.discord.error = ZeroDivisionError("oops")
    async with opened(rehearsal) as socket:
        assert (await reply(socket, {"do": "say", "text": "x"}))["code"] == "failed"
        rehearsal.discord.error = None
        assert (await reply(socket, {"do": "say", "text": "x"}))["type"] == "done"
    assert "the page asked for something that failed" in caplog.text


async def test_patrons_delete_only_what_they_wrote(rehearsal: Rehearsal) -> None:
    own = rehearsal.discord.put("à moi", {"id": "101", "name": "Camille", "bot": False})
    other = rehearsal.discord.put("à Noé", {"id": "102", "name": "Noé", "bot": False})
    async with opened(rehearsal) as socket:
        assert (await reply(socket, {"do": "delete", "message": own["id"]}))["type"] == "done"
        refused = await reply(socket, {"do": "delete", "message": other["id"]})
        line = await reply(socket, {"do": "twitch.delete", "line": "line-1"})
        await reply(socket, {"do": "persona", "side": "discord", "key": "ines"})
        allowed = await reply(socket, {"do": "delete", "message": other["id"]})
    assert (refused["code"], line["code"], allowed["type"]) == ("not-yours", "not-yours", "done")


async def test_a_form_belongs_to_whoever_opened_it(rehearsal: Rehearsal) -> None:
    rehearsal.discord.modal = {"interaction": "5", "title": "", "components": []}
    async with opened(rehearsal) as socket:
        submit = {"do": "submit", "interaction": "5", "values": {"t": "Germinal"}}
        assert (await reply(socket, submit))["type"] == "done"
        await reply(socket, {"do": "persona", "side": "discord", "key": "noe"})
        assert (await reply(socket, submit))["code"] == "modal-gone"
    assert rehearsal.discord.asked == [("submit", 5, {"t": "Germinal"})]


async def test_incidents_reach_the_platforms_and_the_bot(rehearsal: Rehearsal) -> None:
    async with opened(rehearsal) as socket:
        for key in ("discord.cut", "twitch.429", "bot.restart", "bot.kill"):
            assert (await reply(socket, {"do": "fault", "key": key}))["type"] == "done"
        cut = {"key": "discord.cut", "on": True}
        await state_when(socket, lambda s: cut in s["incidents"])
        await reply(socket, {"do": "fault", "key": "discord.restore"})
        cut["on"] = False
        await state_when(socket, lambda s: cut in s["incidents"])
    names = [name for name, _, _ in rehearsal.discord.faults.made]
    assert names == ["refuse_connections", "drop", "accept_connections"]
    assert [name for name, _, _ in rehearsal.twitch.faults.made] == ["fail"]
    assert rehearsal.control.done == ["restart", "kill"]


async def test_without_control_nothing_is_done_to_the_bot() -> None:
    async with serving(Rehearsal(control=None)) as rehearsal, opened(rehearsal) as socket:
        keys = [i["key"] for i in (await state_when(socket, bool))["incidents"]]
        assert not [key for key in keys if key.startswith("bot.")]
        assert (await reply(socket, {"do": "fault", "key": "bot.kill"}))[
            "code"
        ] == "unknown-incident"


async def test_a_burst_of_changes_is_few_states() -> None:
    async with serving(Rehearsal(pace=0.05)) as rehearsal, opened(rehearsal) as socket:
        await state_when(socket, bool)
        for number in range(200):
            rehearsal.discord.put(f"message {number}")
            if number % 20 == 0:
                await asyncio.sleep(0)
        states = 0
        while True:
            states += 1
            state = await socket.receive_json(timeout=LIMIT)
            if state["discord"]["messages"][-1]["content"] == "message 199":
                break
    assert states <= 3


async def test_what_changes_nothing_seen_is_not_sent(rehearsal: Rehearsal) -> None:
    async with opened(rehearsal) as socket:
        await state_when(socket, bool)
        rehearsal.discord.changed()
        await asyncio.sleep(0.03)
        answer = await reply(socket, {"do": "fly"})
        assert answer["type"] == "problem"
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.03)


async def test_the_real_platforms_fit_the_page() -> None:
    discord, twitch = DiscordPlatform(), TwitchPlatform()
    guild = discord.add_guild("Médiathèques")
    channel = discord.add_channel(guild.id, "salon-quiz")
    camille, streamer = discord.add_user("camille"), twitch.add_channel("mediathequespau")
    discord.join(guild.id, camille.id)
    noe = twitch.add_user("noe64")
    personas = (
        Persona("camille", "discord", camille.id, "Camille", "patron"),
        Persona("noe", "twitch", noe.id, "noe64", "patron"),
    )
    served = Rehearsal(
        discord=discord,
        twitch=twitch,
        personas=personas,
        discord_channel=channel.id,
        twitch_channel=streamer.id,
    )
    async with serving(served), opened(served) as socket:
        assert (await reply(socket, {"do": "say", "text": "bonjour"}))["type"] == "done"
        assert (await reply(socket, {"do": "twitch.say", "text": "salut"}))["type"] == "done"
        state = await state_when(socket, lambda s: s["twitch"]["lines"])
        assert (await reply(socket, {"do": "slash", "command": "quiz start"}))["code"] == "refused"
        too_long = await reply(socket, {"do": "say", "text": "x" * 2001})
        for incident in state["incidents"]:
            done = await reply(socket, {"do": "fault", "key": incident["key"]})
            assert done["type"] == "done", incident
    assert state["discord"]["messages"][0]["author"]["id"] == str(camille.id)
    assert too_long["code"] == "refused"
    await discord.close()
    await twitch.close()


async def test_a_page_looks_at_the_channels_and_threads_that_its_persona_sees() -> None:
    discord, twitch = DiscordPlatform(), TwitchPlatform()
    guild = discord.add_guild("Médiathèques")
    channel = discord.add_channel(guild.id, "club")
    camille, noe = discord.add_user("camille"), discord.add_user("noe")
    streamer = twitch.add_channel("mediathequespau")
    for one in (camille, noe):
        discord.join(guild.id, one.id)
    bot, body = discord.bot_user.id, {"name": "Section 1", "type": 12}
    thread = discord._places.start_thread(channel, bot, body, None)
    hidden = discord.world.channel(int(thread["id"]))
    discord._places.join_thread(hidden, camille.id)
    served = Rehearsal(
        discord=discord,
        twitch=twitch,
        personas=(
            Persona("camille", "discord", camille.id, "Camille", "patron"),
            Persona("noe", "discord", noe.id, "Noé", "patron"),
        ),
        discord_channel=channel.id,
        twitch_channel=streamer.id,
    )
    async with serving(served), opened(served) as socket:
        state = await state_when(socket, lambda s: len(s["places"]) == 2)
        assert [place["chosen"] for place in state["places"]] == [True, False]
        go = {"do": "place", "place": str(hidden.id)}
        assert (await reply(socket, go))["type"] == "done"
        assert (await reply(socket, {"do": "say", "text": "entre nous"}))["type"] == "done"
        await state_when(socket, lambda s: s["discord"]["channel"]["name"] == "Section 1")
        letter = discord.private_channel(camille.id)
        discord._posts.write(letter, bot, {"content": "Bienvenue !"})
        state = await state_when(socket, lambda s: len(s["places"]) == 3)
        assert [place["letters"] for place in state["places"]] == [0, 0, 1]
        read = {"do": "place", "place": str(letter.id)}
        assert (await reply(socket, read))["type"] == "done"
        state = await state_when(socket, lambda s: s["discord"]["channel"]["direct"])
        assert [m["content"] for m in state["discord"]["messages"]] == ["Bienvenue !"]
        await reply(socket, {"do": "persona", "side": "discord", "key": "noe"})
        state = await state_when(socket, lambda s: len(s["places"]) == 1)
        assert state["discord"]["channel"]["name"] == "club"
        assert state["discord"]["messages"] == []
        assert (await reply(socket, go))["code"] == "no-place"
        assert (await reply(socket, read))["code"] == "no-place"
    assert [m["content"] for m in discord.messages(hidden.id)] == ["entre nous"]
    await discord.close()
    await twitch.close()


# In a browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    if not shutil.which(CHROMIUM):
        pytest.skip(f"NO BROWSER: {CHROMIUM} is missing, so the page itself was NOT tested")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        await launched.close()


Opened = Callable[..., Awaitable[tuple[Rehearsal, Tab]]]


@pytest_asyncio.fixture(loop_scope="module")
async def shown(browser: Browser) -> AsyncIterator[Opened]:
    """Open a page on a new rehearsal; whatever goes wrong in it fails the test."""
    wrong: list[str] = []
    async with serving(Rehearsal()) as rehearsal:
        contexts = []

        async def show(**options: Any) -> tuple[Rehearsal, Tab]:
            context = await browser.new_context(**({"locale": "fr-FR"} | options))
            contexts.append(context)
            tab = await context.new_page()
            expect.set_options(timeout=LIMIT * 1000)
            tab.set_default_timeout(LIMIT * 1000)
            tab.on("pageerror", lambda error: wrong.append(str(error)))
            tab.on(
                "console",
                lambda line: wrong.append(line.text) if line.type == "error" else None,
            )
            await tab.goto(rehearsal.url)
            await expect(tab.locator("#discord .presence")).to_have_text("Bot connecté")
            return rehearsal, tab

        yield show
        for context in contexts:
            await context.close()
    assert wrong == []


in_browser = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


def browsed(test: Callable[..., Any]) -> Callable[..., Any]:
    for mark in in_browser:
        test = mark(test)
    return test


MARKDOWN = {
    "**gras** et *italique*, _aussi_": (
        "<p><strong>gras</strong> et <em>italique</em>, <em>aussi</em></p>"
    ),
    "***les deux***": "<p><strong><em>les deux</em></strong></p>",
    "__souligné__ ~~barré~~": "<p><u>souligné</u> <s>barré</s></p>",
    "**gras avec _italique_ dedans**": (
        "<p><strong>gras avec <em>italique</em> dedans</strong></p>"
    ),
    "un_nom_de_fichier, 3 * 4 * 5": "<p>un_nom_de_fichier, 3 * 4 * 5</p>",
    "été_à_l’île": "<p>été_à_l’île</p>",
    r"\*pas\* \_du\_ \~\~tout\~\~ Camille\_B": "<p>*pas* _du_ ~~tout~~ Camille_B</p>",
    "`**code**` ``a`b``": "<p><code>**code**</code> <code>a`b</code></p>",
    "```py\nx = 1\n```": "<pre><code>x = 1</code></pre>",
    "avant\n> cité\n> encore\naprès": (
        "<p>avant</p><blockquote><p>cité<br>encore</p></blockquote><p>après</p>"
    ),
    ">>> tout\nle reste": "<blockquote><p>tout<br>le reste</p></blockquote>",
    "- un\n- **deux**\n  - trois": (
        '<ul><li>un</li><li><strong>deux</strong></li><li class="deeper">trois</li></ul>'
    ),
    "2. deux\n3. trois": '<ol start="2"><li>deux</li><li>trois</li></ol>',
    "# Titre": '<p class="heading heading-1" role="heading" aria-level="4">Titre</p>',
    "#pas un titre": "<p>#pas un titre</p>",
    "-# petit": '<p class="subtext">petit</p>',
    "<@101> dans <#7>, <@999>": (
        '<p><span class="mention">@Camille</span> dans <span class="mention">#salon-quiz</span>, '
        '<span class="mention">@quelqu’un</span></p>'
    ),
    "<b>rien</b> <script>alert(1)</script>": (
        "<p>&lt;b&gt;rien&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;</p>"
    ),
    "* rien* et ~rien~": "<ul><li>rien* et ~rien~</li></ul>",
    "2 * 3 * 4 ** 5": "<p>2 * 3 * 4 ** 5</p>",
    "": "",
}


@browsed
async def test_markdown_reads_as_on_discord(shown: Opened) -> None:
    _, tab = await shown()
    made = await tab.evaluate(
        """async (texts) => {
            const { blocks } = await import("/page/markdown.js");
            const who = {
                user: (id) => ({ 101: "Camille" })[id],
                channel: (id) => ({ 7: "salon-quiz" })[id],
            };
            return texts.map((text) => {
                const box = document.createElement("div");
                box.append(...blocks(text, who));
                return box.innerHTML;
            });
        }""",
        list(MARKDOWN),
    )
    assert dict(zip(MARKDOWN, made, strict=True)) == MARKDOWN


@browsed
async def test_links_spoilers_and_moments(shown: Opened) -> None:
    rehearsal, tab = await shown(timezone_id="Europe/Paris")
    rehearsal.discord.put(
        "[le *livre*](https://pau.fr/livre) puis https://pau.fr, ||Zola|| à <t:1768930200:t>, "
        "[non](javascript:alert(1)) le <t:1768930200:D>, <t:1768930200:R>"
    )
    body = tab.locator(".message .body")
    await expect(body).to_contain_text("le livre (https://pau.fr/livre) puis https://pau.fr, ")
    await expect(body).to_contain_text("à 18:30, [non](javascript:alert(1)) le 20 janvier 2026, ")
    hrefs = await body.locator("a").evaluate_all("all => all.map((a) => a.href)")
    assert hrefs == ["https://pau.fr/livre", "https://pau.fr/"]
    spoiler = body.locator(".spoiler")
    await expect(spoiler).to_have_attribute("aria-label", "Texte masqué, appuyer pour le lire")
    await expect(spoiler.locator(".spoiler-text")).to_have_css("visibility", "hidden")
    await spoiler.focus()
    await tab.keyboard.press("Enter")
    await expect(spoiler.locator(".spoiler-text")).to_have_css("visibility", "visible")


@browsed
async def test_relative_moments_move_with_the_clock(shown: Opened) -> None:
    _, tab = await shown()
    texts = await tab.evaluate(
        """async () => {
            const { written } = await import("/page/markdown.js");
            const now = Math.round(Date.now() / 1000);
            return [20, -90, 2 * 3600 + 5, -3 * 86400].map((gap) => written(now + gap, "R"));
        }"""
    )
    assert texts[1:] == ["il y a 1 minute", "dans 2 heures", "il y a 3 jours"]
    assert texts[0] in {"dans 20 secondes", "dans 19 secondes"}


@browsed
async def test_nothing_said_becomes_markup(shown: Opened) -> None:
    rehearsal, tab = await shown()
    evil = "<img src=x onerror=document.title='pris'>"
    who = {"id": "5", "name": evil, "bot": False}
    embed = {
        "title": evil,
        "url": "javascript:alert(1)",
        "description": evil,
        "author": {"name": evil},
        "footer": {"text": evil},
        "fields": [{"name": evil, "value": evil}],
        "image": {"url": "https://elsewhere.example/x.png"},
    }
    rehearsal.discord.put(
        evil,
        who,
        embeds=[embed],
        components=[row(button(evil, "a"), {"type": 2, "style": 5, "url": "javascript:1"})],
        reply_to={"author": evil, "content": evil},
        command={"user": evil, "name": evil},
        files=[{"name": evil, "description": evil}],
    )
    rehearsal.twitch.put(evil, evil, reply_to={"name": evil, "text": evil}, refused=evil)
    await expect(tab.locator(".line")).to_be_visible()
    await expect(tab.locator(".embed")).to_be_visible()
    assert await tab.locator(".log img, .log script").count() == 0
    assert await tab.locator(".log a[href]").count() == 0
    assert "Ensemble" in await tab.title()


@browsed
async def test_an_edit_keeps_the_message_and_the_focus(shown: Opened) -> None:
    rehearsal, tab = await shown()
    board = rehearsal.discord.put(
        "Question 1", components=[row(button("A · Zola", "a"), button("B · Sand", "b"))]
    )
    zola = tab.get_by_role("button", name="A · Zola")
    await zola.focus()
    await tab.evaluate("window.first = document.querySelector('.message')")
    board.update(content="Question 2", edited=True)
    board["components"] = [row(button("A · Hugo", "a", disabled=True), button("B · Sand", "b"))]
    rehearsal.discord.put("une autre")
    await expect(tab.locator(".message")).to_have_count(2)
    assert await tab.evaluate("window.first === document.querySelector('.message')")
    await expect(tab.get_by_role("button", name="A · Hugo")).to_be_focused()
    await expect(tab.locator(".message").first).to_contain_text("(modifié)")
    await tab.keyboard.press("Enter")
    board["components"] = []
    rehearsal.discord.changed()
    await expect(tab.locator(".message").first).to_be_focused()
    assert rehearsal.discord.asked == []


@browsed
async def test_buttons_and_menus_reach_the_platform(shown: Opened) -> None:
    rehearsal, tab = await shown()
    options = [{"label": "Sand", "value": "s"}, {"label": "Zola", "value": "z"}]
    menu = {"type": 3, "custom_id": "m", "placeholder": "Qui ?", "options": options}
    several = menu | {"custom_id": "n", "placeholder": "Lesquels ?", "max_values": 2}
    board = rehearsal.discord.put(
        "?", components=[row(button("Oui", "y", 3)), row(menu), row(several)]
    )
    await tab.get_by_role("button", name="Oui").click()
    await tab.get_by_label("Qui ?").select_option("Zola")
    await tab.get_by_role("button", name="Valider").first.click()
    await tab.get_by_label("Sand").check()
    await tab.get_by_label("Zola").last.check()
    await tab.get_by_role("button", name="Valider").last.click()
    await expect(tab.get_by_role("button", name="Oui")).not_to_have_attribute("aria-busy", "true")
    number = int(board["id"])
    assert rehearsal.discord.asked == [
        ("click", 101, number, "y"),
        ("select", 101, number, "m", ["z"]),
        ("select", 101, number, "n", ["s", "z"]),
    ]


@browsed
async def test_a_slash_command_is_chosen_and_filled_by_keyboard(shown: Opened) -> None:
    rehearsal, tab = await shown()
    field = tab.get_by_role("combobox", name="Message sur Discord")
    await field.focus()
    await tab.keyboard.type("/QUIZ arre")
    await expect(tab.locator("#discord-commands [role=option]")).to_have_count(1)
    await expect(field).to_have_attribute("aria-expanded", "true")
    await tab.keyboard.press("Escape")
    await expect(tab.get_by_role("listbox")).to_have_count(0)
    await field.fill("/quiz l")
    await tab.keyboard.press("Enter")
    deck = tab.get_by_role("combobox", name="jeu-de-questions")
    await expect(deck).to_be_focused()
    await tab.keyboard.type("noirs")
    await expect(tab.get_by_role("option", name="Romans noirs")).to_be_visible()
    await tab.keyboard.press("Tab")
    await tab.keyboard.press("Tab")
    await tab.keyboard.type("5")
    await tab.get_by_label("rythme").select_option("Vif")
    await tab.get_by_role("button", name="Envoyer").first.click()
    await expect(field).to_be_focused()
    assert ("autocomplete", "quiz start", "deck", "noirs", {}) in rehearsal.discord.asked
    given = {"deck": "crime", "questions": 5, "pace": "quick"}
    assert rehearsal.discord.asked[-1] == ("slash", 101, "quiz start", given)
    await field.fill("sans barre")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".message")).to_contain_text("sans barre")


async def begun(tab: Tab) -> None:
    """Choose the command that takes a file."""
    await tab.get_by_role("combobox", name="Message sur Discord").fill("/questions imp")
    await tab.keyboard.press("Enter")


@browsed
async def test_a_file_is_picked_by_its_label_and_sent(shown: Opened) -> None:
    rehearsal, tab = await shown()
    await begun(tab)
    picker = tab.get_by_label("fichier (obligatoire)")
    await expect(picker).to_be_focused()
    await expect(picker).to_have_accessible_description("Un tableur · 10 Mo au plus")
    data = "question;réponse\r\nOù ?;Pau\r\n".encode()
    await picker.set_input_files({"name": "liste.csv", "mimeType": "text/csv", "buffer": data})
    name = tab.get_by_role("combobox", name="nom (facultatif)")
    await name.fill("prix")
    await expect(tab.get_by_role("option", name="Prix Goncourt")).to_be_visible()
    asked = ("autocomplete", "deck import", "name", "prix", {})
    await until(lambda: asked in rehearsal.discord.asked)
    await tab.get_by_role("button", name="Envoyer").first.click()
    await expect(tab.get_by_role("combobox", name="Message sur Discord")).to_be_focused()
    given = {"file": picked("liste.csv", data), "name": "prix"}
    sent = ("slash", 101, "deck import", given)
    await until(lambda: rehearsal.discord.asked[-1] == sent, lambda: rehearsal.discord.asked)


@browsed
async def test_a_file_that_is_missing_or_too_large_is_told_before_it_is_sent(shown: Opened) -> None:
    rehearsal, tab = await shown()
    await begun(tab)
    picker = tab.get_by_label("fichier (obligatoire)")
    await picker.evaluate(
        """(node) => {
            const held = new DataTransfer();
            held.items.add(new File([new ArrayBuffer(10 * 1024 * 1024 + 1)], "gros.csv"));
            node.files = held.files;
        }"""
    )
    await tab.get_by_role("button", name="Envoyer").first.click()
    await expect(tab.locator("#discord .problem")).to_contain_text("fichiers de 10 Mo")
    await expect(picker).to_be_visible()
    assert rehearsal.discord.asked == []


@browsed
async def test_an_attached_file_is_saved_from_the_page_if_it_is_of_this_machine(
    shown: Opened,
) -> None:
    rehearsal, tab = await shown()
    here = {"name": "mots.toml", "description": None, "url": f"{rehearsal.url}/page/words.js"}
    there = {"name": "loin.toml", "description": None, "url": "https://elsewhere.example/x.toml"}
    rehearsal.discord.put("Voici", files=[here, there])
    link = tab.get_by_role("link", name="Fichier joint · mots.toml")
    await expect(link).to_have_attribute("download", "mots.toml")
    await expect(tab.locator(".file").last).to_have_text("Fichier joint · loin.toml")
    assert await tab.locator(".file a").count() == 1


@browsed
async def test_a_form_opens_as_a_dialog_and_is_sent_or_left(shown: Opened) -> None:
    rehearsal, tab = await shown()
    title = {"type": 4, "custom_id": "t", "label": "Titre", "style": 1, "required": True}
    why = {"type": 4, "custom_id": "w", "style": 2, "required": False, "max_length": 80}
    label = {"type": 18, "label": "Pourquoi ?", "description": "En une phrase", "component": why}
    modal = {"title": "Un livre", "components": [row(title), label]}
    rehearsal.discord.modal = modal | {"interaction": "41"}
    rehearsal.discord.changed()
    dialog = tab.get_by_role("dialog", name="Un livre")
    await expect(dialog.get_by_label("Titre")).to_be_focused()
    await tab.keyboard.press("Enter")
    await expect(dialog).to_be_visible()
    await tab.keyboard.type("Germinal")
    await dialog.get_by_label("Pourquoi ?").fill("Pour la mine")
    await dialog.get_by_role("button", name="Envoyer").click()
    await expect(dialog).to_be_hidden()
    rehearsal.discord.modal = modal | {"interaction": "42"}
    rehearsal.discord.changed()
    await expect(dialog).to_be_visible()
    await tab.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await tab.get_by_label("Message sur Discord").fill("fini")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".message")).to_contain_text("fini")
    assert rehearsal.discord.asked[:2] == [
        ("submit", 41, {"t": "Germinal", "w": "Pour la mine"}),
        ("dismiss", 42),
    ]


@browsed
async def test_an_ephemeral_message_says_so_and_goes(shown: Opened) -> None:
    rehearsal, tab = await shown()
    rehearsal.discord.put("Tout près !", ephemeral=True, command={"user": "Camille", "name": "q"})
    message = tab.locator(".message")
    await expect(message).to_contain_text("Vous êtes la seule personne à voir ce message.")
    await expect(message).to_contain_text("Camille a utilisé /q")
    await tab.get_by_role("button", name="Effacer").click()
    await expect(message).to_have_count(0)


@browsed
async def test_twitch_counts_refuses_and_shows_what_became_of_lines(shown: Opened) -> None:
    rehearsal, tab = await shown()
    field = tab.get_by_label("Message sur Twitch")
    await field.fill("é" * 501)
    await expect(tab.locator("#twitch-count")).to_have_text("501/500")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#twitch .problem")).to_contain_text("1 de trop")
    assert rehearsal.twitch.asked == []
    await field.fill("!quiz")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".line")).to_contain_text("camille_lit: !quiz")
    rehearsal.twitch.put("Ensemble", "bis", bot=True, badges=["moderator"], refused="msg_duplicate")
    rehearsal.twitch.put("troll", "achetez", deleted=True)
    await expect(tab.locator(".line").nth(1)).to_contain_text(
        "Twitch a refusé ce message\u202f: msg_duplicate"
    )
    await expect(tab.locator(".line").nth(1)).to_contain_text("MOD BOT Ensemble")
    await expect(tab.locator(".line").nth(2)).to_have_text("troll: message supprimé ")


@browsed
async def test_a_phone_shows_one_pane_and_counts_the_other(shown: Opened) -> None:
    rehearsal, tab = await shown(viewport={"width": 360, "height": 640}, is_mobile=True)
    await expect(tab.locator("#twitch")).to_be_hidden()
    twitch = tab.get_by_role("tab", name="Twitch")
    rehearsal.twitch.put("noe64", "zola")
    rehearsal.twitch.put("noe64", "ou hugo")
    await expect(twitch).to_have_accessible_name("Twitch , 2 nouveaux messages")
    assert await tab.evaluate("document.documentElement.scrollWidth <= 360")
    await tab.locator("#discord-input").focus()
    await tab.keyboard.press("F6")
    await expect(tab.locator("#twitch-input")).to_be_focused()
    await expect(tab.locator("#discord")).to_be_hidden()
    await expect(twitch).to_have_text("Twitch")
    await tab.set_viewport_size({"width": 360, "height": 320})
    assert await tab.locator("#twitch-input").evaluate(
        "e => e.getBoundingClientRect().bottom < 320"
    )


@browsed
async def test_everything_is_said_in_both_languages(shown: Opened) -> None:
    _, tab = await shown()
    french, english = await tab.evaluate(
        """async () => {
            const { keys } = await import("/page/words.js");
            return [keys("fr"), keys("en")];
        }"""
    )
    assert french == english
    await expect(tab.locator("html")).to_have_attribute("lang", "fr")
    await tab.get_by_role("button", name="English").click()
    await expect(tab.locator("html")).to_have_attribute("lang", "en")
    await expect(tab.locator("#discord .presence")).to_have_text("Bot connected")
    await tab.reload()
    await expect(tab.get_by_role("button", name="Make something go wrong")).to_be_visible()


@browsed
async def test_a_quiet_chat_says_so_in_words(shown: Opened) -> None:
    rehearsal, tab = await shown()
    discord, twitch = tab.locator("#discord .mode"), tab.locator("#twitch .mode")
    await expect(discord).to_be_empty()
    rehearsal.discord.mode = {"slow": 30, "emotes": False}
    rehearsal.twitch.mode = {"slow": 5, "emotes": True}
    rehearsal.discord.changed()
    await expect(discord).to_have_text("Mode lent\u202f: un message toutes les 30\u202fs")
    await expect(twitch).to_have_text(
        "Mode lent\u202f: un message toutes les 5\u202fs · Émoticônes seulement"
    )
    await tab.get_by_role("button", name="English").click()
    await expect(twitch).to_have_text("Slow mode: one message every 5 s · Emotes only")
    rehearsal.discord.mode = {"slow": 0, "emotes": False}
    rehearsal.discord.changed()
    await expect(discord).to_be_empty()
    assert await tab.evaluate(AUDIT) == []


@browsed
async def test_incidents_are_provoked_from_a_drawer(shown: Opened) -> None:
    rehearsal, tab = await shown()
    opener = tab.get_by_role("button", name="Provoquer un incident")
    await opener.click()
    drawer = tab.get_by_role("complementary", name="Provoquer un incident")
    await drawer.get_by_role("button", name="Couper Twitch").click()
    await expect(drawer.get_by_role("button", name="Rétablir Twitch")).to_be_focused()
    await expect(drawer.get_by_role("status")).to_have_text("C’est fait\u202f: Couper Twitch.")
    await drawer.get_by_role("button", name="Tuer le bot").click()
    await tab.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()
    await expect(opener).to_be_focused()
    assert rehearsal.control.done == ["kill"]


@browsed
async def test_the_page_comes_back_by_itself_as_the_same_person(shown: Opened) -> None:
    rehearsal, tab = await shown()
    await tab.locator("#discord .acting select").select_option("Inès (modération)")
    await tab.locator("#discord-input").fill("je tape encore")
    await rehearsal.page.close()
    await expect(tab.locator("#lost")).to_have_text("Connexion perdue, nouvelle tentative…")
    await expect(tab.locator("#lost")).to_be_empty()
    await tab.locator("#discord-input").press("Enter")
    await expect(tab.locator(".message .author")).to_have_text("Inès")


AUDIT = """() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const solid = (colour, under) => {
        canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1);
        canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
        return `rgb(${r},${g},${b})`;
    };
    const ground = (node) => {
        const above = node.parentElement ? ground(node.parentElement) : "white";
        return solid(getComputedStyle(node).backgroundColor, above);
    };
    const light = (colour) => {
        const parts = colour.match(/\\d+/g).map((part) => part / 255);
        const [r, g, b] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const faults = [];
    for (const node of document.querySelectorAll("body *")) {
        if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
        const speaks = [...node.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
        if (!speaks && !["INPUT", "SELECT", "TEXTAREA"].includes(node.tagName)) continue;
        const under = ground(node);
        const [high, low] = [light(solid(getComputedStyle(node).color, under)), light(under)].sort((a, b) => b - a);
        const ratio = (high + 0.05) / (low + 0.05);
        const where = `${node.tagName}.${node.className} ${node.textContent.slice(0, 30)}`;
        if (ratio < 4.5) faults.push(`${where} ${ratio.toFixed(2)}`);
    }
    for (const node of document.querySelectorAll("input, select, textarea")) {
        if (!node.labels?.length && !node.getAttribute("aria-label")) faults.push(`no label: ${node.id}`);
    }
    for (const node of document.querySelectorAll("button")) {
        if (!node.textContent.trim() && !node.getAttribute("aria-label")) faults.push(`no name: ${node.id}`);
    }
    return faults;
}"""


@browsed
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_is_labelled_and_legible(shown: Opened, scheme: str) -> None:
    rehearsal, tab = await shown(color_scheme=scheme, reduced_motion="reduce")
    buttons = [button(f"Style {style}", f"s{style}", style) for style in (1, 2, 3, 4)]
    for user in range(8):
        rehearsal.discord.put("Bonsoir", {"id": str(user), "name": f"N{user}", "bot": False})
        rehearsal.twitch.put(f"n{user}", "bonsoir", str(user), badges=["vip"])
    rehearsal.discord.put(
        "`code` <@101> ||non|| https://pau.fr",
        ephemeral=True,
        edited=True,
        embeds=[{"title": "T", "footer": {"text": "F"}, "fields": [{"name": "N", "value": "V"}]}],
        components=[row(*buttons, button("Non", "no", disabled=True))],
    )
    rehearsal.twitch.put("x", "y", deleted=True)
    rehearsal.twitch.put("x", "y", refused="msg_duplicate")
    await tab.locator("#open-incidents").click()
    await tab.get_by_role("button", name="Couper Discord").click()
    await tab.locator("#discord-input").fill("/")
    await expect(tab.locator("#discord-commands [role=option]").first).to_be_visible()
    assert await tab.evaluate(AUDIT) == []


@browsed
async def test_one_goes_into_a_voice_channel_and_out_again(shown: Opened) -> None:
    rehearsal, tab = await shown()
    voices = tab.get_by_role("list", name="Salons vocaux")
    await expect(voices).to_contain_text("personne")
    await tab.get_by_role("button", name="Entrer (Petit salon)").click()
    await expect(voices).to_contain_text("Camille")
    await tab.get_by_role("button", name="Sortir (Petit salon)").click()
    await expect(voices).to_contain_text("personne")
    assert rehearsal.discord.asked == [("speak_in", 101, 77), ("hang_up", 101)]


@browsed
async def test_what_the_bot_writes_in_private_is_announced_until_it_is_read(shown: Opened) -> None:
    rehearsal, tab = await shown()
    place = tab.get_by_label("Salon ou fil")
    await expect(place.get_by_role("option")).to_have_text(["#quiz"])
    await expect(tab.locator(".letters")).to_be_hidden()
    rehearsal.discord.letters = 2
    rehearsal.discord.changed()
    await tab.get_by_role("button", name="2 messages privés à lire").click()
    await expect(place.locator("option:checked")).to_have_text("Messages privés du bot")
    await expect(tab.locator(".letters")).to_be_hidden()
    await place.select_option(label="#quiz")
    await expect(place.locator("option:checked")).to_have_text("#quiz")
    await expect(tab.locator(".letters")).to_be_hidden()
    rehearsal.discord.letters = 3
    rehearsal.discord.changed()
    await expect(tab.locator(".letters")).to_have_text("Un message privé à lire")
