-- A row for each step of each sequence that the account lists. schema.yml says what each column holds.
--
-- The API does not number its steps: the first in the list is step 1. Steps of other channels, such as calls, are
-- listed and numbered too.
SELECT
    listed_sequences.sequence_id || '|' || CAST(step.index + 1 AS VARCHAR) AS step_key,
    listed_sequences.sequence_id,
    step.index + 1 AS step_number,
    nullif(trim(step.value:id::VARCHAR), '') AS step_id,
    nullif(trim(step.value:name::VARCHAR), '') AS step_name
FROM
    -- {{ var('next_line') ~ ref('listed_sequences') }}
    listed_sequences,
    LATERAL flatten(INPUT => listed_sequences.steps) AS step
