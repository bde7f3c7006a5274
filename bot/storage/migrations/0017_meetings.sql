-- Meetings of clubs: what is left of them once the agenda has forgotten its dates, who said what, who came, what they say.

CREATE TABLE meeting (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used twice: a button on Discord may still speak of one that is over
    series_id INTEGER REFERENCES series (id) ON DELETE SET NULL,        -- its plan, as long as the agenda has it
    original TEXT NOT NULL,                 -- which occurrence of it
    club_id INTEGER NOT NULL REFERENCES club (id) ON DELETE CASCADE,
    book_id INTEGER REFERENCES club_book (id) ON DELETE SET NULL,       -- the book it is about, if it is about one
    title TEXT NOT NULL,
    form TEXT NOT NULL CHECK (form IN ('voice', 'stage', 'text', 'twitch', 'site', 'hybrid')),
    place TEXT NOT NULL,
    voice_id TEXT NOT NULL,                 -- the voice or stage channel on Discord
    seats INTEGER CHECK (seats > 0),        -- without end when null
    starts_at INTEGER NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes > 0),
    reminded INTEGER NOT NULL DEFAULT 0 CHECK (reminded IN (0, 1)),     -- whether its card was shown again the day before
    opened_at INTEGER,
    closed_at INTEGER,
    cancelled_at INTEGER,
    headcount INTEGER,                      -- people counted by staff
    untraced INTEGER NOT NULL DEFAULT 0,    -- who came and is kept nowhere
    came INTEGER,                           -- the sums, once it is closed: they outlive who they are made of
    walk_ins INTEGER,
    no_shows INTEGER,
    UNIQUE (series_id, original),
    CHECK (closed_at IS NULL OR opened_at IS NOT NULL)
) STRICT;

CREATE INDEX meeting_club ON meeting (club_id);
CREATE INDEX meeting_book ON meeting (book_id) WHERE book_id IS NOT NULL;
CREATE INDEX meeting_open ON meeting (club_id) WHERE opened_at IS NOT NULL AND closed_at IS NULL;

CREATE TABLE rsvp (
    meeting_id INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    answer TEXT NOT NULL CHECK (answer IN ('yes', 'maybe', 'no')),
    turn INTEGER NOT NULL,                  -- the order in which those who say yes are given seats
    seated INTEGER NOT NULL CHECK (seated IN (0, 1)),
    remind INTEGER NOT NULL DEFAULT 0 CHECK (remind IN (0, 1)),         -- whether they want to be reminded of it in private
    room_id INTEGER NOT NULL REFERENCES room (id),                      -- where they answered, and are told
    PRIMARY KEY (meeting_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX rsvp_person ON rsvp (person_id);

CREATE TABLE attendance (
    meeting_id INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    how TEXT NOT NULL CHECK (how IN ('button', 'typed', 'voice', 'staff')),
    PRIMARY KEY (meeting_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX attendance_person ON attendance (person_id);

CREATE TABLE voice_presence (
    meeting_id INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    seconds INTEGER NOT NULL,               -- in the meeting's voice channel so far; erased when it closes
    PRIMARY KEY (meeting_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX voice_presence_person ON voice_presence (person_id);

CREATE TABLE opinion (
    meeting_id INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    outcome TEXT NOT NULL CHECK (outcome IN ('read', 'partly', 'not')),
    no_copy INTEGER NOT NULL CHECK (no_copy IN (0, 1)),                 -- whether they could not get the book
    rating INTEGER CHECK (rating BETWEEN 1 AND 5),
    word TEXT NOT NULL,                     -- their own, empty when they gave none
    PRIMARY KEY (meeting_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX opinion_person ON opinion (person_id);

CREATE TABLE favourite (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- staff name one by its number: it must not come to mean another
    club_id INTEGER NOT NULL REFERENCES club (id) ON DELETE CASCADE,
    work_id INTEGER NOT NULL REFERENCES work (id),
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    text TEXT NOT NULL,                     -- in their own words
    signature TEXT NOT NULL,                -- as they wish to sign it
    state TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'declined')),
    at INTEGER NOT NULL,
    UNIQUE (club_id, work_id, person_id)
) STRICT;

CREATE INDEX favourite_person ON favourite (person_id);
