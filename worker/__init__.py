"""The system's own code below the tasks; ``celery -A worker`` finds the app in `worker.celery`.

cli → morning → wiring → celery → genesys | channels | state → settings | logs → domain → errors; imports point one
way only, which ``make check`` holds.
"""
