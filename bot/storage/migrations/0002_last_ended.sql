-- Looking back at what a room played last.
CREATE INDEX session_ended ON session (room_id, ended_at) WHERE ended_at IS NOT NULL;
