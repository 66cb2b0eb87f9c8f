"""The stages of matching.linking.searching on a Spark cluster, with the results of DuckDB, row by row.

What needs the register alone stays with DuckDB, which reads it: its forms and keys are one pass over the
rows, and the keys are DuckDB's hashes, as the store's are. So do the codes: one join on one column. Every
stage that joins rows with persons, or ranks and decides over such pairs, is Spark's (`search.ON_SPARK`).

dialect    the stages' SQL as Spark's
distances  string distances that Spark lacks
session    the cluster
search     the stages, and the tables that go from one engine to the other
"""
