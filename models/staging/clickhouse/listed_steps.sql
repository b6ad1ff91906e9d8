-- A row for each step of each sequence that the account lists. schema.yml says what each column holds.
--
-- The API does not number its steps: the first in the list is step 1. Steps of other channels, such as calls, are
-- listed and numbered too.
SELECT
    listed_sequences.sequence_id || '|' || CAST(place AS Nullable(String)) AS step_key,
    listed_sequences.sequence_id,
    CAST(place AS Nullable(Int64)) AS step_number,
    nullif(trim(JSONExtractString(step, 'id')), '') AS step_id,
    nullif(trim(JSONExtractString(step, 'name')), '') AS step_name
FROM
    -- {{ var('next_line') ~ ref('listed_sequences') }}
    listed_sequences
ARRAY JOIN
    JSONExtractArrayRaw(ifNull(listed_sequences.steps, '')) AS step,
    arrayEnumerate(JSONExtractArrayRaw(ifNull(listed_sequences.steps, ''))) AS place
