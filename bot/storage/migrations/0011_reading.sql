-- Reading pauses. Pages, minutes and chapters are summed apart; a percentage of a book is only counted.
-- Sums hold everybody, those without trace included; only `reading`, `reader_season` and `reader` are about a person.

CREATE TABLE reading (
    session_id INTEGER NOT NULL REFERENCES session (id),
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    pages INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    chapters INTEGER NOT NULL,
    percent INTEGER NOT NULL,
    present_s INTEGER NOT NULL,             -- seconds for which they were there
    PRIMARY KEY (session_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX reading_person ON reading (person_id);

CREATE TABLE reading_session (
    session_id INTEGER PRIMARY KEY REFERENCES session (id),     -- a pause is settled once
    room_id INTEGER NOT NULL REFERENCES room (id),
    season INTEGER NOT NULL,                -- the year it began in
    week INTEGER NOT NULL,                  -- weeks since Monday 1 January of the year 1, in the room's own time
    readers INTEGER NOT NULL,
    logged INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    chapters INTEGER NOT NULL,
    percents INTEGER NOT NULL,              -- readers who told a percentage
    present_s INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX reading_session_week ON reading_session (room_id, week);

CREATE TABLE reading_room (
    room_id INTEGER NOT NULL REFERENCES room (id),
    season INTEGER NOT NULL,
    pauses INTEGER NOT NULL,
    readers INTEGER NOT NULL,               -- attendances: somebody who came twice counts twice
    logged INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    chapters INTEGER NOT NULL,
    percents INTEGER NOT NULL,
    present_s INTEGER NOT NULL,
    PRIMARY KEY (room_id, season)
) STRICT, WITHOUT ROWID;

CREATE TABLE reading_network (
    season INTEGER PRIMARY KEY,
    pauses INTEGER NOT NULL,
    readers INTEGER NOT NULL,
    logged INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    chapters INTEGER NOT NULL,
    percents INTEGER NOT NULL,
    present_s INTEGER NOT NULL
) STRICT;

CREATE TABLE reader_season (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    season INTEGER NOT NULL,
    pauses INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    chapters INTEGER NOT NULL,
    percents INTEGER NOT NULL,
    present_s INTEGER NOT NULL,
    PRIMARY KEY (person_id, season)
) STRICT, WITHOUT ROWID;

CREATE TABLE reader (
    person_id INTEGER PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    streak INTEGER NOT NULL DEFAULT 0,      -- weeks in a row with a pause attended
    best_streak INTEGER NOT NULL DEFAULT 0,
    week INTEGER,                           -- of the pause attended last, and where it was
    room_id INTEGER REFERENCES room (id),
    best_pages INTEGER NOT NULL DEFAULT 0,  -- in one pause
    best_minutes INTEGER NOT NULL DEFAULT 0,
    goal INTEGER,                           -- for each season
    goal_unit TEXT CHECK (goal_unit IN ('pages', 'minutes', 'chapters'))
) STRICT;
