"""What the project promises, measured in one run on this machine: ``make bench``.

Each promise is a row with its target and whether it was met. CPU time, of one thread, is what is measured: unlike
elapsed time it hardly depends on what else the machine does. Seconds differ between machines; ratios travel.
"""
