from . import training_day_mixin
from . import partner_certification_coverage
from . import partner_certified_deal_report
from . import partner_training_funnel
from . import report_certificate
