"""One module a group of commands. Parts are imported inside the commands, so that help answers at once."""
