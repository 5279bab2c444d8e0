"""The parts of `intake.actions.receive`; `batch` puts them together."""
