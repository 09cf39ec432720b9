-- Messages in which a clip was shown again, and members whose erasure has begun.

-- They go with their clip: is_doomed says that the message is to be removed. They name nobody.
CREATE TABLE copies (
    message_id INTEGER PRIMARY KEY,
    channel_id INTEGER NOT NULL,
    job_id     INTEGER NOT NULL,
    is_doomed  INTEGER NOT NULL DEFAULT 0 CHECK (is_doomed IN (0, 1))
) STRICT;

CREATE INDEX copies_of_jobs ON copies (job_id);
CREATE INDEX copies_doomed  ON copies (message_id) WHERE is_doomed;

-- All jobs of the member up to last_job_id go, slice by slice; the row goes with the last one.
CREATE TABLE erasures (
    user_id       INTEGER PRIMARY KEY,
    last_job_id   INTEGER NOT NULL,
    messages_left INTEGER NOT NULL CHECK (messages_left >= 0)  -- of the newest finished jobs, still to be removed
) STRICT;
