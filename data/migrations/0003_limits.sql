-- What servers and roles may have, and each server's GPU time of a UTC day. Time is in whole milliseconds: sums of
-- holds stay exact.

CREATE TABLE limits (
    guild_id    INTEGER NOT NULL,
    role_id     INTEGER NOT NULL,  -- the server's own row has the id of its role @everyone, which is that of the server
    daily_clips INTEGER CHECK (daily_clips >= 0),
    max_active  INTEGER CHECK (max_active >= 0),
    gpu_seconds REAL    CHECK (gpu_seconds >= 0),
    PRIMARY KEY (guild_id, role_id),
    CONSTRAINT gpu_time_is_the_servers CHECK (gpu_seconds IS NULL OR role_id = guild_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE budgets (
    guild_id    INTEGER NOT NULL,
    period      TEXT    NOT NULL,  -- UTC day, YYYY-MM-DD
    used_ms     INTEGER NOT NULL DEFAULT 0 CHECK (used_ms >= 0),
    reserved_ms INTEGER NOT NULL DEFAULT 0 CHECK (reserved_ms >= 0),
    PRIMARY KEY (guild_id, period)
) STRICT, WITHOUT ROWID;

ALTER TABLE holds ADD COLUMN guild_id    INTEGER;
ALTER TABLE holds ADD COLUMN reserved_ms INTEGER NOT NULL DEFAULT 0 CHECK (reserved_ms >= 0);
ALTER TABLE holds ADD COLUMN used_ms     INTEGER NOT NULL DEFAULT 0 CHECK (used_ms >= 0);
