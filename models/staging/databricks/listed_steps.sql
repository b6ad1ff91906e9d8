-- A row for each step of each sequence that the account lists. schema.yml says what each column holds.
--
-- The API does not number its steps: the first in the list is step 1. Steps of other channels, such as calls, are
-- listed and numbered too.
SELECT
    listed_sequences.sequence_id || '|' || CAST(numbers.step_number AS STRING) AS step_key,
    listed_sequences.sequence_id,
    numbers.step_number,
    nullif(
        trim(get_json_object(listed_sequences.steps, '$[' || CAST(numbers.step_number - 1 AS STRING) || '].id')), ''
    ) AS step_id,
    nullif(
        trim(get_json_object(listed_sequences.steps, '$[' || CAST(numbers.step_number - 1 AS STRING) || '].name')), ''
    ) AS step_name
FROM
    -- {{ var('next_line') ~ ref('listed_sequences') }}
    listed_sequences
LATERAL VIEW explode(sequence(1, CAST(json_array_length(listed_sequences.steps) AS INT))) numbers AS step_number
-- For an empty list, sequence counts down to 0.
WHERE numbers.step_number <= json_array_length(listed_sequences.steps)
