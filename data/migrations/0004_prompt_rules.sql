-- The words that a server does not want, and how often prompts were refused; never the prompts themselves.

CREATE TABLE unwanted_words (
    guild_id INTEGER NOT NULL,
    word     TEXT    NOT NULL,
    PRIMARY KEY (guild_id, word)
) STRICT, WITHOUT ROWID;

CREATE TABLE refusals (
    period   TEXT    NOT NULL,  -- UTC day, YYYY-MM-DD
    guild_id INTEGER NOT NULL,  -- 0: outside servers
    category TEXT    NOT NULL,
    times    INTEGER NOT NULL CHECK (times > 0),
    PRIMARY KEY (period, guild_id, category)
) STRICT, WITHOUT ROWID;
