-- Looking back at a room's last quiz.
CREATE INDEX session_ended ON session (room_id, activity, id) WHERE ended_at IS NOT NULL;
