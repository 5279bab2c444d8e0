"""Tests against real servers, which they install and start themselves."""
