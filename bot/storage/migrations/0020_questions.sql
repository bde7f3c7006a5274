-- The questions that a club talks about: proposed by members, asked at its meetings.

CREATE TABLE club_question (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- people name a question by its number: it must not come to mean another
    club_id INTEGER NOT NULL REFERENCES club (id) ON DELETE CASCADE,
    book_id INTEGER REFERENCES club_book (id) ON DELETE CASCADE,    -- of no book in particular when null
    section INTEGER NOT NULL CHECK (section BETWEEN 0 AND 99),      -- after which it may be asked; 0 for at any time
    text TEXT NOT NULL,
    general TEXT,                           -- which one of those that come with the program, if it is one
    state TEXT NOT NULL CHECK (state IN ('proposed', 'ready', 'asked', 'carried', 'dropped')),
    proposed_by INTEGER REFERENCES person (id) ON DELETE SET NULL,  -- while the proposal waits, and no longer
    proposed_at INTEGER NOT NULL,
    asked_at INTEGER,                       -- when it was last asked
    times INTEGER NOT NULL DEFAULT 0,       -- how often it was asked: more than once when it was carried over
    meeting_id INTEGER REFERENCES meeting (id) ON DELETE SET NULL,  -- at which meeting it was last asked
    CHECK (section = 0 OR book_id IS NOT NULL),
    CHECK (proposed_by IS NULL OR state = 'proposed')
) STRICT;

CREATE INDEX club_question_club ON club_question (club_id, state);
CREATE INDEX club_question_asked ON club_question (club_id, asked_at) WHERE asked_at IS NOT NULL;
CREATE INDEX club_question_by ON club_question (proposed_by) WHERE proposed_by IS NOT NULL;
CREATE INDEX club_question_meeting ON club_question (meeting_id) WHERE meeting_id IS NOT NULL;
CREATE INDEX club_question_book ON club_question (book_id) WHERE book_id IS NOT NULL;
