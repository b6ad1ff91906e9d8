-- A row for each sequence: all that the account lists, even those that have sent nothing, and all that have sent
-- emails, even those that the account no longer lists.
--
-- Rates are shares of the prospects that the sequence wrote to: a prospect counts once, however many emails it got, and
-- a prospect in two sequences counts in both. A rate is null if there are no prospects. Null in prospects counts as no.
-- positive_reply_rate: the share that replied and whose Current Sentiment is Positive.
-- sequence_title: from `sequences`; from the emails if the account no longer lists the sequence. active is null then.
--
-- What it cannot tell: an open rate of 0 may mean that the sequence does not track opens; clicks and unsubscribes may
-- be those of scanners; an automatic reply counts as a reply, though hardly as a positive one.
WITH contacted AS (
    SELECT
        prospects.sequence_id,
        max(prospects.sequence_title) AS sequence_title,
        CAST(sum(prospects.emails_sent) AS BIGINT) AS emails_sent,
        count(*) AS prospects,
        count(CASE WHEN prospects.opened THEN 1 END) AS opened,
        count(CASE WHEN prospects.clicked THEN 1 END) AS clicked,
        count(CASE WHEN prospects.replied THEN 1 END) AS replied,
        count(CASE WHEN prospects.replied_positively THEN 1 END) AS replied_positively,
        count(CASE WHEN prospects.bounced THEN 1 END) AS bounced,
        count(CASE WHEN prospects.unsubscribed THEN 1 END) AS unsubscribed
    FROM
        -- {{ var('next_line') ~ ref('prospects') }}
        prospects
    GROUP BY prospects.sequence_id
)

SELECT
    coalesce(listed_sequences.sequence_id, contacted.sequence_id) AS sequence_id,
    coalesce(listed_sequences.sequence_title, contacted.sequence_title) AS sequence_title,
    listed_sequences.active AS active,
    coalesce(contacted.emails_sent, 0) AS emails_sent,
    coalesce(contacted.prospects, 0) AS prospects,
    coalesce(contacted.opened, 0) AS opened,
    coalesce(contacted.clicked, 0) AS clicked,
    coalesce(contacted.replied, 0) AS replied,
    coalesce(contacted.replied_positively, 0) AS replied_positively,
    coalesce(contacted.bounced, 0) AS bounced,
    coalesce(contacted.unsubscribed, 0) AS unsubscribed,
    CASE WHEN contacted.prospects > 0 THEN 1.0 * contacted.opened / contacted.prospects END AS open_rate,
    CASE WHEN contacted.prospects > 0 THEN 1.0 * contacted.clicked / contacted.prospects END AS click_rate,
    CASE WHEN contacted.prospects > 0 THEN 1.0 * contacted.replied / contacted.prospects END AS reply_rate,
    CASE WHEN contacted.prospects > 0 THEN 1.0 * contacted.replied_positively / contacted.prospects END
        AS positive_reply_rate,
    CASE WHEN contacted.prospects > 0 THEN 1.0 * contacted.bounced / contacted.prospects END AS bounce_rate,
    CASE WHEN contacted.prospects > 0 THEN 1.0 * contacted.unsubscribed / contacted.prospects END AS unsubscribe_rate
FROM
    -- {{ var('next_line') ~ ref('listed_sequences') }}
    listed_sequences
FULL JOIN contacted ON contacted.sequence_id = listed_sequences.sequence_id
