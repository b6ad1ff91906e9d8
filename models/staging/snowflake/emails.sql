-- A row for each email that a sequence sent, from the tables of Airbyte's Snowflake destination, whose names are in
-- capitals and keep their blanks. schema.yml says what each column holds.
--
-- A text is without blanks around it, and null if it is empty. What the connector puts in the place of a key that is
-- missing (an empty text, 0, the first second of 1970) is null. If the destination keeps copies of an email, as Append
-- does, the one that was read last counts.
-- Weeks do not depend on the session's WEEK_START.
WITH stats AS (
    SELECT
        nullif(trim("SEQUENCE ID"), '') AS sequence_id,
        nullif(trim("SEQUENCE TITLE"), '') AS sequence_title,
        nullif(trim("SEQUENCE OWNER"), '') AS sequence_owner,
        nullif("STEP NUMBER", 0) AS step_number,
        nullif(trim("STEP ID"), '') AS step_id,
        nullif(trim("VARIANT"), '') AS variant,
        nullif(trim("VARIANT ID"), '') AS variant_id,
        nullif(regexp_replace("SENDER EMAIL", '^\\s+|\\s+$', ''), '') AS sender_email,
        nullif(regexp_replace("RECIPIENT EMAIL", '^\\s+|\\s+$', ''), '') AS recipient_email,
        nullif(trim("RECIPIENT NAME"), '') AS recipient_name,
        "EMAIL SENT AT" AS email_sent_at,
        nullif(date_part(epoch_second, "EMAIL SENT AT"), 0) AS sent_epoch,
        "OPEN COUNT" AS open_count,
        "LAST OPENED AT" AS last_opened_at,
        date_part(epoch_second, "LAST OPENED AT") AS opened_epoch,
        "CLICK COUNT" AS click_count,
        "LAST CLICKED AT" AS last_clicked_at,
        date_part(epoch_second, "LAST CLICKED AT") AS clicked_epoch,
        nullif(trim("LAST LINK CLICKED"), '') AS last_link_clicked,
        nullif(trim("REPLIED"), '') AS replied,
        "REPLIED AT" AS replied_at,
        date_part(epoch_second, "REPLIED AT") AS replied_epoch,
        nullif(trim("CONVERSATION ID"), '') AS conversation_id,
        nullif(trim("CURRENT SENTIMENT"), '') AS current_sentiment,
        nullif(trim("BOUNCED"), '') AS bounced,
        "BOUNCED AT" AS bounced_at,
        date_part(epoch_second, "BOUNCED AT") AS bounced_epoch,
        nullif(trim("UNSUBSCRIBED"), '') AS unsubscribed,
        nullif(trim("DELETED"), '') AS deleted,
        nullif(trim("CLIENT":id::VARCHAR), '') AS client_id,
        nullif(trim("CLIENT":firstName::VARCHAR), '') AS client_first_name,
        nullif(trim("CLIENT":lastName::VARCHAR), '') AS client_last_name,
        nullif(trim("CLIENT":email::VARCHAR), '') AS client_email,
        nullif(trim("CLIENT":status::VARCHAR), '') AS client_status,
        nullif(trim("CLIENT":companyName::VARCHAR), '') AS client_company_name,
        _airbyte_extracted_at AS extracted_at
    FROM
        -- {{ var('next_line') ~ source('airbyte', 'consolidated_stats') }}
        consolidated_stats
),

copies AS (
    SELECT
        stats.*,
        CAST(dateadd('day', floor(sent_epoch / 86400), DATE '1970-01-01') AS DATE) AS sent_date,
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
    CAST(dateadd('day', 1 - dayofweekiso(copies.sent_date), copies.sent_date) AS DATE) AS sent_week,
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
