-- A row for each variant of each step that has sent emails. Emails whose variant is not known share a row whose variant
-- is
-- null: all emails of an account whose API does not send variants, and those that were last read before it did.
--
-- Rates are shares of the emails sent: an email counts once, however often it was opened. Null in emails counts as no.
-- Emails without a sequence are left out.
-- positive_reply_rate: the share that was replied to and whose Current Sentiment is Positive.
-- sequence_title, step_name: as in rates_by_step.
--
-- What it cannot tell: whether a difference is more than chance; among a few hundred emails it often is not. An open
-- rate of 0 may mean that the sequence does not track opens; clicks and unsubscribes may be those of scanners; an
-- automatic reply counts as a reply.
WITH sent AS (
    SELECT
        emails.variant_key,
        max(emails.step_key) AS step_key,
        max(emails.sequence_id) AS sequence_id,
        max(emails.step_number) AS step_number,
        max(emails.variant) AS variant,
        max(emails.variant_id) AS variant_id,
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
    GROUP BY emails.variant_key
)

SELECT
    sent.variant_key AS variant_key,
    sent.sequence_id AS sequence_id,
    rates_by_step.sequence_title AS sequence_title,
    sent.step_number AS step_number,
    rates_by_step.step_name AS step_name,
    sent.variant AS variant,
    sent.variant_id AS variant_id,
    sent.sent AS sent,
    sent.opened AS opened,
    sent.clicked AS clicked,
    sent.replied AS replied,
    sent.replied_positively AS replied_positively,
    sent.bounced AS bounced,
    sent.unsubscribed AS unsubscribed,
    1.0 * sent.opened / sent.sent AS open_rate,
    1.0 * sent.clicked / sent.sent AS click_rate,
    1.0 * sent.replied / sent.sent AS reply_rate,
    1.0 * sent.replied_positively / sent.sent AS positive_reply_rate,
    1.0 * sent.bounced / sent.sent AS bounce_rate,
    1.0 * sent.unsubscribed / sent.sent AS unsubscribe_rate
FROM sent
LEFT JOIN
    -- {{ var('next_line') ~ ref('rates_by_step') }}
    rates_by_step
    ON rates_by_step.step_key = sent.step_key
