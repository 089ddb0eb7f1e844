"""Programmes, challenges with their briefs, schedules and audiences, and the terms ideas are given under."""
