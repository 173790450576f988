from . import channel_state_mixin
from . import channel_job_mixin
from . import res_company
from . import program
from . import deal
from . import res_config_settings
from . import digest_digest
