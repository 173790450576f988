"""What the databases are called: by what they are built from."""

import ast

from .paths import hash_files, hash_texts

# Asked for beside what our addons depend on.
CORE_MODULES = ("sale_management",)
# Not part of what is loaded into the database.
NOT_LOADED = ("tests", "readme", "static", "doc", "docs", "__pycache__")


class DatabaseNames:
    """Names the templates after the hashes of what they hold.

    :param Paths paths: state folder
    :param str base_key: hash of Odoo's version and its requirements
    """

    def __init__(self, paths, base_key):
        self.paths = paths
        self.base_key = base_key
        self.addons = paths.find_addons()

    def list_core_modules(self):
        """Return Odoo's modules that our addons stand on."""
        own = {path.name for path in self.addons}
        depends = set(CORE_MODULES)
        for path in self.addons:
            depends.update(_read_depends(path))
        return sorted(depends - own)

    def core_name(self, demo, languages=()):
        """Return the name of the template with Odoo's modules only."""
        key = hash_texts(
            self.base_key, str(demo), *languages, *self.list_core_modules()
        )
        return f"pc_{self.paths.tag}_core_{key}"

    def split_addons(self):
        """Return all of our addons but the last, and that one.

        :return: two lists of paths; the last is one that none of ours depends on
        """
        needed = {name for path in self.addons for name in _read_depends(path)}
        last = [path for path in self.addons if path.name not in needed][-1:]
        return [path for path in self.addons if path not in last], last

    def suite_key(self, addons=None):
        """Return a hash of what our addons load into a database.

        :param addons: paths of some of them; default all
        """
        files = [
            path
            for addon in (self.addons if addons is None else addons)
            for path in addon.rglob("*")
            if path.is_file()
            and not set(path.relative_to(addon).parts[:-1]) & set(NOT_LOADED)
        ]
        return hash_files(files, self.paths.root)

    def bundle_key(self):
        """Return a hash of the files our addons show in the browser."""
        files = [
            path
            for addon in self.addons
            for path in (addon / "static").rglob("*")
            if path.is_file() and "description" not in path.parts
        ]
        return hash_files(files, self.paths.root)

    def template_name(self):
        """Return the name of the template the tests copy."""
        key = hash_texts(self.core_name(demo=False), self.suite_key())
        return f"pc_{self.paths.tag}_suite_{key}"

    def layer_name(self):
        """Return the name of the template with all of our addons but the last."""
        key = hash_texts(
            self.core_name(demo=False), self.suite_key(self.split_addons()[0])
        )
        return f"pc_{self.paths.tag}_layer_{key}"


def _read_depends(path):
    """Return the names of the modules an addon depends on."""
    manifest = ast.literal_eval((path / "__manifest__.py").read_text("utf-8"))
    return manifest.get("depends", ())
