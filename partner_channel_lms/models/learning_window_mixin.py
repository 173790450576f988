import logging
from contextlib import contextmanager
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
#: days the nightly check reads again
SCAN_DAYS = 35
#: how far behind the present a peer is that does not say how far it is
LAG = timedelta(seconds=60)
#: first half of the advisory locks: what they are of
_LOCK = 0x6C6D73


class LmsProviderWindowMixin(models.AbstractModel):
    """Which stretch of time a run reads, how far it has come, and what that means.

    A system that was never asked is read a month after the other, the oldest first:
    whatever stops it costs a month at most. Where a run is, its place, is kept with
    each page; a place is a dict of ``since`` and ``until`` (texts, UTC, or ``None``),
    ``started``, ``more`` and ``step`` (see ``LmsApi.completions``), ``pages`` so far,
    ``newest`` and ``through`` (texts that sort), ``heard`` (see :meth:`_compare`).
    """

    _name = "lms.provider.window.mixin"
    _description = "Learning System: Stretches of Time"

    overlap_minutes = fields.Integer(
        "Overlap (minutes)",
        default=15,
        help="How far back each run reads again. 2880 (two days) for record stores "
        "that filter by the time something happened instead of when it was stored.",
    )
    date_cursor = fields.Datetime("Read Until", readonly=True, copy=False)
    resume = fields.Json(readonly=True, copy=False, groups="base.group_system")

    _overlap_positive = models.Constraint(
        "CHECK (overlap_minutes BETWEEN 0 AND 525600)",
        "The overlap is between 0 minutes and a year.",
    )

    def action_read_again(self):
        """Read everything from the beginning once more; what is here stays once."""
        self.check_access("write")
        self._set_protected({"date_cursor": False, "resume": False})
        self.action_pull()

    @contextmanager
    def _reserved(self):
        """Keep others from asking the same system; provide whether it is ours.

        A lock of the database session, in SQL: a row's lock would end with each page's
        transaction, and one who is killed has to let go of it.
        """
        self.ensure_one()
        key = (_LOCK, self.id)
        query = SQL("SELECT pg_try_advisory_lock(%s, %s)", *key)
        [[is_ours]] = self.env.execute_query(query)
        try:
            yield is_ours
        except Exception:
            # else the lock could not be let go of
            self.env.cr.rollback()
            raise
        finally:
            if is_ours:
                self.env.execute_query(SQL("SELECT pg_advisory_unlock(%s, %s)", *key))

    # === PLACES === #

    def _find_place(self, kind, api_):
        """Return where a run goes on, or where it begins.

        :param str kind: ``pull`` or ``scan``
        :raise LmsError: when the system cannot tell how old its history is
        """
        place = (self.resume or {}).get(kind)
        if place:
            return place
        now = fields.Datetime.now()
        since = until = None
        if kind == "scan":
            since = now - timedelta(days=SCAN_DAYS)
        elif self.date_cursor:
            since = self.date_cursor - timedelta(minutes=self.overlap_minutes)
        else:
            until = _get_end_of_month(api_.get_oldest(), now)
        return {
            "since": _as_text(since),
            "until": _as_text(until),
            "started": str(now),
            "more": "",
            "step": 0,
            "pages": 0,
            "newest": None,
            "through": None,
            "heard": 0,
        }

    def _keep_place(self, kind, place):
        """Remember where a run is; a false one is forgotten."""
        places = {**(self.resume or {}), kind: place}
        self.resume = {name: one for name, one in places.items() if one} or False

    def _lose_page(self, kind):
        """Begin the stretch again: its page would be asked for again for ever."""
        place = (self.resume or {}).get(kind) or {}
        kept = {**place, "more": "", "step": 0, "pages": 0}
        self._keep_place(kind, kept if place.get("until") else None)

    def _end_stretch(self, kind, place, log):
        """Go on with the next month, or draw the conclusions.

        :return: whether there is another month
        """
        if place["until"]:
            until = fields.Datetime.to_datetime(place["until"])
            following = _get_end_of_month(until, fields.Datetime.now())
            overlap = timedelta(minutes=self.overlap_minutes)
            begun = {"since": str(until - overlap), "until": _as_text(following)}
            self._keep_place(kind, {**place, **begun, "more": "", "step": 0})
            return True
        self._keep_place(kind, None)
        if kind == "scan":
            self._compare(place, log)
        else:
            started = fields.Datetime.to_datetime(place["started"])
            self._advance(place["newest"], place["through"] or str(started - LAG))
        return False

    def _advance(self, newest, through):
        """Move the cursor to what is complete and stored; it never goes back."""
        if not newest:
            return
        until = fields.Datetime.to_datetime(min(newest, through)[:19])
        if not self.date_cursor or until > self.date_cursor:
            self._set_protected({"date_cursor": until})

    # === COUNTS === #

    def _get_scan_domain(self, place):
        """Return the domain of statements here that a full check has to hear again."""
        started = fields.Datetime.to_datetime(place["started"])
        return (
            Domain("provider_id", "=", self.id)
            & Domain("stored", ">", fields.Datetime.to_datetime(place["since"]))
            & Domain("stored", "<=", started - LAG)
            # some do not repeat what is voided
            & Domain("state", "!=", "voided")
            & Domain("reason", "not in", ("verb", "invalid"))
        )

    def _count_heard(self, place, ids):
        """Return how many of the statements told are among those to be heard."""
        domain = self._get_scan_domain(place) & Domain("statement_id", "in", list(ids))
        return self.env["lms.statement"].search_count(domain)

    def _compare(self, place, log):
        """Write down whether the learning system and we know the same.

        Afterwards all it has told is here. What is here and was not told again may
        have been pushed, or is lost there; what is new was missed by earlier runs.
        """
        held = self.env["lms.statement"].search_count(self._get_scan_domain(place))
        silent = max(0, held - place["heard"])
        lines = []
        if log.stored and self.date_cursor:
            lines.append(
                self.env._(
                    "%(count)s statements had been missed: a longer overlap may help.",
                    count=log.stored,
                )
            )
        if silent:
            lines.append(
                self.env._(
                    "%(count)s statements of these days are here and were not told "
                    "again.",
                    count=silent,
                )
            )
        log.write(
            {"held": held, "silent": silent, "message": "\n".join(lines) or False}
        )
        if silent:
            _logger.info("%s: %s statements were not told again", self.id, silent)


def _as_text(moment):
    return str(moment) if moment else None


def _get_end_of_month(moment, now):
    """Return when the month of a moment ends, ``None`` if that is not long ago."""
    if not moment:
        return None
    end = (moment + relativedelta(months=1)).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    return end if end < now - timedelta(days=SCAN_DAYS) else None
