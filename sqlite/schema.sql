-- Made from migrations/; a test compares. METERLAB_ACCEPT=1 dotnet test --project tests/Storage.Tests writes it anew.

CREATE TABLE baseline (
  id                 INTEGER PRIMARY KEY,
  campaign           TEXT REFERENCES campaign (id),
  target             TEXT NOT NULL,
  scope              TEXT NOT NULL,
  measured_utc_ns    INTEGER NOT NULL,
  valid_until_utc_ns INTEGER,
  static_w           REAL NOT NULL,
  u_static_w         REAL NOT NULL,   -- standard, k = 1
  fingerprint        TEXT NOT NULL,
  document           TEXT NOT NULL CHECK (json_valid(document))
) STRICT;

CREATE INDEX baseline_by_target ON baseline (target, scope, measured_utc_ns);

CREATE TABLE campaign (
  id               TEXT PRIMARY KEY,
  name             TEXT NOT NULL,
  rig              TEXT NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('running', 'finished', 'failed', 'interrupted', 'aborted')),
  started_utc_ns   INTEGER NOT NULL,
  ended_utc_ns     INTEGER,
  seed             INTEGER,
  tolerance_pct    REAL NOT NULL,
  plan             TEXT NOT NULL CHECK (json_valid(plan)),
  rig_text         TEXT NOT NULL,     -- the rig file as it was, secrets as ***
  campaign_text    TEXT NOT NULL,     -- the campaign file as it was, secrets as ***
  file_hashes      TEXT NOT NULL CHECK (json_valid(file_hashes)),
  meterlab_version TEXT NOT NULL
) STRICT;

CREATE INDEX campaign_by_name ON campaign (name, started_utc_ns);

CREATE TABLE chunk (
  trace            INTEGER NOT NULL REFERENCES trace (id),
  sequence         INTEGER NOT NULL,
  first_ns         INTEGER NOT NULL,  -- the earliest before stamp
  last_ns          INTEGER NOT NULL,  -- the latest after stamp
  count            INTEGER NOT NULL CHECK (count > 0),
  flags            INTEGER NOT NULL,  -- the samples' flags, or-ed
  lost_before      INTEGER NOT NULL,  -- samples that the recorder itself lost just before this chunk
  codec            INTEGER NOT NULL,
  crc32c           INTEGER NOT NULL,
  payload          BLOB NOT NULL,
  PRIMARY KEY (trace, sequence)
) STRICT, WITHOUT ROWID;

CREATE INDEX chunk_by_time ON chunk (trace, last_ns, first_ns);

CREATE TABLE clock_map (
  id               INTEGER PRIMARY KEY,
  campaign         TEXT NOT NULL REFERENCES campaign (id),
  run              TEXT REFERENCES run (id),
  from_clock       TEXT NOT NULL,
  to_clock         TEXT NOT NULL,
  created_utc_ns   INTEGER NOT NULL,
  code_version     TEXT NOT NULL,
  inputs           TEXT NOT NULL CHECK (json_valid(inputs)),
  map              TEXT NOT NULL CHECK (json_valid(map))
) STRICT;

CREATE INDEX clock_map_by_campaign ON clock_map (campaign, from_clock, id);

CREATE TABLE clock_observation (
  id               INTEGER PRIMARY KEY,
  campaign         TEXT NOT NULL REFERENCES campaign (id),
  run              TEXT REFERENCES run (id),
  session          INTEGER NOT NULL REFERENCES session (id),
  clock            TEXT NOT NULL,
  before_ns        INTEGER NOT NULL,
  remote_ns        INTEGER NOT NULL,  -- on that clock
  after_ns         INTEGER NOT NULL,
  resolution_ns    INTEGER NOT NULL
) STRICT;

CREATE INDEX clock_observation_by_clock ON clock_observation (campaign, clock, id);

CREATE TABLE estimator_output (
  id               INTEGER PRIMARY KEY,
  run              TEXT NOT NULL REFERENCES run (id),
  estimator        TEXT NOT NULL,
  path             TEXT NOT NULL,
  sha256           TEXT NOT NULL,
  fetched_utc_ns   INTEGER NOT NULL,
  content          BLOB NOT NULL,
  UNIQUE (run, estimator, path, sha256)
) STRICT;

CREATE TABLE finding (
  id               INTEGER PRIMARY KEY,
  campaign         TEXT NOT NULL REFERENCES campaign (id),
  run              TEXT REFERENCES run (id),
  found_utc_ns     INTEGER NOT NULL,
  rule             TEXT NOT NULL,
  severity         TEXT NOT NULL CHECK (severity IN ('note', 'warning', 'invalid')),
  detail           TEXT NOT NULL
) STRICT;

CREATE INDEX finding_by_campaign ON finding (campaign, id);

CREATE TABLE host_anchor (
  id                  INTEGER PRIMARY KEY,
  campaign            TEXT REFERENCES campaign (id),
  session             INTEGER NOT NULL REFERENCES session (id),
  monotonic_before_ns INTEGER NOT NULL,
  raw_ns              INTEGER NOT NULL,
  utc_ns              INTEGER NOT NULL,
  monotonic_after_ns  INTEGER NOT NULL
) STRICT;

CREATE INDEX host_anchor_by_campaign ON host_anchor (campaign, id);

CREATE TABLE meter_event (
  id               INTEGER PRIMARY KEY,
  campaign         TEXT REFERENCES campaign (id),
  session          INTEGER NOT NULL REFERENCES session (id),
  meter            TEXT NOT NULL,
  kind             TEXT NOT NULL,
  host_ns          INTEGER NOT NULL,
  detail           TEXT NOT NULL
) STRICT;

