-- Book clubs: which there are, which rooms are theirs, who belongs to them.

CREATE TABLE club (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,                   -- the name as it is compared: without case, accents and signs
    description TEXT NOT NULL,
    access TEXT NOT NULL CHECK (access IN ('public', 'approval')),
    created_at INTEGER NOT NULL,
    ended_at INTEGER                        -- since when it meets no more; its books stay, for reports
) STRICT;

CREATE UNIQUE INDEX club_folded ON club (folded) WHERE ended_at IS NULL;

CREATE TABLE club_room (
    club_id INTEGER NOT NULL REFERENCES club (id) ON DELETE CASCADE,
    room_id INTEGER NOT NULL REFERENCES room (id),
    PRIMARY KEY (club_id, room_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX club_room_of ON club_room (room_id);

CREATE TABLE club_member (
    club_id INTEGER NOT NULL REFERENCES club (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    standing TEXT NOT NULL CHECK (standing IN ('asked', 'member', 'cohost', 'host')),
    PRIMARY KEY (club_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX club_member_of ON club_member (person_id);
