"""The parts of `intake.actions.receive`, in the order in which they are used: known, early, people, exchanges, messages, changes, totals."""
