-- A clip's file may go once the clip was posted; its job stays, with its recipe.

ALTER TABLE jobs ADD COLUMN file_deleted_at REAL;

CREATE INDEX jobs_files ON jobs (rendered_at, clip_bytes) WHERE rendered_at IS NOT NULL AND file_deleted_at IS NULL;
