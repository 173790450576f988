from . import channel_state_mixin
from . import channel_thread_mixin
from . import mail_message
from . import program
from . import deal
from . import res_config_settings
