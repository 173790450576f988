from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class QualificationGateMixin(models.AbstractModel):
    """Lets no lead through that was not qualified well enough.

    Where a program demands it, a lead becomes an opportunity, and a registration is
    approved, once the vendor has verified it, its score reaches the threshold and no
    answer rules it out.
    """

    _name = "qualification.gate.mixin"
    _description = "Gate of the Joint Qualification"

    # === GATE === #

    def _check_qualification_gate(self):
        """Refuse leads that were not qualified well enough.

        :raise UserError: naming the first one, and what is missing
        """
        problems = self._find_qualification_problems()
        for lead in self.filtered(lambda lead: lead.id in problems)[:1]:
            raise UserError(
                self.env._(
                    "“%(deal)s” is not qualified: %(problem)s The head of channel can "
                    "let it through with a reason.",
                    deal=lead.display_name,
                    problem=problems[lead.id],
                )
            )

    def _find_qualification_problems(self):
        """Return what keeps leads from going on.

        :return: ``{lead_id: text}``; leads that may go on are not in it
        """
        # sudo: the gate is the program's, whoever wants through
        leads = self.sudo().filtered(lambda lead: not lead.qualification_waived_by_id)
        memberships = leads._get_qualification_memberships() if leads else {}
        problems = {}
        for lead in leads:
            program = memberships[lead.id].program_id
            if program.qualification_required:
                problem = lead._find_qualification_problem(program)
                if problem:
                    problems[lead.id] = problem
        return problems

    def _find_qualification_problem(self, program):
        """Return what keeps one lead from going on, empty when nothing does.

        :param program: ``partner.program`` that demands a qualification
        """
        self.ensure_one()
        sheet = self.qualification_id
        states = dict(sheet._fields["state"]._description_selection(self.env))
        needed = "vendor_qualified"
        if sheet and sheet._has_own_step():
            needed = "confirmed"
        if sheet.state not in (needed, "confirmed"):
            return self.env._(
                "“%(program)s” asks for “%(needed)s”, it is “%(state)s”.",
                program=program.name,
                needed=states[needed],
                state=states.get(sheet.state) or self.env._("Not begun"),
            )
        if sheet.has_knockout:
            rows = sheet.answer_ids.filtered("is_knockout")
            return self.env._(
                "the answer to %(questions)s rules it out.",
                questions=", ".join(dict.fromkeys(f"“{row.question}”" for row in rows)),
            )
        if sheet.vendor_score < program.qualification_threshold:
            return self.env._(
                "it scores %(score).0f of 100, “%(program)s” asks for %(least).0f.",
                score=sheet.vendor_score,
                program=program.name,
                least=program.qualification_threshold,
            )
        return ""

    def _waive_qualification(self, reason):
        """Let leads through without it, with a reason.

        :param str reason: for the vendor; goes to the chatter and the log
        :raise AccessError: to anybody but the head of channel
        """
        if not self.env.user.has_group("partner_channel.group_channel_head"):
            raise AccessError(
                self.env._("Only the head of channel lets a deal through.")
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the deal is let through."))
        self._check_may_decide()
        waiving = self.filtered(lambda lead: not lead.qualification_waived_by_id)
        waiving._set_protected(
            {
                "qualification_waiver": reason.strip(),
                "qualification_waived_by_id": self.env.uid,
                "date_qualification_waived": fields.Datetime.now(),
            }
        )
        # sudo: sheets of other channel managers; nobody waits for them any more
        waiving.sudo().qualification_id._rest()
        for lead in waiving:
            lead._message_log(
                body=self.env._(
                    "Let through without qualification: %(reason)s",
                    reason=reason.strip(),
                )
            )
        self.env["partner.registration.log"]._append(
            waiving.filtered("registration_state"),
            "qualification_waived",
            note=reason.strip(),
        )

    # === WHERE IT STANDS === #

    def write(self, vals):
        """Stand before every way to an opportunity; see who the lead goes to."""
        if vals.get("type") == "opportunity":
            # what is missing is told to those only who may change the lead
            self.check_access("write")
            self.filtered(lambda x: x.type == "lead")._check_qualification_gate()
        if "partner_assigned_id" not in vals:
            return super().write(vals)
        before = {lead: lead.partner_assigned_id for lead in self}
        result = super().write(vals)
        self.filtered(
            lambda lead: (
                lead.partner_assigned_id != before[lead]
                # after a merge it came before its partner did
                and (before[lead] or not lead._is_qualified_by_holder())
            )
        )._end_qualifications()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_qualified(self):
        # sudo: sheets of other channel managers; the database would take them along
        self.sudo().qualification_ids._unlink_never()

    def _approve_registration(self, date=None):
        self.filtered(
            lambda lead: lead.registration_state == "submitted"
        )._check_qualification_gate()
        return super()._approve_registration(date)

    def _get_automatic_evidence(self, history):
        """Leave to people what the gate would not let through."""
        if self._find_qualification_problems():
            return ""
        return super()._get_automatic_evidence(history)

    def _submit_registration(self, date=None):
        moved = super()._submit_registration(date)
        # sudo: rules of the program hold for whoever submits
        asked = moved.sudo().filtered("program_id.qualification_required")
        asked._open_qualifications()
        return moved

    def partner_interested(self, comment=False):
        """Let a partner take a lead that is qualified before it is an opportunity."""
        leads = self.with_context(channel_qualify_first=True)
        return super(QualificationGateMixin, leads).partner_interested(comment=comment)

    def convert_opportunity(self, partner, user_ids=False, team_id=False):
        leads = self
        if self.env.context.get("channel_qualify_first"):
            # left as they are, not let through: anybody may set this
            problems = self._find_qualification_problems()
            leads = self.filtered(lambda lead: lead.id not in problems)
        return super(QualificationGateMixin, leads).convert_opportunity(
            partner, user_ids, team_id
        )

    def _note_partner_answer(self, state):
        """Begin the qualification of a lead that was given to a partner and taken."""
        result = super()._note_partner_answer(state)
        if state == "accepted":
            self._begin_taken_qualifications()
        return result

    def _take_lead(self, offer):
        """Begin the qualification of a lead that a rule offered and a partner took."""
        result = super()._take_lead(offer)
        self._begin_taken_qualifications()
        return result

    def _begin_taken_qualifications(self):
        # sudo: rules of programs hold for whoever takes the lead
        given = self.sudo().filtered(lambda lead: not lead.registration_state)
        memberships = given._get_qualification_memberships() if given else {}
        given.filtered(
            lambda x: memberships[x.id].program_id.qualification_required
        )._open_qualifications()

    def _transfer_one(self, membership, reason, registrant, roles):
        result = super()._transfer_one(membership, reason, registrant, roles)
        # also between two programs of one partner
        self._end_qualifications()
        # sudo: rules of the program hold for whoever hands it on
        if self.sudo().program_id.qualification_required:
            self._open_qualifications()._ask_partner()
        return result

    def _move_registration(self, target, date=None, **values):
        moved = super()._move_registration(target, date, **values)
        moved._follow_end()
        return moved

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        self.filtered(
            lambda x: old_status_by_lead.get(x.id) != new_status_by_lead.get(x.id)
        )._follow_end()
        return result

    def _follow_end(self):
        """Let the clock rest once a deal has ended, and go on when it is opened."""
        # sudo: sheets of other channel managers, whoever ends the deal
        sheets = self.sudo().qualification_id
        waited = sheets.filtered(lambda sheet: sheet._is_waited_for())
        (sheets - waited)._rest()
        waited._resume()

    def _merge_dependences(self, opportunities):
        """Take over the qualifications of the deals that go.

        A lead merged into an opportunity becomes one.
        """
        if self.type == "opportunity":
            opportunities.filtered(
                lambda lead: lead.type == "lead"
            )._check_qualification_gate()
        result = super()._merge_dependences(opportunities)
        # sudo: sheets of other channel managers; who merges was checked
        moving = opportunities.sudo().qualification_ids
        kept = self._find_merged_qualification(opportunities)
        (moving - kept)._end_current()
        moving._set_protected({"lead_id": self.id})
        (self | opportunities)._follow_qualification()
        return result

    def _find_merged_qualification(self, opportunities):
        """Return which qualification of the deals that go runs on: the newest, if any.

        Where none runs here, one of the same partner under the same membership does:
        another program asks anew.

        :param opportunities: ``crm.lead`` that are merged into this one
        :return: one sheet or none, in sudo
        """
        self.ensure_one()
        # sudo: sheets of other channel managers; who merges was checked
        lead, going = self.sudo(), opportunities.sudo()
        running = going.qualification_id
        if lead.qualification_id or not running:
            return running.browse()
        # a merge takes the first partner it finds
        holder = (lead | going).filtered("partner_assigned_id")[:1]
        partner = holder.partner_assigned_id.commercial_partner_id
        membership = holder._get_qualification_memberships()[holder.id]
        return running.filtered(
            lambda sheet: (
                sheet.partner_id == partner and sheet.membership_id == membership
            )
        ).sorted("id")[-1:]

    def _is_qualified_by_holder(self):
        """Return whether the partner it is assigned to qualifies it already."""
        self.ensure_one()
        # sudo: sheets of other channel managers; who moves the lead was checked
        lead = self.sudo()
        partner = lead.partner_assigned_id.commercial_partner_id
        return bool(partner) and lead.qualification_id.partner_id == partner
