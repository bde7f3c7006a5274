"""Buttons, selects, layouts and modals: what Discord refuses in them, and how it answers them back.

Works on raw component dictionaries; knows no message and no interaction.
"""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from bot.rehearsal.discord_errors import Form

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
SELECTS = frozenset({STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT})
LINK, PREMIUM = 5, 6

Raw = dict[str, Any]
Path = tuple[str | int, ...]


def walk(components: list[Raw], path: Path = ("components",)) -> Iterator[tuple[Path, Raw]]:
    """Yield every component, parents first, each with its path."""
    for index, component in enumerate(components):
        here = (*path, index)
        yield here, component
        yield from walk(component.get("components") or [], (*here, "components"))
        for key in ("component", "accessory"):
            if component.get(key):
                yield (*here, key), component[key]


def find(components: list[Raw], custom_id: str) -> Raw | None:
    """Return the component with this custom_id."""
    return next((c for _, c in walk(components) if c.get("custom_id") == custom_id), None)


def check_message(form: Form, components: list[Raw], *, layout: bool) -> None:
    """Note what is wrong with a message's components; `layout` means the IS_COMPONENTS_V2 flag."""
    if not layout:
        form.length(("components",), components, 5)
        for index, component in enumerate(components):
            if component.get("type") != ROW:
                form.wrong(("components", index, "type"), "UNION_TYPE_CHOICES", "Must be 1.")
    everything = list(walk(components))
    if layout and len(everything) > 40:
        form.wrong(("components",), "BASE_TYPE_BAD_LENGTH", "At most 40 components are allowed.")
    texts = sum(len(c.get("content") or "") for _, c in everything if c.get("type") == TEXT)
    if texts > 4000:
        form.wrong(("components",), "BASE_TYPE_MAX_LENGTH", "Must be 4000 or fewer in length.")
    _check_all(form, everything)


def check_modal(form: Form, data: Raw) -> None:
    """Note what is wrong with a modal."""
    form.length(("data", "title"), data.get("title"), 45, least=1)
    form.length(("data", "custom_id"), data.get("custom_id"), 100, least=1)
    components = data.get("components") or []
    form.length(("data", "components"), components, 5, least=1)
    _check_all(form, list(walk(components, ("data", "components"))))


def _check_all(form: Form, everything: list[tuple[Path, Raw]]) -> None:
    seen: set[str] = set()
    for path, component in everything:
        custom_id = component.get("custom_id")
        if custom_id in seen:
            form.wrong(
                (*path, "custom_id"),
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated",
            )
        if custom_id is not None:
            seen.add(custom_id)
            form.length((*path, "custom_id"), custom_id, 100, least=1)
        _CHECKS.get(component.get("type", 0), _unknown)(form, path, component)


def _unknown(form: Form, path: Path, _component: Raw) -> None:
    form.wrong((*path, "type"), "UNION_TYPE_CHOICES", "Value of field is not a component type.")


def _anything(_form: Form, _path: Path, _component: Raw) -> None:
    return


