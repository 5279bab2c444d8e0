import pytest


@pytest.mark.django_db
def test_the_test_database_is_the_embedded_one():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        assert cursor.fetchone() == ("off",)
