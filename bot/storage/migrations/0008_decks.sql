-- Decks that hosts imported, answers that they had remembered, and questions that people proposed.

CREATE TABLE deck (
    name TEXT PRIMARY KEY,                  -- what a host types
    text TEXT NOT NULL,                     -- the deck as a native file
    at INTEGER NOT NULL                     -- when it was last changed
) STRICT, WITHOUT ROWID;

CREATE TABLE remembered (
    deck TEXT NOT NULL,                     -- any deck's name, also of one that is shipped
    prompt TEXT NOT NULL,
    answer TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (deck, prompt, answer)
) STRICT, WITHOUT ROWID;

CREATE TABLE proposal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- typed by people: never used twice
    person_id INTEGER REFERENCES person (id) ON DELETE CASCADE,   -- empty for somebody without trace
    text TEXT NOT NULL,                     -- a native file with one question
    signed INTEGER NOT NULL DEFAULT 0 CHECK (signed IN (0, 1)),   -- its author wishes to be named
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX proposal_person ON proposal (person_id);

CREATE TABLE signature (
    deck TEXT NOT NULL REFERENCES deck (name) ON DELETE CASCADE,
    prompt TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,   -- the name is not copied: it goes with the person
    PRIMARY KEY (deck, prompt)
) STRICT, WITHOUT ROWID;

CREATE INDEX signature_person ON signature (person_id);
