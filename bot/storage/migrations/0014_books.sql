-- Books: works apart from their editions, since members of a club read different ones; and the books of each club.

CREATE TABLE work (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    author TEXT NOT NULL,                   -- empty when nobody said
    title_key TEXT NOT NULL,                -- as titles are compared: without case, accents and article
    author_key TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    UNIQUE (title_key, author_key)
) STRICT;

CREATE TABLE edition (
    id INTEGER PRIMARY KEY,
    work_id INTEGER NOT NULL REFERENCES work (id),
    isbn TEXT CHECK (length(isbn) = 13),
    publisher TEXT NOT NULL,
    year INTEGER,
    language TEXT NOT NULL,
    pages INTEGER CHECK (pages > 0),
    source TEXT NOT NULL CHECK (source IN ('hand', 'bnf', 'openlibrary')),
    added_at INTEGER NOT NULL
) STRICT;

CREATE INDEX edition_work ON edition (work_id);
CREATE INDEX edition_isbn ON edition (isbn) WHERE isbn IS NOT NULL;
CREATE UNIQUE INDEX edition_catalogued ON edition (isbn) WHERE source != 'hand';   -- what members say may differ

CREATE TABLE isbn_unknown (
    isbn TEXT PRIMARY KEY,                  -- no catalogue knew it
    asked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE club_book (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- people name a book by its number: it must not come to mean another
    club_id INTEGER NOT NULL REFERENCES club (id) ON DELETE CASCADE,
    work_id INTEGER NOT NULL REFERENCES work (id),
    edition_id INTEGER REFERENCES edition (id),
    state TEXT NOT NULL CHECK (
        state IN ('proposed', 'voting', 'chosen', 'reading', 'discussed', 'finished', 'archived')
    ),
    proposed_by INTEGER REFERENCES person (id) ON DELETE SET NULL,  -- while the proposal waits, and no longer
    proposed_at INTEGER NOT NULL,
    UNIQUE (club_id, work_id)
) STRICT;

CREATE INDEX club_book_by ON club_book (proposed_by) WHERE proposed_by IS NOT NULL;

CREATE TABLE club_book_step (
    id INTEGER PRIMARY KEY,
    book_id INTEGER NOT NULL REFERENCES club_book (id) ON DELETE CASCADE,
    state TEXT NOT NULL,                    -- the one it entered
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX club_book_step_of ON club_book_step (book_id);
