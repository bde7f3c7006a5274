"""Application commands: what the bot registered, and what a person's typing of one means.

Registration obeys Discord's limits; filling in options raises ValueError, as a client would not let it be sent.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.discord_errors import Form, unknown
from bot.rehearsal.discord_world import World

CHAT_INPUT = 1
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN = 1, 2, 3, 4, 5
USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = 6, 7, 8, 9, 10
NAME = re.compile(r"[-_'\w]{1,32}")
LOCALISED = ("name_localizations", "description_localizations")

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A registered command and the way to one of its subcommands."""

    command: Raw
    steps: tuple[Raw, ...]

    @property
    def options(self) -> list[Raw]:
        """The options that the person may fill in."""
        return list((self.steps[-1] if self.steps else self.command).get("options", []))

    @property
    def name(self) -> str:
        """The whole name, such as `quiz start`."""
        return " ".join([self.command["name"], *(step["name"] for step in self.steps)])


class Commands:
    """The registry: global commands and those of one guild."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._registered: dict[int | None, list[Raw]] = {None: []}

    def all(self) -> list[Raw]:
        """Return every registered command, global ones first."""
        return [command for scope in self._registered.values() for command in scope]

    def of(self, guild_id: int | None) -> list[Raw]:
        """Return the commands registered for this guild only; None: the global ones."""
        return list(self._registered.get(guild_id, []))

    def visible(self, guild_id: int | None, permissions: int) -> Iterator[Raw]:
        """Yield the slash commands that somebody with these permissions sees; a guild's own hide global ones."""
        seen: set[str] = set()
        scopes = [guild_id, None] if guild_id is not None else [None]
        for scope in scopes:
            for command in self._registered.get(scope, []):
                if command["type"] != CHAT_INPUT or command["name"] in seen:
                    continue
                seen.add(command["name"])
                if _here(command, guild_id) and allowed(command, permissions):
                    yield command

    def find(self, name: str, guild_id: int | None) -> Found:
        """Return the command of that whole base name, or raise LookupError."""
        first, *rest = name.removeprefix("/").split()
        for command in self.visible(guild_id, -1):
            if command["name"] == first:
                return _step(command, rest, name)
        raise LookupError(f"no command /{first} is registered here")

    def replace(self, guild_id: int | None, bodies: Sequence[Raw]) -> list[Raw]:
        """Register these commands in place of all others of the scope; ids stay with their names."""
        form = Form()
        for index, body in enumerate(bodies):
            _check(form, (index,), body)
        form.finish()
        self._registered[guild_id] = [self._stored(guild_id, body) for body in bodies]
        self._world.changed()
        return self.of(guild_id)

    def add(self, guild_id: int | None, body: Raw) -> Raw:
        """Register one command, in place of the one of its name."""
        form = Form()
        _check(form, (), body)
        form.finish()
        stored = self._stored(guild_id, body)
        others = [c for c in self._registered.get(guild_id, []) if c["id"] != stored["id"]]
        self._registered[guild_id] = [*others, stored]
        self._world.changed()
        return stored

    def one(self, guild_id: int | None, command_id: int) -> Raw:
        """Return a command, or refuse with 10063."""
        for command in self._registered.get(guild_id, []):
            if command["id"] == str(command_id):
                return command
        raise unknown("application command")

    def remove(self, guild_id: int | None, command_id: int) -> None:
        """Remove a command, or refuse with 10063."""
        self._registered[guild_id].remove(self.one(guild_id, command_id))
        self._world.changed()

    def _stored(self, guild_id: int | None, body: Raw) -> Raw:
        kind = body.get("type") or CHAT_INPUT
        permissions = body.get("default_member_permissions")
        stored: Raw = {
            "id": self._id_of(guild_id, body["name"], kind),
            "application_id": str(self._world.application_id),
            "version": str(self._world.new_id()),
            "type": kind,
            "name": body["name"],
            "name_localizations": body.get("name_localizations"),
            "description": body.get("description") or "",
            "description_localizations": body.get("description_localizations"),
            "default_member_permissions": None if permissions is None else str(permissions),
            "dm_permission": body.get("dm_permission") is not False,
            "contexts": body.get("contexts"),
            "integration_types": body.get("integration_types") or [0],
            "nsfw": bool(body.get("nsfw")),
        }
        if body.get("options"):
            stored["options"] = [_option(each) for each in body["options"]]
        if guild_id is not None:
            stored["guild_id"] = str(guild_id)
        return stored

    def _id_of(self, guild_id: int | None, name: str, kind: int) -> str:
        for command in self._registered.get(guild_id, []):
            if (command["name"], command["type"]) == (name, kind):
                return str(command["id"])
        return str(self._world.new_id())


def without_localisations(command: Raw) -> Raw:
    """Return a command as it is shown when localisations were not asked for."""
    return {key: value for key, value in command.items() if key not in LOCALISED}


def _here(command: Raw, guild_id: int | None) -> bool:
    if guild_id is not None:
        return command["contexts"] is None or 0 in command["contexts"]
    if command["contexts"] is not None:
        return 1 in command["contexts"]
    return bool(command["dm_permission"])


def allowed(command: Raw, permissions: int) -> bool:
    """Tell whether default_member_permissions let somebody with these permissions (-1: all) use the command."""
    needed = command["default_member_permissions"]
    if needed is None:
        return True
    return permissions == -1 or (int(needed) != 0 and permissions & int(needed) == int(needed))


