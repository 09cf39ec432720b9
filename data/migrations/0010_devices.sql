-- What a clip was rendered on: estimates learnt on one device say nothing of another. '' is unknown.

ALTER TABLE jobs ADD COLUMN device TEXT NOT NULL DEFAULT '';
