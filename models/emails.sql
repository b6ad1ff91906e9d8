-- One row for each row of consolidated_stats: an email that a sequence sent, with types to calculate with.
--
-- replied, bounced, unsubscribed, deleted: 'Yes' is true and 'No' is false; null for any other text.
-- opened, clicked: whether the count is above zero; null if the count is null.
-- hours_to_reply: from this email to the reply; null if there is no reply, or if a date is missing.
-- sent_week: the Monday on which the week of the email begins, in UTC.
-- client_...: the client that the sequence belongs to; null if there is none.
-- An empty text is null. If the destination keeps copies of a row whose primary key has a null, they are here too.
SELECT
    nullif(sequence_id, '') AS sequence_id,
    nullif(sequence_title, '') AS sequence_title,
    nullif(sequence_owner, '') AS sequence_owner,
    step_number,
    nullif(sender_email, '') AS sender_email,
    nullif(recipient_email, '') AS recipient_email,
    nullif(recipient_name, '') AS recipient_name,
    email_sent_at,
    -- Through seconds: the week of a date with a time zone would depend on the session's zone.
    CAST(date_trunc('week', to_timestamp(extract(epoch FROM email_sent_at)) AT TIME ZONE 'UTC') AS DATE) AS sent_week,
    open_count,
    open_count > 0 AS opened,
    last_opened_at,
    click_count,
    click_count > 0 AS clicked,
    last_clicked_at,
    nullif(last_link_clicked, '') AS last_link_clicked,
    CASE lower(replied) WHEN 'yes' THEN true WHEN 'no' THEN false END AS replied,
    replied_at,
    (extract(epoch FROM replied_at) - extract(epoch FROM email_sent_at)) / 3600 AS hours_to_reply,
    nullif(conversation_id, '') AS conversation_id,
    nullif(current_sentiment, '') AS current_sentiment,
    CASE lower(bounced) WHEN 'yes' THEN true WHEN 'no' THEN false END AS bounced,
    bounced_at,
    CASE lower(unsubscribed) WHEN 'yes' THEN true WHEN 'no' THEN false END AS unsubscribed,
    CASE lower(deleted) WHEN 'yes' THEN true WHEN 'no' THEN false END AS deleted,
    nullif(client ->> 'id', '') AS client_id,
    nullif(client ->> 'firstName', '') AS client_first_name,
    nullif(client ->> 'lastName', '') AS client_last_name,
    nullif(client ->> 'email', '') AS client_email,
    nullif(client ->> 'status', '') AS client_status,
    nullif(client ->> 'companyName', '') AS client_company_name
FROM consolidated_stats
