-- Works that are read aloud or shown on air, the grounds on which they may be, and the replays that can be watched.
-- Days are text, YYYY-MM-DD.

CREATE TABLE aired_work (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    author TEXT NOT NULL,
    fold TEXT NOT NULL UNIQUE,              -- title and author as they are compared: one row for each work
    added_at INTEGER NOT NULL
) STRICT;

CREATE TABLE aired_right (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- staff name a right by its number: it must not come to mean another
    work_id INTEGER NOT NULL REFERENCES aired_work (id),
    ground TEXT NOT NULL CHECK (ground IN ('public-domain', 'permission', 'author-present', 'quotation')),
    died INTEGER,                           -- year in which the last of the authors died
    granted_by TEXT,                        -- who gave the permission in writing
    scope TEXT CHECK (scope IN ('live', 'replay')),
    day TEXT,                               -- a permission's last day, or the day on which the author is present
    added_at INTEGER NOT NULL,
    ended TEXT,                             -- the day from which staff ended it
    CHECK ((ground = 'public-domain') = (died IS NOT NULL)),
    CHECK ((ground = 'permission') = (granted_by IS NOT NULL)),
    CHECK ((ground = 'permission') = (scope IS NOT NULL)),
    CHECK (ground != 'author-present' OR day IS NOT NULL)
) STRICT;

CREATE INDEX aired_right_work ON aired_right (work_id);

CREATE TABLE aired_replay (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    work_id INTEGER NOT NULL REFERENCES aired_work (id),
    title TEXT NOT NULL,
    aired TEXT NOT NULL,                    -- the day of the reading
    link TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    removed TEXT                            -- the day on which staff took it down
) STRICT;

CREATE INDEX aired_replay_work ON aired_replay (work_id);
