"""Where the film is, by whoever plays it. ``docs/clocks.md`` says which clock to take."""
