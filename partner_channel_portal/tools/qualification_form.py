"""The form of a qualification: what a partner types, made into answers.

A field of the form is called ``answer_<id of the criterion>``, the comment to it
``comment_<id>``.
"""

from odoo.addons.partner_channel.tools.qualification import TEXT_LIMIT

from .amount import parse_amount, write_number
from .form_values import FieldProblem, clean_text, get_text, parse_day, read_id

#: most characters of a comment; of an answer see TEXT_LIMIT
_COMMENT_LIMIT = 1000


def parse_number(text, thousands_sep):
    """Return a number of zero or more, written the way of any language.

    >>> parse_number("0", ","), parse_number("1,500.5", ","), parse_number("", ",")
    (0.0, 1500.5, None)
    >>> parse_number("0,00", "."), parse_number("00", ".")
    (0.0, 0.0)
    >>> parse_number("-1", ",")
    Traceback (most recent call last):
        ...
    partner_channel_portal...FieldProblem: amount_positive
    """
    amount = parse_amount(text, thousands_sep, allow_zero=True)
    return None if amount is None else float(amount)


def _read_yesno(_criterion, text, _about):
    if text not in ("", "yes", "no"):
        raise FieldProblem("choice")
    return text or None


def _read_choice(criterion, text, _about):
    if not text:
        return None
    chosen = read_id(text)
    if chosen not in [option["id"] for option in criterion["options"]]:
        raise FieldProblem("choice")
    return chosen


_READERS = {
    "yesno": _read_yesno,
    "choice": _read_choice,
    "number": lambda c, text, about: parse_number(text, about.thousands_sep),
    "money": lambda c, text, about: parse_number(text, about.thousands_sep),
    "date": lambda c, text, about: parse_day(text, about.today),
    "text": lambda c, text, about: clean_text(text, TEXT_LIMIT) or None,
}


def read_answers(texts, criteria, about):
    """Read what was typed; what was not sent is left alone.

    :param dict texts: field → text
    :param criteria: dicts of ``tools.qualification``, those the partner answers
    :param About about: what reading depends on, see ``tools.deal_form``
    :return: ``(values, comments, problems)``: ``{criterion id: answer}``,
        ``{criterion id: text}``, ``{field: FieldProblem}``

    >>> from datetime import date
    >>> from .deal_form import About
    >>> from datetime import date
    >>> about = About(date(2030, 1, 1), ".", ",", None)
    >>> asked = [{"id": 7, "kind": "money"}, {"id": 8, "kind": "yesno"}]
    >>> sent = {"answer_7": "1,500", "answer_8": "maybe", "comment_7": "a year"}
    >>> values, comments, problems = read_answers(sent, asked, about)
    >>> values, comments, problems["answer_8"].code
    ({7: 1500.0}, {7: 'a year'}, 'choice')
    """
    values, comments, problems = {}, {}, {}
    for criterion in criteria:
        name = f"answer_{criterion['id']}"
        if name in texts:
            try:
                read = _READERS[criterion["kind"]]
                values[criterion["id"]] = read(criterion, get_text(texts, name), about)
            except FieldProblem as problem:
                problems[name] = problem
        name = f"comment_{criterion['id']}"
        if name in texts:
            try:
                comment = clean_text(get_text(texts, name), _COMMENT_LIMIT)
                comments[criterion["id"]] = comment
            except FieldProblem as problem:
                problems[name] = problem
    return values, comments, problems


def write_answer(criterion, value, decimal_point):
    """Return an answer as the form's input holds it.

    >>> write_answer({"kind": "money"}, 1500.5, ",")
    '1500,5'
    >>> write_answer({"kind": "money"}, None, ",")
    ''
    >>> from datetime import date
    >>> write_answer({"kind": "date"}, date(2030, 1, 31), ".")
    '2030-01-31'
    >>> write_answer({"kind": "number"}, 12000000.0, ".")
    '12000000'
    >>> parse_number(write_answer({"kind": "number"}, 0.125, ","), ".")
    0.125
    """
    if value is None:
        return ""
    if criterion["kind"] in ("number", "money"):
        return write_number(value, decimal_point, places=6)
    return value.isoformat() if criterion["kind"] == "date" else str(value)
