"""Pages written from declarations alone, in seconds: a module a page, with its `FILE` and its `text()`."""
