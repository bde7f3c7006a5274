-- Who asked to be reminded of what is planned in a room.

CREATE TABLE reminder (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    room_id INTEGER NOT NULL REFERENCES room (id),
    PRIMARY KEY (person_id, room_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX reminder_room ON reminder (room_id);
