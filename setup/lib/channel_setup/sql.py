"""Runs SQL statements; started with the prepared environment's Python.

Usage: ``python sql.py DATABASE``, a JSON list of ``[statement, parameters]`` on
standard input. Prints a JSON list with the rows of each. A script of its own since
the set-up itself has no database driver.
"""

import json
import sys

import psycopg2


def run(database, statements):
    """Run statements outside of a transaction, as CREATE DATABASE demands.

    :param str database: name of the database to connect to
    :param list statements: pairs of statement and parameters
    :return: list of row lists
    """
    connection = psycopg2.connect(dbname=database, connect_timeout=10)
    connection.autocommit = True
    results = []
    with connection.cursor() as cursor:
        for statement, parameters in statements:
            cursor.execute(statement, parameters or None)
            results.append(cursor.fetchall() if cursor.description else [])
    connection.close()
    return results


if __name__ == "__main__":
    try:
        json.dump(run(sys.argv[1], json.load(sys.stdin)), sys.stdout, default=str)
    except psycopg2.Error as error:
        sys.exit(" ".join(str(error).split()))
