from . import channel_state_mixin
from . import program
from . import deal
from . import res_config_settings
from . import digest_digest
