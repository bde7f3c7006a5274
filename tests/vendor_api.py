"""What the two vendors' OpenAPI documents say about an exchange that the rehearsal platforms recorded.

`check(exchange)` returns complaints, none if all is well. Responses are held to the documents without exception; the
requests of the real client libraries have a few known liberties, listed in `ALLOWANCES`. The documents are in
`tests/specs/`; Twitch's OAuth endpoints are not in Helix's document, so their schemas are written out here.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from bot.rehearsal.recorder import Exchange, Frame, Recorder

SPECS = Path(__file__).parent / "specs"
JSON = "application/json"
WORDS_MAX = 400

TWITCH_ERROR = {
    "type": "object",
    "required": ["error", "status", "message"],
    "properties": {
        "error": {"type": "string", "minLength": 1},
        "status": {"type": "integer"},
        "message": {"type": "string"},
    },
}
OAUTH: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("POST", "/oauth2/token"): {
        "type": "object",
        "required": ["access_token", "expires_in", "token_type"],
        "dependentRequired": {"refresh_token": ["scope"], "scope": ["refresh_token"]},
        "properties": {
            "access_token": {"type": "string", "minLength": 1},
            "expires_in": {"type": "integer"},
            "token_type": {"const": "bearer"},
            "refresh_token": {"type": "string", "minLength": 1},
            "scope": {"type": "array", "items": {"type": "string"}},
        },
    },
    ("GET", "/oauth2/validate"): {
        "type": "object",
        "required": ["client_id", "scopes", "expires_in"],
        "dependentRequired": {"login": ["user_id"], "user_id": ["login"]},
        "properties": {
            "client_id": {"type": "string"},
            "scopes": {"type": "array", "items": {"type": "string"}},
            "expires_in": {"type": "integer"},
            "login": {"type": "string"},
            "user_id": {"type": "string"},
        },
    },
    ("POST", "/oauth2/device"): {
        "type": "object",
        "required": ["device_code", "expires_in", "interval", "user_code", "verification_uri"],
        "properties": {
            "device_code": {"type": "string"},
            "expires_in": {"type": "integer"},
            "interval": {"type": "integer"},
            "user_code": {"type": "string"},
            "verification_uri": {"type": "string", "format": "uri"},
        },
    },
    ("POST", "/oauth2/revoke"): {"type": "null"},
}


@dataclass(frozen=True, slots=True)
class Allowance:
    """A liberty that a real client library takes in its requests, and how to look past it."""

    side: str
    method: str
    path: str
    reason: str
    amend: Callable[[Any], Any]


def _reference_ids_as_text(body: Any) -> Any:
    reference = body.get("message_reference") if isinstance(body, dict) else None
    if not isinstance(reference, dict):
        return body
    texts = {
        key: str(value) if key.endswith("_id") and type(value) is int else value
        for key, value in reference.items()
    }
    return body | {"message_reference": texts}


def _permissions_as_number(body: Any) -> Any:
    if isinstance(body, dict) and str(body.get("permissions", "")).isdecimal():
        return body | {"permissions": int(body["permissions"])}
    return body


def _recipient_as_text(body: Any) -> Any:
    if isinstance(body, dict) and type(body.get("recipient_id")) is int:
        return body | {"recipient_id": str(body["recipient_id"])}
    return body


def _attachment_ids_as_text(body: Any) -> Any:
    if not isinstance(body, dict):
        return body
    if isinstance(body.get("data"), dict):
        return body | {"data": _attachment_ids_as_text(body["data"])}
    if not isinstance(body.get("attachments"), list):
        return body
    return body | {"attachments": [_id_as_text(item) for item in body["attachments"]]}


def _id_as_text(item: Any) -> Any:
    if isinstance(item, dict) and type(item.get("id")) is int:
        return item | {"id": str(item["id"])}
    return item


def _without_null_installs(body: Any) -> Any:
    if isinstance(body, list):
        return [_without_null_installs(item) for item in body]
    if isinstance(body, dict) and body.get("integration_types", ...) is None:
        return {key: value for key, value in body.items() if key != "integration_types"}
    return body


PARAMETERS = (("POST", r"/channels/\d+/threads", "use_nested_fields"),)
"""Query parameters that only the prose of Discord knows: discord.py sends this one for the posts of a forum."""

ALLOWANCES = (
    Allowance(
        "discord",
        "POST",
        r"/channels/\d+/messages",
        "discord.py sends the ids of message_reference as integers; Discord takes both",
        _reference_ids_as_text,
    ),
    Allowance(
        "discord",
        "POST|PATCH",
        r"/guilds/\d+/roles(/\d+)?",
        "discord.py sends a role's permissions as text, as the prose documentation asks",
        _permissions_as_number,
    ),
    Allowance(
        "discord",
        "PUT|POST|PATCH",
        r"/applications/\d+/(guilds/\d+/)?commands(/\d+)?",
        "discord.py sends integration_types: null unless allowed_installs() decorates the command",
        _without_null_installs,
    ),
    Allowance(
        "discord",
        "POST|PATCH",
        r"/channels/\d+/messages(/\d+)?|/webhooks/\d+/[^/]+(/messages/[^/]+)?|/interactions/.+",
        "discord.py sends attachment ids (the index of a file) as integers; Discord takes both",
        _attachment_ids_as_text,
    ),
    Allowance(
        "discord",
        "POST",
        "/users/@me/channels",
        "discord.py sends recipient_id as an integer; Discord takes both",
        _recipient_as_text,
    ),
)


class Judge:
    """One schema, read by two validators: a quick one that says yes or no, and one whose complaints can be read."""

    def __init__(self, schema: Any, side: str | None = None) -> None:
        """`side` names the vendor's document that the schema refers to."""
        more: dict[str, Any] = {} if side is None else {"registry": _registry(side)}
        self.thorough = Draft202012Validator(schema, format_checker=_formats(), **more)
        more = {} if side is None else {"registry": _quick_registry(side)}
        self.quick = jsonschema_rs.Draft202012Validator(
            schema, formats=_TEXT_FORMATS, validate_formats=True, **more
        )


