"""The rules of the house that no linter has.

Usage: ``python check_house.py [CHECKOUT]``. Prints one line for each finding and ends
with code 1 if there are any.

* A file has at most 300 lines, a class 25 methods, a method 40 lines of body.
* ``tools/`` imports nothing of the addon; models import no wizard, report, controller.
* An addon imports and names only those it stands on, and of those it imports only
  ``tools``, the portal's list helper and, in tests, ``tests.common``.
"""

import ast
import os
import re
import sys
from pathlib import Path

MAX_FILE_LINES = 300
MAX_METHODS = 25
MAX_METHOD_LINES = 40
SIZED_SUFFIXES = (".py", ".js", ".scss", ".sh")

# Which of our addons each one stands on; the leaves never meet.
STANDS_ON = {
    "partner_channel": set(),
    "partner_channel_portal": {"partner_channel"},
    "partner_channel_commission": {"partner_channel", "partner_channel_portal"},
    "partner_channel_lms": {"partner_channel", "partner_channel_portal"},
}
# Folders of an addon a folder of the same addon may not import.
FORBIDDEN_FOLDERS = {
    "tools": {"models", "wizards", "report", "controllers", "tests"},
    "models": {"wizards", "report", "controllers", "tests"},
    "wizards": {"controllers", "tests"},
    "report": {"controllers", "tests"},
    "controllers": {"tests"},
}
SHARED_MODULES = (
    "tools",
    "controllers.portal_list",
    "tests.common",
    # a walk other addons run over their own models
    "tests.test_access_rival",
    # how a browser judges a page, and pages in another language
    "tests.axe",
    "tests.language_case",
)
CODE_SUFFIXES = (".py", ".xml", ".csv", ".js", ".scss")
PROSE_FOLDERS = {"readme", "i18n", "static"}


def find_files(root):
    """Yield the project's own files, hidden and generated ones left out."""
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not _is_skipped(name))
        yield from (Path(folder, name) for name in sorted(files))


def _is_skipped(name):
    return name.startswith(".") or name in ("node_modules", "__pycache__")


def find_addon_names(root):
    """Return the names of the addons in a checkout."""
    return [manifest.parent.name for manifest in sorted(root.glob("*/__manifest__.py"))]


# === SIZES === #


def check_sizes(path, lines, tree):
    """Yield what is too long in a Python file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            count = sum(isinstance(item, ast.FunctionDef) for item in node.body)
            if count > MAX_METHODS:
                yield f"{path}:{node.lineno}: class {node.name} has {count} methods"
        elif isinstance(node, ast.FunctionDef):
            length = count_body_lines(node, lines)
            if length > MAX_METHOD_LINES:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines"


def count_body_lines(node, lines):
    """Return the lines of a function's body, without docstring and empty lines."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    if not body:
        return 0
    return sum(
        bool(line.strip()) for line in lines[body[0].lineno - 1 : node.end_lineno]
    )


# === DIRECTION === #


def list_imports(tree, parts):
    """Yield ``(line, addon, path)`` for each import of one of our addons' modules.

    :param tuple parts: of the importing file, from the addon's name on
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = list(parts[:-1])[: len(parts) - node.level]
            names = [*base, *(node.module or "").split(".")]
            targets = [[*names, alias.name] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = (node.module or "").split(".")
            targets = [[*names, alias.name] for alias in node.names]
        elif isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        else:
            continue
        for target in targets:
            path = [name for name in target if name]
            if path[:2] == ["odoo", "addons"]:
                path = path[2:]
            if path and path[0] in STANDS_ON:
                yield node.lineno, path[0], path[1:]


def check_imports(path, tree, parts):
    """Yield imports that go against the direction."""
    addon, folder = parts[0], parts[1] if len(parts) > 2 else ""
    for line, target, names in list_imports(tree, parts):
        dotted = ".".join(names)
        if target == addon:
            if names and names[0] in FORBIDDEN_FOLDERS.get(folder, ()):
                yield f"{path}:{line}: {folder}/ must not import {dotted}"
        elif target not in STANDS_ON[addon]:
            yield f"{path}:{line}: {addon} must not import {target}"
        elif not dotted.startswith(SHARED_MODULES):
            shared = ", ".join(SHARED_MODULES)
            yield f"{path}:{line}: of {target} only {shared} may be imported"
        elif dotted.startswith("tests") and folder != "tests":
            yield f"{path}:{line}: only tests may import {target}.{dotted}"


def check_names(path, lines, parts):
    """Yield places where an addon names one that it does not stand on."""
    others = set(STANDS_ON) - STANDS_ON[parts[0]] - {parts[0]}
    pattern = re.compile(rf"\b({'|'.join(sorted(others))})\b")
    for number, line in enumerate(lines, 1):
        found = pattern.search(line)
        if found:
            yield f"{path}:{number}: {parts[0]} must not name {found[1]}"


# === RUN === #


def check_file(root, path):
    """Yield all findings in one file."""
    relative = path.relative_to(root)
    if path.suffix not in CODE_SUFFIXES + SIZED_SUFFIXES:
        return
    lines = path.read_text("utf-8").splitlines()
    if path.suffix in SIZED_SUFFIXES and len(lines) > MAX_FILE_LINES:
        yield f"{relative}: {len(lines)} lines, at most {MAX_FILE_LINES}"
    parts = relative.with_suffix("").parts
    in_addon = parts[0] in STANDS_ON
    if in_addon and not PROSE_FOLDERS & set(parts):
        yield from check_names(relative, lines, parts)
    if path.suffix == ".py":
        tree = ast.parse("\n".join(lines), str(path))
        yield from check_sizes(relative, lines, tree)
        if in_addon:
            yield from check_imports(relative, tree, parts)


def check_checkout(root):
    """Return all findings in a checkout."""
    findings = [
        f"{name}: say in {Path(__file__).name} which addons it stands on"
        for name in find_addon_names(root)
        if name not in STANDS_ON
    ]
    for path in find_files(root):
        findings += check_file(root, path)
    return findings


if __name__ == "__main__":
    found = check_checkout(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve())
    sys.stdout.write("".join(f"{line}\n" for line in found))
    sys.exit(bool(found))
