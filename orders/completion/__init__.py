"""The customer completes its own doubtful rows (asiakkaan täydennys), where its permit says so."""