def watch(recorder: Recorder) -> list[str]:
    """Return a list that fills with the complaints about everything recorded from now on."""
    complaints: list[str] = []

    def listen(row: Exchange | Frame) -> None:
        if isinstance(row, Exchange):
            complaints.extend(check(row))

    recorder.listen(listen)
    return complaints


def check(exchange: Exchange) -> list[str]:
    """Return what this exchange gets wrong, each as one line that names the place.

    A request that was refused with a 4xx status is not judged: refusing it was the point.
    """
    about = f"{exchange.side} {exchange.method} {exchange.path} -> {exchange.status}"
    return [f"{about}: {words}" for words in _complaints(exchange)]


def _complaints(exchange: Exchange) -> Iterator[str]:
    if exchange.side == "twitch" and exchange.path.startswith("/oauth2/"):
        yield from _oauth(exchange)
        return
    found = _operation(exchange.side, exchange.method, exchange.path)
    if found is None:
        yield "no such operation in the vendor's document"
        return
    pointer, operation = found
    if not 400 <= exchange.status < 500:
        yield from _query(exchange, operation)
        yield from _request(exchange, pointer, operation)
    yield from _response(exchange, pointer, operation)


def _oauth(exchange: Exchange) -> Iterator[str]:
    schema = OAUTH.get((exchange.method, exchange.path))
    if schema is None:
        yield "no such OAuth endpoint"
    else:
        wanted = TWITCH_ERROR if exchange.status >= 400 else schema
        yield from _errors("response", _inline(json.dumps(wanted)), exchange.response)


def _undocumented(exchange: Exchange) -> Iterator[str]:
    """Yield the parameters that a library sends beyond the document."""
    for method, path, name in PARAMETERS:
        if exchange.method == method and re.fullmatch(path, exchange.path):
            yield name


