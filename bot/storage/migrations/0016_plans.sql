-- What is planned may be a club's; it lasts some time, takes place somewhere, and is known to calendars elsewhere.

ALTER TABLE series ADD COLUMN club_id INTEGER REFERENCES club (id) ON DELETE CASCADE;
ALTER TABLE series ADD COLUMN minutes INTEGER NOT NULL DEFAULT 60 CHECK (minutes > 0);
ALTER TABLE series ADD COLUMN place TEXT NOT NULL DEFAULT '';         -- where people go, in words
ALTER TABLE series ADD COLUMN voice_id TEXT NOT NULL DEFAULT '';      -- the voice or stage channel on Discord, if it is in one
ALTER TABLE series ADD COLUMN uid TEXT NOT NULL DEFAULT '';           -- RFC 5545 UID: the same for good, and nobody else's
ALTER TABLE series ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;    -- RFC 5545 SEQUENCE: grows with each change
ALTER TABLE series ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;  -- microseconds, UTC

UPDATE series SET uid = lower(hex(randomblob(16))), changed_at = created_at;

CREATE UNIQUE INDEX series_uid ON series (uid);
CREATE INDEX series_club ON series (club_id) WHERE club_id IS NOT NULL AND ended_at IS NULL;
