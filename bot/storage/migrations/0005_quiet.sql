-- How a chat was before it was made quiet: every way out gives it back, a crash included.

CREATE TABLE quiet (
    platform TEXT NOT NULL CHECK (platform IN ('discord', 'twitch')),
    channel_id TEXT NOT NULL,               -- the channel itself: it may leave its room before it has its settings back
    room_id INTEGER NOT NULL REFERENCES room (id),
    mode TEXT NOT NULL CHECK (mode IN ('slow', 'emotes')),
    former TEXT NOT NULL,                   -- JSON: what was changed, as it was before
    wanted TEXT NOT NULL,                   -- JSON: the same, as it was asked of the platform
    changed INTEGER NOT NULL CHECK (changed IN (0, 1)),     -- whether the platform is known to have taken it
    at INTEGER NOT NULL,
    PRIMARY KEY (platform, channel_id)      -- so that quiet upon quiet cannot lose the first state
) STRICT, WITHOUT ROWID;
