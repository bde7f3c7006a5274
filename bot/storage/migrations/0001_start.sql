-- Times are microseconds since 1970 in UTC unless a name says otherwise. Platform ids are text, as the platforms send them.

CREATE TABLE person (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used twice: an erased person's id must not come back to life
    name TEXT NOT NULL,
    traceless INTEGER NOT NULL DEFAULT 0 CHECK (traceless IN (0, 1)),   -- takes part without trace
    listed INTEGER NOT NULL DEFAULT 0 CHECK (listed IN (0, 1)),         -- asked to be on season boards
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE identity (
    platform TEXT NOT NULL CHECK (platform IN ('discord', 'twitch')),
    user_id TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (platform, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_person ON identity (person_id);

CREATE TABLE room (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    locale TEXT NOT NULL CHECK (locale IN ('fr', 'en')),
    zone TEXT NOT NULL,                     -- IANA name
    discord_channel_id TEXT UNIQUE,
    discord_guild_id TEXT,
    twitch_channel_id TEXT UNIQUE,
    twitch_login TEXT,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL REFERENCES room (id),
    activity TEXT NOT NULL,
    title TEXT NOT NULL,
    options TEXT NOT NULL,                  -- JSON, enough to build the activity again
    seed INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    clock_us INTEGER NOT NULL DEFAULT 0,    -- session time when last saved
    saved_at INTEGER NOT NULL,
    players INTEGER NOT NULL DEFAULT 0,     -- everybody who took part
    untraced INTEGER NOT NULL DEFAULT 0,    -- of these, without trace
    announced INTEGER NOT NULL DEFAULT 0 CHECK (announced IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX session_running ON session (room_id) WHERE ended_at IS NULL;
CREATE INDEX session_unannounced ON session (id) WHERE announced = 0;

CREATE TABLE journal (
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    at_us INTEGER NOT NULL,                 -- session time
    play TEXT NOT NULL,
    person_id INTEGER,                      -- no reference: an erased person leaves a number that leads nowhere
    platform TEXT,
    body TEXT,
    PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE post (
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    name TEXT NOT NULL,                     -- which board of the session
    message_id TEXT NOT NULL,
    PRIMARY KEY (session_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger (
    id INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session (id),
    person_id INTEGER REFERENCES person (id) ON DELETE SET NULL,
    room_id INTEGER NOT NULL REFERENCES room (id),
    season INTEGER NOT NULL,                -- the year it began in
    platform TEXT NOT NULL,
    plays INTEGER NOT NULL,
    correct INTEGER NOT NULL,
    points INTEGER NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (session_id, person_id)          -- settlement happens once
) STRICT;

CREATE INDEX ledger_person ON ledger (person_id) WHERE person_id IS NOT NULL;

CREATE TABLE tally (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    room_id INTEGER NOT NULL REFERENCES room (id),
    season INTEGER NOT NULL,
    sessions INTEGER NOT NULL,
    plays INTEGER NOT NULL,
    correct INTEGER NOT NULL,
    points INTEGER NOT NULL,
    listed INTEGER NOT NULL,                -- person.listed, kept here so that a board is one walk of an index
    PRIMARY KEY (person_id, room_id, season)
) STRICT, WITHOUT ROWID;

CREATE INDEX tally_board ON tally (room_id, season, points DESC, person_id) WHERE listed = 1;

CREATE TABLE twitch_token (
    bot_id TEXT PRIMARY KEY,
    origin TEXT NOT NULL,                   -- digest of the token in the settings it grew from
    access TEXT NOT NULL,
    refresh TEXT NOT NULL,
    saved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