def _row(form: Form, path: Path, row: Raw) -> None:
    children = row.get("components") or []
    form.length((*path, "components"), children, 5, least=1)
    if len(children) > 1 and any(child.get("type") != BUTTON for child in children):
        form.wrong(
            (*path, "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )


def _button(form: Form, path: Path, button: Raw) -> None:
    form.length((*path, "label"), button.get("label"), 80)
    style = button.get("style")
    if style not in range(1, 7):
        form.wrong(
            (*path, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}."
        )
    if style == LINK:
        if not button.get("url"):
            form.required((*path, "url"))
        if button.get("custom_id"):
            form.wrong((*path,), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "Not both.")
    elif style != PREMIUM and not button.get("custom_id"):
        form.required((*path, "custom_id"))
    if style != PREMIUM and not button.get("label") and not button.get("emoji"):
        form.required((*path, "label"))


def _select(form: Form, path: Path, select: Raw) -> None:
    if not select.get("custom_id"):
        form.required((*path, "custom_id"))
    form.length((*path, "placeholder"), select.get("placeholder"), 150)
    if select.get("type") != STRING_SELECT:
        return
    options = select.get("options") or []
    form.length((*path, "options"), options, 25, least=1)
    values = [option.get("value") for option in options]
    for index, option in enumerate(options):
        here = (*path, "options", index)
        form.length((*here, "label"), option.get("label"), 100, least=1)
        form.length((*here, "value"), option.get("value"), 100, least=1)
        form.length((*here, "description"), option.get("description"), 100)
        if values.index(option.get("value")) != index:
            form.wrong((*here, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Duplicated.")
    if (select.get("max_values") or 1) > len(options):
        form.wrong((*path, "max_values"), "SELECT_COMPONENT_MAX_VALUES", "More than there are.")


def _text_input(form: Form, path: Path, field: Raw) -> None:
    form.length((*path, "label"), field.get("label"), 45)
    form.length((*path, "placeholder"), field.get("placeholder"), 100)
    form.length((*path, "value"), field.get("value"), 4000)
    if not field.get("custom_id"):
        form.required((*path, "custom_id"))


def _label(form: Form, path: Path, label: Raw) -> None:
    form.length((*path, "label"), label.get("label"), 45, least=1)
    form.length((*path, "description"), label.get("description"), 100)


def _text(form: Form, path: Path, text: Raw) -> None:
    form.length((*path, "content"), text.get("content"), 4000, least=1)


_CHECKS: dict[int, Callable[[Form, Path, Raw], None]] = {
    ROW: _row,
    BUTTON: _button,
    TEXT_INPUT: _text_input,
    LABEL: _label,
    TEXT: _text,
    **dict.fromkeys(SELECTS, _select),
    **dict.fromkeys((SECTION, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER), _anything),
    **dict.fromkeys((19, 21, 22, 23), _anything),
}


def answered(components: list[Raw]) -> list[Raw]:
    """Return the components as Discord answers them: numbered, defaults filled in, nulls left out."""
    numbers = count(1)
    return [_answered(component, numbers) for component in components]


def _answered(component: Raw, numbers: "count[int]") -> Raw:
    number = component.get("id") or next(numbers)
    shape = {key: value for key, value in component.items() if value is not None} | {"id": number}
    for key, value in _DEFAULTS.get(component["type"], {}).items():
        shape.setdefault(key, value)
    if "components" in shape:
        shape["components"] = [_answered(child, numbers) for child in shape["components"]]
    for key in ("accessory", "component"):
        if key in shape:
            shape[key] = _answered(shape[key], numbers)
    for key in ("media", "file"):
        if key in shape:
            shape[key] = _media(shape[key], number)
    if component["type"] == GALLERY:
        shape["items"] = [_item(item, number) for item in shape.get("items", [])]
    return shape


def _item(item: Raw, number: int) -> Raw:
    return {
        "media": _media(item["media"], number),
        "description": item.get("description"),
        "spoiler": bool(item.get("spoiler")),
    }


def _media(media: Raw, number: int) -> Raw:
    return {"id": str(number), "url": media["url"], "proxy_url": media["url"]}


_DEFAULTS: dict[int, Raw] = {
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
    CONTAINER: {"accent_color": None, "spoiler": False},
    SEPARATOR: {"spacing": 1, "divider": True},
    THUMBNAIL: {"description": None, "spoiler": False},
    FILE: {"name": None, "size": None, "spoiler": False},
    TEXT_INPUT: {"label": None, "min_length": None, "max_length": None},
}


def submitted(components: list[Raw], values: dict[str, str]) -> list[Raw]:
    """Return a modal's components as its submission carries them, nested as they were sent.

    Raises ValueError for a field that it lacks, or a text that is missing, too short or too long.
    """
    fields = [field for _, field in walk(components) if "custom_id" in field]
    if strangers := set(values) - {field["custom_id"] for field in fields}:
        raise ValueError(f"the form has no field {', '.join(sorted(strangers))}")
    return [_submitted(component, values) for component in components]


def _submitted(component: Raw, values: dict[str, str]) -> Raw:
    shape: Raw = {"type": component["type"], "id": component["id"]}
    if "components" in component:
        return shape | {"components": [_submitted(c, values) for c in component["components"]]}
    if "component" in component:
        return shape | {"component": _submitted(component["component"], values)}
    if "custom_id" not in component:
        return shape
    shape["custom_id"] = component["custom_id"]
    given: Any = values.get(component["custom_id"], component.get("value"))
    if component["type"] == TEXT_INPUT:
        return shape | {"value": _typed(component, given or "")}
    return shape | {"values": [given] if isinstance(given, str) else list(given or ())}


def _typed(field: Raw, text: str) -> str:
    required = field.get("required", True)
    low = max(field["min_length"] or 0, 1 if required else 0)
    high = field["max_length"] or 4000
    if (text or required) and not low <= len(text) <= high:
        raise ValueError(f"{field['custom_id']} takes {low} to {high} characters")
    return text
