"""One writer a marker format, each a function from a MarkerList to the file's bytes."""
