-- A row for each week: the prospects whose first email in a sequence went out in it. A prospect in two sequences counts
-- once for each, in the week of its first email there.
--
-- Rates are shares of these prospects. reply_rate and positive_reply_rate count replies up to now, so they go on
-- growing; the others count only replies within 7, 14 or 30 days of the first email, so that weeks can be compared.
-- They are null until every prospect of the week has had that many days. "Now" is the newest moment in emails, whatever
-- happened then, not the clock: a date in the future, if there is one, makes all weeks look complete. 30 days need a
-- lookback window of 30 days or more.
-- A reply without a date, or with one before the first email, counts only in the rates up to now. Prospects whose first
-- email has no date are left out.
--
-- What it cannot tell: in the first weeks of the data, prospects that were written to before it count as new, so leave
-- these weeks out. An automatic reply counts as a reply.
WITH newest AS (
    SELECT max(emails.latest_epoch) AS epoch
    FROM
        -- {{ var('next_line') ~ ref('emails') }}
        emails
),

counted AS (
    SELECT
        prospects.first_week,
        max(newest.epoch) - max(prospects.first_sent_epoch) AS seconds_observed,
        count(*) AS prospects,
        count(CASE WHEN prospects.replied THEN 1 END) AS replied,
        count(CASE WHEN prospects.replied_positively THEN 1 END) AS replied_positively,
        count(CASE WHEN prospects.hours_to_reply <= 168 THEN 1 END) AS replied_7_days,
        count(CASE WHEN prospects.hours_to_reply <= 336 THEN 1 END) AS replied_14_days,
        count(CASE WHEN prospects.hours_to_reply <= 720 THEN 1 END) AS replied_30_days,
        count(CASE WHEN prospects.hours_to_positive_reply <= 168 THEN 1 END) AS replied_positively_7_days,
        count(CASE WHEN prospects.hours_to_positive_reply <= 336 THEN 1 END) AS replied_positively_14_days,
        count(CASE WHEN prospects.hours_to_positive_reply <= 720 THEN 1 END) AS replied_positively_30_days
    FROM
        -- {{ var('next_line') ~ ref('prospects') }}
        prospects
    CROSS JOIN newest
    WHERE prospects.first_week IS NOT NULL
    GROUP BY prospects.first_week
)

SELECT
    counted.first_week,
    counted.prospects,
    counted.replied,
    counted.replied_positively,
    1.0 * counted.replied / counted.prospects AS reply_rate,
    1.0 * counted.replied_positively / counted.prospects AS positive_reply_rate,
    CASE WHEN counted.seconds_observed >= 604800 THEN 1.0 * counted.replied_7_days / counted.prospects END
        AS reply_rate_7_days,
    CASE WHEN counted.seconds_observed >= 604800 THEN 1.0 * counted.replied_positively_7_days / counted.prospects END
        AS positive_reply_rate_7_days,
    CASE WHEN counted.seconds_observed >= 1209600 THEN 1.0 * counted.replied_14_days / counted.prospects END
        AS reply_rate_14_days,
    CASE WHEN counted.seconds_observed >= 1209600 THEN 1.0 * counted.replied_positively_14_days / counted.prospects END
        AS positive_reply_rate_14_days,
    CASE WHEN counted.seconds_observed >= 2592000 THEN 1.0 * counted.replied_30_days / counted.prospects END
        AS reply_rate_30_days,
    CASE WHEN counted.seconds_observed >= 2592000 THEN 1.0 * counted.replied_positively_30_days / counted.prospects END
        AS positive_reply_rate_30_days
FROM counted