def _query(exchange: Exchange, operation: Mapping[str, Any]) -> Iterator[str]:
    known = {
        item["name"]: item for item in operation.get("parameters", []) if item["in"] == "query"
    }
    for name in exchange.query.keys() - known.keys() - set(_undocumented(exchange)):
        yield f"query: unknown parameter {name}"
    for name, parameter in known.items():
        values = exchange.query.get(name)
        if values is None:
            if parameter.get("required"):
                yield f"query: missing parameter {name}"
            continue
        schema = _resolved(exchange.side, parameter["schema"])
        validator = _validator(exchange.side, json.dumps(parameter["schema"]))
        yield from _errors(f"query {name}", validator, _typed(exchange.side, values, schema))


def _request(exchange: Exchange, pointer: str, operation: Mapping[str, Any]) -> Iterator[str]:
    body = exchange.request
    wanted = operation.get("requestBody")
    if wanted is None:
        if body not in (None, {}):
            yield "request: this operation takes no body"
        return
    if body is None:
        if wanted.get("required"):
            yield "request: the body is missing"
        return
    for allowance in ALLOWANCES:
        if _allowed(allowance, exchange):
            body = allowance.amend(body)
    kind = next(iter(wanted["content"]))
    place = f"{pointer}/requestBody/content/{_escape(kind)}/schema"
    yield from _errors("request", _at(exchange.side, place), body)


def _response(exchange: Exchange, pointer: str, operation: Mapping[str, Any]) -> Iterator[str]:
    status = exchange.status
    if status >= 500:
        return
    if exchange.side == "twitch" and status >= 400:
        documented = {*operation["responses"], "401", "404", "429"}
        if str(status) not in documented:
            yield "response: this status is not documented"
        yield from _errors("response", _inline(json.dumps(TWITCH_ERROR)), exchange.response)
        return
    key = next(
        (key for key in (str(status), f"{status // 100}XX") if key in operation["responses"]), None
    )
    if key is None:
        yield "response: this status is not documented"
        return
    place = f"{pointer}/responses/{key}"
    described = operation["responses"][key]
    if "$ref" in described:
        place = described["$ref"]
        described = _look_up(exchange.side, place)
    if JSON not in described.get("content", {}):
        if exchange.response is not None:
            yield "response: this status has no body"
        return
    body = exchange.response
    if exchange.path.endswith("/callback"):
        yield from _resource(body)
        body = _without_resource(body)
    yield from _errors(
        "response", _at(exchange.side, f"{place}/content/{_escape(JSON)}/schema"), body
    )


def _resource(body: Any) -> Iterator[str]:
    """Judge a callback's `resource` by its `type`.

    The document has the union for types 4, 7 and 12 only; the prose documentation gives every type a resource, whose
    message, if it has one, is a message like others.
    """
    resource = body.get("resource") if isinstance(body, dict) else None
    if resource is None:
        return
    schemas = "#/components/schemas"
    names = {
        4: "CreateMessageInteractionCallbackResponse",
        7: "UpdateMessageInteractionCallbackResponse",
        12: "LaunchActivityInteractionCallbackResponse",
    }
    kind = resource.get("type") if isinstance(resource, dict) else None
    if kind in names:
        yield from _errors(
            "response resource", _at("discord", f"{schemas}/{names[kind]}"), resource
        )
        return
    yield from _errors(
        "response resource.type", _at("discord", f"{schemas}/InteractionCallbackTypes"), kind
    )
    if isinstance(resource, dict) and "message" in resource:
        validator = _at("discord", f"{schemas}/MessageResponse")
        yield from _errors("response resource.message", validator, resource["message"])


def _without_resource(body: Any) -> Any:
    if not isinstance(body, dict):
        return body
    return {key: value for key, value in body.items() if key != "resource"}


def _allowed(allowance: Allowance, exchange: Exchange) -> bool:
    return (
        allowance.side == exchange.side
        and re.fullmatch(allowance.method, exchange.method) is not None
        and re.fullmatch(allowance.path, exchange.path) is not None
    )


def _errors(place: str, judge: Judge, value: Any) -> Iterator[str]:
    if judge.quick.is_valid(value):
        return
    for error in judge.thorough.iter_errors(value):
        deepest = best_match([error]) or error
        yield f"{place} {deepest.json_path}: {_short(deepest)}"


