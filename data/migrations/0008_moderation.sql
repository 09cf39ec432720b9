-- What the moderators of a server decided. A block names its member by id alone and outlives all else of them.

CREATE TABLE paused_guilds (
    guild_id  INTEGER PRIMARY KEY,
    paused_at REAL    NOT NULL
) STRICT;

CREATE TABLE blocks (
    guild_id   INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    blocked_at REAL    NOT NULL,
    PRIMARY KEY (guild_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE answer_channels (
    guild_id   INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,  -- never a thread: those are as their channel is
    PRIMARY KEY (guild_id, channel_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE member_limits (
    guild_id    INTEGER NOT NULL,
    user_id     INTEGER NOT NULL,
    daily_clips INTEGER CHECK (daily_clips >= 0),
    max_active  INTEGER CHECK (max_active >= 0),
    PRIMARY KEY (guild_id, user_id),
    CONSTRAINT a_rule_limits_something CHECK (daily_clips IS NOT NULL OR max_active IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX jobs_of_guild    ON jobs (guild_id, state, created_at, started_at, render_s, encode_s);
CREATE INDEX jobs_ended_badly ON jobs (guild_id, created_at, error) WHERE error IS NOT NULL;
