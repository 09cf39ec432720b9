-- The language of a job's public message, and whether its channel is for adults only: both are needed after a restart.

ALTER TABLE jobs ADD COLUMN language       TEXT    NOT NULL DEFAULT 'en';
ALTER TABLE jobs ADD COLUMN age_restricted INTEGER NOT NULL DEFAULT 0 CHECK (age_restricted IN (0, 1));
