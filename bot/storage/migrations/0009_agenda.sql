-- What is planned. Plans keep local time, zone and rule; only what is due soon is an instant.

CREATE TABLE series (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,                     -- what comes again: 'daily', 'pause', 'club' …
    room_id INTEGER REFERENCES room (id),
    person_id INTEGER REFERENCES person (id) ON DELETE CASCADE, -- somebody's own, if it is one person's
    title TEXT NOT NULL,                    -- empty where the kind says it all
    first TEXT NOT NULL,                    -- local date-time, "2026-03-10T18:30:00"
    zone TEXT NOT NULL,                     -- IANA name
    rule TEXT NOT NULL,                     -- RFC 5545, empty for a single date
    holidays TEXT NOT NULL,                 -- the calendar of days left out, empty for none
    steps TEXT NOT NULL,                    -- JSON: what is due for each occurrence, and when
    options TEXT NOT NULL,                  -- JSON, for whoever carries it out
    shown INTEGER NOT NULL CHECK (shown IN (0, 1)),             -- in the room's agenda
    made TEXT,                              -- the latest occurrence, in the rule's order, whose rows were made
    last_at INTEGER,                        -- when the last occurrence starts, once it is known that none follows
    ended_at INTEGER,                       -- when a host ended it
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX series_room ON series (room_id) WHERE ended_at IS NULL;
CREATE INDEX series_person ON series (person_id) WHERE person_id IS NOT NULL;

CREATE TABLE exception (
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    original TEXT NOT NULL,                 -- which occurrence: the local date-time that the rule gave it
    change TEXT NOT NULL CHECK (change IN ('skipped', 'moved', 'cancelled')),
    moved_to TEXT CHECK ((change = 'moved') = (moved_to IS NOT NULL)),
    PRIMARY KEY (series_id, original)
) STRICT, WITHOUT ROWID;

CREATE TABLE due (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used twice: what was done keeps it
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    original TEXT NOT NULL,                 -- for which occurrence
    step INTEGER NOT NULL,                  -- which of its steps
    kind TEXT NOT NULL,                     -- who carries it out
    starts_at INTEGER NOT NULL,             -- when the occurrence starts
    due_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,               -- due_at, or later after a failure
    late_after INTEGER NOT NULL,            -- microseconds after which it is said to be late
    missed_after INTEGER,                   -- microseconds after which it is left out; never when null
    importance INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'settled', 'done', 'missed', 'failed')),
    tries INTEGER NOT NULL DEFAULT 0,
    late INTEGER NOT NULL DEFAULT 0,        -- microseconds late when settled, 0 within late_after
    UNIQUE (series_id, original, step)      -- nothing is due twice
) STRICT;

CREATE INDEX due_next ON due (next_at) WHERE state = 'waiting';
CREATE INDEX due_untold ON due (id) WHERE state = 'settled';
