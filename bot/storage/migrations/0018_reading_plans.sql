-- Reading plans: the sections of a club's book with their dates and threads, and how far each member has read.

CREATE TABLE section (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- buttons name a section by its number: it must not come to mean another
    book_id INTEGER NOT NULL REFERENCES club_book (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,                -- its place in the plan; below 0 while places are being changed
    title TEXT NOT NULL,                    -- empty when it is called by what it covers
    revealing INTEGER NOT NULL CHECK (revealing IN (0, 1)),     -- the title tells of the story
    first_chapter INTEGER, last_chapter INTEGER,
    first_page INTEGER, last_page INTEGER,
    due TEXT,                               -- local date and time
    zone TEXT NOT NULL,
    series_id INTEGER REFERENCES series (id) ON DELETE SET NULL,    -- what the agenda holds of it
    thread_id TEXT,                         -- on Discord, once somebody has read so far
    UNIQUE (book_id, number)
) STRICT;

CREATE TABLE section_place (
    book_id INTEGER PRIMARY KEY REFERENCES club_book (id) ON DELETE CASCADE,
    room_id INTEGER NOT NULL REFERENCES room (id)       -- in whose Discord channel the book's threads are
) STRICT;

CREATE TABLE progress (
    book_id INTEGER NOT NULL REFERENCES club_book (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    club_id INTEGER NOT NULL,
    unit TEXT NOT NULL CHECK (unit IN ('section', 'chapter', 'page', 'percent', 'minute', 'done')),
    value INTEGER NOT NULL,
    pages INTEGER CHECK (pages > 0),        -- of their own edition, if they said so
    minutes INTEGER CHECK (minutes > 0),    -- of their recording, if they said so
    admitted INTEGER NOT NULL,              -- the last section whose thread they were let into
    PRIMARY KEY (book_id, person_id),
    FOREIGN KEY (club_id, person_id) REFERENCES club_member (club_id, person_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX progress_of ON progress (person_id);
CREATE INDEX progress_member ON progress (club_id, person_id);
