-- A row for each sequence that the account lists, from the tables of Airbyte's Redshift destination. schema.yml says
-- what each column holds.
--
-- If the destination keeps copies of a sequence, as Append does, the one that was read last counts.
WITH listed AS (
    SELECT
        nullif(trim(id), '') AS sequence_id,
        nullif(trim(title), '') AS sequence_title,
        active,
        progress,
        steps,
        _airbyte_extracted_at AS extracted_at
    FROM
        -- {{ var('next_line') ~ source('airbyte', 'sequences') }}
        sequences
),

copies AS (
    SELECT
        listed.*,
        row_number() OVER (PARTITION BY sequence_id ORDER BY extracted_at DESC) AS copy_number
    FROM listed
)

SELECT
    copies.sequence_id,
    copies.sequence_title,
    copies.active,
    copies.progress,
    copies.steps
FROM copies
WHERE copies.copy_number = 1 AND copies.sequence_id IS NOT NULL
