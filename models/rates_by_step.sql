-- depends_on: {{ ref('emails') }}
-- One row for each step of each sequence: all that the account lists, even those that have sent nothing, and all that
-- have sent emails, even those that the account no longer lists.
--
-- Rates are shares of the emails sent: an email counts once, however often it was opened. A rate is null if nothing was
-- sent. Null in emails counts as no.
-- sequence_title: from `sequences`; from the emails if the account no longer lists the sequence.
-- step_name: null if the step is not listed. The API does not number its steps: the first in the list is step 1.
-- step_number: null for emails without one. Emails without a sequence id are left out.
WITH listed AS (
    -- Grouped: a sequence that is listed twice counts once.
    SELECT
        sequences.id,
        numbers.step_number,
        max(sequences.title) AS title,
        max((sequences.steps -> CAST(numbers.step_number - 1 AS INTEGER)) ->> 'name') AS step_name
    FROM sequences
    CROSS JOIN LATERAL generate_series(
        CAST(1 AS BIGINT),
        CAST(
            CASE
                WHEN left(CAST(sequences.steps AS VARCHAR), 1) = '['
                    THEN json_array_length(CAST(sequences.steps AS JSON))
                ELSE 0
            END AS BIGINT
        )
    ) AS numbers (step_number)
    WHERE sequences.id IS NOT NULL
    GROUP BY sequences.id, numbers.step_number
),

sent AS (
    SELECT
        sequence_id,
        step_number,
        max(sequence_title) AS sequence_title,
        count(*) AS sent,
        count(*) FILTER (WHERE opened) AS opened,
        count(*) FILTER (WHERE clicked) AS clicked,
        count(*) FILTER (WHERE replied) AS replied,
        count(*) FILTER (WHERE bounced) AS bounced,
        count(*) FILTER (WHERE unsubscribed) AS unsubscribed
    FROM emails
    WHERE sequence_id IS NOT NULL
    GROUP BY sequence_id, step_number
)

SELECT
    coalesce(listed.id, sent.sequence_id) AS sequence_id,
    coalesce(max(listed.title) OVER same_sequence, max(sent.sequence_title) OVER same_sequence) AS sequence_title,
    coalesce(listed.step_number, sent.step_number) AS step_number,
    listed.step_name,
    coalesce(sent.sent, 0) AS sent,
    coalesce(sent.opened, 0) AS opened,
    coalesce(sent.clicked, 0) AS clicked,
    coalesce(sent.replied, 0) AS replied,
    coalesce(sent.bounced, 0) AS bounced,
    coalesce(sent.unsubscribed, 0) AS unsubscribed,
    1.0 * sent.opened / sent.sent AS open_rate,
    1.0 * sent.clicked / sent.sent AS click_rate,
    1.0 * sent.replied / sent.sent AS reply_rate,
    1.0 * sent.bounced / sent.sent AS bounce_rate,
    1.0 * sent.unsubscribed / sent.sent AS unsubscribe_rate
FROM listed
FULL JOIN sent ON sent.sequence_id = listed.id AND sent.step_number = listed.step_number
WINDOW same_sequence AS (PARTITION BY coalesce(listed.id, sent.sequence_id))
