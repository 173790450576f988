from odoo import api, models
from odoo.exceptions import AccessError, UserError

# JSON cannot carry an object's identity: a context with this object was made
# by our code, never by a remote call.
_STATE_MOVE = object()


class ChannelStateMixin(models.AbstractModel):
    """Records whose states change by named moves only.

    A model lists the fields it protects in ``_state_fields``; they cannot be
    set by ``create`` or ``write`` from outside, only by :meth:`_move_to` and
    :meth:`_set_protected`.
    """

    _name = "channel.state.mixin"
    _description = "State Changed by Named Moves"

    _state_fields = ()

    @api.model_create_multi
    def create(self, vals_list):
        records = self
        if self._state_fields and not self._is_state_move():
            # the caller's context sets no protected field either
            forged = {f"default_{name}" for name in self._state_fields}
            if forged & self.env.context.keys():
                context = {
                    key: value
                    for key, value in self.env.context.items()
                    if key not in forged
                }
                records = self.with_env(self.env(context=context))
            for vals in vals_list:
                records._check_protected_values(vals, creating=True)
        return super(ChannelStateMixin, records).create(vals_list)

    def write(self, vals):
        if self._state_fields and not self._is_state_move():
            self._check_protected_values(vals)
        return super().write(vals)

    @api.model
    def _is_state_move(self):
        return self.env.context.get("channel_state_move") is _STATE_MOVE

    @api.model
    def _check_protected_values(self, vals, creating=False):
        """Refuse values only a named move may set.

        :param dict vals: values of a ``create`` or ``write``
        :param bool creating: a new record may carry the default or nothing
        :raise AccessError: naming the field
        """
        wrong = [name for name in self._state_fields if name in vals]
        if creating:
            defaults = self.default_get(wrong) if wrong else {}
            wrong = [
                name
                for name in wrong
                if vals[name] and vals[name] != defaults.get(name)
            ]
        if wrong:
            raise AccessError(
                self.env._(
                    "%(model)s: %(fields)s cannot be set by hand; use the actions.",
                    model=self.env["ir.model"]._get(self._name).sudo().name,
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in wrong
                    ),
                )
            )

    def _with_state_move(self):
        """Return the records allowed to set protected fields."""
        return self.with_context(channel_state_move=_STATE_MOVE)

    def _set_protected(self, vals):
        """Write values that include protected fields, as part of a move."""
        self._with_state_move().write(vals)

    def _move_to(self, field, target, transitions, **values):
        """Move the records to a state; those already there are left alone.

        :param str field: name of the selection field
        :param str target: state to reach
        :param dict transitions: ``{target: {allowed sources}}``
        :param values: further values written with the move
        :return: the records that moved
        :raise UserError: naming record, state and what is possible
        """
        moving = self.filtered(lambda record: record[field] != target)
        allowed = transitions.get(target, set())
        for record in moving:
            if record[field] not in allowed:
                raise UserError(record._get_move_error(field, target, transitions))
        if moving:
            moving._set_protected({field: target, **values})
        return moving

    def _get_move_error(self, field, target, transitions):
        """Return why this record cannot move, and where it could."""
        self.ensure_one()
        labels = dict(self._fields[field]._description_selection(self.env))
        possible = [
            labels[state]
            for state, sources in transitions.items()
            if self[field] in sources
        ]
        return self.env._(
            "“%(record)s” is “%(state)s” and cannot become “%(target)s”. "
            "Possible from here: %(possible)s.",
            record=self.display_name,
            state=labels.get(self[field]) or self.env._("Not registered"),
            target=labels[target],
            possible=", ".join(possible) or self.env._("nothing, it is final"),
        )
