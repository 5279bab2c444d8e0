"""Replies labelled by hand (see GUIDE.md), and what is fitted on train.jsonl."""
