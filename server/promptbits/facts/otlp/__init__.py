"""OpenTelemetry in: spans and log records of GenAI applications become facts. Reads OTLP as JSON and as Protobuf."""
