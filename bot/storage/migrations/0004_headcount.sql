-- People without an account, counted by staff. Nobody is named, neither those counted nor whoever counts.

CREATE TABLE headcount (
    id INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL REFERENCES room (id),
    session_id INTEGER REFERENCES session (id),
    day TEXT,                               -- YYYY-MM-DD, in the room's own time, where there was no session
    place TEXT NOT NULL,                    -- as typed first; empty when none was said
    place_fold TEXT NOT NULL,               -- as it is compared
    age_class TEXT NOT NULL CHECK (age_class IN ('0-5', '6-11', '12-14', '15-17', '18-64', '65+', 'unknown')),
    people INTEGER NOT NULL CHECK (people >= 0),
    at INTEGER NOT NULL,                    -- when it was last set
    CHECK ((session_id IS NULL) = (day IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX headcount_session ON headcount (session_id, place_fold, age_class) WHERE session_id IS NOT NULL;
CREATE UNIQUE INDEX headcount_day ON headcount (room_id, day, place_fold, age_class) WHERE session_id IS NULL;
CREATE INDEX headcount_of ON headcount (room_id, session_id, day);

CREATE TABLE headcount_correction (
    id INTEGER PRIMARY KEY,
    headcount_id INTEGER NOT NULL REFERENCES headcount (id) ON DELETE CASCADE,
    before INTEGER NOT NULL,
    after INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;

