"""The pipeline's larger steps, each a worker's job: match, doubtful rows, completed rows, delivery anew."""
