"""Rules from one's own articles: what repeats across a host's articles, drafted as a rule file for that host.

`run.mine` does it, `command` is the verb. Two readings: `count` counts segments out of core, `gather` collects where
the common ones stand. Then host by host: which candidates are template text (`weigh`) and which headlines
of the day (`news`), which belong together (`blocks`), what they would remove (`measure`), near misses (`keeps`), rules
(`draft`), whether they pass (`check`), the file's text (`file`).
"""
