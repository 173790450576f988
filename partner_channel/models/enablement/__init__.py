from . import partner_asset_type
from . import asset_file_mixin
from . import asset_flow_mixin
from . import asset_access_mixin
from . import partner_asset
from . import partner_asset_version
from . import partner_asset_use
from . import deal_asset_mixin
