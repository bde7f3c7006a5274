-- How late the picture of a room's Twitch stream is when it reaches the viewers, in seconds.

ALTER TABLE room ADD COLUMN twitch_delay REAL NOT NULL DEFAULT 0 CHECK (twitch_delay BETWEEN 0 AND 60);
