"""The screens of the README: who sees what, where, and when it is ready."""

from .pages_learning import LEARNING
from .pages_partner import PARTNER
from .pages_vendor import VENDOR

PAGES = (*VENDOR, *LEARNING, *PARTNER)
