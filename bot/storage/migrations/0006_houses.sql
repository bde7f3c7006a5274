-- Houses are teams that last: the branches of the network.

CREATE TABLE house (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used twice: a running game may still speak of one that is gone
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,            -- the name as it is compared: without case, accents and signs
    created_at INTEGER NOT NULL
) STRICT;

ALTER TABLE person ADD COLUMN house_id INTEGER REFERENCES house (id) ON DELETE SET NULL;

CREATE INDEX person_house ON person (house_id) WHERE house_id IS NOT NULL;
