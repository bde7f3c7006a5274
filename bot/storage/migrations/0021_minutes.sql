-- What those who lead a club write down about a meeting: points to talk about, decisions, words to keep.

CREATE TABLE meeting_note (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- people name a note by its number: it must not come to mean another
    club_id INTEGER NOT NULL REFERENCES club (id) ON DELETE CASCADE,
    meeting_id INTEGER REFERENCES meeting (id) ON DELETE CASCADE,   -- the club's next one when null
    kind TEXT NOT NULL CHECK (kind IN ('point', 'decision', 'note')),
    text TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),         -- whether a point was talked about
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX meeting_note_of ON meeting_note (meeting_id) WHERE meeting_id IS NOT NULL;
CREATE INDEX meeting_note_next ON meeting_note (club_id) WHERE meeting_id IS NULL;
