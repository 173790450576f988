"""Benchmarks beside plain Odoo in the same run: ``./setup/bench``, docs/benchmarks.md.

* ``databases``: one database without our addons, one with them
* ``measure``: time, CPU and queries of a block; medians and tables
* ``posting``, ``portal``, ``conflicts``: what is measured
* ``command``: the command line
"""
