"""Records in, records out: JSON lines, Parquet, WARC and WET, folders; by many processes, resumed where one stopped."""
