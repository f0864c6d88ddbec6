-- The first schema. Rules of the house: STRICT tables; times are INTEGER nanoseconds named ..._ns; a name ending in _utc_ns is
-- CLOCK_REALTIME of the lab host, one that ends in _target_ns the target's own clock, any other the lab's line (host:monotonic, which
-- starts anew with every boot: see session); power is REAL ..._w, energy REAL ..._j; documents are JSON text.
-- A released migration is never edited: the store keeps each file's hash and refuses a changed one.

CREATE TABLE migration (
  version          INTEGER PRIMARY KEY,
  name             TEXT NOT NULL,
  sha256           TEXT NOT NULL,
  applied_utc_ns   INTEGER NOT NULL,
  meterlab_version TEXT NOT NULL
) STRICT;

-- One process that had the store open for writing. Times on the lab's line compare only between sessions of one boot.
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

-- Every step of a campaign, so that a killed process resumes from the rows.
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

-- One recorded quantity of one channel. Without campaign where it was recorded outside one (a baseline by hand).
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

-- Samples, sealed: never updated. The checksum is CRC-32C over trace, sequence (both 8 bytes, little-endian) and payload.
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

-- The lab host's clocks, read together.
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

-- A fit. Old ones stay: a result names the one it used.
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

-- What an estimator wrote on the target, byte for byte.
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

-- What happened on a meter's wire: retries, losses, reconnections.
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

-- A meter's identity and settings as it gave them, before and after a campaign, and whenever they were written.
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

-- What was worked out. Old results stay beside new ones.
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

-- Findings made while measuring. Those of a result stand in its document.
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

-- What people say of a run by hand. The last exclude or include of a run decides; raw data stays.
CREATE TABLE note (
  id               INTEGER PRIMARY KEY,
  run              TEXT NOT NULL REFERENCES run (id),
  kind             TEXT NOT NULL CHECK (kind IN ('note', 'exclude', 'include')),
  author           TEXT NOT NULL,
  written_utc_ns   INTEGER NOT NULL,
  text             TEXT NOT NULL
) STRICT;

CREATE INDEX note_by_run ON note (run, id);

-- A target's idle power. The last valid one counts; the others are its history.
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
