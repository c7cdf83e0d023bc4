-- One row a screening with k usable viewers or more. What rests on draws of chance was made by
-- analytics.screening_figures, of screenings that are settled.
CREATE OR REPLACE TEMP VIEW computed AS
WITH seen AS (
    SELECT number, count(*) AS viewers, median(coverage) AS coverage_median
    FROM usable_viewer
    GROUP BY number
),

second AS (
    SELECT second_cell.*
    FROM second_cell
    JOIN catalogue_screening AS screening USING (number)
    WHERE second_cell.viewers >= screening.k
),

film AS (
    SELECT
        second.number,
        -- Where nobody has said how long the cut is, it ends with the last second that k viewers were scored in.
        coalesce(any_value(cut.duration_ms), max(second.t_ms) + 1000) AS end_ms,
        max(second.t_ms) + 1000 AS scored_until_ms
    FROM second
    JOIN catalogue_screening AS screening USING (number)
    LEFT JOIN catalogue_cut AS cut USING (film, cut)
    GROUP BY second.number
),

stayed AS (
    SELECT
        usable.number,
        count(*) FILTER (usable.last_ms + 1000 >= 0.5 * film.end_ms) / count(*) AS half,
        -- Credits are left by and by: who saw the last twentieth begin has stayed.
        count(*) FILTER (usable.last_ms + 1000 >= 0.95 * film.end_ms) / count(*) AS until_end
    FROM usable_viewer AS usable
    JOIN film USING (number)
    GROUP BY usable.number
),

ending AS (
    SELECT second.number, avg(second.valence) AS valence
    FROM second
    JOIN film USING (number)
    -- The last minute, or the last tenth of a shorter film; one second at least.
    WHERE second.t_ms >= film.scored_until_ms - greatest(1000, least(60000, 0.1 * film.scored_until_ms))
    GROUP BY second.number
),

ordinary AS (
    SELECT number, avg(valence) AS valence FROM second GROUP BY number
),

peak AS (
    SELECT second_arc.number, second_arc.t_ms, second_arc.arc
    FROM second_arc
    JOIN ordinary USING (number)
    QUALIFY row_number() OVER (
        PARTITION BY second_arc.number ORDER BY round(abs(second_arc.arc - ordinary.valence), 6) DESC, second_arc.t_ms
    ) = 1
),

divided AS (
    SELECT
        cell.number,
        sum(4.0 * cell.pleased * cell.displeased / (cell.viewers * cell.viewers) * (scene.end_ms - scene.start_ms))
        / sum(scene.end_ms - scene.start_ms) AS polarisation
    FROM scene_cell AS cell
    JOIN catalogue_screening AS screening USING (number)
    JOIN catalogue_scene AS scene USING (film, cut, scene)
    WHERE cell.viewers >= screening.k
    GROUP BY cell.number
),

shown AS (
    UNPIVOT (
        SELECT
            number,
            sum(angry_showing) AS angry,
            sum(disgust_showing) AS disgust,
            sum(fear_showing) AS fear,
            sum(happy_showing) AS happy,
            sum(sad_showing) AS sad,
            sum(surprise_showing) AS surprise
        FROM second
        GROUP BY number
    )
    ON angry, disgust, fear, happy, sad, surprise
    INTO NAME emotion VALUE seconds
),

strongest AS (
    SELECT number, emotion
    FROM shown
    WHERE seconds > 0
    QUALIFY row_number() OVER (PARTITION BY number ORDER BY seconds DESC, emotion) = 1
)

SELECT
    screening.screening,
    seen.viewers::INTEGER AS viewers,
    round(seen.coverage_median, 6) AS coverage_median,
    round(found.synchrony, 6) AS synchrony,
    round(found.synchrony_chance, 6) AS synchrony_chance,
    round(found.synchrony_p, 6) AS synchrony_p,
    found.synchrony_viewers,
    round(divided.polarisation, 6) AS polarisation,
    peak.t_ms AS peak_ms,
    round(peak.arc, 6) AS peak_valence,
    round(ending.valence, 6) AS end_valence,
    CASE WHEN screening.settled THEN round(stayed.half, 6) END AS stayed_half,
    CASE WHEN screening.settled THEN round(stayed.until_end, 6) END AS stayed_end,
    found.arc,
    round(found.arc_p, 6) AS arc_p,
    strongest.emotion AS strongest
FROM seen
JOIN catalogue_screening AS screening USING (number)
LEFT JOIN screening_found AS found USING (number)
LEFT JOIN divided USING (number)
LEFT JOIN peak USING (number)
LEFT JOIN ending USING (number)
LEFT JOIN stayed USING (number)
LEFT JOIN strongest USING (number)
WHERE seen.viewers >= screening.k;

COMMENT ON TABLE serving.screening_summary IS 'One row a screening with k usable viewers or more. synchrony, stayed and arc are empty until nine in ten of its sessions have ended or it is closed.';
COMMENT ON COLUMN serving.screening_summary.screening IS 'Id of the screening.';
COMMENT ON COLUMN serving.screening_summary.viewers IS 'Usable viewers: scored, and not in left_out.';
COMMENT ON COLUMN serving.screening_summary.coverage_median IS 'Half of them were scored in this share or more of the film seconds that k viewers were scored in, 0 to 1.';
COMMENT ON COLUMN serving.screening_summary.synchrony IS 'Mean correlation of each viewer''s valence, in windows of two seconds, with the mean of all others'', -1 to 1.';
COMMENT ON COLUMN serving.screening_summary.synchrony_chance IS 'What 95 of 100 audiences whose viewers follow nothing together stay under: the same series, each moved round in time.';
COMMENT ON COLUMN serving.screening_summary.synchrony_p IS 'Share of such audiences that reach synchrony; never 0.';
COMMENT ON COLUMN serving.screening_summary.synchrony_viewers IS 'Viewers who share a minute or more with the others, and whose face moves.';
COMMENT ON COLUMN serving.screening_summary.polarisation IS 'Mean of scene_summary.polarisation over published scenes, weighted by their length; empty without scenes.';
COMMENT ON COLUMN serving.screening_summary.peak_ms IS 'Second in which the course of valence is furthest from its mean, up or down.';
COMMENT ON COLUMN serving.screening_summary.peak_valence IS 'second_summary.arc in that second, -1 to 1.';
COMMENT ON COLUMN serving.screening_summary.end_valence IS 'Mean valence of the last minute that k viewers were scored in, or of the last tenth of a shorter film, -1 to 1.';
COMMENT ON COLUMN serving.screening_summary.stayed_half IS 'Share of viewers who were scored at the middle of the film or later, 0 to 1.';
COMMENT ON COLUMN serving.screening_summary.stayed_end IS 'Share of viewers who were scored in the last twentieth of the film, 0 to 1; it ends with the cut, or where nobody said when that is, with the last second that k viewers were scored in.';
COMMENT ON COLUMN serving.screening_summary.arc IS 'A metaphor, no measurement: which of the six story shapes of Reagan et al. (2016) the course of valence is nearest to: Rags to riches, Tragedy, Man in a hole, Icarus, Cinderella, Oedipus; or no clear arc, where chance makes as large a shape in more than one of twenty audiences.';
COMMENT ON COLUMN serving.screening_summary.arc_p IS 'Share of audiences whose viewers follow nothing together that show as large a shape; never 0.';
COMMENT ON COLUMN serving.screening_summary.strongest IS 'Emotion other than neutral that is shown in most viewer seconds; empty where none is.';
