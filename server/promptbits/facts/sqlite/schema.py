"""The tables of the file.

`fact` holds every kind: numbers of executions in columns, what is rare in `rest` as JSON. Words that come again and
again (prompts, models, providers) are kept once. The views `executions` and `feedbacks` show it all spelled out, for
people with a SQL prompt. Summaries are written in the transaction of the facts that change them.
"""

from __future__ import annotations

from typing import Final

# "PBit": says what kind of file this is.
APPLICATION_ID: Final = 0x50426974
SCHEMA_VERSION: Final = 1

EXECUTION: Final = 0
FEEDBACK: Final = 1
TECH_STACK: Final = 4

# The key and the sums of a summary. `archived_summary` holds what archived facts have added to it.
_SUMS: Final = """
  prompt_id TEXT NOT NULL,
  content_sha256 TEXT NOT NULL,
  variant TEXT NOT NULL,
  model TEXT NOT NULL,
  day TEXT NOT NULL,
  revision INTEGER,
  executions INTEGER NOT NULL,
  successes INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  latency BLOB,
  input_tokens INTEGER NOT NULL,
  input_counted INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  output_counted INTEGER NOT NULL,
  cost_pico_usd INTEGER NOT NULL,
  priced INTEGER NOT NULL,
  rating_milli INTEGER NOT NULL,
  rated INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  PRIMARY KEY (prompt_id, content_sha256, variant, model, day)
"""

# Of the columns of `fact`:
# - time: milliseconds since 1970.
# - subject, model, conversation, outcome: what the outcome of a fact counts for. An execution without a conversation
#   is its own, and has NULL there. A feedback has NULL in `subject` while its outcome belongs to nothing.
# - awaits: the execution that a feedback names, as long as it is not there.
# - archived: the fact itself was moved to an archive; what is left counts conversations and knows the id.
TABLES: Final = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO meta VALUES ('changes', 0);

CREATE TABLE word (word INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE subject (
  subject INTEGER PRIMARY KEY,
  prompt INTEGER NOT NULL REFERENCES word,
  content BLOB NOT NULL,
  variant INTEGER REFERENCES word
);
CREATE UNIQUE INDEX subject_of ON subject (prompt, content, ifnull(variant, 0));

CREATE TABLE fact (
  seq INTEGER PRIMARY KEY,
  id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  time INTEGER NOT NULL,
  prompt INTEGER REFERENCES word,
  subject INTEGER REFERENCES subject,
  model INTEGER REFERENCES word,
  conversation,
  outcome INTEGER,
  revision INTEGER,
  confidence_score,
  execution_time_ms,
  response_length INTEGER,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cost_usd,
  requested INTEGER REFERENCES word,
  provider INTEGER REFERENCES word,
  experiment INTEGER REFERENCES word,
  trace,
  signature,
  awaits BLOB,
  rest TEXT,
  archived INTEGER
);
CREATE UNIQUE INDEX fact_id ON fact (id);
CREATE INDEX fact_time ON fact (kind, time) WHERE archived IS NULL;
CREATE INDEX fact_prompt ON fact (prompt, kind, time) WHERE prompt IS NOT NULL AND archived IS NULL;
CREATE INDEX fact_conversation ON fact (subject, conversation, time, id)
  WHERE conversation IS NOT NULL AND outcome IS NOT NULL;
CREATE INDEX fact_awaits ON fact (awaits) WHERE awaits IS NOT NULL;
CREATE INDEX fact_signature ON fact (signature, time) WHERE signature IS NOT NULL AND archived IS NULL;

CREATE TABLE technology (
  name TEXT NOT NULL,
  time INTEGER NOT NULL,
  fact INTEGER NOT NULL REFERENCES fact,
  PRIMARY KEY (name, time, fact)
) WITHOUT ROWID;

CREATE TABLE template (content_sha256 BLOB PRIMARY KEY, content BLOB NOT NULL);

CREATE TABLE summary ({_SUMS}) WITHOUT ROWID;
CREATE TABLE archived_summary ({_SUMS}) WITHOUT ROWID;
"""  # noqa: S608 - ours

_UUID: Final = (
    "substr(lower(hex({0})), 1, 8) || '-' || substr(lower(hex({0})), 9, 4) || '-' || substr(lower(hex({0})), 13, 4)"
    " || '-' || substr(lower(hex({0})), 17, 4) || '-' || substr(lower(hex({0})), 21)"
)
_TIME: Final = "strftime('%Y-%m-%dT%H:%M:%S', fact.time / 1000, 'unixepoch') || printf('.%03dZ', fact.time % 1000)"

VIEWS: Final = f"""
CREATE VIEW executions AS
SELECT
  {_UUID.format("fact.id")} AS id, {_TIME} AS timestamp, prompts.text AS prompt_id,
  lower(hex(subject.content)) AS content_sha256, variants.text AS variant, models.text AS model,
  CASE typeof(fact.conversation) WHEN 'blob' THEN {_UUID.format("fact.conversation")} ELSE fact.conversation END
    AS conversation_id,
  CASE fact.outcome WHEN 1 THEN 'succeeded' WHEN 0 THEN 'failed' ELSE 'unknown' END AS outcome,
  fact.revision, confidence_score, execution_time_ms, response_length, input_tokens, output_tokens, cost_usd,
  providers.text AS provider, fact.signature AS context_signature
FROM fact
  JOIN subject USING (subject)
  JOIN word AS prompts ON prompts.word = fact.prompt
  LEFT JOIN word AS variants ON variants.word = subject.variant
  LEFT JOIN word AS models ON models.word = fact.model
  LEFT JOIN word AS providers ON providers.word = fact.provider
WHERE fact.kind = {EXECUTION} AND fact.archived IS NULL;

CREATE VIEW feedbacks AS
SELECT
  {_UUID.format("fact.id")} AS id, {_TIME} AS timestamp, prompts.text AS prompt_id,
  json_extract(fact.rest, '$.content_sha256') AS content_sha256, json_extract(fact.rest, '$.variant') AS variant,
  json_extract(fact.rest, '$.model') AS model, json_extract(fact.rest, '$.execution_id') AS execution_id,
  json_extract(fact.rest, '$.conversation_id') AS conversation_id, json_extract(fact.rest, '$.rating') AS rating,
  json_extract(fact.rest, '$.outcome') AS outcome
FROM fact JOIN word AS prompts ON prompts.word = fact.prompt
WHERE fact.kind = {FEEDBACK} AND fact.archived IS NULL;
"""  # noqa: S608 - ours
