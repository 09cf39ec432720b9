-- What members and servers have chosen for themselves, and how a member is forgotten.

CREATE TABLE member_preferences (
    user_id  INTEGER PRIMARY KEY,
    choices  TEXT NOT NULL CHECK (json_valid(choices)),
    language TEXT
) STRICT;

CREATE TABLE guild_preferences (
    guild_id INTEGER PRIMARY KEY,
    choices  TEXT NOT NULL CHECK (json_valid(choices)),
    language TEXT
) STRICT;

-- Nobody wins back the clips of a day by being forgotten: until it ends, their number stays under a hash of the member
-- that is keyed with a random key of this day alone. Both go when the day is over.
CREATE TABLE erased_days (
    period TEXT PRIMARY KEY,  -- UTC day, YYYY-MM-DD
    key    BLOB NOT NULL CHECK (length(key) = 32)
) STRICT, WITHOUT ROWID;

CREATE TABLE erased_quotas (
    period TEXT    NOT NULL REFERENCES erased_days (period) ON DELETE CASCADE,
    member BLOB    NOT NULL CHECK (length(member) = 32),
    used   INTEGER NOT NULL CHECK (used > 0),
    PRIMARY KEY (period, member)
) STRICT, WITHOUT ROWID;

-- Files and messages of jobs that are erased, until they are gone too; they name nobody.
CREATE TABLE remnants (
    job_id     INTEGER PRIMARY KEY,
    has_files  INTEGER NOT NULL DEFAULT 1 CHECK (has_files IN (0, 1)),
    channel_id INTEGER,
    message_id INTEGER,
    CONSTRAINT something_is_left CHECK (has_files OR message_id IS NOT NULL),
    CONSTRAINT a_message_has_its_channel CHECK ((channel_id IS NULL) = (message_id IS NULL))
) STRICT;

CREATE INDEX remnants_files ON remnants (job_id) WHERE has_files;

-- A server's GPU seconds stay counted when the holds that they were counted from are erased.
ALTER TABLE budgets ADD COLUMN erased_ms INTEGER NOT NULL DEFAULT 0 CHECK (erased_ms BETWEEN 0 AND used_ms);

CREATE INDEX jobs_of_members  ON jobs (user_id, id);
CREATE INDEX holds_of_members ON holds (user_id, period);
