"""Any rule that a series may have, and any exceptions to it, for properties."""

from datetime import date, datetime, timedelta

from hypothesis import assume
from hypothesis import strategies as st

from games.recurrence import Series

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
INTERVALS = st.integers(1, 4)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Return a rule, or nothing for a single date."""
    freq = draw(st.sampled_from(("", "DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "YEARLY")))
    if not freq:
        return ""
    parts = [f"FREQ={freq}", f"INTERVAL={draw(INTERVALS)}"]
    days = draw(st.lists(st.sampled_from(DAYS), max_size=3, unique=True))
    if freq == "MONTHLY" and days:
        nth = draw(st.sampled_from(("1", "2", "-1", "+3")))
        parts.append(f"BYDAY={nth}{days[0]}")
    elif freq == "MONTHLY" and draw(st.booleans()):
        parts.append(f"BYMONTHDAY={draw(st.sampled_from((1, 15, 28, -1)))}")
    elif freq == "WEEKLY" and days:
        parts.append(f"BYDAY={','.join(days)}")
    match draw(st.sampled_from(("", "COUNT", "UNTIL"))):
        case "COUNT":
            parts.append(f"COUNT={draw(st.integers(1, 60))}")
        case "UNTIL":
            parts.append(f"UNTIL={draw(st.dates(date(2026, 6, 1), date(2029, 1, 1))):%Y%m%d}")
        case _:
            pass
    return ";".join(parts)


@st.composite
def exceptions(draw: st.DrawFn, rule: str, zone: str) -> Series:
    """Return a series by this rule of which some dates fell out, some moved and some were cancelled."""
    day = draw(st.dates(date(2025, 9, 1), date(2026, 12, 31)))
    minute = draw(st.sampled_from((0, 30, 90, 120, 150, 165, 18 * 60 + 30, 23 * 60 + 59)))
    first = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    try:
        series = Series(first, zone, rule)
    except ValueError:
        assume(False)
    dates = [local for local, _ in zip(series.dates(datetime(2027, 5, 1)), range(80), strict=False)]
    assume(dates)
    changed = draw(st.lists(st.sampled_from(dates), max_size=6, unique=True))
    out = frozenset(changed[::3])
    shifts = st.timedeltas(timedelta(days=-3), timedelta(days=3))
    targets = {local: (local + draw(shifts)).replace(second=0) for local in changed[1::3]}
    moved: dict[datetime, datetime | None] = {
        local: to.replace(microsecond=0) for local, to in targets.items() if to != local
    }
    moved |= dict.fromkeys(changed[2::3])
    return Series(first, zone, rule, out, moved, draw(st.sampled_from(("", "fr"))))
