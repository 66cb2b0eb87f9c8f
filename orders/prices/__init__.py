"""What an order costs: price lists, prices, and invoicing."""
