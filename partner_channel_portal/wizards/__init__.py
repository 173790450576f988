from . import partner_team_owner
