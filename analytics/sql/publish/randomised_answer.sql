-- Of screenings whose devices randomise what they answer: each session's answers, numbered by screening. Those that count
-- are the first of a session for a block, and no more of them than it was asked for: a session is one voice.
CREATE OR REPLACE TEMP TABLE randomised_answer AS
WITH given AS (
    SELECT
        screening.number,
        screening.answers,
        reaction.session,
        reaction.t_ms,
        min(reaction.rowid) AS place,
        arg_min(
            CASE
                WHEN reaction.n = 0 THEN 'not_read'
                WHEN reaction.angry = 100 THEN 'angry'
                WHEN reaction.disgust = 100 THEN 'disgust'
                WHEN reaction.fear = 100 THEN 'fear'
                WHEN reaction.happy = 100 THEN 'happy'
                WHEN reaction.neutral = 100 THEN 'neutral'
                WHEN reaction.sad = 100 THEN 'sad'
                WHEN reaction.surprise = 100 THEN 'surprise'
            END,
            reaction.rowid
        ) AS answer
    FROM reaction
    JOIN session USING (session)
    JOIN catalogue_screening AS screening
        ON screening.screening = session.screening
        AND screening.film = session.film
        AND screening.cut = session.cut
    WHERE screening.epsilon IS NOT NULL
        AND NOT screening.taken_over
        AND reaction.d_ms = screening.block_ms
    GROUP BY screening.number, screening.answers, reaction.session, reaction.t_ms
)

SELECT number, t_ms, answer
FROM given
QUALIFY row_number() OVER (PARTITION BY session ORDER BY place) <= answers;

CREATE OR REPLACE TEMP TABLE randomised_block AS
SELECT number, t_ms, count(*)::INTEGER AS viewers FROM randomised_answer GROUP BY number, t_ms;
