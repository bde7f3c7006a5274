-- The question of the day, and Discord messages that outlive sessions.

CREATE TABLE poster (
    room_id INTEGER NOT NULL REFERENCES room (id),
    name TEXT NOT NULL,                     -- which of the room's boards
    message_id TEXT NOT NULL,
    posted_at INTEGER NOT NULL,
    PRIMARY KEY (room_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE daily (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id INTEGER NOT NULL REFERENCES room (id),
    number INTEGER NOT NULL,                -- of the room's questions, from 1
    day TEXT NOT NULL,                      -- the room's own date, "2026-03-10"
    deck TEXT NOT NULL,
    topic TEXT NOT NULL,                    -- the question folded, so that it is not asked again too soon
    question TEXT NOT NULL,                 -- JSON, as it was asked
    locale TEXT NOT NULL,                   -- in which answers are judged
    seed INTEGER NOT NULL,                  -- decides the order of choices
    asked_at INTEGER NOT NULL,
    asked_by INTEGER NOT NULL,              -- the due row that asked it
    closes_at INTEGER NOT NULL,             -- when the answer is planned to be told
    closed_at INTEGER,
    closed_by INTEGER,                      -- the due row that closed it
    discord_answers INTEGER NOT NULL DEFAULT 0,     -- counted when it closes, those without trace included
    discord_right INTEGER NOT NULL DEFAULT 0,
    twitch_answers INTEGER NOT NULL DEFAULT 0,
    twitch_right INTEGER NOT NULL DEFAULT 0,
    UNIQUE (room_id, day),
    UNIQUE (room_id, number)
) STRICT;

CREATE UNIQUE INDEX daily_open ON daily (room_id) WHERE closed_at IS NULL;
CREATE INDEX daily_asked ON daily (asked_by);
CREATE INDEX daily_closed ON daily (closed_by) WHERE closed_by IS NOT NULL;

CREATE TABLE daily_answer (
    daily_id INTEGER NOT NULL REFERENCES daily (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    platform TEXT NOT NULL,
    reply TEXT,                             -- the choice, the number, or whether the words were right; emptied at the close
    correct INTEGER CHECK (correct IN (0, 1)),  -- known at the close
    changed INTEGER NOT NULL CHECK (changed IN (0, 1)),
    PRIMARY KEY (daily_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX daily_answer_person ON daily_answer (person_id);

CREATE TABLE daily_record (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    room_id INTEGER NOT NULL REFERENCES room (id),
    answers INTEGER NOT NULL,
    correct INTEGER NOT NULL,
    streak INTEGER NOT NULL,
    best INTEGER NOT NULL,
    forgiven TEXT,                          -- the day of the last missed question that was forgiven
    number INTEGER NOT NULL,                -- the last question answered
    PRIMARY KEY (person_id, room_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX daily_record_room ON daily_record (room_id, number);
