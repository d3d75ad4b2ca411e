"""The explorer: a store in the browser, read from this machine only; what is chosen stands in the page's address."""
