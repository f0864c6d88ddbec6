-- Recorded studies: runs measured elsewhere, brought in from files. A recording is a pair of files; its hash is over both, and a pair
-- that changed is kept beside the older one, which is then no longer current. Rows are never updated otherwise.

CREATE TABLE study (
  id               INTEGER PRIMARY KEY,
  name             TEXT NOT NULL UNIQUE,
  created_utc_ns   INTEGER NOT NULL
) STRICT;

CREATE TABLE study_recording (
  id               INTEGER PRIMARY KEY,
  study            INTEGER NOT NULL REFERENCES study (id),
  name             TEXT NOT NULL,
  sha256           TEXT NOT NULL,
  resolution_j     REAL NOT NULL CHECK (resolution_j > 0),    -- one count of the meter
  current          INTEGER NOT NULL CHECK (current IN (0, 1)),
  imported_utc_ns  INTEGER NOT NULL,
  UNIQUE (study, name, sha256)
) STRICT;

CREATE UNIQUE INDEX study_recording_current ON study_recording (study, name) WHERE current = 1;

CREATE TABLE study_experiment (
  recording        INTEGER NOT NULL REFERENCES study_recording (id),
  run              TEXT NOT NULL,
  position         INTEGER NOT NULL,  -- in order of time
  architecture     TEXT NOT NULL,
  model            TEXT NOT NULL,
  parameters       TEXT NOT NULL CHECK (json_valid(parameters)),
  start_utc_ns     INTEGER NOT NULL,  -- of the recording's own clock
  end_utc_ns       INTEGER NOT NULL,
  duration_s       REAL NOT NULL CHECK (duration_s > 0),
  estimator_j      REAL NOT NULL CHECK (estimator_j >= 0),
  meter_start_j    REAL NOT NULL,
  meter_stop_j     REAL NOT NULL,
  PRIMARY KEY (recording, run),
  CHECK (meter_stop_j > meter_start_j)
) STRICT, WITHOUT ROWID;

CREATE TABLE study_skipped (
  id               INTEGER PRIMARY KEY,
  recording        INTEGER NOT NULL REFERENCES study_recording (id),
  run              TEXT NOT NULL,
  reason           TEXT NOT NULL
) STRICT;

CREATE INDEX study_skipped_by_recording ON study_skipped (recording, id);

CREATE TABLE study_finding (
  id               INTEGER PRIMARY KEY,
  recording        INTEGER NOT NULL REFERENCES study_recording (id),
  rule             TEXT NOT NULL,
  severity         TEXT NOT NULL CHECK (severity IN ('note', 'warning', 'invalid')),
  detail           TEXT NOT NULL
) STRICT;

CREATE INDEX study_finding_by_recording ON study_finding (recording, id);
