"""From Kafka, or straight from an outbox, into the store: each reaction exactly once."""
