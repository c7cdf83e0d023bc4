"""One module a page, and one question a page. ``dashboard.site`` lists them."""
