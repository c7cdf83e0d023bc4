"""``houselights model build-dataset``: from raw footage to faces that wait for their labels.

In the order of the work: ``footage`` reads a film (with ``shots``, ``upright``, ``picture``), ``faces`` says which
finds can be used, ``decide`` what becomes of each (``duplicates``, ``split``), ``files`` writes them (``manifest``,
``sheet``) into a ``folder``; ``build`` puts it together. Pure: ``decide``, ``duplicates``, ``faces``, ``settings``,
``split``.
"""
