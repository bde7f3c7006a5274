"""The oracle itself: good exchanges pass, each kind of broken one is caught."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal.recorder import Exchange, Recorder
from bot.rehearsal.twitch_platform import TwitchPlatform
from tests.vendor_api import ALLOWANCES, check, watch

SCRIPT = Path(__file__).parent.parent / "script" / "vendor-specs"

USER = {
    "id": "100000001",
    "login": "lea",
    "display_name": "Léa",
    "type": "",
    "broadcaster_type": "",
    "description": "",
    "profile_image_url": "",
    "offline_image_url": "",
    "view_count": 0,
    "created_at": "2026-01-01T00:00:00Z",
}
SENT = {"data": [{"message_id": "a", "is_sent": True}]}
LINE = {"broadcaster_id": "1", "sender_id": "2", "message": "Bonjour"}
DISCORD_USER = {
    "id": "1",
    "username": "lea",
    "avatar": None,
    "discriminator": "0",
    "public_flags": 0,
    "flags": 0,
    "global_name": "Léa",
    "primary_guild": None,
}
MESSAGE: dict[str, Any] = {
    "id": "9",
    "channel_id": "5",
    "type": 0,
    "content": "Bonjour",
    "author": DISCORD_USER,
    "mentions": [],
    "mention_roles": [],
    "mention_everyone": False,
    "attachments": [],
    "embeds": [],
    "components": [],
    "pinned": False,
    "tts": False,
    "flags": 0,
    "timestamp": "2026-01-01T00:00:00+00:00",
    "edited_timestamp": None,
}
ROLE = {
    "id": "7",
    "name": "hôte",
    "permissions": "8",
    "position": 1,
    "color": 0,
    "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
    "hoist": False,
    "managed": False,
    "mentionable": False,
    "description": None,
    "icon": None,
    "unicode_emoji": None,
    "flags": 0,
}
COMMAND = {
    "id": "3",
    "application_id": "4",
    "version": "1",
    "type": 1,
    "name": "quiz",
    "description": "Play",
    "default_member_permissions": None,
    "dm_permission": True,
    "contexts": None,
    "integration_types": [0],
    "options": [],
    "nsfw": False,
}
CALLBACK = "/interactions/77/tok.en/callback"


def exchange(side: str, call: str, request: Any, status: int, response: Any) -> Exchange:
    method, _, target = call.partition(" ")
    path, _, text = target.partition("?")
    query: dict[str, list[str]] = {}
    for pair in filter(None, text.split("&")):
        name, _, value = pair.partition("=")
        query.setdefault(name, []).append(value)
    return Exchange(0.0, side, method, path, query, request, status, response)


def twitch(call: str, request: Any, status: int, response: Any) -> list[str]:
    return check(exchange("twitch", call, request, status, response))


def discord(call: str, request: Any, status: int, response: Any) -> list[str]:
    return check(exchange("discord", call, request, status, response))


def refusal(status: int) -> dict[str, Any]:
    return {"error": "Refused", "status": status, "message": "no"}


GOOD_TWITCH: dict[str, tuple[str, Any, int, Any]] = {
    "users": ("GET /users?id=1&id=2", None, 200, {"data": [USER]}),
    "send": ("POST /chat/messages", LINE, 200, SENT),
    "too long": ("POST /chat/messages", LINE, 422, refusal(422)),
    "refused before it was read": ("POST /chat/messages", {}, 400, refusal(400)),
    "unauthorised": ("GET /users", None, 401, refusal(401)),
    "too many": ("GET /users", None, 429, refusal(429)),
    "down": ("GET /users", None, 503, refusal(503)),
    "delete": ("DELETE /moderation/chat?broadcaster_id=1&moderator_id=2", None, 204, None),
    "app token": (
        "POST /oauth2/token?grant_type=client_credentials",
        None,
        200,
        {"access_token": "a", "expires_in": 5, "token_type": "bearer"},
    ),
    "revoked": ("POST /oauth2/revoke", {"token": "a"}, 200, None),
    "integer in the query": (
        "GET /chat/chatters?broadcaster_id=1&moderator_id=2&first=10",
        None,
        200,
        {"data": [], "total": 0},
    ),
}


@pytest.mark.parametrize("case", GOOD_TWITCH.values(), ids=GOOD_TWITCH)
def test_a_good_twitch_exchange_passes(case: tuple[str, Any, int, Any]) -> None:
    assert twitch(*case) == []


BROKEN_TWITCH: dict[str, tuple[str, Any, int, Any, str]] = {
    "unknown path": ("GET /nothing", None, 200, {"data": []}, "no such operation"),
    "unknown method": ("PUT /chat/messages", LINE, 200, SENT, "no such operation"),
    "missing field": (
        "POST /chat/messages",
        {"broadcaster_id": "1", "message": "x"},
        200,
        SENT,
        "'sender_id' is a required",
    ),
    "integer for text": ("POST /chat/messages", LINE | {"sender_id": 2}, 200, SENT, "$.sender_id"),
    "no body": ("POST /chat/messages", [], 200, SENT, "request $"),
    "unasked body": ("GET /users", {"id": 1}, 200, {"data": []}, "takes no body"),
    "unknown parameter": ("GET /users?name=lea", None, 200, {"data": []}, "unknown parameter name"),
    "missing parameter": ("GET /channels", None, 200, {"data": []}, "missing parameter"),
    "text for integer": (
        "GET /chat/chatters?broadcaster_id=1&moderator_id=2&first=ten",
        None,
        200,
        {"data": [], "total": 0},
        "query first",
    ),
    "two for one": (
        "GET /chat/settings?broadcaster_id=1&broadcaster_id=2",
        None,
        200,
        {"data": []},
        "query broadcaster_id",
    ),
    "null reason": (
        "POST /chat/messages",
        LINE,
        200,
        {"data": [{"message_id": "a", "is_sent": True, "drop_reason": None}]},
        "drop_reason",
    ),
    "nameless user": (
        "GET /users",
        None,
        200,
        {"data": [{key: value for key, value in USER.items() if key != "login"}]},
        "'login' is a required",
    ),
    "no moment": (
        "GET /users",
        None,
        200,
        {"data": [USER | {"created_at": "yesterday"}]},
        "created_at",
    ),
    "moment without zone": (
        "GET /users",
        None,
        200,
        {"data": [USER | {"created_at": "2026-01-01T00:00:00"}]},
        "created_at",
    ),
    "no int32": ("GET /users", None, 200, {"data": [USER | {"view_count": 2**31}]}, "view_count"),
    "body with 204": (
        "DELETE /moderation/chat?broadcaster_id=1&moderator_id=2",
        None,
        204,
        {},
        "has no body",
    ),
    "undocumented status": ("GET /users", None, 201, {"data": []}, "not documented"),
    "undocumented refusal": ("GET /users", None, 422, refusal(422), "not documented"),
    "shapeless refusal": (
        "GET /users",
        None,
        401,
        {"message": "no", "status": 401},
        "'error' is a required",
    ),
    "token without scope": (
        "POST /oauth2/token",
        None,
        200,
        {"access_token": "a", "expires_in": 5, "token_type": "bearer", "refresh_token": "r"},
        "scope",
    ),
    "unknown OAuth": ("GET /oauth2/secrets", None, 200, {}, "no such OAuth"),
}


@pytest.mark.parametrize("case", BROKEN_TWITCH.values(), ids=BROKEN_TWITCH)
def test_a_broken_twitch_exchange_is_caught(case: tuple[str, Any, int, Any, str]) -> None:
    call, request, status, response, words = case
    complaints = twitch(call, request, status, response)
    assert len(complaints) == 1
    assert words in complaints[0]


GOOD_DISCORD: dict[str, tuple[str, Any, int, Any]] = {
    "me": ("GET /users/@me", None, 200, DISCORD_USER | {"mfa_enabled": True, "locale": "fr"}),
    "send": ("POST /channels/5/messages", {"content": "Bonjour"}, 200, MESSAGE),
    "read": ("GET /channels/5/messages?limit=50", None, 200, [MESSAGE]),
    "react": ("PUT /channels/5/messages/9/reactions/%F0%9F%93%96/@me", None, 204, None),
    "type": ("POST /channels/5/typing", None, 204, None),
    "unknown": ("GET /channels/5/messages/1", None, 404, {"message": "Unknown", "code": 10008}),
    "limited": (
        "POST /channels/5/messages",
        {"content": "x"},
        429,
        {"message": "slow down", "code": 0, "retry_after": 0.5, "global": False},
    ),
    "down": ("GET /users/@me", None, 502, None),
    "answer": (
        f"POST {CALLBACK}?with_response=1",
        {"type": 4, "data": {"content": "x"}},
        200,
        {
            "interaction": {"id": "77", "type": 2, "response_message_id": "9"},
            "resource": {"type": 4, "message": MESSAGE},
        },
    ),
    "deferral": (
        f"POST {CALLBACK}?with_response=1",
        {"type": 5},
        200,
        {"interaction": {"id": "77", "type": 2}, "resource": {"type": 5, "message": MESSAGE}},
    ),
    "the original": ("GET /webhooks/4/tok.en/messages/@original", None, 200, MESSAGE),
    "commands": ("GET /applications/4/commands", None, 200, [COMMAND]),
}


@pytest.mark.parametrize("case", GOOD_DISCORD.values(), ids=GOOD_DISCORD)
def test_a_good_discord_exchange_passes(case: tuple[str, Any, int, Any]) -> None:
    assert discord(*case) == []


BROKEN_DISCORD: dict[str, tuple[str, Any, int, Any, str]] = {
    "unknown path": ("GET /channels/five", None, 200, {}, "no such operation"),
    "4001 characters": (
        "POST /channels/5/messages",
        {"content": "x" * 4001},
        200,
        MESSAGE,
        "$.content",
    ),
    "limit over 100": ("GET /channels/5/messages?limit=101", None, 200, [], "query limit"),
    "null description": (
        "GET /channels/5/messages/9",
        None,
        200,
        MESSAGE | {"author": DISCORD_USER | {"username": None}},
        "$.author.username",
    ),
    "integer id": ("GET /channels/5/messages/9", None, 200, MESSAGE | {"id": 9}, "$.id"),
    "missing field": (
        "GET /users/@me",
        None,
        200,
        {key: value for key, value in DISCORD_USER.items() if key != "flags"}
        | {"mfa_enabled": True, "locale": "fr"},
        "'flags' is a required",
    ),
    "shapeless refusal": ("GET /channels/5", None, 404, {"error": "no"}, "required"),
    "typing with an answer": ("POST /channels/5/typing", None, 204, {}, "has no body"),
    "wrong resource": (
        f"POST {CALLBACK}",
        {"type": 4, "data": {"content": "x"}},
        200,
        {"interaction": {"id": "77", "type": 2}, "resource": {"type": 4}},
        "'message' is a required",
    ),
    "unheard-of resource": (
        f"POST {CALLBACK}",
        {"type": 4, "data": {"content": "x"}},
        200,
        {"interaction": {"id": "77", "type": 2}, "resource": {"type": 99}},
        "resource.type",
    ),
    "broken deferred message": (
        f"POST {CALLBACK}",
        {"type": 5},
        200,
        {"interaction": {"id": "77", "type": 2}, "resource": {"type": 5, "message": {"id": "1"}}},
        "resource.message",
    ),
    "no interaction": (f"POST {CALLBACK}", {"type": 5}, 200, {}, "'interaction' is a required"),
    "unknown callback": (f"POST {CALLBACK}", {"type": 3}, 204, None, "request $"),
}


@pytest.mark.parametrize("case", BROKEN_DISCORD.values(), ids=BROKEN_DISCORD)
def test_a_broken_discord_exchange_is_caught(case: tuple[str, Any, int, Any, str]) -> None:
    call, request, status, response, words = case
    complaints = discord(call, request, status, response)
    assert complaints
    assert any(words in line for line in complaints), complaints


REFERENCE = {"message_id": 9, "channel_id": 5, "guild_id": 2, "fail_if_not_exists": True}
LIBERTIES = {
    "reference": (
        "POST /channels/5/messages",
        {"content": "x", "message_reference": REFERENCE},
        MESSAGE,
        {"content": "x", "message_reference": {"message_id": [9]}},
    ),
    "permissions": (
        "POST /guilds/2/roles",
        {"name": "hôte", "permissions": "8"},
        ROLE,
        {"name": "hôte", "permissions": "all"},
    ),
    "installs": (
        "PUT /applications/4/commands",
        [{"name": "quiz", "type": 1, "description": "Play", "integration_types": None}],
        [COMMAND],
        [{"name": "quiz", "type": 1, "description": "Play", "integration_types": "all"}],
    ),
    "attachments": (
        f"POST {CALLBACK}",
        {"type": 4, "data": {"attachments": [{"id": 0, "filename": "plan.png"}]}},
        {"interaction": {"id": "77", "type": 2}},
        {"type": 4, "data": {"attachments": [{"id": None, "filename": "plan.png"}]}},
    ),
    "recipient": (
        "POST /users/@me/channels",
        {"recipient_id": 1},
        {
            "id": "5",
            "type": 1,
            "flags": 0,
            "last_message_id": None,
            "recipients": [DISCORD_USER],
        },
        {"recipient_id": 1.5},
    ),
}


@pytest.mark.parametrize("case", LIBERTIES.values(), ids=LIBERTIES)
def test_a_library_s_known_liberty_passes_and_no_more_than_that(
    case: tuple[str, Any, Any, Any],
) -> None:
    call, liberty, response, mistake = case
    assert discord(call, liberty, 200, response) == []
    assert discord(call, mistake, 200, response)


def test_liberties_are_for_requests_only() -> None:
    reply = MESSAGE | {"message_reference": {"type": 0, "channel_id": 5}}
    assert discord("POST /channels/5/messages", {"content": "x"}, 200, reply)


def test_every_liberty_has_its_reason() -> None:
    assert len(LIBERTIES) == len(ALLOWANCES)
    assert all(allowance.reason for allowance in ALLOWANCES)


def test_watching_a_recorder_gathers_the_complaints() -> None:
    recorder = Recorder()
    complaints = watch(recorder)
    recorder.http("twitch", "GET", "/users", {}, None, 200, {"data": [USER]})
    recorder.frame("twitch", "sent", {"metadata": {}})
    assert complaints == []
    recorder.http("twitch", "GET", "/users", {}, None, 200, {})
    assert complaints == ["twitch GET /users -> 200: response $: 'data' is a required property"]


def test_all_that_the_rehearsal_twitch_serves_is_in_the_document() -> None:
    for gate in TwitchPlatform()._gates:
        for method, path in gate._table:
            complaints = twitch(f"{method} {path}", None, 503, refusal(503))
            assert not [line for line in complaints if "no such" in line]


def test_pruning_keeps_what_is_reached_and_drops_prose() -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"version": "1", "title": "T"},
        "paths": {
            "/a/{id}": {
                "parameters": [{"name": "id", "in": "path", "description": "Prose."}],
                "get": {
                    "tags": ["t"],
                    "responses": {
                        "200": {
                            "description": "Prose.",
                            "content": {
                                "text/plain": {},
                                "application/json": {"schema": {"$ref": "#/components/schemas/A"}},
                            },
                        }
                    },
                },
                "post": {"responses": {"200": {"$ref": "#/components/responses/Unreached"}}},
            }
        },
        "components": {
            "schemas": {
                "A": {
                    "title": "A",
                    "properties": {
                        "title": {"type": "string", "title": "Prose"},
                        "b": {"$ref": "#/components/schemas/B"},
                    },
                },
                "B": {"oneOf": [{"const": 1, "title": "ONE"}, {"const": 2}], "type": "integer"},
                "Unreached": {},
            },
            "responses": {"Unreached": {}},
        },
    }
    prune = runpy.run_path(str(SCRIPT))["prune"]
    pruned = prune(document, "GET /a/{id}")
    reference = {"$ref": "#/components/schemas/A"}
    assert pruned["paths"] == {
        "/a/{id}": {
            "get": {
                "parameters": [{"name": "id", "in": "path"}],
                "responses": {"200": {"content": {"application/json": {"schema": reference}}}},
            }
        }
    }
    assert pruned["components"] == {
        "schemas": {
            "A": {
                "properties": {
                    "title": {"type": "string"},
                    "b": {"$ref": "#/components/schemas/B"},
                },
            },
            "B": {"type": "integer", "enum": [1, 2]},
        }
    }
    with pytest.raises(KeyError):
        prune(document, "PUT /a/{id}")
