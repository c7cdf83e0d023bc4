"""One module a section of the page. They draw; the numbers, words and charts come from pure modules."""
