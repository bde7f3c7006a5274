-- Votes on what to read next. While one is open its ballots are sealed with a key of its own; when it closes, counts of
-- what was on them are kept, and key and ballots go, so that nothing in the file ties a ballot to anybody.

CREATE TABLE vote (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used twice: a menu on Discord may still speak of one that is over
    club_id INTEGER NOT NULL REFERENCES club (id) ON DELETE CASCADE,
    method TEXT NOT NULL CHECK (method IN ('approval', 'single', 'several', 'ranked')),
    most INTEGER NOT NULL CHECK (most > 0), -- options on a ballot of the method 'several'
    quorum INTEGER NOT NULL CHECK (quorum > 0),
    tie TEXT NOT NULL CHECK (tie IN ('oldest', 'pages', 'seed', 'host')),
    seed INTEGER NOT NULL,                  -- of a draw, told before the first ballot
    state TEXT NOT NULL CHECK (state IN ('open', 'tied', 'closed')),    -- tied: the host is to choose
    opened_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    asked INTEGER NOT NULL CHECK (asked IN (0, 1)),     -- whether a host asked for that end, or it is the longest there is
    closed_at INTEGER,
    discord_ballots INTEGER NOT NULL DEFAULT 0,         -- counted at the close
    twitch_ballots INTEGER NOT NULL DEFAULT 0,
    chosen INTEGER,                         -- number of the option that won
    series_id INTEGER REFERENCES series (id) ON DELETE SET NULL,        -- its close, in the agenda
    CHECK ((state = 'open') = (closed_at IS NULL))
) STRICT;

CREATE UNIQUE INDEX vote_current ON vote (club_id) WHERE state != 'closed';

CREATE TABLE vote_option (
    vote_id INTEGER NOT NULL REFERENCES vote (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    book_id INTEGER NOT NULL REFERENCES club_book (id),
    pages INTEGER,                          -- as they were known when the vote opened
    PRIMARY KEY (vote_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE vote_key (
    vote_id INTEGER PRIMARY KEY REFERENCES vote (id) ON DELETE CASCADE,
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

CREATE TABLE ballot (
    vote_id INTEGER NOT NULL REFERENCES vote (id) ON DELETE CASCADE,
    voter BLOB NOT NULL,                    -- a digest under the vote's key: who that is cannot be told without it
    sealed BLOB NOT NULL,                   -- what is on it, readable with the key alone
    PRIMARY KEY (vote_id, voter)
) STRICT, WITHOUT ROWID;

CREATE TABLE vote_count (
    vote_id INTEGER NOT NULL REFERENCES vote (id) ON DELETE CASCADE,
    choices TEXT NOT NULL,                  -- numbers of options with spaces between them
    ballots INTEGER NOT NULL,               -- how many held just these
    PRIMARY KEY (vote_id, choices)
) STRICT, WITHOUT ROWID;
