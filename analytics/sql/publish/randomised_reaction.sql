-- Of screenings whose devices randomise what they answer: one row a block of the film and answer, put right.
-- A device gives the true answer with the chance `truth`, and each of the seven others with the chance `lie`; so of all
-- answers `lie + share * (truth - lie)` name one that is true of `share` of the audience (contract/randomised.py).
CREATE OR REPLACE TEMP VIEW computed AS
WITH possible AS (
    SELECT *, unnest(['angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise', 'not_read']) AS answer
    FROM randomised_block
),

counted AS (
    SELECT possible.*, count(given.answer)::INTEGER AS named
    FROM possible
    LEFT JOIN randomised_answer AS given USING (number, t_ms, answer)
    GROUP BY ALL
)

SELECT
    screening.screening,
    counted.t_ms,
    screening.block_ms AS d_ms,
    counted.answer,
    counted.viewers,
    counted.named,
    round((named / viewers - lie) / (truth - lie), 6) AS share,
    round((wilson_low(named, viewers) - lie) / (truth - lie), 6) AS share_low,
    round((wilson_high(named, viewers) - lie) / (truth - lie), 6) AS share_high,
    screening.epsilon
FROM counted
JOIN catalogue_screening AS screening USING (number)
WHERE counted.viewers >= screening.k;

COMMENT ON TABLE serving.randomised_reaction IS 'Of screenings whose devices randomise their answers (docs/privacy.md): one row a block of the film and answer, for blocks that k devices or more answered for; left_out counts the others. Such screenings have rows in no other table of figures.';
COMMENT ON COLUMN serving.randomised_reaction.screening IS 'Id of the screening.';
COMMENT ON COLUMN serving.randomised_reaction.t_ms IS 'Start of the block, milliseconds from the first frame of the cut.';
COMMENT ON COLUMN serving.randomised_reaction.d_ms IS 'Length of the block, milliseconds.';
COMMENT ON COLUMN serving.randomised_reaction.answer IS 'The feeling that led in the block: angry, disgust, fear, happy, sad or surprise; neutral, where none led in a tenth of it; not_read, where the face was not.';
COMMENT ON COLUMN serving.randomised_reaction.viewers IS 'Devices that answered for this block: k or more. Each answers for a few blocks, drawn at random, as one, whoever sits there.';
COMMENT ON COLUMN serving.randomised_reaction.named IS 'How many answers named this one, by chance or in truth.';
COMMENT ON COLUMN serving.randomised_reaction.share IS 'Share of the audience of whom it is true, put right for what was named by chance: without bias, so it can lie under 0 or over 1.';
COMMENT ON COLUMN serving.randomised_reaction.share_low IS 'Lower end of the 95% interval of share: Wilson''s of the answers, put right alike.';
COMMENT ON COLUMN serving.randomised_reaction.share_high IS 'Upper end of it.';
COMMENT ON COLUMN serving.randomised_reaction.epsilon IS 'Local differential privacy of a device''s whole session, whoever sat there: what it sent is at most e^epsilon times likelier of them than of any others.';
