-- A clip that was deleted: its job stays, since its hold counts and its id is never given twice, without its words.

ALTER TABLE jobs ADD COLUMN deleted_at REAL CHECK (deleted_at IS NULL OR state IN ('delivered', 'undeliverable'));

CREATE INDEX jobs_deleted ON jobs (id) WHERE deleted_at IS NOT NULL AND file_deleted_at IS NULL;
