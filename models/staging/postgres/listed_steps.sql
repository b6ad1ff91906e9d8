-- A row for each step of each sequence that the account lists. schema.yml says what each column holds.
--
-- The API does not number its steps: the first in the list is step 1. Steps of other channels, such as calls, are
-- listed and numbered too.
SELECT
    listed_sequences.sequence_id || '|' || CAST(list.step_number AS VARCHAR) AS step_key,
    listed_sequences.sequence_id,
    list.step_number,
    nullif(trim(list.step ->> 'id'), '') AS step_id,
    nullif(trim(list.step ->> 'name'), '') AS step_name
FROM
    -- {{ var('next_line') ~ ref('listed_sequences') }}
    listed_sequences
CROSS JOIN LATERAL jsonb_array_elements(
    CASE WHEN jsonb_typeof(listed_sequences.steps) = 'array' THEN listed_sequences.steps ELSE '[]' END
) WITH ORDINALITY AS list (step, step_number)
