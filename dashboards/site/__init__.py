"""The published site: pages as data, one template, and the writing of it all."""
