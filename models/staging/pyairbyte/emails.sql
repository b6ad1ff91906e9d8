-- A row for each email that a sequence sent, from the tables of PyAirbyte's caches, the same SQL in DuckDB and
-- PostgreSQL. schema.yml says what each column holds.
--
-- A text is without blanks around it, and null if it is empty. What the connector puts in the place of a key that is
-- missing (an empty text, 0, the first second of 1970) is null. If the destination keeps copies of an email, as Append
-- does, the one that was read last counts.
WITH stats AS (
    SELECT
        nullif(trim(sequence_id), '') AS sequence_id,
        nullif(trim(sequence_title), '') AS sequence_title,
        nullif(trim(sequence_owner), '') AS sequence_owner,
        nullif(step_number, 0) AS step_number,
        nullif(trim(step_id), '') AS step_id,
        nullif(trim(variant), '') AS variant,
        nullif(trim(variant_id), '') AS variant_id,
        nullif(trim(BOTH E' \t\r\n' FROM sender_email), '') AS sender_email,
        nullif(trim(BOTH E' \t\r\n' FROM recipient_email), '') AS recipient_email,
        nullif(trim(recipient_name), '') AS recipient_name,
        email_sent_at,
        nullif(CAST(extract(epoch FROM email_sent_at) AS BIGINT), 0) AS sent_epoch,
        open_count,
        last_opened_at,
        CAST(extract(epoch FROM last_opened_at) AS BIGINT) AS opened_epoch,
        click_count,
        last_clicked_at,
        CAST(extract(epoch FROM last_clicked_at) AS BIGINT) AS clicked_epoch,
        nullif(trim(last_link_clicked), '') AS last_link_clicked,
        nullif(trim(replied), '') AS replied,
        replied_at,
        CAST(extract(epoch FROM replied_at) AS BIGINT) AS replied_epoch,
        nullif(trim(conversation_id), '') AS conversation_id,
        nullif(trim(current_sentiment), '') AS current_sentiment,
        nullif(trim(bounced), '') AS bounced,
        bounced_at,
        CAST(extract(epoch FROM bounced_at) AS BIGINT) AS bounced_epoch,
        nullif(trim(unsubscribed), '') AS unsubscribed,
        nullif(trim(deleted), '') AS deleted,
        nullif(trim(client ->> 'id'), '') AS client_id,
        nullif(trim(client ->> 'firstName'), '') AS client_first_name,
        nullif(trim(client ->> 'lastName'), '') AS client_last_name,
        nullif(trim(client ->> 'email'), '') AS client_email,
        nullif(trim(client ->> 'status'), '') AS client_status,
        nullif(trim(client ->> 'companyName'), '') AS client_company_name,
        _airbyte_extracted_at AS extracted_at
    FROM
        -- {{ var('next_line') ~ source('airbyte', 'consolidated_stats') }}
        consolidated_stats
),

copies AS (
    SELECT
        stats.*,
        DATE '1970-01-01' + CAST(floor(sent_epoch / 86400) AS INTEGER) AS sent_date,
        row_number() OVER (
            PARTITION BY sequence_id, step_number, recipient_email, sent_epoch ORDER BY extracted_at DESC
        ) AS copy_number
    FROM stats
)

SELECT
    coalesce(copies.sequence_id, '')
        || '|' || coalesce(CAST(copies.step_number AS VARCHAR), '')
        || '|' || coalesce(CAST(copies.sent_epoch AS VARCHAR), '')
        || '|' || coalesce(copies.recipient_email, '') AS email_id,
    copies.sequence_id,
    copies.sequence_title,
    copies.sequence_owner,
    copies.sequence_id || '|' || coalesce(CAST(copies.step_number AS VARCHAR), '') AS step_key,
    copies.step_number,
    copies.step_id,
    copies.sequence_id || '|' || coalesce(CAST(copies.step_number AS VARCHAR), '')
        || '|' || coalesce(copies.variant_id, copies.variant, '') AS variant_key,
    copies.variant,
    copies.variant_id,
    copies.sender_email,
    copies.recipient_email,
    copies.recipient_name,
    CASE WHEN copies.sent_epoch IS NOT NULL THEN copies.email_sent_at END AS email_sent_at,
    copies.sent_epoch,
    copies.sent_date,
    CAST(date_trunc('week', copies.sent_date) AS DATE) AS sent_week,
    copies.open_count,
    copies.open_count > 0 AS opened,
    copies.last_opened_at,
    copies.click_count,
    copies.click_count > 0 AS clicked,
    copies.last_clicked_at,
    copies.last_link_clicked,
    CASE
        WHEN lower(copies.replied) IN ('yes', 'true', '1') THEN TRUE
        WHEN lower(copies.replied) IN ('no', 'false', '0') THEN FALSE
    END AS replied,
    copies.replied_at,
    copies.replied_epoch,
    CASE
        WHEN copies.replied_epoch >= copies.sent_epoch THEN (copies.replied_epoch - copies.sent_epoch) / 3600.0
    END AS hours_to_reply,
    CASE
        WHEN lower(copies.replied) IN ('yes', 'true', '1')
            THEN coalesce(lower(copies.current_sentiment), '') = 'positive'
        WHEN lower(copies.replied) IN ('no', 'false', '0') THEN FALSE
    END AS replied_positively,
    copies.conversation_id,
    copies.current_sentiment,
    CASE
        WHEN lower(copies.bounced) IN ('yes', 'true', '1') THEN TRUE
        WHEN lower(copies.bounced) IN ('no', 'false', '0') THEN FALSE
    END AS bounced,
    copies.bounced_at,
    CASE
        WHEN lower(copies.unsubscribed) IN ('yes', 'true', '1') THEN TRUE
        WHEN lower(copies.unsubscribed) IN ('no', 'false', '0') THEN FALSE
    END AS unsubscribed,
    CASE
        WHEN lower(copies.deleted) IN ('yes', 'true', '1') THEN TRUE
        WHEN lower(copies.deleted) IN ('no', 'false', '0') THEN FALSE
    END AS deleted,
    copies.client_id,
    copies.client_first_name,
    copies.client_last_name,
    copies.client_email,
    copies.client_status,
    copies.client_company_name,
    nullif(
        greatest(
            coalesce(copies.sent_epoch, 0),
            coalesce(copies.opened_epoch, 0),
            coalesce(copies.clicked_epoch, 0),
            coalesce(copies.replied_epoch, 0),
            coalesce(copies.bounced_epoch, 0)
        ),
        0
    ) AS latest_epoch
FROM copies
WHERE copies.copy_number = 1
