"""Tests of single parts, and the servers on loopback that they use."""
