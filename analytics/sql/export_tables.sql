-- The published tables and what each holds, for the README beside exported files.
SELECT table_name AS name, comment
FROM duckdb_tables()
WHERE database_name = 'serving' AND schema_name = 'main'
ORDER BY table_name
