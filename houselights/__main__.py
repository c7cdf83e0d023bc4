"""``python -m houselights``."""

from houselights.cli import main

main()
