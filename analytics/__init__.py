"""Scenes, statistics and SQL over reactions; publishes what people may look at."""
