-- 95% Wilson score interval for `showing` of `viewers`; the same arithmetic as analytics.statistics.wilson, which a
-- test holds it against. At none and at all the end is exact: rounding would leave it beside 0 or 1.
CREATE TEMP MACRO wilson_half(showing, viewers) AS
    1.959963984540054 / (1 + 3.841458820694124 / viewers)
    * sqrt(showing / viewers * (1 - showing / viewers) / viewers + 3.841458820694124 / (4 * viewers * viewers));

CREATE TEMP MACRO wilson_middle(showing, viewers) AS
    (showing / viewers + 3.841458820694124 / (2 * viewers)) / (1 + 3.841458820694124 / viewers);

CREATE TEMP MACRO wilson_low(showing, viewers) AS
    CASE WHEN showing = 0 THEN 0.0
    ELSE wilson_middle(showing::DOUBLE, viewers::DOUBLE) - wilson_half(showing::DOUBLE, viewers::DOUBLE) END;

CREATE TEMP MACRO wilson_high(showing, viewers) AS
    CASE WHEN showing = viewers THEN 1.0
    ELSE wilson_middle(showing::DOUBLE, viewers::DOUBLE) + wilson_half(showing::DOUBLE, viewers::DOUBLE) END;
