-- Two-sided 95% quantile of Student's t with `freedom` degrees, by the expansion of Fisher and Cornish (1960) around the
-- normal's: 0.02% low at four degrees, less above; 12% low at one, where nothing is published unless k is 2.
CREATE TEMP MACRO t_95(freedom) AS
    CASE WHEN freedom > 0 THEN
        1.959963984540054
        + 2.372271230 / freedom
        + 2.822498638 / (freedom * freedom)
        + 2.555849830 / (freedom * freedom * freedom)
        + 1.589534054 / (freedom * freedom * freedom * freedom)
    END;
