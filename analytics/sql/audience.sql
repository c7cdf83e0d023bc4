-- One screening's ($screening) audience as a whole: who was counted, how much they watched, how alike they reacted.
-- A left join: the summary is made once the screening is over, and withheld under k viewers.
SELECT
    screening.sessions,
    screening.viewers AS scored,
    screening.simulated_viewers,
    screening.running,
    screening.k,
    summary.viewers,
    summary.coverage_median,
    summary.synchrony,
    summary.synchrony_chance,
    summary.synchrony_p,
    summary.synchrony_viewers,
    summary.polarisation,
    summary.peak_ms,
    summary.peak_valence,
    summary.end_valence,
    summary.stayed_half,
    summary.stayed_end,
    summary.arc,
    summary.arc_p,
    summary.strongest
FROM screening
LEFT JOIN screening_summary AS summary USING (screening)
WHERE screening.screening = $screening
