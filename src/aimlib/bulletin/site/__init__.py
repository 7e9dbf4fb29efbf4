"""The folder to publish: its pages, feed, catalog and workbooks, made from records of the editions in it."""
