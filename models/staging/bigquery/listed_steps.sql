-- A row for each step of each sequence that the account lists. schema.yml says what each column holds.
--
-- The API does not number its steps: the first in the list is step 1. Steps of other channels, such as calls, are
-- listed and numbered too.
WITH steps AS (
    SELECT
        listed_sequences.sequence_id,
        row_number() OVER (PARTITION BY listed_sequences.sequence_id ORDER BY place) AS step_number,
        step
    FROM
        -- {{ var('next_line') ~ ref('listed_sequences') }}
        listed_sequences
    CROSS JOIN unnest(json_query_array(listed_sequences.steps)) AS step WITH OFFSET AS place
)

SELECT
    steps.sequence_id || '|' || CAST(steps.step_number AS STRING) AS step_key,
    steps.sequence_id,
    steps.step_number,
    nullif(trim(json_value(steps.step, '$.id')), '') AS step_id,
    nullif(trim(json_value(steps.step, '$.name')), '') AS step_name
FROM steps
