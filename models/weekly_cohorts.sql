-- depends_on: {{ ref('emails') }}
-- depends_on: {{ ref('prospects') }}
-- One row for each week: the prospects whose first email in a sequence went out in it. A prospect in two sequences
-- counts once for each, in the week of its first email there.
--
-- Rates are shares of these prospects. reply_rate counts replies up to now, so it goes on growing; the other three
-- count only replies within 7, 14 or 30 days of the first email, so that weeks can be compared. They are null until
-- every prospect of the week has had that many days. "Now" is the newest moment in emails, whatever happened then, not
-- the clock: a date in the future, if there is one, makes all weeks look complete. 30 days need a lookback window of 30
-- days or more.
-- In the first weeks of the data, prospects that were written to before it count as new: leave these weeks out.
-- A reply without a date counts only in reply_rate. Prospects whose first email has no date are left out.
WITH newest AS (
    SELECT
        greatest(
            max(email_sent_at), max(last_opened_at), max(last_clicked_at), max(replied_at), max(bounced_at)
        ) AS moment
    FROM emails
),

observed AS (
    SELECT
        prospects.first_week,
        prospects.replied,
        prospects.hours_to_reply / 24 AS days_to_reply,
        (extract(epoch FROM newest.moment) - extract(epoch FROM prospects.first_sent_at)) / 86400 AS days_observed
    FROM prospects
    CROSS JOIN newest
    WHERE prospects.first_week IS NOT NULL
),

counted AS (
    SELECT
        first_week,
        min(days_observed) AS days_observed,
        count(*) AS prospects,
        count(*) FILTER (WHERE replied) AS replied,
        count(*) FILTER (WHERE days_to_reply <= 7) AS replied_7_days,
        count(*) FILTER (WHERE days_to_reply <= 14) AS replied_14_days,
        count(*) FILTER (WHERE days_to_reply <= 30) AS replied_30_days
    FROM observed
    GROUP BY first_week
)

SELECT
    first_week,
    prospects,
    replied,
    1.0 * replied / prospects AS reply_rate,
    CASE WHEN days_observed >= 7 THEN 1.0 * replied_7_days / prospects END AS reply_rate_7_days,
    CASE WHEN days_observed >= 14 THEN 1.0 * replied_14_days / prospects END AS reply_rate_14_days,
    CASE WHEN days_observed >= 30 THEN 1.0 * replied_30_days / prospects END AS reply_rate_30_days
FROM counted
