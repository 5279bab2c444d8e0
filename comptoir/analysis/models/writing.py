"""How often the model that drafts and rewrites was asked."""

from __future__ import annotations

from datetime import date

from django.db import connection, models

#: One statement: of two who ask at once for the last call of the day, one gets it.
_CLAIM = """
INSERT INTO analysis_writerday (day, calls) VALUES (%(day)s, 1)
ON CONFLICT (day) DO UPDATE SET calls = analysis_writerday.calls + 1 WHERE analysis_writerday.calls < %(most)s
RETURNING calls
"""


class WriterDay(models.Model):
    """The calls of one day, UTC, of the whole installation."""

    day = models.DateField(primary_key=True)
    calls = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.day}: {self.calls}"

    @classmethod
    def claim(cls, day: date, most: int) -> bool:
        """Take one call of a day that has ``most``; whether there was one."""
        if most < 1:
            return False
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, {"day": day, "most": most})
            return cursor.fetchone() is not None
