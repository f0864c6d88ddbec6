"""
The register tables of all meters as the facts sheet prints them, typed for the tests: which value stands where, in which encoding.
Typed apart from firmware-configs, so that a slip in one is not answered by the same slip in the other.
"""
import tables_eastron_to_abb
import tables_schneider_to_phoenix
import tables_shelly_to_netio
from register_list import MODELS

__all__ = ["MODELS", "tables_eastron_to_abb", "tables_schneider_to_phoenix", "tables_shelly_to_netio"]
