-- A row for each step of each sequence: all that the account lists, even those that have sent nothing, and all that
-- have sent emails, even those that the account no longer lists.
--
-- Rates are shares of the emails sent: an email counts once, however often it was opened. A rate is null if nothing was
-- sent. Null in emails counts as no. Emails without a sequence are left out; those without a recipient count, as they
-- do in rates_by_sequence.
-- positive_reply_rate: the share that was replied to and whose Current Sentiment is Positive.
-- sequence_title: from `sequences`; from the emails if the account no longer lists the sequence.
-- step_name: that of the listed step with the Step Id of the emails; else that of the step at this place of the list,
-- because the API does not number its steps. Null if the step is not listed. A listed step that sent emails under
-- another number than its place has no second row.
-- step_number: null for emails without one.
--
-- What it cannot tell: an open rate of 0 may mean that the sequence does not track opens; clicks and unsubscribes may
-- be those of scanners; an automatic reply counts as a reply. Steps of other channels, such as calls, send no emails.
WITH sent AS (
    SELECT
        emails.step_key,
        max(emails.sequence_id) AS sequence_id,
        max(emails.sequence_title) AS sequence_title,
        max(emails.step_number) AS step_number,
        max(emails.step_id) AS step_id,
        count(*) AS sent,
        count(CASE WHEN emails.opened THEN 1 END) AS opened,
        count(CASE WHEN emails.clicked THEN 1 END) AS clicked,
        count(CASE WHEN emails.replied THEN 1 END) AS replied,
        count(CASE WHEN emails.replied_positively THEN 1 END) AS replied_positively,
        count(CASE WHEN emails.bounced THEN 1 END) AS bounced,
        count(CASE WHEN emails.unsubscribed THEN 1 END) AS unsubscribed
    FROM
        -- {{ var('next_line') ~ ref('emails') }}
        emails
    WHERE emails.sequence_id IS NOT NULL
    GROUP BY emails.step_key
),

listed AS (
    SELECT
        listed_steps.step_key,
        listed_steps.sequence_id,
        listed_steps.step_number,
        listed_steps.step_id,
        listed_steps.step_name
    FROM
        -- {{ var('next_line') ~ ref('listed_steps') }}
        listed_steps
),

-- Grouped: an id that comes twice multiplies nothing.
names AS (
    SELECT listed.sequence_id, listed.step_id, max(listed.step_name) AS step_name
    FROM listed
    GROUP BY listed.sequence_id, listed.step_id
),

sent_ids AS (
    SELECT sent.sequence_id, sent.step_id
    FROM sent
    GROUP BY sent.sequence_id, sent.step_id
),

steps AS (
    SELECT
        coalesce(listed.step_key, sent.step_key) AS step_key,
        coalesce(listed.sequence_id, sent.sequence_id) AS sequence_id,
        coalesce(listed.step_number, sent.step_number) AS step_number,
        listed.step_id AS listed_step_id,
        sent.step_id AS sent_step_id,
        listed.step_name,
        sent.sequence_title,
        sent.sent,
        sent.opened,
        sent.clicked,
        sent.replied,
        sent.replied_positively,
        sent.bounced,
        sent.unsubscribed
    FROM listed
    FULL JOIN sent ON sent.step_key = listed.step_key
)

SELECT
    steps.step_key AS step_key,
    steps.sequence_id AS sequence_id,
    coalesce(
        listed_sequences.sequence_title, max(steps.sequence_title) OVER (PARTITION BY steps.sequence_id)
    ) AS sequence_title,
    steps.step_number AS step_number,
    coalesce(names.step_name, steps.step_name) AS step_name,
    coalesce(steps.sent, 0) AS sent,
    coalesce(steps.opened, 0) AS opened,
    coalesce(steps.clicked, 0) AS clicked,
    coalesce(steps.replied, 0) AS replied,
    coalesce(steps.replied_positively, 0) AS replied_positively,
    coalesce(steps.bounced, 0) AS bounced,
    coalesce(steps.unsubscribed, 0) AS unsubscribed,
    CASE WHEN steps.sent > 0 THEN 1.0 * steps.opened / steps.sent END AS open_rate,
    CASE WHEN steps.sent > 0 THEN 1.0 * steps.clicked / steps.sent END AS click_rate,
    CASE WHEN steps.sent > 0 THEN 1.0 * steps.replied / steps.sent END AS reply_rate,
    CASE WHEN steps.sent > 0 THEN 1.0 * steps.replied_positively / steps.sent END AS positive_reply_rate,
    CASE WHEN steps.sent > 0 THEN 1.0 * steps.bounced / steps.sent END AS bounce_rate,
    CASE WHEN steps.sent > 0 THEN 1.0 * steps.unsubscribed / steps.sent END AS unsubscribe_rate
FROM steps
LEFT JOIN
    -- {{ var('next_line') ~ ref('listed_sequences') }}
    listed_sequences
    ON listed_sequences.sequence_id = steps.sequence_id
LEFT JOIN names ON names.sequence_id = steps.sequence_id AND names.step_id = steps.sent_step_id
LEFT JOIN sent_ids ON sent_ids.sequence_id = steps.sequence_id AND sent_ids.step_id = steps.listed_step_id
WHERE steps.sent > 0 OR sent_ids.step_id IS NULL
