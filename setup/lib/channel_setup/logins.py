"""The logins of the demo story: the one place that names them.

Users and passwords are made by the addons' demo data; the table shows those that
are in the database.
"""

from .console import say

PASSWORD = "partner"
# (login, password, what this person does)
LOGINS = (
    ("channel.manager", PASSWORD, "Channel manager: decides registrations"),
    ("channel.head", PASSWORD, "Head of channel: all partners, reports"),
    ("channel.accountant", PASSWORD, "Accountant: statements and vendor bills"),
    ("channel.trainer", PASSWORD, "Trainer: courses, exams, certificates"),
    ("owner@northwind.example", PASSWORD, "Partner, owner: team, deals, money"),
    ("seller@northwind.example", PASSWORD, "Partner, seller: registers deals"),
    ("owner@contoso.example", PASSWORD, "Rival partner, owner"),
    ("admin", "admin", "Administrator: everything, settings"),
)


def show_logins(postgres, database):
    """Print the logins that exist in a database.

    :param Postgres postgres: a started server
    :param str database: name of the demo database
    """
    statement = (
        "SELECT u.login, p.name, coalesce(c.name, '')"
        " FROM res_users u JOIN res_partner p ON p.id = u.partner_id"
        " LEFT JOIN res_partner c ON c.id = p.commercial_partner_id AND c.id != p.id"
        " WHERE u.active AND u.login = ANY(%s)"
    )
    wanted = [login for login, _password, _role in LOGINS]
    rows = postgres.query(database, (statement, [wanted]))
    people = {
        login: f"{name}, {company}" if company else name
        for login, name, company in rows
    }
    table = [("Login", "Password", "Who", "Does what")]
    table += [
        (login, password, people[login], role)
        for login, password, role in LOGINS
        if login in people
    ]
    widths = [max(len(row[i]) for row in table) for i in range(3)]
    for row in table:
        cells = [row[i].ljust(widths[i]) for i in range(3)]
        say(f"  {'  '.join(cells)}  {row[3]}")