def _step(command: Raw, names: Sequence[str], whole: str) -> Found:
    steps: list[Raw] = []
    place = command
    for name in names:
        for option in place.get("options", []):
            if option["name"] == name and option["type"] in (SUBCOMMAND, GROUP):
                steps.append(option)
                place = option
                break
        else:
            raise LookupError(f"/{command['name']} has no subcommand {name!r}: /{whole}")
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in place.get("options", [])):
        raise LookupError(f"/{whole} is a group: one of its subcommands is needed")
    return Found(command, tuple(steps))


def leaves(command: Raw) -> Iterator[Found]:
    """Yield everything that can be run under a command: itself, or its subcommands."""
    children = [o for o in command.get("options", []) if o["type"] in (SUBCOMMAND, GROUP)]
    if not children:
        yield Found(command, ())
    for child in children:
        if child["type"] == SUBCOMMAND:
            yield Found(command, (child,))
        else:
            for grandchild in child.get("options", []):
                yield Found(command, (child, grandchild))


def _check(form: Form, path: tuple[str | int, ...], body: Raw) -> None:
    kind = body.get("type") or CHAT_INPUT
    if kind == CHAT_INPUT:
        _check_names(form, path, body)
        _check_options(form, path, body.get("options") or [])
    else:
        form.length((*path, "name"), body.get("name"), 32, least=1)


def _check_names(form: Form, path: tuple[str | int, ...], body: Raw) -> None:
    names = {"name": body.get("name") or ""}
    names |= {
        f"name_localizations.{k}": v for k, v in (body.get("name_localizations") or {}).items()
    }
    for key, name in names.items():
        if not NAME.fullmatch(name) or name != name.lower():
            code = "APPLICATION_COMMAND_INVALID_NAME"
            form.wrong((*path, *key.split(".")), code, "Command name is invalid")
    texts = {"description": body.get("description") or ""}
    localised = body.get("description_localizations") or {}
    texts |= {f"description_localizations.{k}": v for k, v in localised.items()}
    for key, text in texts.items():
        form.length((*path, *key.split(".")), text, 100, least=1)


def _check_options(form: Form, path: tuple[str | int, ...], options: Sequence[Raw]) -> None:
    form.length((*path, "options"), options, 25)
    optional = False
    names: set[str] = set()
    for index, option in enumerate(options):
        here = (*path, "options", index)
        _check_names(form, here, option)
        if option["name"] in names:
            form.wrong((*here, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Duplicated.")
        names.add(option["name"])
        if option.get("required") and optional:
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            form.wrong(here, code, "Required options must be placed before non-required options")
        optional = optional or not option.get("required")
        choices = option.get("choices") or []
        form.length((*here, "choices"), choices, 25)
        for number, choice in enumerate(choices):
            form.length((*here, "choices", number, "name"), choice.get("name"), 100, least=1)
        _check_options(form, here, option.get("options") or [])


def _option(raw: Raw) -> Raw:
    option = {key: value for key, value in raw.items() if value is not None}
    option.setdefault("name_localizations", None)
    option.setdefault("description_localizations", None)
    if option["type"] not in (SUBCOMMAND, GROUP):
        option["required"] = bool(option.get("required"))
    if "choices" in option:
        option["choices"] = [{"name_localizations": None} | each for each in option["choices"]]
        if not option["choices"]:
            del option["choices"]
    if "options" in option:
        option["options"] = [_option(each) for each in option["options"]]
    return option


def filled(found: Found, given: Mapping[str, Any]) -> list[Raw]:
    """Return the data.options of an interaction from what the person gave, or raise ValueError."""
    known = {option["name"]: option for option in found.options}
    if strangers := set(given) - set(known):
        raise ValueError(f"/{found.name} has no option {', '.join(sorted(strangers))}")
    values = []
    for name, option in known.items():
        if given.get(name) is None:
            if option.get("required"):
                raise ValueError(f"/{found.name} needs the option {name}")
        else:
            values.append(_value(option, given[name]))
    return nested(found, values)


def nested(found: Found, values: list[Raw]) -> list[Raw]:
    """Put filled-in options under the subcommand they belong to."""
    for step in reversed(found.steps):
        values = [{"name": step["name"], "type": step["type"], "options": values}]
    return values


def _value(option: Raw, given: Any) -> Raw:
    value = convert(option["type"], given)
    choices = option.get("choices")
    if choices and value not in [choice["value"] for choice in choices]:
        raise ValueError(f"{value!r} is not one of the choices of {option['name']}")
    _refuse_out_of_bounds(option, value)
    return {"name": option["name"], "type": option["type"], "value": value}


def _refuse_out_of_bounds(option: Raw, value: Any) -> None:
    size = len(value) if option["type"] == STRING else value
    low = option.get("min_length" if option["type"] == STRING else "min_value")
    high = option.get("max_length" if option["type"] == STRING else "max_value")
    if (low is not None and size < low) or (high is not None and size > high):
        raise ValueError(f"{option['name']} must be between {low} and {high}")


def convert(kind: int, given: Any) -> str | int | float | bool:
    """Return what was given as the option's type: text from a page becomes a number or a truth value."""
    match kind:
        case _ if kind == INTEGER:
            return int(given)
        case _ if kind == NUMBER:
            return float(given)
        case _ if kind == BOOLEAN:
            return given if isinstance(given, bool) else str(given).lower() in ("true", "1", "oui")
        case _ if kind in (USER, CHANNEL, ROLE, MENTIONABLE):
            return str(getattr(given, "id", given))
    return str(given)