CREATE INDEX meter_event_by_campaign ON meter_event (campaign, id);

CREATE TABLE meter_settings (
  id               INTEGER PRIMARY KEY,
  campaign         TEXT REFERENCES campaign (id),
  session          INTEGER NOT NULL REFERENCES session (id),
  meter            TEXT NOT NULL,
  moment           TEXT NOT NULL CHECK (moment IN ('before', 'after', 'applied')),
  read_utc_ns      INTEGER NOT NULL,
  identity         TEXT NOT NULL CHECK (json_valid(identity)),
  settings         TEXT NOT NULL CHECK (json_valid(settings))
) STRICT;

CREATE INDEX meter_settings_by_campaign ON meter_settings (campaign, meter, id);

CREATE TABLE migration (
  version          INTEGER PRIMARY KEY,
  name             TEXT NOT NULL,
  sha256           TEXT NOT NULL,
  applied_utc_ns   INTEGER NOT NULL,
  meterlab_version TEXT NOT NULL
) STRICT;

CREATE TABLE note (
  id               INTEGER PRIMARY KEY,
  run              TEXT NOT NULL REFERENCES run (id),
  kind             TEXT NOT NULL CHECK (kind IN ('note', 'exclude', 'include')),
  author           TEXT NOT NULL,
  written_utc_ns   INTEGER NOT NULL,
  text             TEXT NOT NULL
) STRICT;

CREATE INDEX note_by_run ON note (run, id);

CREATE TABLE result (
  id               INTEGER PRIMARY KEY,
  campaign         TEXT NOT NULL REFERENCES campaign (id),
  kind             TEXT NOT NULL,
  created_utc_ns   INTEGER NOT NULL,
  code_version     TEXT NOT NULL,
  inputs           TEXT NOT NULL CHECK (json_valid(inputs)),
  document         TEXT NOT NULL CHECK (json_valid(document))
) STRICT;

CREATE INDEX result_by_campaign ON result (campaign, kind, id);

CREATE TABLE run (
  id               TEXT PRIMARY KEY,
  campaign         TEXT NOT NULL REFERENCES campaign (id),
  plan_order       INTEGER NOT NULL,
  target           TEXT NOT NULL,
  workload         TEXT NOT NULL,
  parameters       TEXT NOT NULL CHECK (json_valid(parameters)),
  repetition       INTEGER NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('planned', 'running', 'finished')),
  outcome          TEXT CHECK (outcome IN ('passed', 'failed', 'error', 'timed-out', 'aborted')),
  start_target_ns  INTEGER,           -- the runner's stamps on the clock target:<target>
  end_target_ns    INTEGER,
  exit_code        INTEGER,
  record           TEXT NOT NULL CHECK (json_valid(record)),
  UNIQUE (campaign, plan_order),
  CHECK ((state = 'finished') = (outcome IS NOT NULL))
) STRICT;

CREATE TABLE session (
  id               INTEGER PRIMARY KEY,
  boot             TEXT NOT NULL,
  host             TEXT NOT NULL,
  process_id       INTEGER NOT NULL,
  program          TEXT NOT NULL,
  meterlab_version TEXT NOT NULL,
  opened_ns        INTEGER NOT NULL,
  opened_utc_ns    INTEGER NOT NULL,
  closed_utc_ns    INTEGER            -- null while it runs, and for ever where it was killed
) STRICT;

CREATE TABLE step (
  id               INTEGER PRIMARY KEY,
  campaign         TEXT NOT NULL REFERENCES campaign (id),
  run              TEXT REFERENCES run (id),
  session          INTEGER NOT NULL REFERENCES session (id),
  name             TEXT NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('started', 'finished', 'failed')),
  started_ns       INTEGER NOT NULL,
  started_utc_ns   INTEGER NOT NULL,
  ended_ns         INTEGER,
  ended_utc_ns     INTEGER,
  detail           TEXT NOT NULL
) STRICT;

CREATE INDEX step_by_campaign ON step (campaign, id);

CREATE TABLE study (
  id               INTEGER PRIMARY KEY,
  name             TEXT NOT NULL UNIQUE,
  created_utc_ns   INTEGER NOT NULL
) STRICT;

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

CREATE TABLE study_finding (
  id               INTEGER PRIMARY KEY,
  recording        INTEGER NOT NULL REFERENCES study_recording (id),
  rule             TEXT NOT NULL,
  severity         TEXT NOT NULL CHECK (severity IN ('note', 'warning', 'invalid')),
  detail           TEXT NOT NULL
) STRICT;

CREATE INDEX study_finding_by_recording ON study_finding (recording, id);

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

CREATE TABLE study_skipped (
  id               INTEGER PRIMARY KEY,
  recording        INTEGER NOT NULL REFERENCES study_recording (id),
  run              TEXT NOT NULL,
  reason           TEXT NOT NULL
) STRICT;

CREATE INDEX study_skipped_by_recording ON study_skipped (recording, id);

CREATE TABLE trace (
  id               INTEGER PRIMARY KEY,
  campaign         TEXT REFERENCES campaign (id),
  run              TEXT REFERENCES run (id),
  session          INTEGER NOT NULL REFERENCES session (id),
  meter            TEXT NOT NULL,
  channel          TEXT NOT NULL,
  quantity         TEXT NOT NULL,
  clock            TEXT NOT NULL,     -- of the chunks' before and after stamps
  description      TEXT NOT NULL CHECK (json_valid(description)),
  meter_uri        TEXT NOT NULL,     -- printable form, secrets as ***
  profile_sha256   TEXT
) STRICT;

CREATE INDEX trace_by_campaign ON trace (campaign, meter, channel);
