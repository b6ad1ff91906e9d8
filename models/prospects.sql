-- depends_on: {{ ref('emails') }}
-- One row for each prospect of each sequence that wrote to it: a prospect in two sequences has two rows. An address
-- counts as the same prospect in capitals or not.
--
-- opened, clicked, replied, bounced, unsubscribed: whether any of the emails was; null if that is null for all of them.
-- replied_at, hours_to_reply: the first reply, and the hours from the first email to it; null if there is no reply, or
-- if a date is missing.
-- first_week: the Monday on which the week of the first email begins, in UTC.
-- Emails without a sequence id or a recipient are left out.
SELECT
    sequence_id,
    lower(recipient_email) AS recipient_email,
    max(sequence_title) AS sequence_title,
    max(recipient_name) AS recipient_name,
    count(*) AS emails_sent,
    min(email_sent_at) AS first_sent_at,
    min(sent_week) AS first_week,
    max(email_sent_at) AS last_sent_at,
    bool_or(opened) AS opened,
    bool_or(clicked) AS clicked,
    bool_or(replied) AS replied,
    min(replied_at) AS replied_at,
    (extract(epoch FROM min(replied_at)) - extract(epoch FROM min(email_sent_at))) / 3600 AS hours_to_reply,
    bool_or(bounced) AS bounced,
    bool_or(unsubscribed) AS unsubscribed
FROM emails
WHERE sequence_id IS NOT NULL AND recipient_email IS NOT NULL
GROUP BY sequence_id, lower(recipient_email)
