-- Out of the cells go the seconds to withhold, before anything else is made of them; of some only attention.
CREATE TEMP TABLE IF NOT EXISTS withheld_second (number INTEGER, t_ms INTEGER, attention_only BOOLEAN);

INSERT INTO withheld_second SELECT number, t_ms, attention_only FROM to_withhold;

UPDATE second_cell
SET attention = NULL
FROM to_withhold
WHERE to_withhold.attention_only
    AND to_withhold.number = second_cell.number
    AND to_withhold.t_ms = second_cell.t_ms;

DELETE FROM second_cell
USING to_withhold
WHERE NOT to_withhold.attention_only
    AND to_withhold.number = second_cell.number
    AND to_withhold.t_ms = second_cell.t_ms;

DROP TABLE to_withhold;
