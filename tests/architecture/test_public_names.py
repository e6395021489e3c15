"""What a module offers is written down: in ``__all__`` and in words."""

import ast

import osallisuus


def _stated(tree):
    """The names in ``__all__``, or ``None`` when the module has none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return ast.literal_eval(node.value)
    return None


def _targets(node):
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign) and not ast.unparse(node.value).startswith("TypeVar("):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def _defined(tree):
    """The public names that a module makes itself, at its top level."""
    conditions = [node for node in tree.body if isinstance(node, ast.If)]
    inside = [node for one in conditions for node in (*one.body, *one.orelse)]
    names = {name for node in (*tree.body, *inside) for name in _targets(node)}
    return {name for name in names if not name.startswith("_")}


def test_all_lists_exactly_what_a_module_defines(modules):
    """``__all__`` equals the public names of a module, so nothing is promised by accident."""
    wrong = {
        module.name: sorted(_defined(module.tree) ^ set(_stated(module.tree) or ()))
        for module in modules
        if not module.is_package and not module.name.endswith("__main__")
    }

    assert {name: difference for name, difference in wrong.items() if difference} == {}


def test_the_front_door_shows_exactly_its_names():
    """A user who looks at ``osallisuus`` sees the names in its ``__all__``, and all are there."""
    assert [name for name in osallisuus.__all__ if not hasattr(osallisuus, name)] == []
    assert sorted(dir(osallisuus)) == sorted(osallisuus.__all__)


def test_every_module_says_what_it_is(modules):
    """Each module and package begins with a docstring."""
    assert [module.name for module in modules if not ast.get_docstring(module.tree)] == []


def test_every_public_class_and_function_says_what_it_is(modules):
    """Each public class, function, method and property has a docstring of its own."""
    silent = [
        f"{module.place(node)} {node.name}"
        for module in modules
        for owner in (module.tree, *_public_classes(module.tree))
        for node in owner.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not _is_overload(node)
    ]

    assert silent == []


def _public_classes(tree):
    return [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name[0] != "_"]


def _is_overload(node):
    return any(ast.unparse(decorator).endswith("overload") for decorator in node.decorator_list)
