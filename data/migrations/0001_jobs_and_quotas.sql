-- Runs inside one transaction that the migrator opens and closes with PRAGMA user_version.
-- Times are seconds UTC since the epoch.

PRAGMA application_id = 0x466c6970;  -- 'Flip'

CREATE TABLE binding (
    only_row       INTEGER PRIMARY KEY CHECK (only_row = 1),
    application_id INTEGER NOT NULL
) STRICT;

CREATE TABLE jobs (
    -- AUTOINCREMENT: an id is never given twice, so an old message never points at someone else's job.
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    key              TEXT    NOT NULL UNIQUE,
    press            TEXT,
    user_id          INTEGER NOT NULL,
    guild_id         INTEGER,

    message_id       INTEGER NOT NULL,
    channel_id       INTEGER,
    application_id   INTEGER,
    token            TEXT,
    token_expires_at REAL,

    request          TEXT    NOT NULL CHECK (json_valid(request)),
    fingerprint      TEXT    NOT NULL,
    cost_s           REAL    NOT NULL CHECK (cost_s >= 0),

    state            TEXT    NOT NULL DEFAULT 'queued',
    attempt          INTEGER NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    cancel_requested INTEGER NOT NULL DEFAULT 0 CHECK (cancel_requested IN (0, 1)),
    error            TEXT,

    clip_path        TEXT,
    clip_bytes       INTEGER CHECK (clip_bytes >= 0),
    render_s         REAL    CHECK (render_s >= 0),
    encode_s         REAL    CHECK (encode_s >= 0),

    created_at       REAL    NOT NULL,
    started_at       REAL,
    rendered_at      REAL,
    settled_at       REAL,
    notified_at      REAL,
    told_at          REAL,

    CONSTRAINT state_is_known CHECK (
        state IN ('queued', 'running', 'rendered', 'delivered', 'undeliverable', 'cancelled', 'failed')
    ),
    CONSTRAINT one_route CHECK (
        CASE WHEN channel_id IS NOT NULL
            THEN application_id IS NULL AND token IS NULL AND token_expires_at IS NULL
            ELSE application_id IS NOT NULL AND token_expires_at IS NOT NULL
                AND (token IS NOT NULL OR settled_at IS NOT NULL)
        END
    ),
    CONSTRAINT waiting_is_not_started CHECK (state <> 'queued' OR started_at IS NULL),
    CONSTRAINT running_is_started CHECK (state <> 'running' OR started_at IS NOT NULL),
    CONSTRAINT cancel_beats_clip CHECK (
        cancel_requested = 0 OR state IN ('running', 'cancelled', 'failed')
    ),
    CONSTRAINT clip_iff_rendered CHECK (
        CASE WHEN state IN ('rendered', 'delivered', 'undeliverable')
            THEN rendered_at IS NOT NULL AND clip_path IS NOT NULL AND clip_bytes IS NOT NULL
                AND render_s IS NOT NULL AND encode_s IS NOT NULL
            ELSE rendered_at IS NULL AND clip_path IS NULL AND clip_bytes IS NULL
                AND render_s IS NULL AND encode_s IS NULL
        END
    ),
    CONSTRAINT settled_iff_terminal CHECK (
        (settled_at IS NOT NULL) = (state IN ('delivered', 'undeliverable', 'cancelled', 'failed'))
    ),
    CONSTRAINT error_iff_bad_end CHECK ((error IS NOT NULL) = (state IN ('failed', 'undeliverable'))),
    CONSTRAINT told_without_clip CHECK (told_at IS NULL OR state IN ('cancelled', 'failed'))
) STRICT;

-- SQLite uses a partial index only where the query repeats its condition word for word.
CREATE INDEX jobs_queued     ON jobs (id)          WHERE state = 'queued';
CREATE INDEX jobs_running    ON jobs (id)          WHERE state = 'running';
CREATE INDEX jobs_rendered   ON jobs (id)          WHERE state = 'rendered';
CREATE INDEX jobs_untold     ON jobs (id)          WHERE told_at IS NULL AND state IN ('cancelled', 'failed');
CREATE INDEX jobs_unfinished ON jobs (user_id, id) WHERE state IN ('queued', 'running', 'rendered');
CREATE INDEX jobs_clips      ON jobs (user_id, id) WHERE state IN ('rendered', 'delivered', 'undeliverable');
CREATE INDEX jobs_pressed    ON jobs (user_id, press, created_at) WHERE press IS NOT NULL;
CREATE INDEX jobs_timed      ON jobs (fingerprint, rendered_at)   WHERE rendered_at IS NOT NULL;

CREATE TABLE quotas (
    user_id  INTEGER NOT NULL,
    period   TEXT    NOT NULL,  -- UTC day, YYYY-MM-DD
    used     INTEGER NOT NULL DEFAULT 0 CHECK (used >= 0),
    reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    PRIMARY KEY (user_id, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE holds (
    job_id     INTEGER PRIMARY KEY REFERENCES jobs (id),
    user_id    INTEGER NOT NULL,
    period     TEXT    NOT NULL,
    settlement TEXT CHECK (settlement IN ('spent', 'refunded')),
    settled_at REAL,
    FOREIGN KEY (user_id, period) REFERENCES quotas (user_id, period),
    CHECK ((settlement IS NULL) = (settled_at IS NULL))
) STRICT;

CREATE TRIGGER a_hold_settles_once BEFORE UPDATE ON holds WHEN old.settlement IS NOT NULL
BEGIN
    SELECT raise(ABORT, 'a hold settles once');
END;
