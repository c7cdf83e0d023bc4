-- The moments that analytics.screening_figures found, with the scene that holds the peak and the subtitle under them: the
-- first line that begins while the audience reacts, for that one is drowned; else the one that is on as it starts.
CREATE OR REPLACE TEMP VIEW computed AS
WITH found AS (
    SELECT
        screening.screening,
        screening.film,
        screening.cut,
        row_number() OVER (PARTITION BY moment_found.number ORDER BY start_ms, kind, end_ms) AS moment,
        moment_found.*
    FROM moment_found
    JOIN catalogue_screening AS screening USING (number)
    -- Counts of the peak second are published only with that second: it may be withheld (analytics.differencing), or its
    -- attention, which a dip is made of.
    JOIN second_cell AS peak
        ON peak.number = moment_found.number
        AND peak.t_ms = moment_found.peak_ms
        AND peak.viewers >= screening.k
        AND (moment_found.kind <> 'dip' OR peak.attention IS NOT NULL)
    WHERE moment_found.viewers >= screening.k AND moment_found.audience >= screening.k
),

spoken AS (
    SELECT found.screening, found.moment, subtitle.text AS line, subtitle.start_ms AS line_ms
    FROM found
    JOIN catalogue_subtitle AS subtitle
        ON subtitle.film = found.film
        AND subtitle.cut = found.cut
        AND subtitle.start_ms < found.end_ms
        AND subtitle.end_ms > found.start_ms
    QUALIFY row_number() OVER (
        PARTITION BY found.screening, found.moment
        ORDER BY subtitle.start_ms < found.start_ms, subtitle.start_ms, subtitle.text
    ) = 1
)

SELECT
    found.screening,
    found.moment::INTEGER AS moment,
    found.kind,
    found.start_ms,
    found.end_ms,
    found.peak_ms,
    scene.scene,
    found.showing,
    found.viewers,
    found.joined,
    found.audience,
    round(found.showing / found.viewers, 6) AS share,
    round(wilson_low(found.showing, found.viewers), 6) AS share_low,
    round(wilson_high(found.showing, found.viewers), 6) AS share_high,
    found.displeased,
    round(found.strength, 6) AS strength,
    spoken.line,
    spoken.line_ms
FROM found
LEFT JOIN spoken USING (screening, moment)
LEFT JOIN catalogue_scene AS scene
    ON scene.film = found.film
    AND scene.cut = found.cut
    AND found.peak_ms + 500 >= scene.start_ms
    AND found.peak_ms + 500 < scene.end_ms;

COMMENT ON TABLE serving.moment IS 'Stretches in which more viewers react at once than chance explains; one row a screening and moment, once nine in ten of its sessions have ended or it is closed. Of films without any shared reaction one in twenty shows one.';
COMMENT ON COLUMN serving.moment.screening IS 'Id of the screening.';
COMMENT ON COLUMN serving.moment.moment IS 'Number of the moment in film order, from 1.';
COMMENT ON COLUMN serving.moment.kind IS 'laugh (happy 20 points above own median), jump (fear or surprise up by 20 within two seconds), tears (sad 20 above own median), dip (attention over five seconds 25 under own median) or split (valence 0.2 above own median in some, 0.2 below in others).';
COMMENT ON COLUMN serving.moment.start_ms IS 'Onset: first second of it, milliseconds from the first frame of the cut.';
COMMENT ON COLUMN serving.moment.end_ms IS 'First moment after it, milliseconds from the first frame of the cut.';
COMMENT ON COLUMN serving.moment.peak_ms IS 'Start of the second that stands out most.';
COMMENT ON COLUMN serving.moment.scene IS 'Number of the scene that holds the peak; empty where none does.';
COMMENT ON COLUMN serving.moment.showing IS 'Viewers who react in the peak second; of a split, both sides.';
COMMENT ON COLUMN serving.moment.viewers IS 'Viewers scored in the peak second; of a dip, sampled in it, for who turns away has no score.';
COMMENT ON COLUMN serving.moment.joined IS 'Viewers who react in at least one second of the moment.';
COMMENT ON COLUMN serving.moment.audience IS 'Viewers scored (of a dip: sampled) in at least one second of the moment.';
COMMENT ON COLUMN serving.moment.share IS 'showing / viewers, 0 to 1.';
COMMENT ON COLUMN serving.moment.share_low IS 'Lower end of the 95% Wilson interval of share.';
COMMENT ON COLUMN serving.moment.share_high IS 'Upper end of the 95% Wilson interval of share.';
COMMENT ON COLUMN serving.moment.displeased IS 'Of showing, those displeased; only of a split.';
COMMENT ON COLUMN serving.moment.strength IS 'Standard deviations of a binomial by which showing exceeds the ordinary of this film; of a split, on its weaker side.';
COMMENT ON COLUMN serving.moment.line IS 'Subtitle that begins during the moment, or else is on as it starts; empty without subtitles.';
COMMENT ON COLUMN serving.moment.line_ms IS 'Start of that subtitle, milliseconds from the first frame of the cut.';
