"""The delivery: made and recorded, downloaded, reported on, asked for anew; and the customer's own key."""
