-- Calendars elsewhere: the address of each feed, and what stands on a platform for an occurrence.

CREATE TABLE feed (
    id INTEGER PRIMARY KEY,
    room_id INTEGER UNIQUE REFERENCES room (id) ON DELETE CASCADE,
    club_id INTEGER UNIQUE REFERENCES club (id) ON DELETE CASCADE,
    token TEXT NOT NULL,                    -- what cannot be guessed in its address
    digest TEXT NOT NULL UNIQUE,            -- SHA-256 of the token, by which it is looked up
    made_at INTEGER NOT NULL,               -- microseconds, UTC
    CHECK ((room_id IS NULL) <> (club_id IS NULL))
) STRICT;

CREATE TABLE projection (
    place TEXT NOT NULL,                    -- where it stands: 'discord:<server>', 'twitch:<channel>'
    key TEXT NOT NULL,                      -- which occurrence: its series' uid, and its local time by the rule
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    remote_id TEXT NOT NULL,                -- what the platform calls it; empty while it is being made or removed
    written TEXT NOT NULL,                  -- what we wrote last, JSON: what differs from it now was changed by hand
    PRIMARY KEY (place, key)
) STRICT;

CREATE INDEX projection_series ON projection (series_id);
