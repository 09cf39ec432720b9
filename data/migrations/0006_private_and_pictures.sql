-- A private clip is not for its server; the file limit is that of its message; its first picture is a file of ours.

ALTER TABLE jobs ADD COLUMN private    INTEGER NOT NULL DEFAULT 0 CHECK (private IN (0, 1));
ALTER TABLE jobs ADD COLUMN file_limit INTEGER CHECK (file_limit > 0);
ALTER TABLE jobs ADD COLUMN picture    TEXT GENERATED ALWAYS AS (
    CASE WHEN json_valid(request) THEN json_extract(request, '$.first_picture') END  -- computed before the CHECK
) VIRTUAL;

CREATE INDEX jobs_pictures ON jobs (picture) WHERE picture IS NOT NULL;