def _short(error: ValidationError) -> str:
    return error.message if len(error.message) <= WORDS_MAX else error.message[:WORDS_MAX] + "…"


def _typed(side: str, values: list[str], schema: Mapping[str, Any]) -> Any:
    """Return query values as the types their schema asks for; as they are where they do not fit."""
    if schema.get("type") == "array":
        items = _resolved(side, schema.get("items", {}))
        return [_typed(side, [value], items) for value in values]
    if len(values) != 1:
        return values
    value = values[0]
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    if schema.get("type") == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
    return value


def _operation(side: str, method: str, path: str) -> tuple[str, Mapping[str, Any]] | None:
    for pattern, template in _templates(side):
        operations = _document(side)["paths"][template]
        if pattern.fullmatch(path) and method.lower() in operations:
            return f"#/paths/{_escape(template)}/{method.lower()}", operations[method.lower()]
    return None


@cache
def _templates(side: str) -> list[tuple[re.Pattern[str], str]]:
    """Return the document's paths as patterns, those with the fewest placeholders first."""
    paths = sorted(_document(side)["paths"], key=lambda path: path.count("{"))
    return [(re.compile(_pattern(path)), path) for path in paths]


def _pattern(template: str) -> str:
    parts = re.split(r"\{(\w+)\}", template)
    texts = (re.escape(part) for part in parts[::2])
    # Ids are snowflakes; without that, /messages/@original would also fit /messages/{message_id}.
    holes = (r"\d+" if name.endswith("_id") else r"[^/]+" for name in parts[1::2])
    return "".join(text + hole for text, hole in zip(texts, [*holes, ""], strict=True))


@cache
def _document(side: str) -> Mapping[str, Any]:
    text = (SPECS / f"{side}.json").read_text(encoding="utf-8")
    document: Mapping[str, Any] = _modern(json.loads(text))
    return document


def _modern(value: Any) -> Any:
    """Return OpenAPI 3.0's `nullable`, and its integers of so many bits, as JSON Schema has them."""
    if isinstance(value, list):
        return [_modern(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain = {key: _modern(item) for key, item in value.items() if key != "nullable"}
    if (bits := _BITS.get(str(value.get("format")))) is not None:
        plain = {"minimum": -(2 ** (bits - 1)), "maximum": 2 ** (bits - 1) - 1} | plain
    return {"anyOf": [plain, {"type": "null"}]} if value.get("nullable") is True else plain


_BITS = {"int32": 32, "int64": 64}


@cache
def _registry(side: str) -> Registry[Any]:
    resource = DRAFT202012.create_resource(_document(side))
    registry: Registry[Any] = Registry().with_resource(f"urn:{side}", resource)
    return registry


@cache
def _quick_registry(side: str) -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry([(f"urn:{side}", _document(side))])


@cache
def _at(side: str, pointer: str) -> Judge:
    place = quote(pointer, safe="#/~@{}").replace("{", "%7B").replace("}", "%7D")
    return Judge({"$ref": f"urn:{side}{place}"}, side)


@cache
def _validator(side: str, schema: str) -> Judge:
    return Judge(json.loads(schema.replace('"#/', f'"urn:{side}#/')), side)


@cache
def _inline(schema: str) -> Judge:
    return Judge(json.loads(schema))


def _look_up(side: str, pointer: str) -> Mapping[str, Any]:
    place: Any = _document(side)
    for step in pointer.removeprefix("#/").split("/"):
        place = place[step.replace("~1", "/").replace("~0", "~")]
    found: Mapping[str, Any] = place
    return found


def _resolved(side: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = _look_up(side, schema["$ref"])
    return schema


def _escape(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


@cache
def _formats() -> FormatChecker:
    checker = FormatChecker(formats=())
    for name, fits in _TEXT_FORMATS.items():
        checker.checks(name, raises=ValueError)(_of_text(fits))
    return checker


def _of_text(fits: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or fits(value)


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


_TEXT_FORMATS: Mapping[str, Callable[[str], bool]] = {
    "date-time": _is_moment,
    "uri": lambda text: ":" in text,
}
