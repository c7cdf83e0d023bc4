"""What leaves Houselights as a file: markers for an edit, reactions as subtitles, the tables, a report."""
