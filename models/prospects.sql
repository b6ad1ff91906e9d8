-- A row for each prospect of each sequence that wrote to it: a prospect in two sequences has two rows. An address is
-- the same prospect in capitals or not. An email without a recipient is a prospect of its own, since nothing says who
-- got it, so that all models count the same emails. Emails without a sequence are left out; those to prospects that
-- were deleted since are not, because they were sent.
--
-- opened, clicked, replied, replied_positively, bounced, unsubscribed, deleted: whether any of the emails was; null if
-- that is null for all of them.
-- replied_at: the first reply that did not come before the first email; the first of all if none did not.
-- hours_to_reply, hours_to_positive_reply: from the first email to the first such reply; null if there is none, if a
-- date is missing, or if the reply came before the first email.
--
-- What it cannot tell: opens are counted only where the sequence tracks them; a click or an unsubscribe may be that of
-- a scanner; an automatic reply counts as a reply. Prospects that were never written to have no row.
WITH contacted AS (
    SELECT
        emails.*,
        emails.sequence_id || '|' || coalesce(lower(emails.recipient_email), emails.email_id) AS prospect_id,
        min(emails.sent_epoch) OVER (
            PARTITION BY emails.sequence_id, coalesce(lower(emails.recipient_email), emails.email_id)
        ) AS first_sent_epoch
    FROM
        -- {{ var('next_line') ~ ref('emails') }}
        emails
    WHERE emails.sequence_id IS NOT NULL
),

replies AS (
    SELECT
        contacted.*,
        CASE WHEN contacted.replied_epoch >= contacted.first_sent_epoch THEN contacted.replied_epoch END AS reply_epoch,
        CASE WHEN contacted.replied_epoch >= contacted.first_sent_epoch THEN contacted.replied_at END AS reply_at
    FROM contacted
)

SELECT
    replies.prospect_id,
    max(replies.sequence_id) AS sequence_id,
    max(lower(replies.recipient_email)) AS recipient_email,
    max(replies.sequence_title) AS sequence_title,
    max(replies.recipient_name) AS recipient_name,
    count(*) AS emails_sent,
    min(replies.email_sent_at) AS first_sent_at,
    min(replies.sent_epoch) AS first_sent_epoch,
    min(replies.sent_week) AS first_week,
    max(replies.email_sent_at) AS last_sent_at,
    max(CASE WHEN replies.opened THEN 1 WHEN NOT replies.opened THEN 0 END) = 1 AS opened,
    max(CASE WHEN replies.clicked THEN 1 WHEN NOT replies.clicked THEN 0 END) = 1 AS clicked,
    max(CASE WHEN replies.replied THEN 1 WHEN NOT replies.replied THEN 0 END) = 1 AS replied,
    max(CASE WHEN replies.replied_positively THEN 1 WHEN NOT replies.replied_positively THEN 0 END) = 1
        AS replied_positively,
    coalesce(min(replies.reply_at), min(replies.replied_at)) AS replied_at,
    (min(replies.reply_epoch) - min(replies.sent_epoch)) / 3600.0 AS hours_to_reply,
    (min(CASE WHEN replies.replied_positively THEN replies.reply_epoch END) - min(replies.sent_epoch)) / 3600.0
        AS hours_to_positive_reply,
    max(CASE WHEN replies.bounced THEN 1 WHEN NOT replies.bounced THEN 0 END) = 1 AS bounced,
    max(CASE WHEN replies.unsubscribed THEN 1 WHEN NOT replies.unsubscribed THEN 0 END) = 1 AS unsubscribed,
    max(CASE WHEN replies.deleted THEN 1 WHEN NOT replies.deleted THEN 0 END) = 1 AS deleted
FROM replies
GROUP BY replies.prospect_id
