-- The columns of the published tables and what each means, for the README beside exported files.
SELECT table_name, column_name AS name, data_type, comment
FROM duckdb_columns()
WHERE database_name = 'serving' AND schema_name = 'main'
ORDER BY table_name, column_index
