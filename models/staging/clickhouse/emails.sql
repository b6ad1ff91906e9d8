-- A row for each email that a sequence sent, from the tables of Airbyte's ClickHouse destination, whose names keep
-- their capitals. schema.yml says what each column holds.
--
-- A text is without blanks around it, and null if it is empty. What the connector puts in the place of a key that is
-- missing (an empty text, 0, the first second of 1970) is null. Of the copies of an email, which ClickHouse merges some
-- time after a sync, the one that was read last counts.
-- Every column is Nullable, so that outer joins give NULL whatever join_use_nulls is. Client may be String or JSON.
WITH stats AS (
    SELECT
        nullif(trim(Sequence_Id), '') AS sequence_id,
        nullif(trim(Sequence_Title), '') AS sequence_title,
        nullif(trim(Sequence_Owner), '') AS sequence_owner,
        nullif(Step_Number, 0) AS step_number,
        nullif(trim(Step_Id), '') AS step_id,
        nullif(trim(Variant), '') AS variant,
        nullif(trim(Variant_Id), '') AS variant_id,
        nullif(trim(BOTH ' \t\r\n' FROM Sender_Email), '') AS sender_email,
        nullif(trim(BOTH ' \t\r\n' FROM Recipient_Email), '') AS recipient_email,
        nullif(trim(Recipient_name), '') AS recipient_name,
        Email_Sent_At AS email_sent_at,
        nullif(intDiv(toUnixTimestamp64Milli(Email_Sent_At), 1000), 0) AS sent_epoch,
        Open_Count AS open_count,
        Last_Opened_At AS last_opened_at,
        intDiv(toUnixTimestamp64Milli(Last_Opened_At), 1000) AS opened_epoch,
        Click_Count AS click_count,
        Last_Clicked_At AS last_clicked_at,
        intDiv(toUnixTimestamp64Milli(Last_Clicked_At), 1000) AS clicked_epoch,
        nullif(trim(Last_Link_Clicked), '') AS last_link_clicked,
        nullif(trim(Replied), '') AS replied,
        Replied_At AS replied_at,
        intDiv(toUnixTimestamp64Milli(Replied_At), 1000) AS replied_epoch,
        nullif(trim(Conversation_Id), '') AS conversation_id,
        nullif(trim(Current_Sentiment), '') AS current_sentiment,
        nullif(trim(Bounced), '') AS bounced,
        Bounced_At AS bounced_at,
        intDiv(toUnixTimestamp64Milli(Bounced_At), 1000) AS bounced_epoch,
        nullif(trim(Unsubscribed), '') AS unsubscribed,
        nullif(trim(Deleted), '') AS deleted,
        nullif(trim(JSONExtractString(toString(Client), 'id')), '') AS client_id,
        nullif(trim(JSONExtractString(toString(Client), 'firstName')), '') AS client_first_name,
        nullif(trim(JSONExtractString(toString(Client), 'lastName')), '') AS client_last_name,
        nullif(trim(JSONExtractString(toString(Client), 'email')), '') AS client_email,
        nullif(trim(JSONExtractString(toString(Client), 'status')), '') AS client_status,
        nullif(trim(JSONExtractString(toString(Client), 'companyName')), '') AS client_company_name,
        _airbyte_extracted_at AS extracted_at
    FROM
        -- {{ var('next_line') ~ source('airbyte', 'consolidated_stats') }}
        consolidated_stats
),

copies AS (
    SELECT
        stats.*,
        addDays(toDate('1970-01-01'), intDiv(sent_epoch, 86400)) AS sent_date,
        row_number() OVER (
            PARTITION BY sequence_id, step_number, recipient_email, sent_epoch ORDER BY extracted_at DESC
        ) AS copy_number
    FROM stats
)

SELECT
    coalesce(copies.sequence_id, '')
        || '|' || coalesce(CAST(copies.step_number AS Nullable(String)), '')
        || '|' || coalesce(CAST(copies.sent_epoch AS Nullable(String)), '')
        || '|' || coalesce(copies.recipient_email, '') AS email_id,
    copies.sequence_id,
    copies.sequence_title,
    copies.sequence_owner,
    copies.sequence_id || '|' || coalesce(CAST(copies.step_number AS Nullable(String)), '') AS step_key,
    copies.step_number,
    copies.step_id,
    copies.sequence_id || '|' || coalesce(CAST(copies.step_number AS Nullable(String)), '')
        || '|' || coalesce(copies.variant_id, copies.variant, '') AS variant_key,
    copies.variant,
    copies.variant_id,
    copies.sender_email,
    copies.recipient_email,
    copies.recipient_name,
    CASE WHEN copies.sent_epoch IS NOT NULL THEN copies.email_sent_at END AS email_sent_at,
    copies.sent_epoch,
    copies.sent_date,
    toMonday(copies.sent_date) AS sent_week,
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
