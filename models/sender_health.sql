-- A row for each sender: the address that the emails went out from, in capitals or not. Emails without one are left
-- out.
--
-- ..._7_days, ..._30_days: of the emails sent in the last 7 or 30 days; the others of all emails. "Now" is the newest
-- moment in emails, whatever happened then, not the clock.
-- Rates are shares of the emails sent in that time; null if none was. Null in emails counts as no.
-- positive_reply_rate: the share that was replied to and whose Current Sentiment is Positive.
--
-- What it cannot tell: the kind of a bounce, a full mailbox or an address that does not exist, because the API does not
-- say it; whether emails reach the inbox. An unsubscribe may be a scanner's, and a reply that asks to be left alone is
-- none. Replies to the emails of the last days are still to come, so a reply rate of 7 days is lower than one of all
-- time.
WITH newest AS (
    SELECT max(emails.latest_epoch) AS epoch
    FROM
        -- {{ var('next_line') ~ ref('emails') }}
        emails
),

aged AS (
    SELECT
        lower(emails.sender_email) AS sender_email,
        newest.epoch - emails.sent_epoch AS age,
        emails.bounced,
        emails.unsubscribed,
        emails.replied,
        emails.replied_positively
    FROM
        -- {{ var('next_line') ~ ref('emails') }}
        emails
    CROSS JOIN newest
    WHERE emails.sender_email IS NOT NULL
),

counted AS (
    SELECT
        aged.sender_email,
        count(CASE WHEN aged.age <= 604800 THEN 1 END) AS sent_7_days,
        count(CASE WHEN aged.age <= 604800 AND aged.bounced THEN 1 END) AS bounced_7_days,
        count(CASE WHEN aged.age <= 604800 AND aged.unsubscribed THEN 1 END) AS unsubscribed_7_days,
        count(CASE WHEN aged.age <= 604800 AND aged.replied THEN 1 END) AS replied_7_days,
        count(CASE WHEN aged.age <= 604800 AND aged.replied_positively THEN 1 END) AS replied_positively_7_days,
        count(CASE WHEN aged.age <= 2592000 THEN 1 END) AS sent_30_days,
        count(CASE WHEN aged.age <= 2592000 AND aged.bounced THEN 1 END) AS bounced_30_days,
        count(CASE WHEN aged.age <= 2592000 AND aged.unsubscribed THEN 1 END) AS unsubscribed_30_days,
        count(CASE WHEN aged.age <= 2592000 AND aged.replied THEN 1 END) AS replied_30_days,
        count(CASE WHEN aged.age <= 2592000 AND aged.replied_positively THEN 1 END) AS replied_positively_30_days,
        count(*) AS sent,
        count(CASE WHEN aged.bounced THEN 1 END) AS bounced,
        count(CASE WHEN aged.unsubscribed THEN 1 END) AS unsubscribed,
        count(CASE WHEN aged.replied THEN 1 END) AS replied,
        count(CASE WHEN aged.replied_positively THEN 1 END) AS replied_positively
    FROM aged
    GROUP BY aged.sender_email
)

SELECT
    counted.sender_email,
    counted.sent_7_days,
    counted.bounced_7_days,
    counted.unsubscribed_7_days,
    counted.replied_7_days,
    counted.replied_positively_7_days,
    CASE WHEN counted.sent_7_days > 0 THEN 1.0 * counted.bounced_7_days / counted.sent_7_days END
        AS bounce_rate_7_days,
    CASE WHEN counted.sent_7_days > 0 THEN 1.0 * counted.unsubscribed_7_days / counted.sent_7_days END
        AS unsubscribe_rate_7_days,
    CASE WHEN counted.sent_7_days > 0 THEN 1.0 * counted.replied_7_days / counted.sent_7_days END
        AS reply_rate_7_days,
    CASE WHEN counted.sent_7_days > 0 THEN 1.0 * counted.replied_positively_7_days / counted.sent_7_days END
        AS positive_reply_rate_7_days,
    counted.sent_30_days,
    counted.bounced_30_days,
    counted.unsubscribed_30_days,
    counted.replied_30_days,
    counted.replied_positively_30_days,
    CASE WHEN counted.sent_30_days > 0 THEN 1.0 * counted.bounced_30_days / counted.sent_30_days END
        AS bounce_rate_30_days,
    CASE WHEN counted.sent_30_days > 0 THEN 1.0 * counted.unsubscribed_30_days / counted.sent_30_days END
        AS unsubscribe_rate_30_days,
    CASE WHEN counted.sent_30_days > 0 THEN 1.0 * counted.replied_30_days / counted.sent_30_days END
        AS reply_rate_30_days,
    CASE WHEN counted.sent_30_days > 0 THEN 1.0 * counted.replied_positively_30_days / counted.sent_30_days END
        AS positive_reply_rate_30_days,
    counted.sent,
    counted.bounced,
    counted.unsubscribed,
    counted.replied,
    counted.replied_positively,
    CASE WHEN counted.sent > 0 THEN 1.0 * counted.bounced / counted.sent END AS bounce_rate,
    CASE WHEN counted.sent > 0 THEN 1.0 * counted.unsubscribed / counted.sent END AS unsubscribe_rate,
    CASE WHEN counted.sent > 0 THEN 1.0 * counted.replied / counted.sent END AS reply_rate,
    CASE WHEN counted.sent > 0 THEN 1.0 * counted.replied_positively / counted.sent END AS positive_reply_rate
FROM counted
