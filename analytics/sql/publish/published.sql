-- Which publish this file is; $version is drawn anew each time.
CREATE TABLE serving.published AS
SELECT $version::VARCHAR AS version, $published_at::TIMESTAMP AS published_at, $schema_version::INTEGER AS schema_version;

COMMENT ON TABLE serving.published IS 'One row: which publish this file is.';
COMMENT ON COLUMN serving.published.version IS 'Changes with each publish.';
COMMENT ON COLUMN serving.published.published_at IS 'When the file was written, UTC.';
COMMENT ON COLUMN serving.published.schema_version IS 'Changes when a column is renamed, removed or means something else.';
