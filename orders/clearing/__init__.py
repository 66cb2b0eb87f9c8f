"""Clearing (selvitys) of doubtful rows by officials: the queue, the rows, their candidates, the decisions."""
