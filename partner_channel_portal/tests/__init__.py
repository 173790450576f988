from . import test_access
from . import test_performance
from . import test_portal_list
from . import test_registration_form
from . import test_registration_page
from . import test_tools
from . import test_tours
