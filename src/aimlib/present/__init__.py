"""What a reader sees: charts, tables, maps, sentences, number formats, and their alternative texts."""
