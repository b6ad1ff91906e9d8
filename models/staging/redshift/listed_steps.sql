-- A row for each step of each sequence that the account lists. schema.yml says what each column holds.
--
-- The API does not number its steps: the first in the list is step 1. Steps of other channels, such as calls, are
-- listed and numbered too.
SELECT
    listed_sequences.sequence_id || '|' || CAST(place + 1 AS VARCHAR) AS step_key,
    listed_sequences.sequence_id,
    place + 1 AS step_number,
    nullif(trim(CAST(step.id AS VARCHAR)), '') AS step_id,
    nullif(trim(CAST(step.name AS VARCHAR)), '') AS step_name
FROM
    -- {{ var('next_line') ~ ref('listed_sequences') }}
    listed_sequences,
    listed_sequences.steps AS step AT place
