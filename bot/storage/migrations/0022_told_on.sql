-- On which platforms a row was told already while it still has to be on others, so that a crash doubles nothing there.

ALTER TABLE due ADD COLUMN told_on TEXT NOT NULL DEFAULT '';
