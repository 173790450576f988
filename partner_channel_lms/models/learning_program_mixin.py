from odoo import fields, models


class LearningProgramMixin(models.AbstractModel):
    """Learning paths of a program."""

    _name = "learning.program.mixin"
    _description = "Learning of a Program"

    learning_path_count = fields.Integer(
        "Learning Paths",
        compute="_compute_learning_path_count",
        groups="partner_channel.group_channel_analyst,"
        "partner_channel.group_channel_manager,"
        "partner_channel_lms.group_channel_trainer",
    )

    def _compute_learning_path_count(self):
        groups = self.env["learning.path"]._read_group(
            [("program_id", "in", self.ids)], ["program_id"], ["__count"]
        )
        counts = dict(groups)
        for program in self:
            program.learning_path_count = counts.get(program, 0)

    def action_view_learning_paths(self):
        """Open the learning paths of the programs."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_lms.learning_path_action"
        )
        action["domain"] = [("program_id", "in", self.ids)]
        action["context"] = {"default_program_id": self[:1].id}
        return action
