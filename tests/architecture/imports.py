"""The rules about who may import whom. Each function returns what breaks its rule and what to do about it."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Import, Module

# A floor may import from the floors it names here and from itself.
FLOORS = {
    "rules": set[str](),
    "models": {"rules"},
    "mail": {"rules", "models"},
    "services": {"rules", "models", "mail"},
    "jobs": {"rules", "models", "mail", "services"},
    "web": {"rules", "services"},
    # A command may start the workers; nothing else looks sideways.
    "cli": {"rules", "models", "mail", "services", "jobs"},
}
# The rooms of the services from the bottom up: each may import from those before it. The files beside them, which
# look over all of it, are imported by no room.
SERVICE_ROOMS = (
    "foundation",
    "auditing",
    "register",
    "choices",
    "accounts",
    "employees",
    "messaging",
    "imports",
    "orders",
    "data_copy",
    "requests",
)
REQUEST_NAMES = {"request", "session", "has_request_context", "copy_current_request_context"}
READ_SETTINGS = {"portal", "unsafe_settings", "wsgi"}


def floor_of(name: str) -> str | None:
    """The floor a module stands on; None for the top (`portal/__init__.py`) and for what is not the portal's."""
    parts = name.split(".")
    return parts[1] if parts[0] == "portal" and len(parts) > 1 else None


def downwards(modules: list[Module]) -> Iterator[str]:
    """Imports run downwards only."""
    for module in modules:
        floor = floor_of(module.name)
        if floor is None:
            continue
        if floor not in FLOORS:
            yield f"{module.path}: {floor!r} is no floor; put the file on one of {', '.join(FLOORS)}"
            continue
        for found in module.imports:
            target = floor_of(found.full)
            if found.module.split(".")[0] == "portal" and target is None:
                yield f"{module.path}:{found.line}: nothing below imports the top; move what is shared to a floor"
            elif target and target != floor and target not in FLOORS[floor]:
                yield (
                    f"{module.path}:{found.line}: {floor} may not import {target} ({found.full}); "
                    f"it may import {', '.join(sorted(FLOORS[floor])) or 'nothing of the portal'}. "
                    "Move what is needed down, or hand it in as an argument"
                )


def services_in_order(modules: list[Module]) -> Iterator[str]:
    """Services call each other in the one order of `SERVICE_ROOMS`."""
    for module in modules:
        room = _room(module.name)
        if room is None:
            continue
        if room not in SERVICE_ROOMS:
            yield f"{module.path}: {room!r} is no room of the services; give it its place in SERVICE_ROOMS"
            continue
        allowed = SERVICE_ROOMS[: SERVICE_ROOMS.index(room) + 1]
        for found in module.imports:
            if found.full.startswith("portal.services.") and found.full.split(".")[2] not in allowed:
                yield (
                    f"{module.path}:{found.line}: {room} may not import {found.full}, which stands above it; "
                    "move what both need down"
                )


def separate_blueprints(modules: list[Module]) -> Iterator[str]:
    """Blueprints never import each other."""
    areas = {
        module.name.split(".")[2]
        for module in modules
        if module.path.startswith("portal/web/") and module.path.count("/") == 3
    }
    for module in modules:
        own = _area(module.name, areas)
        for found in module.imports:
            other = _area(found.full, areas)
            if own and other and own != other:
                yield (
                    f"{module.path}:{found.line}: the blueprint {own} imports {other}; "
                    "move what both need to a file of portal/web itself or to a service"
                )


def no_cycles(modules: list[Module]) -> Iterator[str]:
    """No module reaches itself by its imports."""
    names = {module.name for module in modules}
    graph: dict[str, set[str]] = {}
    for module in modules:
        targets = {_resolve(found, names) for found in module.imports}
        graph[module.name] = {target for target in targets if target and target != module.name}
    done: set[str] = set()
    for start in sorted(graph):
        cycle = _find_cycle(graph, start, [], done)
        if cycle:
            yield f"import cycle: {' → '.join(cycle)}; move what they share to a file below all of them"


def top_level_only(modules: list[Module]) -> Iterator[str]:
    """Imports stand at the top of the file."""
    for module in modules:
        for function in module.functions():
            for node in ast.walk(function):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    yield (
                        f"{module.at(node)}: import inside {function.name}(); move it to the top of the file, "
                        "and if that makes a cycle, move the shared part down a floor"
                    )


def requestless_services(modules: list[Module]) -> Iterator[str]:
    """Services know no request, session or current user."""
    for module in modules:
        if floor_of(module.name) not in ("services", "mail", "models", "rules"):
            continue
        for found in module.imports:
            package = found.module.split(".")[0]
            if package == "flask_login" or (package == "flask" and found.name in REQUEST_NAMES):
                yield f"{module.path}:{found.line}: {found.full} is the web's; take what you need from the Context"
            if floor_of(module.name) == "rules" and package in ("flask", "sqlalchemy", "flask_sqlalchemy"):
                yield f"{module.path}:{found.line}: rules know neither Flask nor a database; pass values in"


def one_transaction_boundary(modules: list[Module]) -> Iterator[str]:
    """Only the transaction files begin a unit of work."""
    for module in modules:
        for found in module.imports:
            if found.full.startswith("portal.services.unit_of_work") and not module.path.endswith("/transaction.py"):
                yield (
                    f"{module.path}:{found.line}: only web/transaction.py, jobs/transaction.py and cli/transaction.py "
                    "open a transaction; use theirs"
                )


def settings_at_the_top(modules: list[Module]) -> Iterator[str]:
    """`config.py` is read by the top alone; below, settings are in `current_app`."""
    for module in modules:
        for found in module.imports:
            if found.module == "config" and module.name not in READ_SETTINGS:
                yield f"{module.path}:{found.line}: only create_app reads config.py; use current_app.config"


RULES = (
    downwards,
    services_in_order,
    separate_blueprints,
    no_cycles,
    top_level_only,
    requestless_services,
    one_transaction_boundary,
    settings_at_the_top,
)


def _area(name: str, areas: set[str]) -> str | None:
    parts = name.split(".")
    return parts[2] if parts[:2] == ["portal", "web"] and len(parts) > 2 and parts[2] in areas else None


def _room(name: str) -> str | None:
    """The room of a service; None for the files beside the rooms and for other floors."""
    parts = name.split(".")
    return parts[2] if parts[:2] == ["portal", "services"] and len(parts) > 3 else None


def _resolve(found: Import, names: set[str]) -> str | None:
    """The module an import reaches; `from package import module` reaches the module, not the package."""
    return next((name for name in (found.full, found.module) if name in names), None)


def _find_cycle(graph: dict[str, set[str]], here: str, trail: list[str], done: set[str]) -> list[str]:
    if here in trail:
        return [*trail[trail.index(here) :], here]
    if here in done:
        return []
    for target in sorted(graph[here]):
        cycle = _find_cycle(graph, target, [*trail, here], done)
        if cycle:
            return cycle
    done.add(here)
    return []
