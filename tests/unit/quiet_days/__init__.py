"""Tests of tests/quiet_days: what briefings say on simulated days."""
