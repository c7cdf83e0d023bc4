-- Which publish this file is.
SELECT version, published_at, schema_version
FROM published
