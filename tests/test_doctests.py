"""The examples in docstrings, run under the modules' installed names."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import regulars.data
import regulars.expectations
import regulars.flows
import regulars.models
import regulars.reports
import regulars.transforms

PACKAGES = (
    regulars.data,
    regulars.expectations,
    regulars.flows,
    regulars.models,
    regulars.reports,
    regulars.transforms,
)
MODULES = [
    f"{package.__name__}.{found.name}"
    for package in PACKAGES
    for found in pkgutil.iter_modules(package.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    examples = [
        example
        for name in MODULES
        for found in finder.find(importlib.import_module(name))
        for example in found.examples
    ]
    assert len(examples) > 10
