-- A row for each step of each sequence that the account lists. schema.yml says what each column holds.
--
-- The API does not number its steps: the first in the list is step 1. Steps of other channels, such as calls, are
-- listed and numbered too.
SELECT
    listed_sequences.sequence_id || '|' || CAST(numbers.step_number AS VARCHAR) AS step_key,
    listed_sequences.sequence_id,
    numbers.step_number,
    nullif(trim((listed_sequences.steps -> CAST(numbers.step_number - 1 AS INTEGER)) ->> 'id'), '') AS step_id,
    nullif(trim((listed_sequences.steps -> CAST(numbers.step_number - 1 AS INTEGER)) ->> 'name'), '') AS step_name
FROM
    -- {{ var('next_line') ~ ref('listed_sequences') }}
    listed_sequences
CROSS JOIN LATERAL generate_series(
    CAST(1 AS BIGINT),
    CAST(
        CASE
            WHEN left(CAST(listed_sequences.steps AS VARCHAR), 1) = '['
                THEN json_array_length(CAST(listed_sequences.steps AS JSON))
            ELSE 0
        END AS BIGINT
    )
) AS numbers (step_number)
