-- depends_on: {{ ref('prospects') }}
-- One row for each sequence: all that the account lists, even those that have sent nothing, and all that have sent
-- emails, even those that the account no longer lists.
--
-- Rates are shares of the prospects that the sequence wrote to: a prospect counts once, however many emails it got, and
-- a prospect in two sequences counts in both. A rate is null if there are no prospects. Null in prospects counts as no.
-- sequence_title: from `sequences`; from the emails if the account no longer lists the sequence. active is null then.
WITH listed AS (
    -- Grouped: a sequence that is listed twice counts once.
    SELECT id, max(title) AS title, bool_or(active) AS active
    FROM sequences
    WHERE id IS NOT NULL
    GROUP BY id
),

contacted AS (
    SELECT
        sequence_id,
        max(sequence_title) AS sequence_title,
        CAST(sum(emails_sent) AS BIGINT) AS emails_sent,
        count(*) AS prospects,
        count(*) FILTER (WHERE opened) AS opened,
        count(*) FILTER (WHERE clicked) AS clicked,
        count(*) FILTER (WHERE replied) AS replied,
        count(*) FILTER (WHERE bounced) AS bounced,
        count(*) FILTER (WHERE unsubscribed) AS unsubscribed
    FROM prospects
    GROUP BY sequence_id
)

SELECT
    coalesce(listed.id, contacted.sequence_id) AS sequence_id,
    coalesce(listed.title, contacted.sequence_title) AS sequence_title,
    listed.active,
    coalesce(contacted.emails_sent, 0) AS emails_sent,
    coalesce(contacted.prospects, 0) AS prospects,
    coalesce(contacted.opened, 0) AS opened,
    coalesce(contacted.clicked, 0) AS clicked,
    coalesce(contacted.replied, 0) AS replied,
    coalesce(contacted.bounced, 0) AS bounced,
    coalesce(contacted.unsubscribed, 0) AS unsubscribed,
    1.0 * contacted.opened / contacted.prospects AS open_rate,
    1.0 * contacted.clicked / contacted.prospects AS click_rate,
    1.0 * contacted.replied / contacted.prospects AS reply_rate,
    1.0 * contacted.bounced / contacted.prospects AS bounce_rate,
    1.0 * contacted.unsubscribed / contacted.prospects AS unsubscribe_rate
FROM listed
FULL JOIN contacted ON contacted.sequence_id = listed.id
