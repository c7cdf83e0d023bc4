-- Valence and attention by film second, for seconds that stand for k viewers or more.
--
-- The interval of valence is Student's: the mean is over viewers, few of whom make its ends uncertain. DuckDB has no
-- quantile of t, so it is Fisher and Cornish's expansion (1960), right to 0.0005 from five viewers on.
CREATE OR REPLACE TEMP VIEW computed AS
WITH ended AS (
    -- A viewer's last scored second is a cell of this table, unless it was withheld: then the one before it counts.
    SELECT usable.number, cell.t_ms, count(*) AS viewers
    FROM usable_viewer AS usable
    ASOF JOIN second_cell AS cell ON cell.number = usable.number AND usable.last_ms >= cell.t_ms
    GROUP BY usable.number, cell.t_ms
),

cell AS (
    SELECT
        second_cell.*,
        t_95(second_cell.viewers - 1) * second_cell.valence_sd / sqrt(second_cell.viewers) AS half,
        sum(coalesce(ended.viewers, 0)) OVER (PARTITION BY number ORDER BY t_ms DESC) AS watching
    FROM second_cell
    LEFT JOIN ended USING (number, t_ms)
)

SELECT
    screening.screening,
    cell.t_ms,
    1000 AS d_ms,
    cell.viewers::INTEGER AS viewers,
    round(cell.valence, 6) AS valence,
    round(greatest(-1, cell.valence - cell.half), 6) AS valence_low,
    round(least(1, cell.valence + cell.half), 6) AS valence_high,
    round(second_arc.arc, 6) AS arc,
    round(cell.attention, 6) AS attention,
    cell.watching::INTEGER AS watching
FROM cell
JOIN catalogue_screening AS screening USING (number)
LEFT JOIN second_arc USING (number, t_ms)
WHERE cell.viewers >= screening.k;

COMMENT ON TABLE serving.second_summary IS 'One row a screening and film second; first viewing only; seconds with fewer than k viewers are left out.';
COMMENT ON COLUMN serving.second_summary.screening IS 'Id of the screening.';
COMMENT ON COLUMN serving.second_summary.t_ms IS 'Start of the second, milliseconds from the first frame of the cut.';
COMMENT ON COLUMN serving.second_summary.d_ms IS 'Length of the window, milliseconds: 1000.';
COMMENT ON COLUMN serving.second_summary.viewers IS 'Viewers scored in this second.';
COMMENT ON COLUMN serving.second_summary.valence IS 'Mean over viewers of pleasant minus unpleasant share, -1 to 1.';
COMMENT ON COLUMN serving.second_summary.valence_low IS 'Lower end of the 95% interval of valence over viewers (Student''s t); empty for a single viewer.';
COMMENT ON COLUMN serving.second_summary.valence_high IS 'Upper end of the 95% interval of valence over viewers (Student''s t); empty for a single viewer.';
COMMENT ON COLUMN serving.second_summary.arc IS 'The course of valence: smoothed by a Gaussian kernel of a fortieth of the film (2 to 180 s), published seconds weighted by viewers; -1 to 1.';
COMMENT ON COLUMN serving.second_summary.attention IS 'Percent of sampled frames with the face turned to the screen, mean over viewers, unscored ones too; empty where it is withheld (left_out, differencing).';
COMMENT ON COLUMN serving.second_summary.watching IS 'Viewers who were scored in this second or a later one, so have not left.';
